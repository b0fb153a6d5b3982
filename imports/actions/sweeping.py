from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.db.models import Q

from imports import files, notices
from imports.actions.leases import KEEP_FILES, STORAGE_FAILED
from imports.actions.staging import forget_staged
from imports.actions.telling import tell_requester
from imports.actions.undoing import halt_undo
from imports.events import ImportExpired, ImportFailed
from imports.models import ACTIVE_STATES, WAITING_STATES, ContactImport, State
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import Event, record
from workspaces.jobs import MOST_ATTEMPTS, Clock, Job
from workspaces.scope import workspace_scope
from workspaces.sweeps import each_apart

IMPORTS_DUE = "SELECT workspace_id, import_id, act FROM imports_due(%s)"
FORGET_IDEMPOTENCY_KEYS = "SELECT forget_idempotency_keys(%s)"
KEEP_IDEMPOTENCY_KEYS = timedelta(hours=24)

# What imports_due says about an import; the jobs' names mean: ring.
EXPIRE, FAIL, FORGET, HALT_UNDO = "expire", "fail", "forget", "halt_undo"

# Undoing that fails leaves the import as it was.
ENDED_BY_FAILING = (State.VALIDATING, State.COMMITTING)


def sweep_imports(*, clock: Clock) -> None:
    """Hear what bells missed: ring for work that waits, end what is spent or over time, delete files whose time is over.

    Each import is judged again in its own workspace's scope, so that two sweeps at once do no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(IMPORTS_DUE, [clock()])
        due = cursor.fetchall()
        cursor.execute(FORGET_IDEMPOTENCY_KEYS, [clock() - KEEP_IDEMPOTENCY_KEYS])
    each_apart(due, partial(_do, clock=clock), sweep="sweep_imports")


def _do(workspace_id: int, import_id: int, act: str, *, clock: Clock) -> None:
    if act == EXPIRE:
        with workspace_scope(workspace_id):
            _expire(workspace_id, import_id, at=clock())
    elif act == FAIL:
        with workspace_scope(workspace_id):
            _fail(workspace_id, import_id, at=clock())
    elif act == HALT_UNDO:
        with workspace_scope(workspace_id):
            halt_undo(workspace_id=workspace_id, import_id=import_id, at=clock())
    elif act == FORGET:
        _forget(workspace_id, import_id, at=clock())
    else:
        jobs.ring(Job(act), workspace_id=workspace_id, import_id=import_id)


def _expire(workspace_id: int, import_id: int, *, at: datetime) -> None:
    imports = ContactImport.objects.in_workspace(workspace_id)
    late = imports.filter(pk=import_id, state__in=WAITING_STATES, review_expires_at__lte=at)
    columns = {
        "state": State.EXPIRED,
        "error_code": "imports.session_expired",
        "finished_at": at,
        "result_expires_at": at,
    }
    if late.update(**columns):
        _tell(workspace_id, ImportExpired(subject_id=import_id), at=at)
        tell_requester(workspace_id=workspace_id, import_id=import_id, kind=notices.EXPIRED, at=at)


def _fail(workspace_id: int, import_id: int, *, at: datetime) -> None:
    imports = ContactImport.objects.in_workspace(workspace_id)
    spent = imports.filter(pk=import_id, state__in=ENDED_BY_FAILING, attempt__gte=MOST_ATTEMPTS)
    spent = spent.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    given_back_for = spent.values_list("error_code", flat=True).first()
    error = STORAGE_FAILED if given_back_for == STORAGE_FAILED else "imports.attempts_spent"
    columns = {"state": State.FAILED, "error_code": error, "lease_token": None, "lease_until": None, "finished_at": at}
    if spent.update(**columns, result_expires_at=at + KEEP_FILES):
        _tell(workspace_id, ImportFailed(subject_id=import_id, error=error), at=at)
        tell_requester(workspace_id=workspace_id, import_id=import_id, kind=notices.FAILED, at=at)


def _forget(workspace_id: int, import_id: int, *, at: datetime) -> None:
    """Delete staged rows of an import that is over, then its files once their time is; the files first, then the mark."""
    imports = ContactImport.objects.in_workspace(workspace_id).filter(pk=import_id).exclude(state__in=ACTIVE_STATES)
    with workspace_scope(workspace_id):
        row = imports.first()
        if row is None:
            return
        if row.has_staged_rows:
            forget_staged(import_id)
            imports.update(has_staged_rows=False)
    if row.result_expires_at is None or row.result_expires_at > at:
        return
    files.forget(row.file_key, row.errors_key, row.result_key)
    files.forget_strays(workspace_id=workspace_id, import_id=import_id)
    with workspace_scope(workspace_id):
        imports.update(file_key="", errors_key="", result_key="")


def _tell(workspace_id: int, event: Event, *, at: datetime) -> None:
    record(event, actor=Actor.system(workspace_id=workspace_id), at=at)
