from datetime import datetime

from django.db import transaction

from imports import files
from imports.access import import_for_update, refuse_expired
from imports.actions.leases import KEEP_FILES, PLANNING_LEASE, Lease, claimed
from imports.actions.plan_sql import plan_sql
from imports.actions.planning import make_plan
from imports.actions.results import keep_result, publish_result_of_stopped, result_key
from imports.actions.staging import forget_staged, is_planned
from imports.actions.telling import tell_requester
from imports.actions.validating import fill_staging
from imports.actions.writing import analyze_contacts, write_chunk
from imports.events import ImportCompleted, ImportConfirmed
from imports.models import ContactImport, State
from imports.notices import COMPLETED
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Clock, Job
from workspaces.leases import LeaseLost
from workspaces.scope import workspace_scope

# Between 5,000 and 50,000 the time differed by less than the noise: chosen for progress that is seen, and short locks.
CHUNK_ROWS = 10_000


@transaction.atomic
def commit_import(*, actor: Actor, import_id: int, at: datetime) -> ContactImport:
    """Say yes to a review: its plan is written from now on."""
    row = import_for_update(actor, import_id, states=(State.REVIEW,))
    refuse_expired(row, at=at)
    row.state = State.COMMITTING
    row.attempt = 0
    row.error_code = ""
    row.review_expires_at = None
    row.progress_done, row.progress_total, row.progress_at = 0, row.rows, at
    row.stage_started_at = at
    row.save(
        update_fields=[
            "state", "attempt", "error_code", "review_expires_at", "progress_done", "progress_total", "progress_at",
            "stage_started_at",
        ]
    )  # fmt: skip
    record(ImportConfirmed(subject_id=row.pk, add=row.to_add, update=row.to_update), actor=actor, at=at)
    jobs.wake(Job.COMMIT_IMPORT, workspace_id=actor.workspace_id, import_id=row.pk)
    return row


def write_import(*, workspace_id: int, import_id: int, clock: Clock) -> None:
    """Write the reviewed plan, chunk by chunk, then the result file.

    Each chunk is one transaction with its checkpoint, so a worker that dies repeats nothing and the next goes on there. An
    import that was stopped amid its chunks gets its result file here too.
    """
    publish_result_of_stopped(workspace_id=workspace_id, import_id=import_id, clock=clock)
    with claimed(workspace_id=workspace_id, import_id=import_id, state=State.COMMITTING, clock=clock) as lease:
        if lease is None:
            return
        if lease.former is not None:
            files.forget(result_key(lease, lease.former))
        with workspace_scope(workspace_id):
            row = ContactImport.objects.in_workspace(workspace_id).get(pk=import_id)
        if row.progress_done < row.rows and not is_planned(row):
            _stage_again(row, lease, clock=clock)
        sql = plan_sql(row)
        for first_row in range(row.progress_done + 1, row.rows + 1, CHUNK_ROWS):
            with workspace_scope(workspace_id):
                write_chunk(row, lease, sql, first_row=first_row, most=CHUNK_ROWS, clock=clock)
            if first_row == 1 and row.rows > CHUNK_ROWS:
                analyze_contacts()
        key = keep_result(row, lease, clock=clock)
        try:
            with workspace_scope(workspace_id):
                _complete(row, lease, key, at=clock())
        except LeaseLost:
            files.forget(key)
            raise
        with workspace_scope(workspace_id):
            forget_staged(import_id)
            ContactImport.objects.in_workspace(workspace_id).filter(pk=import_id).update(has_staged_rows=False)
        files.forget_strays(workspace_id=workspace_id, import_id=import_id, keep={row.errors_key, key})


def _stage_again(row: ContactImport, lease: Lease, *, clock: Clock) -> None:
    """Fill the staging tables anew from the file: a crash of the database has emptied them."""
    with workspace_scope(row.workspace_id):
        lease.renew(at=clock())
        forget_staged(row.pk)
    fill_staging(row, lease, clock=clock)
    with workspace_scope(row.workspace_id):
        lease.renew(at=clock(), lease=PLANNING_LEASE)
    with workspace_scope(row.workspace_id):
        make_plan(row, plan_sql(row))
        lease.renew(at=clock())


def _complete(row: ContactImport, lease: Lease, key: str, *, at: datetime) -> None:
    lease.finish(
        state=State.COMPLETED,
        attempt=0,
        error_code="",
        result_key=key,
        finished_at=at,
        result_expires_at=at + KEEP_FILES,
    )
    row.refresh_from_db(fields=["imported", "updated", "skipped", "failed"])
    event = ImportCompleted(
        subject_id=row.pk, imported=row.imported, updated=row.updated, skipped=row.skipped, failed=row.failed
    )
    record(event, actor=Actor.system(workspace_id=row.workspace_id), at=at)
    tell_requester(workspace_id=row.workspace_id, import_id=row.pk, kind=COMPLETED, at=at)
