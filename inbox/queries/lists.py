"""Short lists that pages and API offer: channels, categories, teams; and one contact's channels and messages."""

from django.db.models import QuerySet

from inbox.models import Channel, ClosingCategory, ContactChannel, Delivery, Message
from workspaces.actors import Actor
from workspaces.models import Team
from workspaces.permissions import Permission


def channels(actor: Actor) -> QuerySet[Channel]:
    """Return the workspace's channels by name, disconnected ones too."""
    rows = Channel.objects.in_workspace(actor.workspace_id).exclude(state=Channel.State.DELETED)
    return rows.order_by("name", "pk")


def connected_channels(actor: Actor) -> QuerySet[Channel]:
    """Return the workspace's channels that are not disconnected, in no order."""
    actor.require(Permission.SPACE_READ)
    return Channel.objects.in_workspace(actor.workspace_id).exclude(state__in=Channel.SHUT)


def closing_categories(actor: Actor) -> QuerySet[ClosingCategory]:
    """Return the categories of closing notes in their order."""
    actor.require(Permission.SPACE_READ)
    return ClosingCategory.objects.in_workspace(actor.workspace_id).order_by("position", "pk")


def teams(actor: Actor) -> QuerySet[Team]:
    """Return the workspace's teams by name."""
    return Team.objects.in_workspace(actor.workspace_id).order_by("name", "pk")


def channels_of(actor: Actor, contact_id: int) -> QuerySet[ContactChannel]:
    """Return a contact's addresses with their channels, in no order."""
    links = ContactChannel.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id)
    return links.select_related("channel")


def messages_of(actor: Actor, contact_id: int) -> QuerySet[Message]:
    """Return a contact's messages but those that were taken back, in no order."""
    actor.require(Permission.MESSAGE_READ)
    messages = Message.objects.in_workspace(actor.workspace_id).filter(contact_id=contact_id)
    return messages.exclude(status=Delivery.CANCELLED)
