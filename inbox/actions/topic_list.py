"""The topics that conversations can have. None is ever deleted: one that is switched off keeps its past."""

from datetime import datetime

from django.db import IntegrityError, transaction

from inbox.actions.behaviour import require_choices
from inbox.errors import TopicNotFound
from inbox.fingerprints import require_unchanged
from inbox.models import Topic
from inbox.queries.behaviour import settings_of
from inbox.settings_events import TopicChanged
from workspaces.access import workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.permissions import Permission

MOST_TOPICS = 500
LONGEST_NAME = 80


@transaction.atomic
def add_topic(*, actor: Actor, name: str, at: datetime) -> Topic:
    """Add a topic; it is on at once."""
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    if Topic.objects.in_workspace(actor.workspace_id).count() >= MOST_TOPICS:
        raise LimitReached(limit=MOST_TOPICS)
    row = Topic(workspace=workspace, name=text_of(name, field="name", most=LONGEST_NAME), created_at=at)
    _save(row)
    record(TopicChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def change_topic(
    *,
    actor: Actor,
    topic_id: int,
    name: str | None = None,
    is_active: bool | None = None,
    seen: str = "",
    at: datetime,
) -> Topic:
    """Rename or switch a topic; None leaves a part as it is. The last one stays on while closing asks for a topic."""
    workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    row = Topic.objects.in_workspace(actor.workspace_id).filter(pk=topic_id).first()
    if row is None:
        raise TopicNotFound(topic_id=topic_id)
    require_unchanged(seen, {"name": row.name})
    wanted: dict[str, object] = {} if is_active is None else {"is_active": is_active}
    if name is not None:
        wanted["name"] = text_of(name, field="name", most=LONGEST_NAME)
    changes = put_values(row, wanted)
    if changes:
        _save(row)
        require_choices(settings_of(actor.workspace_id))
        record(TopicChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


def _save(row: Topic) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NameTaken(name=row.name, field="name") from None
