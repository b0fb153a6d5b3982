"""A contact as the outside is told of it, by the API and by webhooks; what has no value is null, times are Unix seconds."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import prefetch_related_objects

from contacts.models import Contact, ContactField
from contacts.queries.listing import tags_at_hand
from workspaces.models import User

Body = dict[str, object]


def contact_bodies(contacts: Sequence[Contact], *, fields: Iterable[ContactField]) -> list[Body]:
    """Return contacts as they are told, every custom field of the workspace among them; one query for all their tags."""
    if not contacts:
        return []
    prefetch_related_objects(contacts, tags_at_hand(contacts[0].workspace_id))
    named = [(field.name, field.slug) for field in fields]
    return [_contact_body(contact, named) for contact in contacts]


def person_body(user: User) -> Body:
    """Return a person of the team."""
    return {"id": user.pk, "firstName": user.first_name, "lastName": user.last_name, "email": user.email}


def seconds(moment: datetime | None) -> int | None:
    """Return a moment as the wire has it."""
    return None if moment is None else int(moment.timestamp())


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
        "assignee": None if contact.assignee is None else person_body(contact.assignee),
        "lifecycle": None if contact.stage is None else contact.stage.name,
        "isBlocked": contact.is_blocked,
        "snoozedUntil": seconds(contact.snoozed_until),
        "created_at": seconds(contact.created_at),
    }
