"""Which way a message goes: a channel and an address on it, and whether the channel takes such a message now."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from contacts.models import Contact
from inbox.channels.contract import Abilities
from inbox.channels.registry import abilities_of
from inbox.content import Content
from inbox.errors import (
    ChannelCannotWriteFirst,
    ChannelDisconnected,
    ChannelNotFound,
    ContactUnreachable,
    ContentEmpty,
    ContentNotSupported,
    NoChannel,
    TextTooLong,
    TooManyFiles,
    WindowClosed,
)
from inbox.models import Channel, ContactChannel
from workspaces.actors import Actor


@dataclass(frozen=True, slots=True)
class Route:
    """A channel and the contact's address on it."""

    channel: Channel
    link: ContactChannel


def route_for_sending(
    actor: Actor, contact: Contact, channel_id: int | None, content: Content, *, at: datetime
) -> Route:
    """Return the way to a contact, or refuse with the reason; without a channel the last one of an interaction is taken."""
    channel, link = _ends(actor, contact, channel_id)
    abilities = abilities_of(channel)
    if not channel.is_open:
        raise ChannelDisconnected(channel=channel.name, field="channelId")
    _check_content(channel, abilities, content)
    if link is None:
        link = _first_link(actor, contact, channel, abilities, at=at)
    elif link.state == ContactChannel.State.UNREACHABLE:
        raise ContactUnreachable(channel=channel.name, field="channelId")
    elif link.last_incoming_at is None and not abilities.may_write_first and not link.is_verified:
        raise ChannelCannotWriteFirst(channel=channel.name, field="channelId")
    hours = abilities.window_hours
    if hours is not None and (link.last_incoming_at is None or at - link.last_incoming_at > timedelta(hours=hours)):
        raise WindowClosed(channel=channel.name, hours=hours)
    return Route(channel, link)


def _ends(actor: Actor, contact: Contact, channel_id: int | None) -> tuple[Channel, ContactChannel | None]:
    links = ContactChannel.objects.in_workspace(actor.workspace_id).filter(contact_id=contact.pk)
    if channel_id is None:
        open_ones = links.exclude(channel__state__in=Channel.SHUT).select_related("channel")
        link = open_ones.order_by("state", "-last_message_at", "-pk").first()
        if link is None:
            raise NoChannel(contact_id=contact.pk, field="channelId")
        return link.channel, link
    channels = Channel.objects.in_workspace(actor.workspace_id).exclude(state=Channel.State.DELETED)
    channel = channels.filter(pk=channel_id).first()
    if channel is None:
        raise ChannelNotFound(channel_id=channel_id, field="channelId")
    return channel, links.filter(channel_id=channel_id).order_by("state", "-last_message_at", "-pk").first()


def _first_link(
    actor: Actor, contact: Contact, channel: Channel, abilities: Abilities, *, at: datetime
) -> ContactChannel:
    address = {"phone": contact.phone_e164, "email": contact.email_key}.get(abilities.first_address, "")
    if not abilities.may_write_first or not address:
        raise ChannelCannotWriteFirst(channel=channel.name, field="channelId")
    links = ContactChannel.objects.in_workspace(actor.workspace_id)
    link, _is_new = links.get_or_create(
        workspace_id=actor.workspace_id,
        channel_id=channel.pk,
        external_id=address,
        defaults={"contact_id": contact.pk, "name": contact.name, "created_at": at},
    )
    if link.contact_id != contact.pk:  # the address belongs to another contact already
        raise ChannelCannotWriteFirst(channel=channel.name, field="channelId")
    return link


def _check_content(channel: Channel, abilities: Abilities, content: Content) -> None:
    if content.content_type not in abilities.content_types:
        known = ", ".join(sorted(abilities.content_types))
        raise ContentNotSupported(channel=channel.name, content_type=content.content_type, known=known, field="message")
    if not content.text.strip() and not content.file_ids and not content.links and not content.payload:
        raise ContentEmpty(field="text")
    if len(content.text) > abilities.text_limit:
        raise TextTooLong(length=len(content.text), most=abilities.text_limit, field="text")
    count = len(content.file_ids) + len(content.links)
    if count > abilities.files_per_message:
        raise TooManyFiles(count=count, most=abilities.files_per_message, field="files")
