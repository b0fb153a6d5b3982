from datetime import datetime

from django.db import transaction

from exports.access import export_for_update
from exports.errors import WrongState
from exports.events import ExportCancelled
from exports.models import Export, State
from workspaces.actors import Actor
from workspaces.events import record


@transaction.atomic
def cancel_export(*, actor: Actor, export_id: int, at: datetime) -> Export:
    """End an export that waits or runs; its worker stops at its next beat, and no file is left."""
    row = export_for_update(actor, export_id)
    if not row.is_active:
        raise WrongState(state=row.state)
    row.state = State.CANCELLED
    row.lease_token = None
    row.lease_until = None
    row.finished_at = at
    row.save(update_fields=["state", "lease_token", "lease_until", "finished_at"])
    record(ExportCancelled(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return row
