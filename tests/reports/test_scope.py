"""A report reads in a transaction that is short, writes nothing, leaves nothing behind, and that nobody waits for."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Self

import pytest
from django.db import connection, connections
from django.db.utils import InternalError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings

from contacts.actions import add_contact, merge_contacts
from contacts.models.contact import Source
from exports.actions import ExportRequest, request_export
from reports.access import open_reading
from reports.catalogue import REPORTS
from reports.engine.answers import answer
from reports.engine.rows import log_rows
from reports.engine.scope import report_scope
from reports.errors import ReportTooSlow
from reports.tallies.building import build_tallies
from reports.tallies.folding import fold_tallies
from tests.factories import NOON, Cast, a_token, browser_of
from tests.inbox.steps import hears
from tests.reports.asking import asked
from tests.reports.shopping import DAY, Shop, a_shop
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

LEFT = (
    "statement_timeout", "work_mem", "max_parallel_workers_per_gather", "random_page_cost", "transaction_isolation",
    "transaction_read_only", "tertulia.workspace_id",
)  # fmt: skip
ROWS = re.compile(r'(FROM|JOIN) "?(inbox|contacts|reports)_')
QUESTION = "from=2026-03-09&to=2026-03-12"


def asks(using: str, question: str, *values: str | int) -> Any:
    with connections[using].cursor() as cursor:
        cursor.execute(question, values)
        return cursor.fetchone()[0]


def settings_now() -> list[str]:
    """Return what a transaction that begins now finds; an unset tenant and an empty one are the same to every wall."""
    return [asks("default", "SELECT coalesce(current_setting(%s, true), '')", name) for name in LEFT]


def sleeps(cast: Cast) -> None:
    with report_scope(cast.acme.pk) as using:
        asks(using, "SELECT pg_sleep(20)")


def writes(cast: Cast) -> None:
    with report_scope(cast.acme.pk) as using:
        asks(using, "UPDATE workspaces_workspace SET name = 'Nobody' RETURNING id")


def test_a_statement_that_takes_too_long_is_stopped_and_may_be_asked_again_in_a_minute(
    cast: Cast, settings: Settings
) -> None:
    settings.REPORT_SECONDS = 0.05
    with pytest.raises(ReportTooSlow) as refusal:
        sleeps(cast)
    assert refusal.value.retry_after == 60
    with report_scope(cast.acme.pk) as using:
        assert asks(using, "SELECT name FROM workspaces_workspace") == "Acme"


def test_a_report_cannot_write(cast: Cast) -> None:
    with pytest.raises(InternalError, match="read-only transaction"):
        writes(cast)
    with workspace_scope(cast.acme.pk):
        assert asks("default", "SELECT name FROM workspaces_workspace") == "Acme"


def test_no_setting_of_a_report_is_left_on_its_connection(cast: Cast, settings: Settings) -> None:
    before = settings_now()
    with report_scope(cast.acme.pk):
        inside = settings_now()
    assert settings_now() == before
    settings.REPORT_SECONDS = 0.05
    for failing, refusal in ((sleeps, ReportTooSlow), (writes, InternalError)):
        with pytest.raises(refusal):
            failing(cast)
        assert settings_now() == before
    assert inside == ["15s", "64MB", "0", "1.1", "repeatable read", "on", str(cast.acme.pk)]
    assert [name for name, left, shown in zip(LEFT, before, inside, strict=True) if left == shown] == []


def test_a_report_s_rows_are_one_snapshot(cast: Cast) -> None:
    people = "SELECT count(*) FROM contacts_contact"
    with report_scope(cast.acme.pk) as using:
        assert asks(using, people) == 0
        in_a_thread(lambda: _adds(cast))
        assert asks(using, people) == 0
    with report_scope(cast.acme.pk) as using:
        assert asks(using, people) == 1


def _adds(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        add_contact(actor=cast.ada, values={"first_name": "Noa"}, source=Source.USER, at=NOON)


def in_a_thread(act: Callable[[], object]) -> None:
    """Do something on a connection of its own, and wait for it."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def asked_late(browser: Client, url: str, **headers: str) -> list[str]:
    """Return what an answer asked of a workspace's rows outside any scope, where walls show none."""
    with CaptureQueriesContext(connection) as queries:
        response = browser.get(url, headers=headers)
        assert response.status_code == 200
        assert response.content
    statements = [query["sql"] for query in queries]
    assert [sql for sql in statements if "READ ONLY" in sql]
    late, is_inside = [], False
    for sql in statements:
        is_inside = sql == "BEGIN" or (is_inside and sql not in {"COMMIT", "ROLLBACK"})
        if not is_inside and ROWS.search(sql):
            late.append(sql)
    return late


