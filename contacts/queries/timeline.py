from dataclasses import dataclass
from datetime import datetime

from workspaces.actors import Actor, ActorKind
from workspaces.models import ApiToken, EventRecord, User
from workspaces.permissions import Permission


@dataclass(frozen=True, slots=True)
class ActivityLine:
    """One thing that happened to a contact, ready to show: `who` is a name, empty for the product itself."""

    id: int
    type: str
    at: datetime
    actor_kind: str
    who: str
    data: dict[str, object]


def contact_activity(actor: Actor, contact_id: int, *, before: int | None = None, most: int = 50) -> list[ActivityLine]:
    """Return what happened to a contact, newest first; `before` is the id of the last line shown."""
    actor.require(Permission.CONTACT_READ)
    # What other apps record about a contact, such as its messages, they show themselves.
    records = EventRecord.objects.in_workspace(actor.workspace_id).filter(
        subject_kind="contact", subject_id=contact_id, type__startswith="contacts."
    )
    if before is not None:
        records = records.filter(pk__lt=before)
    rows = list(records.order_by("-pk")[:most])
    people = {row.actor_id for row in rows if row.actor_kind == ActorKind.USER and row.actor_id is not None}
    programs = {row.actor_id for row in rows if row.actor_kind == ActorKind.TOKEN and row.actor_id is not None}
    names: dict[tuple[str, int | None], str] = {}
    for user in User.objects.filter(pk__in=people):
        names[ActorKind.USER, user.pk] = user.name
    for token in ApiToken.objects.in_workspace(actor.workspace_id).filter(pk__in=programs):
        names[ActorKind.TOKEN, token.pk] = token.name
    return [
        ActivityLine(
            id=row.pk,
            type=row.type,
            at=row.occurred_at,
            actor_kind=row.actor_kind,
            who=names.get((row.actor_kind, row.actor_id), ""),
            data=row.data,
        )
        for row in rows
    ]
