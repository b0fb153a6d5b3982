"""An export's file: complete, or not there at all."""

import gzip
import hashlib
from datetime import date, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from django.core.files.storage import default_storage

from exports import files
from exports.actions import begin_download, cancel_export, run_export, running, sweep_exports
from exports.actions.leases import claimed
from exports.copying import copy_out
from exports.errors import (
    AlreadyRunning,
    FileExpired,
    FileNotReady,
    Pausing,
    PlanWithoutExport,
    RequestNotValid,
    WrongState,
)
from exports.making import CsvFile
from exports.models import Export, State
from tests.exports.steps import after, asked, clock, contacts, content, made, now
from tests.factories import NOON, Cast
from workspaces.actions import remove_member
from workspaces.errors import PermissionMissing
from workspaces.leases import LeaseLost
from workspaces.models import EventRecord, Notification, Organization
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

HEADER = b"ContactID,FirstName,LastName,PhoneNumber,Email,Country,Language,Tags,Status,Lifecycle,Assignee,"
HEADER += b"LastInteractionTime,DateTimeCreated,Channels\r\n"


def test_the_file_is_what_the_row_says(cast: Cast) -> None:
    contacts(cast.ada, "Cleo", "José Ñandú €")
    row = made(cast.ada)
    got = content(row)
    assert got.startswith(HEADER)
    assert got.decode().count("\r\n") == 3
    assert "José Ñandú €" in got.decode()
    assert (row.state, row.rows, row.size_bytes) == (State.COMPLETED, 2, len(got))
    assert row.sha256 == hashlib.sha256(got).hexdigest()
    assert row.file_name == "contacts-acme-20260302T120000Z.csv"
    assert (row.expires_at, row.deadline_at) == (NOON + timedelta(days=7), NOON + timedelta(minutes=15))
    assert row.lease_token is None
    assert list(files.spool_folder().glob("*")) == []


def test_for_excel_it_begins_with_the_mark_and_gzip_packs_it(cast: Cast) -> None:
    contacts(cast.ada, "Cleo")
    marked = content(made(cast.ada, for_excel=True))
    assert marked.startswith(b"\xef\xbb\xbfContactID,")
    row = made(cast.ada, is_gzipped=True)
    packed = content(row)
    assert gzip.decompress(packed) == marked[3:]
    assert row.sha256 == hashlib.sha256(packed).hexdigest()
    assert row.file_name.endswith(".csv.gz")


def test_spanish_headers(cast: Cast) -> None:
    assert content(made(cast.ada, header_language="es")).decode().startswith("ID de contacto,Nombre,Apellidos,")


def test_one_at_a_time_and_the_refusal_names_it(cast: Cast) -> None:
    first = asked(cast.ada)
    with pytest.raises(AlreadyRunning) as refused:
        asked(cast.max)
    assert refused.value.running_id == first.pk
    assert "Ada Ferrer" in refused.value.message
    asked(cast.gus)  # another workspace has its own place


def test_who_may_not_export_is_refused(cast: Cast) -> None:
    with pytest.raises(PermissionMissing):
        asked(cast.ben)
    Organization.objects.update(may_export_data=False)
    with pytest.raises(PlanWithoutExport):
        asked(cast.ada)
    assert not Export.objects.exists()


@pytest.mark.parametrize(
    ("field", "choices"),
    [
        ("dataset", {"dataset": "nothing"}),
        ("from", {"dataset": "conversations", "to_day": date(2026, 3, 1)}),
        ("to", {"dataset": "conversations", "from_day": date(2026, 3, 1)}),
        ("to", {"dataset": "conversations", "from_day": date(2026, 3, 2), "to_day": date(2026, 3, 1)}),
        ("to", {"dataset": "conversations", "from_day": date(2026, 3, 1), "to_day": date(2026, 3, 3)}),
        ("from", {"dataset": "conversations", "from_day": date(2025, 3, 1), "to_day": date(2025, 3, 8)}),
        ("from", {"from_day": date(2026, 3, 1), "to_day": date(2026, 3, 1)}),
        ("timezone", {"time_zone": "Mars/Base"}),
        ("format", {"format": "pdf"}),
        ("headers", {"header_language": "fr"}),
        ("flows", {"filters": {"flows": ["incoming"]}}),
        ("conversation_states", {"filters": {"conversation_states": ["asleep"]}}),
        ("channels", {"filters": {"channels": [123]}}),
        ("channels", {"filters": {"channels": ["x"]}}),
        ("contacts", {"contacts": {"ids": "all"}}),
    ],
)
def test_a_wrong_choice_is_named_and_nothing_is_written(cast: Cast, field: str, choices: dict[str, Any]) -> None:
    with pytest.raises(RequestNotValid) as refused:
        asked(cast.ada, **choices)
    assert refused.value.field == field
    with workspace_scope(cast.acme.pk):
        assert not Export.objects.in_workspace(cast.acme.pk).exists()


