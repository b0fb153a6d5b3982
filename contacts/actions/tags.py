from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from contacts.access import tag_for_update
from contacts.actions.tagging import tag_name
from contacts.errors import ValueRefused
from contacts.events import TagChanged, TagCreated, TagDeleted
from contacts.models import Tag
from contacts.models.settings import TAG_COLOURS
from workspaces.actions.changes import put_values
from workspaces.actors import Actor
from workspaces.errors import NameTaken
from workspaces.events import record
from workspaces.permissions import Permission

DESCRIPTION_LENGTH = 255
EMOJI_LENGTH = 16


@transaction.atomic
def create_tag(
    *, actor: Actor, name: str, description: str = "", emoji: str = "", colour: str = TAG_COLOURS[0], at: datetime
) -> Tag:
    """Create a tag; its name is unique in the workspace, in any case."""
    actor.require(Permission.TAG_MANAGE)
    columns = _columns({"name": name, "description": description, "emoji": emoji, "colour": colour})
    try:
        with transaction.atomic():
            tag = Tag.objects.create(workspace_id=actor.workspace_id, created_at=at, **columns)
    except IntegrityError:
        raise NameTaken(name=columns["name"], field="name") from None
    record(TagCreated(subject_id=tag.pk), actor=actor, at=at)
    return tag


@transaction.atomic
def change_tag(
    *,
    actor: Actor,
    tag: str | int,
    name: str | None = None,
    description: str | None = None,
    emoji: str | None = None,
    colour: str | None = None,
    at: datetime,
) -> Tag:
    """Change what is given; None leaves a part as it is."""
    row = tag_for_update(actor, tag)
    given = {"name": name, "description": description, "emoji": emoji, "colour": colour}
    columns = _columns({key: value for key, value in given.items() if value is not None})
    changes = put_values(row, columns)
    if not changes:
        return row
    try:
        with transaction.atomic():
            row.save(update_fields=list(changes))
    except IntegrityError:
        raise NameTaken(name=columns["name"], field="name") from None
    record(TagChanged(subject_id=row.pk, changes=changes), actor=actor, at=at)
    return row


@transaction.atomic
def delete_tag(*, actor: Actor, tag: str | int, at: datetime) -> int:
    """Delete a tag, off all contacts too; return its id."""
    row = tag_for_update(actor, tag)
    tag_id = row.pk
    # One statement: the foreign key takes the links along, however many contacts carry it.
    Tag.objects.in_workspace(actor.workspace_id).filter(pk=tag_id)._raw_delete(using="default")  # noqa: SLF001
    record(TagDeleted(subject_id=tag_id), actor=actor, at=at)
    return tag_id


def _columns(given: dict[str, str]) -> dict[str, str]:
    columns = {key: value.strip() for key, value in given.items()}
    if "name" in columns:
        columns["name"] = tag_name(columns["name"])
    for key, most in (("description", DESCRIPTION_LENGTH), ("emoji", EMOJI_LENGTH)):
        if len(columns.get(key, "")) > most:
            raise ValueRefused(field=key, sentence=_("At most %(most)s characters fit here.") % {"most": most})
    if columns.get("colour", TAG_COLOURS[0]) not in TAG_COLOURS:
        raise ValueRefused(
            field="colour", sentence=_("Choose one of %(colours)s.") % {"colours": ", ".join(TAG_COLOURS)}
        )
    return columns
