"""Reads around one contact: its tags, and others that hold the same phone or e-mail."""

from django.db.models import Q

from contacts.models import Contact, Tag
from contacts.queries.visibility import visible_contacts
from workspaces.actors import Actor
from workspaces.permissions import Permission


def tags_of_contact(actor: Actor, contact_id: int) -> list[Tag]:
    """Return the tags on one contact by name."""
    actor.require(Permission.CONTACT_READ)
    rows = Tag.objects.in_workspace(actor.workspace_id).filter(contact_tags__contact_id=contact_id)
    return list(rows.order_by("name", "pk"))


def contacts_sharing(
    actor: Actor, *, phone_match_key: str = "", email_key: str = "", besides: int | None = None, most: int = 5
) -> list[Contact]:
    """Return visible contacts that hold the same phone or the same e-mail, the oldest first."""
    actor.require(Permission.CONTACT_READ)
    same = Q()
    if phone_match_key:
        same |= Q(phone_match_key=phone_match_key)
    if email_key:
        same |= Q(email_key=email_key)
    if not same:
        return []
    rows = visible_contacts(actor).filter(same)
    if besides is not None:
        rows = rows.exclude(pk=besides)
    return list(rows.order_by("pk")[:most])
