from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from imports.access import import_for_update
from imports.actions.leases import Lease, claimed, halted_undo, tell_undo_failed
from imports.actions.results import publish_result_of_stopped
from imports.actions.reverting import revert_chunk
from imports.actions.starting import already_running
from imports.actions.telling import tell_undo_requester
from imports.errors import NothingToUndo, UndoExpired
from imports.events import ImportUndone, ImportUndoRequested
from imports.models import UNDOABLE_STATES, ContactImport, ImportChunk, State
from imports.notices import UNDONE
from workspaces import jobs
from workspaces.actors import Actor, ActorKind
from workspaces.events import record
from workspaces.jobs import MOST_ATTEMPTS, Clock, Job
from workspaces.scope import workspace_scope


@transaction.atomic
def undo_import(*, actor: Actor, import_id: int, at: datetime) -> ContactImport:
    """Have what an import wrote taken back, within 7 days of its end; it takes the workspace's one place again.

    Raises WrongState, NothingToUndo, UndoExpired, or AlreadyRunning while another import is under way.
    """
    row = import_for_update(actor, import_id, states=UNDOABLE_STATES)
    if not row.has_written:
        raise NothingToUndo
    if row.result_expires_at is None or row.result_expires_at <= at:
        raise UndoExpired
    row.undo_from, row.state = row.state, State.UNDOING
    row.undo_requested_by_id = actor.user_id
    row.undo_requested_token_id = actor.id if actor.kind is ActorKind.TOKEN else None
    row.undo_requested_at = at
    row.undo_error_code = ""
    row.attempt = 0
    row.progress_done = row.undo_handled  # some, when it came to a halt before
    row.progress_total, row.progress_at = row.imported + row.updated, at
    row.stage_started_at = at
    try:
        with transaction.atomic():
            row.save(
                update_fields=[
                    "state", "undo_from", "undo_requested_by", "undo_requested_token_id", "undo_requested_at",
                    "undo_error_code", "attempt", "progress_done", "progress_total", "progress_at", "stage_started_at",
                ]
            )  # fmt: skip
    except IntegrityError:
        raise already_running(actor) from None
    record(ImportUndoRequested(subject_id=row.pk, imported=row.imported, updated=row.updated), actor=actor, at=at)
    jobs.wake(Job.UNDO_IMPORT, workspace_id=actor.workspace_id, import_id=row.pk)
    return row


def revert_import(*, workspace_id: int, import_id: int, clock: Clock) -> None:
    """Take back what an import wrote, its last chunk first: a contact that two chunks changed goes back in two steps.

    Each chunk is one transaction with its mark, so a worker that dies repeats nothing and the next goes on there.
    """
    publish_result_of_stopped(workspace_id=workspace_id, import_id=import_id, clock=clock)
    with claimed(workspace_id=workspace_id, import_id=import_id, state=State.UNDOING, clock=clock) as lease:
        if lease is None:
            return
        while True:
            with workspace_scope(workspace_id):
                row = ContactImport.objects.in_workspace(workspace_id).get(pk=import_id)
                chunk = _next_chunk(row)
                if chunk is None:
                    _finish(row, lease, at=clock())
                    return
                revert_chunk(row, chunk, lease, clock=clock)


def halt_undo(*, workspace_id: int, import_id: int, at: datetime) -> None:
    """Give up after three attempts at one chunk: the import is what it was, and can be undone again."""
    imports = ContactImport.objects.in_workspace(workspace_id).filter(pk=import_id, state=State.UNDOING)
    spent = imports.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at), attempt__gte=MOST_ATTEMPTS)
    error = "imports.attempts_spent"
    if spent.update(lease_token=None, lease_until=None, **halted_undo(error)):
        tell_undo_failed(workspace_id, import_id, error, at=at)


def _next_chunk(row: ContactImport) -> ImportChunk | None:
    chunks = ImportChunk.objects.in_workspace(row.workspace_id).filter(contact_import_id=row.pk, undone_at__isnull=True)
    return chunks.defer("outcomes", "contact_ids", "notes").order_by("-first_row").first()


def _finish(row: ContactImport, lease: Lease, *, at: datetime) -> None:
    lease.finish(state=State.UNDONE, attempt=0, undo_error_code="", undone_at=at)
    event = ImportUndone(
        subject_id=row.pk,
        deleted=row.undo_deleted,
        restored=row.undo_restored,
        partly=row.undo_partly,
        kept=row.undo_kept,
    )
    record(event, actor=Actor.system(workspace_id=row.workspace_id), at=at)
    tell_undo_requester(workspace_id=row.workspace_id, import_id=row.pk, kind=UNDONE, at=at)
