"""Texts, sessions and disks that are not as they should be; whole files that are refused stand in test_csv_files.py."""

import errno
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from contacts.models import Contact
from imports import files
from imports.actions import (
    ColumnChoice,
    back_to_mapping,
    commit_import,
    committing,
    save_mapping,
    sweep_imports,
    validate_import,
    write_import,
)
from imports.errors import StorageFailed, WrongState
from imports.models import ContactImport, State
from tests.factories import NOON, Cast, a_member, everything_in
from tests.imports.steps import a_csv, clock, imported, now, reviewed, text_of, uploaded, written
from workspaces.actions import change_member
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

THREE = a_csv("Name,Phone", "Cleo,+34600123456", "Ada,+34600123457", "Bo,+34600123458")


def full(*_given: Any, **_named: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def dies(*_given: Any, **_named: Any) -> None:
    raise MemoryError


def names_in(cast: Cast) -> list[str]:
    with workspace_scope(cast.acme.pk):
        return list(Contact.objects.in_workspace(cast.acme.pk).order_by("pk").values_list("first_name", flat=True))


def test_characters_of_every_kind_are_stored_as_they_are(cast: Cast) -> None:
    composed = unicodedata.normalize("NFC", "Núria")
    decomposed = unicodedata.normalize("NFD", "Núria")
    names = [composed, decomposed, "👩🏽‍🚀 Ada", "abc\u202edef", "שלום", "\u00a0x\u200b", "𝒜𝒹𝒶"]
    lines = [f"{name},+3460012{number:04d}" for number, name in enumerate(names)]
    row = imported(cast.ada, a_csv("Name,Phone", *lines))
    assert (row.imported, row.failed) == (len(names), 0)
    assert names_in(cast) == [name.strip() for name in names]
    assert all(line in text_of(row.result_key) for line in lines)


def test_half_characters_and_control_characters_are_errors_of_their_rows(cast: Cast) -> None:
    content = b"Name,Phone\n\xed\xa0\x80,+34600123456\nA\x07,+34600123457\nAda,+34600123458\n"
    row = imported(cast.ada, content)
    assert (row.imported, row.failed) == (1, 2)
    with files.open_stored(row.result_key) as file:
        lines = file.read().split(b"\n")
    assert lines[1].startswith(b"\xed\xa0\x80,+34600123456,Error,")
    assert lines[2].startswith(b"A\x07,+34600123457,Error,")


@pytest.mark.parametrize(
    ("identifier", "header", "first", "second"),
    [
        ("email", "Name,E-mail", "ana@example.com", " ANA@Example.com "),
        ("phone", "Name,Phone", "+34600123456", "+34 600-123-456"),
        ("phone", "Name,Phone", "+5215512345678", "+52 55 1234 5678"),
        ("phone", "Name,Phone", "+34600123456", "＋３４６００１２３４５６"),
    ],
)
def test_identifiers_that_mean_the_same_are_duplicates_and_none_wins(
    cast: Cast, identifier: str, header: str, first: str, second: str
) -> None:
    content = a_csv(header, f"One,{first}", f'Two,"{second}"', "Three,")
    row = reviewed(cast.ada, uploaded(cast.ada, content, identifier=identifier, matching="normalized"))
    told = {line["code"]: line["first_rows"] for line in row.error_summary}
    assert told == {"duplicate_in_file": [1, 2], "missing_identifier": [3]}


def test_a_review_can_be_confirmed_until_its_hour_is_over_to_the_second(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    end = row.review_expires_at
    assert end is not None
    late = {"actor": cast.ada, "import_id": row.pk, "at": end + timedelta(seconds=1)}
    acts: tuple[Callable[..., Any], ...] = (commit_import, partial(save_mapping, columns=[]), back_to_mapping)
    for act in acts:
        with workspace_scope(cast.acme.pk), pytest.raises(WrongState) as refused:
            act(**late)
        assert refused.value.facts == {"state": "expired"}
    with workspace_scope(cast.acme.pk):
        assert commit_import(actor=cast.ada, import_id=row.pk, at=end - timedelta(seconds=1)).state == State.COMMITTING


def test_an_upload_that_finds_no_room_is_refused_and_leaves_nothing(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    with monkeypatch.context() as patched:
        patched.setattr("workspaces.files.os.fsync", full)
        with pytest.raises(StorageFailed) as refused:
            uploaded(cast.ada, THREE)
    assert (refused.value.status, refused.value.retry_after) == (503, 60)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before
    assert uploaded(cast.ada, THREE).state == State.MAPPING


@pytest.mark.parametrize("step", ["validating", "committing"])
def test_a_full_disk_is_the_reason_that_is_told_and_contacts_are_not_written_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    row = uploaded(cast.ada, a_csv("Name,Phone", "Cleo,+34600123456", "Bad,1"))
    job = validate_import
    if step == "committing":
        row, job = reviewed(cast.ada, row), write_import
    with workspace_scope(cast.acme.pk):
        if step == "committing":
            commit_import(actor=cast.ada, import_id=row.pk, at=clock())
        else:
            columns = [ColumnChoice("Name", "first_name"), ColumnChoice("Phone", "phone")]
            save_mapping(actor=cast.ada, import_id=row.pk, columns=columns, at=clock())
    with monkeypatch.context() as patched:
        patched.setattr("workspaces.files.os.fsync", full)
        for _ in range(3):
            with pytest.raises(OSError, match="No space"):
                job(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
            assert now(row).error_code == "imports.storage_failed"
        sweep_imports(clock=lambda: clock() + timedelta(seconds=11))
    row = now(row)
    assert (row.state, row.error_code) == (State.FAILED, "imports.storage_failed")
    write_import(
        workspace_id=cast.acme.pk, import_id=row.pk, clock=clock
    )  # the sweep rings for the file that is missing
    assert (now(row).result_key != "") == (step == "committing")
    assert names_in(cast) == (["Cleo"] if step == "committing" else [])


def test_a_worker_that_dies_between_staging_again_and_planning_again_harms_nobody(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    with connection.cursor() as cursor:  # what a crash of the server does to unlogged tables
        cursor.execute("DELETE FROM imports_stagedrow")
        cursor.execute("DELETE FROM imports_plannedrow")
    with monkeypatch.context() as patched:
        patched.setattr(committing, "make_plan", dies)
        with pytest.raises(MemoryError):
            write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (now(row).state, now(row).imported) == (State.COMPLETED, 3)


def test_files_that_a_dead_worker_left_go_when_the_import_is_done(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    folder = Path(default_storage.path(f"ws/{cast.acme.pk}/imports/{row.pk}"))
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("0123-result.csv", ".0123-result.csv.ab12.tmp", "0123-errors.csv"):
        (folder / name).write_bytes(b"Cleo")
    row = written(cast.ada, row)
    assert [path.name for path in folder.iterdir()] == [row.result_key.rpartition("/")[2]]
    (folder / "4567-result.csv").write_bytes(b"Cleo")  # of one that was frozen and then killed
    sweep_imports(clock=lambda: clock() + timedelta(days=7, seconds=1))
    assert list(folder.iterdir()) == []


def test_deleting_a_file_deletes_what_a_killed_process_left_of_it(cast: Cast) -> None:
    key = files.new_upload_key(cast.acme.pk)
    half = Path(default_storage.path(key)).with_name(f".{key.rpartition('/')[2]}.ab12.tmp")
    half.parent.mkdir(parents=True, exist_ok=True)
    half.write_bytes(b"Name,Pho")
    files.forget(key)
    assert not half.exists()


def test_a_requester_who_is_demoted_midway_stops_it_at_the_next_chunk(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    user, mia = a_member(cast.acme, email="mia@example.com", role="manager")
    row = reviewed(mia, uploaded(mia, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=mia, import_id=row.pk, at=clock())

    def demoted_between_chunks() -> None:
        with workspace_scope(cast.acme.pk):
            change_member(actor=cast.ada, user_id=user.pk, role="agent", restrictions=(), team_id=None, at=NOON)

    monkeypatch.setattr(committing, "analyze_contacts", demoted_between_chunks)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.error_code, row.imported) == (State.FAILED, "imports.requester_not_allowed", 1)
    assert names_in(cast) == ["Cleo"]
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert [line.split(",")[2] for line in text_of(now(row).result_key).splitlines()[1:]] == [
        "Imported", "Skipped", "Skipped",
    ]  # fmt: skip
    with workspace_scope(cast.acme.pk):
        assert not ContactImport.objects.in_workspace(cast.acme.pk).filter(state__in=["committing"]).exists()
