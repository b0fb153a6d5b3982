"""Saved inboxes: conditions over the contact, as contacts.filters reads them, and over the channel and the time since the last message."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Now

from contacts.filters import Filter, parse_filter
from contacts.models import Contact
from contacts.queries import contact_fields
from inbox.errors import CustomInboxNotFound
from inbox.models import ContactChannel, Conversation, CustomInbox
from workspaces.actors import Actor
from workspaces.models import Workspace


def custom_inboxes(actor: Actor) -> QuerySet[CustomInbox]:
    """Return the saved inboxes that the actor may open: the own ones and those shared with them, by name."""
    mine = Q(owner_id=actor.user_id) | Q(shared_with_all=True) | Q(shared_user_ids__contains=[actor.user_id or 0])
    if actor.team_id is not None:
        mine |= Q(shared_team_ids__contains=[actor.team_id])
    return CustomInbox.objects.in_workspace(actor.workspace_id).filter(mine).order_by("name", "pk")


def custom_inbox(actor: Actor, inbox_id: int) -> CustomInbox:
    """Return one saved inbox that the actor may open."""
    row = custom_inboxes(actor).filter(pk=inbox_id).first()
    if row is None:
        raise CustomInboxNotFound(inbox_id=inbox_id)
    return row


def contact_filter_of(actor: Actor, row: CustomInbox) -> Filter | None:
    """Return the conditions on the contact; fields that are gone make the whole inbox refuse with FilterNotValid."""
    zone, country = ground_of_filters(actor)
    return parse_filter(row.conditions.get("contact"), fields=contact_fields(actor), zone=zone, default_country=country)


def ground_of_filters(actor: Actor) -> tuple[ZoneInfo, str]:
    """Return where days begin and to which country phones without one belong."""
    workspace = Workspace.objects.get(pk=actor.workspace_id)
    return ZoneInfo(workspace.time_zone), workspace.default_country


def conversations_meeting(actor: Actor, rows: QuerySet[Conversation], row: CustomInbox) -> QuerySet[Conversation]:
    """Keep the conversations that meet a saved inbox's conditions."""
    contact = contact_filter_of(actor, row)
    if contact is not None:
        contacts = contact.apply(Contact.objects.in_workspace(actor.workspace_id), workspace_id=actor.workspace_id)
        rows = rows.filter(contact__in=contacts)
    conditions = row.conditions
    if channels := conditions.get("channels"):
        links = ContactChannel.objects.in_workspace(actor.workspace_id)
        rows = rows.filter(Exists(links.filter(contact_id=OuterRef("contact_id"), channel_id__in=channels)))
    if last := conditions.get("last_channels"):
        rows = rows.filter(last_channel_id__in=last)
    if hours := conditions.get("quiet_hours"):
        rows = rows.filter(last_incoming_at__lt=Now() - timedelta(hours=hours))
    return rows
