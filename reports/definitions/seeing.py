"""Whose contacts somebody sees, for statements that count them (`reports.definitions.conditions.seen`)."""

from workspaces.actors import Actor
from workspaces.models import Membership


def seen_assignees(actor: Actor, *, using: str = "default") -> list[int] | None:
    """Return ids of people, as `contacts.queries.visible_contacts` has it; None for the contacts of everybody."""
    if actor.sees_own_contacts_only:
        return [actor.user_id or 0]
    if actor.sees_team_contacts_only:
        mates = Membership.objects.using(using).filter(workspace_id=actor.workspace_id, team_id=actor.team_id or 0)
        return [*mates.values_list("user_id", flat=True)] or [0]
    return None
