from datetime import datetime

from django.db import transaction

from imports.access import import_for_update
from imports.actions.leases import KEEP_FILES
from imports.events import ImportCancelled
from imports.models import ContactImport, State
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Job

CANCELLABLE = (State.MAPPING, State.VALIDATING, State.REVIEW, State.COMMITTING)


@transaction.atomic
def cancel_import(*, actor: Actor, import_id: int, at: datetime) -> ContactImport:
    """End an import here. What was written stays; then a result file says which rows were."""
    row = import_for_update(actor, import_id, states=CANCELLABLE)
    has_written = row.state == State.COMMITTING and row.progress_done > 0
    row.state = State.CANCELLED
    row.lease_token = row.lease_until = None
    row.finished_at = at
    row.result_expires_at = at + KEEP_FILES if has_written else at
    row.save(update_fields=["state", "lease_token", "lease_until", "finished_at", "result_expires_at"])
    record(ImportCancelled(subject_id=row.pk, written=row.imported + row.updated), actor=actor, at=at)
    if has_written:
        jobs.wake(Job.COMMIT_IMPORT, workspace_id=row.workspace_id, import_id=row.pk)
    return row