def test_a_whole_year_up_to_today_is_taken(cast: Cast) -> None:
    row = asked(
        cast.ada, dataset="conversations", from_day=date(2025, 3, 2), to_day=date(2026, 3, 1), time_zone="Europe/Madrid"
    )
    assert row.range_from is not None
    assert row.range_from.isoformat() == "2025-03-01T23:00:00+00:00"
    assert row.range_to is not None
    assert row.range_to.isoformat() == "2026-03-01T23:00:00+00:00"


def test_a_year_and_a_day_is_too_long(cast: Cast) -> None:
    with pytest.raises(RequestNotValid, match="one year long"):
        asked(cast.ada, dataset="conversations", from_day=date(2025, 3, 2), to_day=date(2026, 3, 2))


def test_an_export_that_is_late_is_discarded_and_the_workspace_waits(cast: Cast) -> None:
    row = asked(cast.ada)
    sweep_exports(clock=clock(after(15)))
    late = now(row)
    assert (late.state, late.not_before, late.file_key) == (State.DISCARDED, after(30), "")
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(after(16)))
    assert now(row).state == State.DISCARDED
    with pytest.raises(Pausing) as refused:
        asked(cast.max, at=after(29.5))
    assert refused.value.retry_after == 31
    asked(cast.max, at=after(30))


def test_a_worker_that_is_late_publishes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contacts(cast.ada, "Cleo")
    row = asked(cast.ada)
    moments = iter([NOON] * 4)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=lambda: next(moments, after(15.1)))
    assert now(row).state == State.RUNNING
    assert stored_files(cast) == []
    sweep_exports(clock=clock(after(15.2)))
    assert now(row).state == State.DISCARDED


def test_a_cancelled_export_ends_its_worker(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    contacts(cast.ada, "Cleo")
    row = asked(cast.ada)

    def cancelled_meanwhile(file: CsvFile) -> str:
        with workspace_scope(cast.acme.pk):
            cancel_export(actor=cast.max, export_id=row.pk, at=after(1))
        return finish(file)

    finish = CsvFile.finish
    monkeypatch.setattr(CsvFile, "finish", cancelled_meanwhile)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert now(row).state == State.CANCELLED
    assert stored_files(cast) == []
    with workspace_scope(cast.acme.pk), pytest.raises(WrongState):
        cancel_export(actor=cast.max, export_id=row.pk, at=after(2))


def test_two_workers_make_one_file(cast: Cast) -> None:
    """The first is frozen beyond its lease; the second completes; the first, thawed, publishes nothing."""
    contacts(cast.ada, "Cleo")
    row = asked(cast.ada)
    with claimed(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock()) as frozen:
        assert frozen is not None
        run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(after(0.4)))
        assert now(row).state == State.RUNNING  # the lease still holds
        run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(after(1)))
        done = now(row)
        assert (done.state, done.attempt) == (State.COMPLETED, 2)
        with workspace_scope(cast.acme.pk), pytest.raises(LeaseLost):
            frozen.finish(at=after(1), state=State.COMPLETED)
    assert stored_files(cast) == [done.file_key]
    assert now(row) == done


