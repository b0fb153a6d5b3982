"""Broadcasts: a name under which one message goes to many contacts, one call for each."""

from datetime import datetime

from django.db import transaction

from inbox.models import Broadcast
from inbox.settings_events import BroadcastChanged
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission

LONGEST_NAME = 120


@transaction.atomic
def add_broadcast(*, actor: Actor, name: str, at: datetime) -> Broadcast:
    """Name a broadcast; its messages carry its id."""
    actor.require(Permission.MESSAGE_SEND)
    actor.require(Permission.CONTACT_BULK)
    row = Broadcast.objects.create(
        workspace_id=actor.workspace_id,
        name=text_of(name, field="name", most=LONGEST_NAME),
        created_by_id=actor.user_id,
        created_at=at,
    )
    record(BroadcastChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row
