"""Rows become the wire's bodies here; what has no value is null, times are Unix seconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from contacts.models import Contact, ContactField, Tag
from contacts.queries.listing import tags_at_hand
from workspaces.models import Membership, User

Body = dict[str, object]


def contact_bodies(contacts: Sequence[Contact], *, fields: Iterable[ContactField]) -> list[Body]:
    """Return contacts as they are told, every custom field of the workspace among them; one query for all their tags."""
    if not contacts:
        return []
    prefetch_related_objects(contacts, tags_at_hand(contacts[0].workspace_id))
    named = [(field.name, field.slug) for field in fields]
    return [_contact_body(contact, named) for contact in contacts]


def user_body(member: Membership) -> Body:
    """Return a member as a user of the space."""
    return {
        **_person(member.user),
        "role": member.role,
        "team": None if member.team is None else {"id": member.team.pk, "name": member.team.name},
        "restrictions": list(member.restrictions),
    }


def field_body(field: ContactField) -> Body:
    """Return a custom field."""
    return {
        "id": field.pk,
        "name": field.name,
        "slug": field.slug,
        "description": field.description,
        "dataType": field.kind,
        "allowedValues": list(field.allowed_values),
    }


def tag_body(tag: Tag) -> Body:
    """Return a tag."""
    return {
        "id": tag.pk,
        "name": tag.name,
        "description": tag.description,
        "colorCode": tag.colour,
        "emoji": tag.emoji,
    }


def _contact_body(contact: Contact, named: list[tuple[str, str]]) -> Body:
    return {
        "id": contact.pk,
        "firstName": contact.first_name,
        "lastName": contact.last_name or None,
        "phone": contact.phone or None,
        "email": contact.email or None,
        "language": contact.language or None,
        "profilePic": contact.picture_url or None,
        "countryCode": contact.country or None,
        "custom_fields": [{"name": name, "value": contact.custom.get(slug)} for name, slug in named],
        "status": "open" if contact.is_open else "close",
        "tags": [link.tag.name for link in contact.contact_tags.all()],
        "assignee": None if contact.assignee is None else _person(contact.assignee),
        "lifecycle": None if contact.stage is None else contact.stage.name,
        "isBlocked": contact.is_blocked,
        "snoozedUntil": _seconds(contact.snoozed_until),
        "created_at": _seconds(contact.created_at),
    }


def _person(user: User) -> Body:
    return {"id": user.pk, "firstName": user.first_name, "lastName": user.last_name, "email": user.email}


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())
