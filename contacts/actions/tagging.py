from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from contacts.access import contact_for_update
from contacts.actions.updating import source_of
from contacts.errors import ValueRefused
from contacts.events import TagCreated, TagsChanged
from contacts.identifiers import Identifier
from contacts.models import Contact, ContactTag, Tag
from contacts.models.contact import Source
from contacts.values import text_error
from workspaces.actors import Actor
from workspaces.events import record, record_all

TAG_NAME_LENGTH = 255


@transaction.atomic
def tag_contact(*, actor: Actor, contact: Identifier, names: Sequence[str], at: datetime) -> Contact:
    """Add tags to a contact; a name that is new to the workspace becomes a tag."""
    row = contact_for_update(actor, contact)
    put_tags(actor, row, names, source=source_of(actor), at=at)
    return row


@transaction.atomic
def untag_contact(*, actor: Actor, contact: Identifier, names: Sequence[str], at: datetime) -> Contact:
    """Take tags off a contact; names that it does not carry are passed over."""
    row = contact_for_update(actor, contact)
    wanted = {name.strip().lower() for name in names}
    links = ContactTag.objects.in_workspace(actor.workspace_id).filter(contact_id=row.pk).select_related("tag")
    gone = [link for link in links.order_by("tag_id") if link.tag.name.lower() in wanted]
    if gone:
        ContactTag.objects.in_workspace(actor.workspace_id).filter(pk__in=[link.pk for link in gone]).delete()
        removed = [link.tag_id for link in gone]
        record(
            TagsChanged(subject_id=row.pk, added=[], removed=removed, source=source_of(actor).value), actor=actor, at=at
        )
    return row


def put_tags(actor: Actor, contact: Contact, names: Sequence[str], *, source: Source, at: datetime) -> list[int]:
    """Put tags on a locked contact and record it; return the ids of those that were not there before."""
    tags = tags_named(actor, names, at=at)
    links = ContactTag.objects.in_workspace(actor.workspace_id).filter(contact_id=contact.pk)
    present = set(links.values_list("tag_id", flat=True))
    added = [tag.pk for tag in tags if tag.pk not in present]
    if added:
        ContactTag.objects.bulk_create(
            [
                ContactTag(
                    workspace_id=actor.workspace_id,
                    contact_id=contact.pk,
                    tag_id=tag_id,
                    source=source.value,
                    user_id=actor.user_id,
                    created_at=at,
                )
                for tag_id in added
            ]
        )
        record(TagsChanged(subject_id=contact.pk, added=added, removed=[], source=source.value), actor=actor, at=at)
    return added


def tags_named(actor: Actor, names: Sequence[str], *, at: datetime) -> list[Tag]:
    """Return the tags of these names, in their order and once each; names that are new become tags."""
    wanted = list(dict.fromkeys(tag_name(name) for name in names))
    known = _by_name(actor, wanted)
    missing = [name for name in wanted if name not in known]
    if missing:
        # Somebody else may be adding the same name at this moment, or one name comes in two cases: one row serves all.
        Tag.objects.bulk_create(
            [Tag(workspace_id=actor.workspace_id, name=name, created_at=at) for name in missing], ignore_conflicts=True
        )
        known = _by_name(actor, wanted)
        created = dict.fromkeys(known[name].pk for name in missing)
        record_all([TagCreated(subject_id=tag_id) for tag_id in created], actor=actor, at=at)
    return list({known[name].pk: known[name] for name in wanted}.values())


def tag_name(text: str) -> str:
    """Return a tag's name, trimmed; raise ValueRefused when it is empty or too long."""
    name = " ".join(text.split())
    if not name or len(name) > TAG_NAME_LENGTH or text_error(name):
        raise ValueRefused(
            field="tags", sentence=_("A tag's name has 1 to %(most)s characters.") % {"most": TAG_NAME_LENGTH}
        )
    return name


def _by_name(actor: Actor, names: Sequence[str]) -> dict[str, Tag]:
    """Return the present tags by the name asked for; PostgreSQL folds both sides, so that one rule decides."""
    rows = Tag.objects.raw(
        """SELECT t.*, asked.name AS asked_name
             FROM unnest(%s::text[]) AS asked(name)
             JOIN contacts_tag t ON t.workspace_id = %s AND lower(t.name) = lower(asked.name)""",
        [list(names), actor.workspace_id],
    )
    return {getattr(row, "asked_name"): row for row in rows}  # noqa: B009 - a column of this query, not of the model
