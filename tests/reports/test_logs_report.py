"""The logs tab: the logs of all other reports, each once, with the same rows."""

import pytest

from reports.catalogue import REPORTS
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from tests.reports.asking import asked, rows_of
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

OTHERS = [report for report in REPORTS.values() if report.key != "logs"]


def test_every_log_of_every_report_is_there_once() -> None:
    declared = {id(log) for report in OTHERS for log in report.logs}
    assert len(REPORTS["logs"].logs) == len(REPORTS["logs"].logs_by_key) == len(declared)
    assert REPORTS["logs"].blocks == {}
    assert {"messages_failed", "assignments_assignments", "contacts_merged"} <= set(REPORTS["logs"].logs_by_key)


def test_no_two_logs_have_the_same_title() -> None:
    titles = [str(log.title) for log in REPORTS["logs"].logs]
    assert len(titles) == len(set(titles))


def test_a_log_has_the_rows_that_it_has_in_its_report(cast: Cast) -> None:
    enter_workspace(cast.acme.pk)
    message = hears(cast.ada, a_channel(cast.ada))
    says(cast.ben, message, at=later(1))
    question = asked("2026-03-02")
    shown = 0
    for report in OTHERS:
        for log in report.logs:
            key = f"{report.key}_{log.key}"
            if key in REPORTS["logs"].logs_by_key:
                found = rows_of("logs", key, question, actor=cast.ada, now=NOON)
                assert found == rows_of(report.key, log.key, question, actor=cast.ada, now=NOON)
                shown += found.count > 0
    assert shown >= 4
