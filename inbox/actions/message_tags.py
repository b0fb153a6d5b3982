"""The tags that messages can have. None is ever deleted: one that is switched off stays on the messages that have it."""

from datetime import datetime

from django.db import transaction

from inbox.fingerprints import require_unchanged
from inbox.models import MessageTag
from inbox.settings_errors import MessageTagNotFound
from inbox.settings_events import MessageTagChanged
from workspaces.access import workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.permissions import Permission

MOST_MESSAGE_TAGS = 200
LONGEST_NAME = 80


@transaction.atomic
def add_message_tag(*, actor: Actor, name: str, at: datetime) -> MessageTag:
    """Add a tag for messages; it is on at once."""
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    if MessageTag.objects.in_workspace(actor.workspace_id).count() >= MOST_MESSAGE_TAGS:
        raise LimitReached(limit=MOST_MESSAGE_TAGS)
    row = MessageTag(workspace=workspace, name=_name(actor, name), created_at=at)
    row.save(force_insert=True)
    record(MessageTagChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def change_message_tag(
    *,
    actor: Actor,
    tag_id: int,
    name: str | None = None,
    is_active: bool | None = None,
    seen: str = "",
    at: datetime,
) -> MessageTag:
    """Rename or switch a tag; None leaves a part as it is."""
    workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    row = MessageTag.objects.in_workspace(actor.workspace_id).filter(pk=tag_id).first()
    if row is None:
        raise MessageTagNotFound(tag_id=tag_id)
    require_unchanged(seen, {"name": row.name})
    wanted: dict[str, object] = {} if is_active is None else {"is_active": is_active}
    if name is not None:
        wanted["name"] = _name(actor, name, but=row.pk)
    changes = put_values(row, wanted)
    if changes:
        row.save(update_fields=list(changes))
        record(MessageTagChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


def _name(actor: Actor, text: str, *, but: int | None = None) -> str:
    """Return a name that no other tag has in any case; the workspace is locked."""
    name = text_of(text, field="name", most=LONGEST_NAME)
    if MessageTag.objects.in_workspace(actor.workspace_id).filter(name__iexact=name).exclude(pk=but or 0).exists():
        raise NameTaken(name=name, field="name")
    return name
