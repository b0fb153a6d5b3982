"""The door: who may read reports."""

from workspaces.actors import Actor
from workspaces.permissions import Permission


def require_reports(actor: Actor) -> None:
    """Raise PermissionMissing unless the actor may read the figures of everybody."""
    actor.require(Permission.REPORT_READ)
