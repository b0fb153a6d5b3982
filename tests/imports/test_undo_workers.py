"""Undoing in chunks: workers that die, that lost their lease, that are two."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from contacts.actions import (
    add_contact,
    update_contact,
)
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import ContactLogEntry
from contacts.models.contact import Source
from imports.actions import (
    cancel_import,
    commit_import,
    committing,
    revert_import,
    reverting,
    sweep_imports,
    undo_import,
    undoing,
    write_import,
)
from imports.models import ContactImport, ImportChunk, State
from tests.factories import NOON, Cast, everything_in
from tests.imports.steps import a_csv, clock, imported, now, reviewed, uploaded
from tests.imports.undo_steps import (
    THREE,
    counts,
    halted_after,
    names_in,
    undone,
)
from workspaces import jobs
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_worker_that_dies_amid_chunks_repeats_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.max, import_id=row.pk, at=clock())
    real = halted_after(monkeypatch, {2})
    with pytest.raises(MemoryError):
        revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.lease_token, row.progress_done, row.progress_total, row.undo_error_code) == (
        State.UNDOING, None, 1, 3, "imports.unexpected",
    )  # fmt: skip
    assert (names_in(cast.acme), counts(row)) == (["Cleo", "Ada"], (1, 0, 0, 0))
    monkeypatch.setattr(undoing, "revert_chunk", real)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, counts(row), row.undo_error_code, names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), "", [])
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before
        assert ContactLogEntry.objects.in_workspace(cast.acme.pk).filter(kind="deleted").count() == 3


def test_after_three_attempts_the_import_is_what_it_was_and_can_be_undone_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    rung: list[str] = []
    monkeypatch.setattr(jobs, "ring", lambda job, *, workspace_id, import_id: rung.append(job.value))
    real = halted_after(monkeypatch, {2})
    for _attempt in range(3):
        sweep_imports(clock=lambda: timezone.now() + timedelta(seconds=11))
        with pytest.raises(MemoryError):
            revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
        if now(row).attempt == 3:
            break
    assert rung == ["imports.undo"] * len(rung) != []
    sweep_imports(clock=lambda: timezone.now() + timedelta(seconds=11))
    row = now(row)
    assert (row.state, row.undo_error_code, row.progress_done) == (State.COMPLETED, "imports.attempts_spent", 1)
    assert uploaded(cast.ada, THREE).is_active  # the place is free again
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=row.pk + 1, at=clock())
    monkeypatch.setattr(undoing, "revert_chunk", real)
    row = undone(cast.ada, row)
    assert (row.state, counts(row), names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), [])


def test_whoever_lost_the_lease_takes_nothing_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    real = reverting.revert_chunk

    def frozen_past_its_lease(given: ContactImport, chunk: ImportChunk, *others: Any, **named: Any) -> None:
        real(given, chunk, *others, **named)
        rows = ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk)
        rows.update(lease_token="00000000-0000-4000-8000-000000000000")

    monkeypatch.setattr(undoing, "revert_chunk", frozen_past_its_lease)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (names_in(cast.acme), now(row).state, now(row).progress_done) == (["Cleo", "Ada"], State.UNDOING, 1)


def test_two_workers_take_each_chunk_back_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())

    def work() -> None:
        try:
            revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
        finally:
            close_old_connections()
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (now(row).state, counts(now(row)), names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), [])
    with workspace_scope(cast.acme.pk):
        assert ContactLogEntry.objects.in_workspace(cast.acme.pk).filter(kind="deleted").count() == 3


def test_a_contact_that_two_chunks_changed_goes_back_both_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    with workspace_scope(cast.acme.pk):
        values: ContactValues = {"first_name": "Old", "email": "a@example.com"}
        contact = add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON)
    content = a_csv("Name,E-mail", "First,a@example.com", "Second,b@example.com")
    row = reviewed(cast.ada, uploaded(cast.ada, content, identifier="email"))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())

    def address_changed_between_chunks() -> None:
        with workspace_scope(cast.acme.pk):
            one = Identifier.of(contact.pk)
            update_contact(actor=cast.ada, contact=one, values={"email": "b@example.com"}, at=clock())

    monkeypatch.setattr(committing, "analyze_contacts", address_changed_between_chunks)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (now(row).updated, names_in(cast.acme)) == (2, ["Second"])
    row = undone(cast.ada, row)
    assert (counts(row), names_in(cast.acme)) == ((0, 2, 0, 0), ["Old"])
