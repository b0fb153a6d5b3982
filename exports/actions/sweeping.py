from datetime import datetime
from functools import partial

from django.db import connection
from django.db.models import Q

from exports import files
from exports.actions.leases import STORAGE_FAILED, discard, tell_failed
from exports.events import ExportExpired
from exports.models import ACTIVE_STATES, Export, State
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import MOST_ATTEMPTS, Clock, Job
from workspaces.scope import workspace_scope
from workspaces.sweeps import each_apart

EXPORTS_DUE = "SELECT workspace_id, export_id, act FROM exports_due(%s)"
DISCARD, FAIL, EXPIRE = "discard", "fail", "expire"


def sweep_exports(*, clock: Clock) -> None:
    """Hear what bells missed: ring for work that waits, end what is over time or spent, delete files whose time is over.

    Each export is judged again in its own workspace's scope, so that two sweeps at once do no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(EXPORTS_DUE, [clock()])
        due = cursor.fetchall()
    each_apart(due, partial(_do, clock=clock), sweep="sweep_exports")
    files.forget_old_spool()


def _do(workspace_id: int, export_id: int, act: str, *, clock: Clock) -> None:
    if act == DISCARD:
        with workspace_scope(workspace_id):
            discard(workspace_id, export_id, at=clock())
        _forget_strays(workspace_id, export_id)
    elif act == FAIL:
        with workspace_scope(workspace_id):
            _fail(workspace_id, export_id, at=clock())
        _forget_strays(workspace_id, export_id)
    elif act == EXPIRE:
        _expire(workspace_id, export_id, at=clock())
    else:
        jobs.ring(Job(act), workspace_id=workspace_id, export_id=export_id)


def _fail(workspace_id: int, export_id: int, *, at: datetime) -> None:
    spent = Export.objects.in_workspace(workspace_id).filter(
        pk=export_id, state__in=ACTIVE_STATES, attempt__gte=MOST_ATTEMPTS
    )
    spent = spent.filter(Q(lease_until__isnull=True) | Q(lease_until__lt=at))
    given_back_for = spent.values_list("error_code", flat=True).first()
    error = STORAGE_FAILED if given_back_for == STORAGE_FAILED else "exports.attempts_spent"
    if spent.update(state=State.FAILED, error_code=error, lease_token=None, lease_until=None, finished_at=at):
        tell_failed(workspace_id, export_id, at=at)


def _expire(workspace_id: int, export_id: int, *, at: datetime) -> None:
    """Delete a file whose time is over; the file first, then the mark, so that a crash between leaves no stray."""
    over = Export.objects.in_workspace(workspace_id).filter(pk=export_id, expires_at__lte=at).exclude(file_key="")
    with workspace_scope(workspace_id):
        row = over.first()
    if row is None:
        return
    files.forget(row.file_key)
    files.forget_strays(workspace_id=workspace_id, export_id=export_id)
    with workspace_scope(workspace_id):
        if over.update(file_key="", state=State.EXPIRED):
            event = ExportExpired(subject_id=export_id, dataset=row.dataset)
            record(event, actor=Actor.system(workspace_id=workspace_id), at=at)


def _forget_strays(workspace_id: int, export_id: int) -> None:
    """Delete what a worker that lost its lease published for an export that is over; a file that the row names stays."""
    with workspace_scope(workspace_id):
        row = Export.objects.in_workspace(workspace_id).exclude(state__in=ACTIVE_STATES).filter(pk=export_id).first()
    if row is not None:
        files.forget_strays(workspace_id=workspace_id, export_id=export_id, keep={row.file_key})
