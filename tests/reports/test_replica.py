"""Reports read from a real replica while it is fit, and from the primary the moment it is not."""

import json
import os
import re
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import close_old_connections, connections, transaction
from django.db.utils import InternalError
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from pytest_django.fixtures import Settings
from pytest_django.plugin import DjangoDbBlocker

from contacts.actions import add_contact
from contacts.models.contact import Source
from reports.access import open_reading
from reports.catalogue import REPORTS
from reports.engine import replica
from reports.engine.answers import answer
from reports.engine.rows import log_rows
from reports.engine.scope import report_scope
from reports.errors import ReportTooSlow
from reports.tallies.building import build_tallies
from tests.factories import NOON, Cast, a_cast, browser_of
from tests.plugin import HANDED_DOWN
from tests.reports.asking import asked
from tests.reports.shopping import DAY, a_shop
from tests.reports.streaming import Pair, connect_replica, connected
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

PEOPLE = "SELECT count(*) FROM contacts_contact"


@pytest.fixture(scope="module")
def servers(superuser_dsn: str) -> Iterator[Pair]:
    folder = Path(json.loads(os.environ[HANDED_DOWN])["folder"])
    pair = Pair(folder / f"streaming-{os.getpid()}", tables_of=superuser_dsn)
    yield pair
    pair.stop()


@pytest.fixture(scope="module")
def cast(servers: Pair, django_db_blocker: DjangoDbBlocker) -> Cast:
    """The cast and its small shop, committed on the primary."""
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with django_db_blocker.unblock(), connected(servers), override_settings(PASSWORD_HASHERS=hashers):
        cast = a_cast()
        a_shop(cast)
        writes(cast.gus)
        build_tallies(workspace_id=cast.acme.pk, at=NOON)
    return cast


@pytest.fixture(autouse=True)
def pair(
    servers: Pair,
    cast: Cast,
    django_db_blocker: DjangoDbBlocker,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Pair]:
    """Both servers, level with each other; earlier troubles are forgotten, and so is each new one at once.

    A replica on a busy machine gets its time to come level: those that cannot are looked at once (`hurried`).
    """
    settings.REPLICA_LAG_SECONDS = 0  # only what is level with the primary is fit
    monkeypatch.setattr(replica, "_passed_over_until", 0.0)
    monkeypatch.setattr(replica, "PASSED_OVER_SECONDS", 0.0)
    monkeypatch.setattr(replica, "LOOKS", 400)
    with django_db_blocker.unblock(), connected(servers):
        servers.catch_up()
        yield servers


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica, "LOOKS", 1)


def asks(using: str, question: str) -> Any:
    with connections[using].cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def read_from(cast: Cast) -> str:
    """Tell where a report reads from now, by the server's own word."""
    with report_scope(cast.acme.pk) as using:
        return "replica" if asks(using, "SELECT pg_is_in_recovery()") else "primary"


def writes(actor: Actor) -> None:
    with workspace_scope(actor.workspace_id):
        add_contact(actor=actor, values={"first_name": "Noa"}, source=Source.USER, at=NOON)


def test_a_report_reads_one_snapshot_of_the_replica_and_cannot_write_there(cast: Cast) -> None:
    with report_scope(cast.acme.pk) as using:
        assert using == "replica"
        assert asks(using, "SELECT pg_is_in_recovery()") is True
        assert asks(using, "SHOW transaction_isolation") == "repeatable read"
        assert asks(using, "SHOW transaction_read_only") == "on"
        assert asks(using, "SHOW statement_timeout") == "15s"
    with pytest.raises(InternalError, match="read-only transaction"), report_scope(cast.acme.pk) as using:
        asks(using, "UPDATE contacts_contact SET first_name = 'Nobody' RETURNING id")


def test_the_tenant_wall_holds_on_the_replica(cast: Cast) -> None:
    for workspace in (cast.acme, cast.globex):
        with report_scope(workspace.pk) as using:
            assert using == "replica"
            assert asks(using, "SELECT array_agg(DISTINCT workspace_id) FROM contacts_contact") == [workspace.pk]
    assert asks("replica", PEOPLE) == 0  # no tenant is left behind on the connection


def everything(cast: Cast) -> tuple[str, list[object]]:
    """Return where every block and log of every report was read, and what they say."""
    found: list[object] = []
    for report in REPORTS.values():
        with open_reading(cast.ada, asked("2026-03-09", "2026-03-12"), now=DAY) as reading:
            found += [answer(block, reading) for block in report.blocks.values()]
            found += [log_rows(log, reading) for log in report.logs]
    return reading.using, found


