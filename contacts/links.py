"""Rows that a contact's values name: they must be of the actor's workspace."""

from contacts.errors import StageNotFound
from contacts.inputs import ContactValues
from contacts.models import LifecycleStage
from workspaces.actors import Actor
from workspaces.errors import MemberNotFound
from workspaces.models import Membership


def check_links(actor: Actor, values: ContactValues) -> None:
    """Raise when the values name a stage or a member that this workspace does not have."""
    stage_id = values.get("stage_id")
    if (
        stage_id is not None
        and not LifecycleStage.objects.in_workspace(actor.workspace_id).filter(pk=stage_id).exists()
    ):
        raise StageNotFound(stage=stage_id, field="stage_id")
    assignee_id = values.get("assignee_id")
    if assignee_id is not None:
        members = Membership.objects.in_workspace(actor.workspace_id).filter(user_id=assignee_id, user__is_active=True)
        if not members.exists():
            raise MemberNotFound(user_id=assignee_id, field="assignee_id")