def test_no_answer_asks_for_rows_after_its_report_has_ended(cast: Cast) -> None:
    a_shop(cast)
    browser = browser_of(cast.ada_user)
    token = f"Bearer {a_token(cast.ada)}"
    here = cast.acme.pk
    urls = [f"{reverse('report', args=[here, key])}?whole=1&{QUESTION}" for key in REPORTS]
    for key, report in REPORTS.items():
        for block in list(report.blocks)[:1]:
            names = ("report_block", "report_block_csv")
            urls += [f"{reverse(name, args=[here, key, block])}?{QUESTION}" for name in names]
        urls += [f"{reverse('report_log', args=[here, key, log.key])}?{QUESTION}" for log in report.logs]
    for url in urls:
        assert asked_late(browser, url) == [], url
    for url in (f"/v2/report/conversations?{QUESTION}", f"/v2/report/conversations/log/opened?{QUESTION}"):
        assert asked_late(Client(), url, authorization=token) == [], url


class InFlight:
    """A report that has read everything and whose last statement is still running, on a connection of its own."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._thread = threading.Thread(target=self._run)
        self._has_read = threading.Event()
        self.pid = 0
        self.outcome: Exception | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._has_read.wait(30)
        assert self.outcome is None, self.outcome
        return self

    def __exit__(self, *_: object) -> None:
        asks("default", "SELECT pg_cancel_backend(%s)", self.pid)
        self._thread.join()

    def _run(self) -> None:
        try:
            with open_reading(self._cast.ada, asked("2026-03-09", "2026-03-12"), now=DAY) as reading:
                for report in REPORTS.values():
                    for block in report.blocks.values():
                        answer(block, reading)
                    for log in report.logs:
                        log_rows(log, reading)
                self.pid = asks(reading.using, "SELECT pg_backend_pid()")
                self._has_read.set()
                asks(reading.using, "SELECT pg_sleep(30)")
        except Exception as error:  # noqa: BLE001 - the test looks at it
            self.outcome = error
        finally:
            self._has_read.set()
            connection.close()


@contextmanager
def waiting_for_nobody() -> Iterator[None]:
    """Fail where a statement of this connection waits for a lock."""
    asks("default", "SELECT set_config('lock_timeout', '200ms', false)")
    try:
        yield
    finally:
        asks("default", "SELECT set_config('lock_timeout', '0', false)")


def a_day_of_work(shop: Shop) -> None:
    """Take in a message, merge two contacts, ask for an export, change the workspace's tallies and its tables' rows."""
    cast = shop.cast
    with workspace_scope(cast.acme.pk):
        heard = hears(cast.ada, shop.line, "Anybody there?", sender="+34600000009", at=DAY)
    with workspace_scope(cast.acme.pk):
        merge_contacts(
            actor=cast.ada, primary_id=shop.threads["Cleo"].contact_id, secondary_id=heard.contact_id, values={}, at=DAY
        )
    with workspace_scope(cast.acme.pk):
        request_export(actor=cast.ada, request=ExportRequest(dataset="contacts"), at=DAY)
    fold_tallies(workspace_id=cast.acme.pk)
    build_tallies(workspace_id=cast.acme.pk, at=DAY)


def test_nobody_waits_for_a_report_in_flight(cast: Cast) -> None:
    shop = a_shop(cast)
    build_tallies(workspace_id=cast.acme.pk, at=DAY)
    with InFlight(cast) as flying, waiting_for_nobody():
        a_day_of_work(shop)
        held = asks(
            "default", "SELECT array_agg(DISTINCT mode) FROM pg_locks WHERE pid = %s AND locktype <> 'virtualxid'",
            flying.pid,
        )  # fmt: skip
    assert held == ["AccessShareLock"]
    assert isinstance(flying.outcome, ReportTooSlow)  # it was in flight to the end
