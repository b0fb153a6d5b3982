"""Rows become the wire's bodies here; what has no value is null."""

from contacts.bodies import Body, contact_bodies, person_body
from contacts.models import ContactField, Tag
from workspaces.models import Membership

__all__ = ["Body", "contact_bodies", "field_body", "tag_body", "user_body"]


def user_body(member: Membership) -> Body:
    """Return a member as a user of the space."""
    return {
        **person_body(member.user),
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
