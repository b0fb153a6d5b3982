"""Who may undo which import, and until when."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from imports.actions import (
    cancel_import,
    revert_import,
    undo_import,
)
from imports.errors import AlreadyRunning, ImportNotFound, NothingToUndo, UndoExpired, WrongState
from imports.models import ContactImport, State
from tests.factories import NOON, Cast, a_member, everything_in
from tests.imports.steps import clock, imported, now, uploaded
from tests.imports.undo_steps import (
    THREE,
    names_in,
    undone,
)
from workspaces.actions import remove_member
from workspaces.errors import PermissionMissing
from workspaces.models import EventRecord
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_another_workspace_is_not_touched_and_its_imports_are_not_there(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    imported(cast.gus, THREE)
    with workspace_scope(cast.globex.pk):
        with pytest.raises(ImportNotFound):
            undo_import(actor=cast.gus, import_id=row.pk, at=clock())
        before = everything_in(cast.globex)
    undone(cast.ada, row)
    with workspace_scope(cast.globex.pk):
        assert everything_in(cast.globex) == before


def test_for_seven_days(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk), pytest.raises(UndoExpired):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock() + timedelta(days=7, seconds=1))
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock() + timedelta(days=6, hours=23))
    assert now(row).state == State.UNDOING


def test_only_an_import_that_wrote_something_and_has_ended_can_be_undone(cast: Cast) -> None:
    row = uploaded(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(WrongState):
            undo_import(actor=cast.ada, import_id=row.pk, at=clock())
        cancel_import(actor=cast.ada, import_id=row.pk, at=clock())
        with pytest.raises(NothingToUndo):
            undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    row = undone(cast.ada, imported(cast.ada, THREE))
    with workspace_scope(cast.acme.pk), pytest.raises(WrongState):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())


def test_undoing_takes_the_one_place(cast: Cast) -> None:
    first = imported(cast.ada, THREE)
    running = uploaded(cast.ada, THREE)
    with workspace_scope(cast.acme.pk), pytest.raises(AlreadyRunning) as refused:
        undo_import(actor=cast.ada, import_id=first.pk, at=clock())
    assert refused.value.running_id == running.pk
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=running.pk, at=clock())
        undo_import(actor=cast.ada, import_id=first.pk, at=clock())
    with pytest.raises(AlreadyRunning):
        uploaded(cast.max, THREE)


def test_owners_and_managers_may_undo_and_agents_may_not(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(PermissionMissing):
            undo_import(actor=cast.ben, import_id=row.pk, at=clock())
        assert undo_import(actor=cast.max, import_id=row.pk, at=clock()).state == State.UNDOING


def test_a_requester_who_has_left_stops_it(cast: Cast) -> None:
    user, mia = a_member(cast.acme, email="mia@example.com", role="manager")
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=mia, import_id=row.pk, at=clock())
        remove_member(actor=cast.ada, user_id=user.pk, at=NOON)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.undo_error_code, names_in(cast.acme)) == (
        State.COMPLETED, "imports.requester_not_allowed", ["Cleo", "Ada", "Bo"],
    )  # fmt: skip
    with workspace_scope(cast.acme.pk):
        told = EventRecord.objects.in_workspace(cast.acme.pk).filter(subject_kind="import", subject_id=row.pk)
        assert told.latest("pk").type == "imports.import.undo_failed"
    assert undone(cast.ada, row).state == State.UNDONE


def test_counts_must_add_up_before_an_import_is_undone(cast: Cast) -> None:
    row = undone(cast.ada, imported(cast.ada, THREE))
    with workspace_scope(cast.acme.pk), pytest.raises(IntegrityError), transaction.atomic():
        ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk).update(undo_kept=1)
