"""Reports as their pages and the API ask for them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from reports.catalogue import REPORTS
from reports.definitions.filters import Filter
from reports.engine.answers import Answer, answer
from reports.engine.asking import Asked, reading_of
from reports.engine.reading import Cut
from reports.engine.rows import Rows, log_rows
from reports.engine.scope import report_scope
from workspaces.actors import Actor
from workspaces.queries import working_hours_of


def asked(
    first: str = "", last: str = "", *, frequency: str = "", working: bool = False, **filters: Sequence[object] | object
) -> Asked:
    """Return what an address with these values asks."""
    chosen: Mapping[Filter, list[str]] = {
        Filter(name): [str(value) for value in (values if isinstance(values, list | tuple) else [values])]
        for name, values in filters.items()
    }
    return Asked(first=first, last=last or first, frequency=frequency, filters=chosen, in_working_hours=working)


def answers_of(report: str, question: Asked, *, actor: Actor, now: datetime, zone: str = "UTC") -> dict[str, Answer]:
    """Return every block of a report by its key."""
    with report_scope(actor.workspace_id) as using:
        reading = reading_of(
            question, actor=actor, using=using, zone=ZoneInfo(zone), hours=working_hours_of(actor.workspace_id), now=now
        )
        return {key: answer(block, reading) for key, block in REPORTS[report].blocks.items()}


def figures_of(
    report: str, question: Asked, *, actor: Actor, now: datetime, zone: str = "UTC"
) -> dict[str, float | None]:
    """Return the values of all metric cards of a report by metric."""
    found = answers_of(report, question, actor=actor, now=now, zone=zone)
    return {card.metric.key: card.figure.value for shown in found.values() for card in shown.cards}


def rows_of(
    report: str, log: str, question: Asked, *, actor: Actor, now: datetime, zone: str = "UTC", cut: Cut | None = None
) -> Rows:
    """Return the rows of a log."""
    with report_scope(actor.workspace_id) as using:
        reading = reading_of(
            question, actor=actor, using=using, zone=ZoneInfo(zone), hours=working_hours_of(actor.workspace_id), now=now
        )
        return log_rows(REPORTS[report].logs_by_key[log], reading, cut=cut)
