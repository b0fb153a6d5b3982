from inbox.models import InboxSettings
from workspaces.actors import Actor
from workspaces.models import Membership


def settings_of(workspace_id: int) -> InboxSettings:
    """Return how the workspace's inbox behaves; one without a row of its own has the defaults."""
    row = InboxSettings.objects.in_workspace(workspace_id).first()
    return row if row is not None else InboxSettings(workspace_id=workspace_id)


def team_of(actor: Actor, user_id: int | None) -> int | None:
    """Return the team that a member is in at this moment."""
    if user_id is None:
        return None
    if user_id == actor.user_id:
        return actor.team_id
    members = Membership.objects.in_workspace(actor.workspace_id)
    return members.filter(user_id=user_id).values_list("team_id", flat=True).first()