def test_every_report_says_the_same_on_the_replica(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    there = everything(cast)
    monkeypatch.setattr(replica, "_passed_over_until", time.monotonic() + 60)
    here = everything(cast)
    assert (there[0], here[0]) == ("replica", "default")
    assert there[1] == here[1]


def test_a_page_of_reports_asks_the_primary_for_nothing_but_its_frame(cast: Cast) -> None:
    browser = browser_of(cast.ada_user)
    with CaptureQueriesContext(connections["default"]) as here, CaptureQueriesContext(connections["replica"]) as there:
        page = browser.get(reverse("report", args=[cast.acme.pk, "conversations"]), {"whole": "1"})
    assert page.status_code == 200
    assert not [query["sql"] for query in here if "inbox_conversation" in query["sql"]]
    assert [query["sql"] for query in there if "inbox_conversation" in query["sql"]]


def test_a_replica_that_is_behind_is_passed_over_until_it_has_caught_up(pair: Pair, cast: Cast, hurried: None) -> None:
    with pair.paused():
        writes(cast.ada)
        assert read_from(cast) == "primary"
    pair.catch_up()
    assert read_from(cast) == "replica"


def test_a_replica_may_be_behind_by_as_much_as_the_settings_say(pair: Pair, cast: Cast, settings: Settings) -> None:
    settings.REPLICA_LAG_SECONDS = 60
    with pair.paused():
        writes(cast.ada)
        assert read_from(cast) == "replica"


def test_a_replica_that_keeps_up_is_not_old_after_a_quiet_hour(pair: Pair, cast: Cast) -> None:
    assert read_from(cast) == "replica"  # the last commit is older than the lag of 0, and there is nothing after it
    with pair.paused():
        writes(cast.ada)
        threading.Timer(0.1, pair.replica.ask, ["SELECT pg_wal_replay_resume()"]).start()
        assert read_from(cast) == "replica"


def test_a_replica_that_has_lost_its_primary_does_not_look_fresh(pair: Pair, cast: Cast, hurried: None) -> None:
    with pair.cut_off():
        writes(cast.ada)
        assert pair.replica.ask("SELECT pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn()")  # it knows of no lack
        assert read_from(cast) == "primary"
    pair.catch_up()
    assert read_from(cast) == "replica"


def test_a_replica_that_is_down_is_passed_over_and_used_again_when_it_is_back(pair: Pair, cast: Cast) -> None:
    assert read_from(cast) == "replica"
    pair.replica.stop()
    try:
        assert [read_from(cast), read_from(cast)] == ["primary", "primary"]
    finally:
        pair.replica.start()
    pair.catch_up()
    assert read_from(cast) == "replica"


def test_a_replica_that_was_restarted_between_two_requests_is_not_missed(pair: Pair, cast: Cast) -> None:
    assert read_from(cast) == "replica"
    pair.replica.stop()
    pair.replica.start()
    pair.catch_up()
    close_old_connections()  # as every request begins
    assert read_from(cast) == "replica"


def test_a_replica_that_does_not_answer_costs_two_seconds_once(
    cast: Cast, pair: Pair, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(replica, "PASSED_OVER_SECONDS", 60.0)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        connect_replica(pair.app_url, port=silent.getsockname()[1])
        begun = time.monotonic()
        assert [read_from(cast) for _ in range(5)] == ["primary"] * 5
        assert time.monotonic() - begun < 6
        silent.setblocking(False)
        silent.accept()[0].close()
        with pytest.raises(BlockingIOError):
            silent.accept()
    assert [record.getMessage().partition(":")[0] for record in caplog.records] == [
        "reports do not read from the replica"
    ]


def test_one_thread_looks_whether_it_is_back_and_the_others_do_not_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replica, "PASSED_OVER_SECONDS", 60.0)
    monkeypatch.setattr(replica, "_passed_over_until", 1.0)  # long ago
    looks, answers = threading.Event(), threading.Event()

    def slow_look() -> str:
        looks.set()
        assert answers.wait(10)
        return ""

    monkeypatch.setattr(replica, "_fault", slow_look)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(replica.readable)
        assert looks.wait(10)
        assert replica.readable() == "default"
        answers.set()
        assert first.result() == "replica"
    assert read_from(cast) == "replica"


def test_a_promoted_replica_has_a_history_of_its_own_and_is_passed_over(pair: Pair, cast: Cast) -> None:
    assert read_from(cast) == "replica"
    pair.replica.ask("SELECT pg_promote()")
    try:
        with report_scope(cast.acme.pk) as using:
            assert using == "default"
    finally:
        pair.replace_replica()


def test_a_role_that_no_wall_binds_is_not_used(pair: Pair, cast: Cast) -> None:
    connect_replica(pair.primary.url, port=pair.replica.postgres.port)
    assert read_from(cast) == "primary"


def test_the_replica_of_another_server_is_not_used(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    other = replica.PRIMARY.replace("SELECT system_identifier", "SELECT system_identifier + 1")
    monkeypatch.setattr(replica, "PRIMARY", other)
    assert read_from(cast) == "primary"


def test_a_report_inside_another_transaction_fails_as_it_does_without_a_replica(cast: Cast) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"), report_scope(cast.acme.pk):
        pass


@pytest.mark.parametrize("is_running", [True, False], ids=["amid a statement", "between two"])
def test_a_report_that_the_replica_stops_is_read_from_the_primary_next_time(
    pair: Pair, cast: Cast, monkeypatch: pytest.MonkeyPatch, *, is_running: bool
) -> None:
    monkeypatch.setattr(replica, "PASSED_OVER_SECONDS", 60.0)

    def report() -> None:
        with report_scope(cast.acme.pk) as using:
            asks(using, PEOPLE)  # from here on there is a snapshot
            if is_running:
                threading.Timer(0.2, pair.conflict).start()
            else:
                pair.conflict()
                pair.catch_up()
            asks(using, "SELECT pg_sleep(10)")

    with pair.impatient(), pytest.raises(ReportTooSlow) as refusal:
        report()
    assert refusal.value.retry_after == 1
    # Between two statements the server says why and hangs up; who is late with the next one hears the second only.
    assert re.search("conflict with recovery|server closed the connection", str(refusal.value.__cause__))
    assert read_from(cast) == "primary"
    monkeypatch.setattr(replica, "_passed_over_until", 0.0)
    assert read_from(cast) == "replica"  # the connection is as good as new


def test_a_replica_that_ends_amid_a_report_is_passed_over_next_time(pair: Pair, cast: Cast) -> None:
    def report() -> None:
        with report_scope(cast.acme.pk) as using:
            pair.replica.stop()
            asks(using, PEOPLE)

    try:
        with pytest.raises(ReportTooSlow) as refusal:
            report()
        assert refusal.value.retry_after == 1
        assert read_from(cast) == "primary"
    finally:
        pair.replica.start()
