from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from inbox.errors import CustomInboxNameMissing, CustomInboxNotFound
from inbox.models import CustomInbox
from inbox.queries.custom import contact_filter_of
from workspaces.actors import Actor
from workspaces.permissions import Permission


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxValues:
    """What a saved inbox is: its name, its conditions, and with whom it is shared."""

    name: str
    conditions: Mapping[str, object]
    shared_with_all: bool = False
    shared_user_ids: Sequence[int] = ()
    shared_team_ids: Sequence[int] = ()


@transaction.atomic
def save_custom_inbox(*, actor: Actor, inbox_id: int | None, values: InboxValues, at: datetime) -> CustomInbox:
    """Save an inbox of one's own, a new one without an id; only its creator changes it."""
    actor.require(Permission.MESSAGE_READ)
    name = values.name.strip()
    if not 1 <= len(name) <= 80:
        raise CustomInboxNameMissing(field="name")
    if inbox_id is None:
        row = CustomInbox(workspace_id=actor.workspace_id, owner_id=actor.user_id or 0, created_at=at)
    else:
        row = _own_for_update(actor, inbox_id)
    row.name = name
    row.conditions = dict(values.conditions)
    row.shared_with_all = values.shared_with_all
    row.shared_user_ids = list(values.shared_user_ids)
    row.shared_team_ids = list(values.shared_team_ids)
    contact_filter_of(actor, row)  # a condition that cannot be read is refused before it is stored
    row.save()
    return row


@transaction.atomic
def delete_custom_inbox(*, actor: Actor, inbox_id: int, at: datetime) -> None:
    """Delete an inbox of one's own; its conversations stay."""
    del at  # nothing is logged: it is a view of one person's
    _own_for_update(actor, inbox_id).delete()


def _own_for_update(actor: Actor, inbox_id: int) -> CustomInbox:
    rows = CustomInbox.objects.in_workspace(actor.workspace_id).select_for_update()
    row = rows.filter(pk=inbox_id, owner_id=actor.user_id or 0).first()
    if row is None:
        raise CustomInboxNotFound(inbox_id=inbox_id)
    return row
