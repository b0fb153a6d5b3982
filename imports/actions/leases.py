"""Holding an import while a worker works on it: one holder at a time, and whoever lost the lease writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import F, Q

from imports.actions.telling import tell_requester, tell_undo_requester
from imports.events import ImportFailed, ImportUndoFailed
from imports.models import ContactImport, State
from imports.notices import FAILED, UNDO_FAILED
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import LEASE, MOST_ATTEMPTS, Clock
from workspaces.leases import LeaseLost, held
from workspaces.scope import workspace_scope

# Planning is one statement over all rows, so that nothing can be renewed meanwhile.
PLANNING_LEASE = timedelta(minutes=5)
# How long the files of an import are kept after its end.
KEEP_FILES = timedelta(days=7)
STORAGE_FAILED = "imports.storage_failed"


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker shows before each write. `former` is the token of the worker before, whose files may lie about."""

    workspace_id: int
    import_id: int
    state: State
    token: UUID
    former: UUID | None

    def renew(self, *, at: datetime, lease: timedelta = LEASE, **columns: object) -> None:
        """Write columns and renew, in the open scope; raise LeaseLost when the import is no longer this worker's."""
        held = ContactImport.objects.in_workspace(self.workspace_id).filter(
            pk=self.import_id, state=self.state, lease_token=self.token
        )
        if held.update(lease_until=at + lease, **columns) == 0:
            raise LeaseLost

    def finish(self, **columns: object) -> None:
        """Write the outcome, with the state that follows, and let go, in the open scope; raise LeaseLost."""
        held = ContactImport.objects.in_workspace(self.workspace_id).filter(
            pk=self.import_id, state=self.state, lease_token=self.token
        )
        if held.update(lease_token=None, lease_until=None, **columns) == 0:
            raise LeaseLost


@contextmanager
def claimed(*, workspace_id: int, import_id: int, state: State, clock: Clock) -> Iterator[Lease | None]:
    """Hold an import that waits for a worker in this state; None when there is nothing to do.

    It ends as `workspaces.leases.held` says.
    """
    with workspace_scope(workspace_id):
        lease = _claim(workspace_id, import_id, state, at=clock())
    if lease is None:
        yield None
        return

    def give_back(error: BaseException) -> None:
        _give_back(lease, STORAGE_FAILED if isinstance(error, OSError) else "imports.unexpected")

    with held(workspace_id, fail=lambda code: _fail(lease, code, at=clock()), give_back=give_back):
        yield lease


def _claim(workspace_id: int, import_id: int, state: State, *, at: datetime) -> Lease | None:
    imports = ContactImport.objects.in_workspace(workspace_id)
    due = imports.filter(pk=import_id, state=state, attempt__lt=MOST_ATTEMPTS)
    due = due.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    token = uuid4()
    imports.filter(pk=import_id).update(attempt=F("attempt") + 1, lease_token=token, lease_until=at + LEASE)
    return Lease(workspace_id=workspace_id, import_id=import_id, state=state, token=token, former=row.lease_token)


def _give_back(lease: Lease, error_code: str) -> None:
    held = ContactImport.objects.in_workspace(lease.workspace_id).filter(
        pk=lease.import_id, state=lease.state, lease_token=lease.token
    )
    column = "undo_error_code" if lease.state == State.UNDOING else "error_code"
    held.update(lease_token=None, lease_until=None, **{column: error_code})


def _fail(lease: Lease, error_code: str, *, at: datetime) -> None:
    with suppress(LeaseLost):
        if lease.state == State.UNDOING:
            lease.finish(**halted_undo(error_code))
            tell_undo_failed(lease.workspace_id, lease.import_id, error_code, at=at)
            return
        lease.finish(state=State.FAILED, error_code=error_code, finished_at=at, result_expires_at=at + KEEP_FILES)
        actor = Actor.system(workspace_id=lease.workspace_id)
        record(ImportFailed(subject_id=lease.import_id, error=error_code), actor=actor, at=at)
        tell_requester(workspace_id=lease.workspace_id, import_id=lease.import_id, kind=FAILED, at=at)


def halted_undo(error_code: str) -> dict[str, object]:
    """Return the columns of an import whose undoing came to a halt: it is what it was, and can be undone again."""
    return {"state": F("undo_from"), "attempt": 0, "undo_error_code": error_code}


def tell_undo_failed(workspace_id: int, import_id: int, error_code: str, *, at: datetime) -> None:
    """Record that undoing came to a halt."""
    event = ImportUndoFailed(subject_id=import_id, error=error_code)
    record(event, actor=Actor.system(workspace_id=workspace_id), at=at)
    tell_undo_requester(workspace_id=workspace_id, import_id=import_id, kind=UNDO_FAILED, at=at)
