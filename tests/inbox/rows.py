"""Conversations by the row, for lists: no action, so that a test can have many of them at once."""

from datetime import datetime, timedelta
from typing import Any

from contacts.models import Contact
from inbox.models import Conversation
from tests.factories import NOON, Cast
from workspaces.actors import Actor
from workspaces.models import Membership, Team
from workspaces.permissions import Role


def a_row(actor: Actor, name: str, *, minute: float = 0, **columns: Any) -> Conversation:
    """Make a contact and its latest conversation, last active so many minutes after noon."""
    at: datetime = NOON + timedelta(minutes=minute)
    blocked = columns.pop("is_blocked", False)
    contact = Contact.objects.create(
        workspace_id=actor.workspace_id,
        first_name=name,
        is_blocked=blocked,
        assignee_id=columns.get("assignee_id"),
        source="user",
        created_at=at,
        updated_at=at,
    )
    values: dict[str, Any] = {
        "status": "new",
        "opened_at": at,
        "opened_by_source": "contact",
        "status_changed_at": at,
        "last_activity_at": at,
        "updated_at": at,
    }
    return Conversation.objects.create(workspace_id=actor.workspace_id, contact=contact, **{**values, **columns})


def restricted_ben(cast: Cast, restriction: str, *, team: Team | None = None) -> Actor:
    """Give Ben a restriction and a team, in the open scope, and return him."""
    rows = Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.ben_user)
    rows.update(restrictions=[restriction], team=team)
    return Actor.member(
        user_id=cast.ben_user.pk,
        workspace_id=cast.acme.pk,
        role=Role.AGENT,
        restrictions=[restriction],
        team_id=team.pk if team is not None else None,
    )