def test_three_bad_ends_fail_it_and_free_the_place(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(cast.ada)

    def full(*_args: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "publish", full)
    for minute in range(3):
        with pytest.raises(OSError, match="No space"):
            run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock(after(minute)))
        assert now(row).state == State.QUEUED
    sweep_exports(clock=clock(after(4)))
    failed = now(row)
    assert (failed.state, failed.error_code) == (State.FAILED, "exports.storage_failed")
    with workspace_scope(cast.acme.pk):
        told = Notification.objects.in_workspace(cast.acme.pk).get(user_id=cast.ada_user.pk)
    assert told.kind == "exports.failed"
    assert list(files.spool_folder().glob("*")) == []
    asked(cast.ada, at=after(5))


def test_a_store_with_errors_of_its_own_is_a_store_that_failed(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(cast.ada)

    def refuse(*_args: object, **_more: object) -> str:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, "PutObject")

    monkeypatch.setattr(default_storage, "save", refuse)
    with pytest.raises(OSError, match="ClientError"):
        run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert (now(row).state, now(row).error_code) == (State.QUEUED, "exports.storage_failed")


def test_whoever_lost_the_right_gets_no_file(cast: Cast) -> None:
    row = asked(cast.max)
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=cast.max_user.pk, at=NOON)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert (now(row).state, now(row).error_code) == (State.FAILED, "exports.requester_not_allowed")


def test_a_file_is_kept_seven_days_from_the_request(cast: Cast) -> None:
    row = made(cast.ada)

    def download(at: Any) -> Any:
        with workspace_scope(cast.acme.pk):
            return begin_download(actor=cast.max, export_id=row.pk, is_first_part=True, at=at)

    assert download(NOON + timedelta(days=7, minutes=-1)).key == row.file_key
    with pytest.raises(FileExpired):
        download(NOON + timedelta(days=7))
    sweep_exports(clock=clock(NOON + timedelta(days=6, hours=23, minutes=59)))
    assert stored_files(cast) == [row.file_key]
    sweep_exports(clock=clock(NOON + timedelta(days=7)))
    assert stored_files(cast) == []
    gone = now(row)
    assert (gone.state, gone.file_key, gone.rows) == (State.EXPIRED, "", 0)
    sweep_exports(clock=clock(NOON + timedelta(days=8)))
    with pytest.raises(FileExpired):
        download(NOON + timedelta(days=8))


def test_nothing_is_handed_out_before_it_is_there_nor_to_others(cast: Cast) -> None:
    row = asked(cast.ada)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(FileNotReady):
            begin_download(actor=cast.ada, export_id=row.pk, is_first_part=True, at=NOON)
        with pytest.raises(PermissionMissing):
            begin_download(actor=cast.ben, export_id=row.pk, is_first_part=True, at=NOON)


def test_every_step_stands_in_the_event_log_and_the_requester_is_told_once(cast: Cast) -> None:
    row = made(cast.ada)
    with workspace_scope(cast.acme.pk):
        begin_download(actor=cast.max, export_id=row.pk, is_first_part=True, at=after(1))
        told = EventRecord.objects.in_workspace(cast.acme.pk).filter(subject_kind="export", subject_id=row.pk)
        assert list(told.order_by("pk").values_list("type", flat=True)) == [
            "exports.export.requested",
            "exports.export.completed",
            "exports.export.downloaded",
        ]
        notices = Notification.objects.in_workspace(cast.acme.pk)
        assert [(each.kind, each.user_id) for each in notices] == [("exports.completed", cast.ada_user.pk)]


def test_the_file_is_one_snapshot(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Contacts added after the reading began are not in it."""
    contacts(cast.ada, "Cleo")
    row = asked(cast.ada)

    def written_meanwhile(*args: Any) -> None:
        contacts(cast.ada, "Late")
        copy_out(*args)

    monkeypatch.setattr(running, "copy_out", written_meanwhile)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    done = now(row)
    assert done.rows == 1
    assert b"Late" not in content(done)


def stored_files(cast: Cast) -> list[str]:
    """Return the keys of every export's file in the store, of Acme."""
    folder = f"ws/{cast.acme.pk}/exports"
    try:
        exports, _ = default_storage.listdir(folder)
    except FileNotFoundError:
        return []
    return [f"{folder}/{each}/{name}" for each in exports for name in default_storage.listdir(f"{folder}/{each}")[1]]
