"""A schedule's file goes on to its store: once, tried again less and less often, given up at last."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from exports.actions import ScheduleForm, create_schedule, run_export, run_schedules, send_export, sweep_exports
from exports.destinations import NotSent
from exports.destinations.sftp import Sftp
from exports.models import Export, State
from tests.exports.sftp_server import PASSWORD, SftpServer, settings_for, sftp_server
from tests.exports.steps import clock, contacts, content, now
from tests.factories import NOON, Cast
from workspaces.models import EventRecord, Notification
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _loopback(settings: Settings) -> None:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[SftpServer]:
    with sftp_server(tmp_path) as running:
        yield running


def scheduled_file(cast: Cast, settings: Mapping[str, str], secrets: Mapping[str, str]) -> Export:
    """Let a schedule of contacts make its first file, which then waits to be sent."""
    form = ScheduleForm(
        name="Nightly", dataset="contacts", every="hour", destination="sftp", settings=settings, secrets=secrets
    )
    contacts(cast.ada, "Cleo")
    with workspace_scope(cast.acme.pk):
        row = create_schedule(actor=cast.ada, form=form, at=NOON)
    run_schedules(clock=clock(NOON + HOUR))
    with workspace_scope(cast.acme.pk):
        export = Export.objects.in_workspace(cast.acme.pk).get(schedule=row)
    run_export(workspace_id=cast.acme.pk, export_id=export.pk, clock=clock(NOON + HOUR))
    return now(export)


def sent(row: Export, at: datetime) -> Export:
    send_export(workspace_id=row.workspace_id, export_id=row.pk, clock=clock(at))
    return now(row)


def test_a_schedules_file_is_sent_on_once(cast: Cast, server: SftpServer) -> None:
    row = scheduled_file(cast, settings_for(server), {"password": PASSWORD})
    assert (row.state, row.sending, row.send_at) == (State.COMPLETED, "waiting", NOON + HOUR)
    done = sent(row, NOON + HOUR)
    assert (done.sending, done.send_attempts, done.send_error, done.sent_at) == ("done", 1, "", NOON + HOUR)
    name = r"from tertulia/daily/export/contacts/\[Test-House\]\[contacts\]\[\]\[\]\[[0-9a-f-]{36}\]\.csv"
    assert re.fullmatch(name, done.sent_as)
    assert (server.root / done.sent_as).read_bytes() == content(done)
    assert sent(row, NOON + 2 * HOUR) == done
    assert len(server.written) == 1
    with workspace_scope(cast.acme.pk):
        events = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="exports.export.sent")
        assert [event.data["sent_as"] for event in events] == [done.sent_as]


def test_a_store_that_does_not_answer_is_tried_again_less_and_less_often_then_given_up(
    cast: Cast, server: SftpServer
) -> None:
    row = scheduled_file(cast, settings_for(server), {"password": "changed meanwhile"})
    at, pauses = NOON + HOUR, []
    for attempt in range(1, 6):
        row = sent(row, at)
        assert (row.sending, row.send_attempts) == ("waiting", attempt)
        assert "refused the user name" in row.send_error
        assert row.send_at is not None
        pauses.append((row.send_at - at).total_seconds() / 60)
        assert sent(row, row.send_at - timedelta(seconds=1)) == row  # not before its time
        at = row.send_at
    assert pauses == [1, 5, 15, 60, 240]
    row = sent(row, at)
    assert (row.sending, row.send_attempts, row.state) == ("failed", 6, State.COMPLETED)
    with workspace_scope(cast.acme.pk):
        (told,) = Notification.objects.in_workspace(cast.acme.pk)
        assert (told.kind, told.user_id) == ("exports.not_sent", cast.ada_user.pk)
        assert "refused the user name" in told.facts["send_error"]
        assert PASSWORD not in str(told.facts)
        events = EventRecord.objects.in_workspace(cast.acme.pk).filter(type="exports.export.not_sent")
        assert events.count() == 1


def test_a_sender_that_died_is_followed_by_another_and_one_that_is_late_changes_nothing(
    cast: Cast, server: SftpServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = scheduled_file(cast, settings_for(server), {"password": PASSWORD})
    real = Sftp.send

    def frozen(*args: Any) -> str:
        """While this one stands still, its time runs out and another sends the file."""
        monkeypatch.setattr(Sftp, "send", real)
        assert sent(row, NOON + HOUR + timedelta(minutes=14)).sending == "waiting"
        assert sent(row, NOON + HOUR + timedelta(minutes=15)).sending == "done"
        raise NotSent("too late")

    monkeypatch.setattr(Sftp, "send", frozen)
    done = sent(row, NOON + HOUR)
    assert (done.sending, done.send_attempts, done.send_error) == ("done", 2, "")


def test_a_file_that_nobody_sent_while_it_was_kept_is_given_up(cast: Cast, server: SftpServer) -> None:
    row = scheduled_file(cast, settings_for(server), {"password": PASSWORD})
    late = row.expires_at + HOUR
    sweep_exports(clock=clock(late))
    row = sent(row, late)
    assert (row.state, row.sending) == (State.EXPIRED, "failed")
    assert server.written == []
