"""The logs tab of earlier days: the logs of every other report under one roof, the very same ones."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from reports.definitions.filters import Filter
from reports.engine.blocks import Log, Report


def logs_report(reports: Sequence[Report]) -> Report:
    """Return the report of all logs of the reports given, each once; a log's key is `<report>_<log>`.

    It has the filters that mean the same in every log; one that a log lacks is not applicable to it.
    """
    found: list[Log] = []
    logs: list[Log] = []
    for report in reports:
        for log in report.logs:
            if not any(log is known for known in found):  # reports that count the same share the log
                found.append(log)
                logs.append(replace(log, key=f"{report.key}_{log.key}"))
    return Report(
        key="logs",
        title=_("Logs"),
        lead=_("The rows behind every figure, log by log."),
        sections=(),
        logs=tuple(logs),
        filters=(Filter.CHANNELS, Filter.USERS, Filter.CONTACTS, Filter.CONVERSATIONS),
    )
