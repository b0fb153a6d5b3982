"""The doors: who may export, and an outside id becomes an export of the actor's workspace, or a refusal."""

from datetime import datetime

from exports.errors import ExportNotFound, PlanWithoutExport
from exports.models import Export, ExportSchedule
from workspaces.actors import Actor
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.queries import actor_now

LARGEST_ID = 2**63 - 1


def require_export(actor: Actor) -> None:
    """Raise unless the actor may export, and the organisation's plan includes it."""
    actor.require(Permission.DATA_EXPORT)
    if not plan_includes_exports(actor.workspace_id):
        raise PlanWithoutExport


def plan_includes_exports(workspace_id: int) -> bool:
    """Tell whether the organisation of a workspace may export data."""
    return Workspace.objects.filter(pk=workspace_id, organization__may_export_data=True).exists()


def export_for_update(actor: Actor, export_id: int) -> Export:
    """Lock one export."""
    actor.require(Permission.DATA_EXPORT)
    rows = Export.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    found = rows.filter(pk=export_id).first() if 0 < export_id <= LARGEST_ID else None
    if found is None:
        raise ExportNotFound(export_id=export_id)
    return found


def requester_of(export: Export, *, at: datetime) -> Actor | None:
    """Return whoever asked, as they are now; for a schedule whoever made it. None when they may no longer export."""
    actor = actor_now(export.workspace_id, user_id=export.requested_by_id, token_id=export.requested_token_id, at=at)
    return actor if actor is not None and actor.may(Permission.DATA_EXPORT) else None


def schedule_for_update(actor: Actor, schedule_id: int) -> ExportSchedule:
    """Lock one schedule."""
    actor.require(Permission.DATA_EXPORT)
    rows = ExportSchedule.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    found = rows.filter(pk=schedule_id).first() if 0 < schedule_id <= LARGEST_ID else None
    if found is None:
        raise ExportNotFound(export_id=schedule_id)
    return found
