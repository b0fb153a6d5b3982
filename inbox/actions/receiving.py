"""What comes in: a message finds its contact, its conversation and its place; a status climbs its message's ladder."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from contacts.actions import add_contact
from contacts.errors import IdentifierNotValid, ValueRefused
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues, columns_of
from contacts.models import Contact
from contacts.models.contact import Source
from inbox.access import latest_for_update
from inbox.actions.connecting import connect
from inbox.actions.holding import contact_wrote
from inbox.actions.telling import tell_of_message
from inbox.actions.threads import Move, Thread, changed, end_snooze, move, open_new, start
from inbox.actions.virtual_agent_runs import take_what_starts
from inbox.channels.contract import Incoming, Profile
from inbox.content import preview_of
from inbox.events import MessageReceived
from inbox.models import Attachment, Channel, ContactChannel, Delivery, Direction, Message, StartEvent, Status
from inbox.queries.behaviour import settings_of
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.jobs import Job

LONGEST_TEXT = 100_000
CLOCK_SLIP = timedelta(minutes=5)


@transaction.atomic
def receive_message(*, actor: Actor, channel: Channel, incoming: Incoming, at: datetime) -> Message | None:
    """Store a message that came in, with everything it changes; None when it is there already."""
    link, contact = _sender(actor, channel, incoming, at=at)
    messages = Message.objects.in_workspace(actor.workspace_id)
    if messages.filter(contact_channel_id=link.pk, channel_message_id=incoming.message_id).exists():
        return None
    thread = Thread(actor, contact, latest_for_update(contact), at)
    if incoming.is_echo:
        _place_echo(thread, channel)
    elif not contact.is_blocked and incoming.opens:
        _place_incoming(thread, channel)
    elif not thread.is_open:
        thread.conversation = None  # stored under the contact alone
    message = _store(thread, link, channel, incoming)
    if incoming.is_echo:
        _count_echo(thread, message)
    else:
        _count_incoming(thread, message, is_blocked=contact.is_blocked)
        link.last_incoming_at = at
        link.state = ContactChannel.State.REACHABLE  # whoever writes can be written to again
    link.last_message_at = at
    connect(actor, contact, link, source="echo_message" if incoming.is_echo else "incoming_message", at=at)
    link.save(update_fields=["last_incoming_at", "last_message_at", "connected_at", "state"])
    contact.last_interaction_at = at
    thread.tell(
        MessageReceived(
            subject_id=contact.pk,
            conversation_id=message.conversation_id,
            message_id=message.pk,
            channel_id=channel.pk,
            is_echo=incoming.is_echo,
        )
    )
    thread.save()
    held = thread.conversation is not None and thread.conversation.held_by_bot
    if not incoming.is_echo and not contact.is_blocked and message.conversation_id is not None and not held:
        tell_of_message(thread, message)
    return message


def _sender(actor: Actor, channel: Channel, incoming: Incoming, *, at: datetime) -> tuple[ContactChannel, Contact]:
    """Return the link of the sender's address and its contact, locked; a new address makes a link, and if need be a contact."""
    links = ContactChannel.objects.in_workspace(actor.workspace_id)
    link = links.filter(channel_id=channel.pk, external_id=incoming.external_id).first()
    if link is None:
        contact = _contact_of(actor, incoming) or add_contact(
            actor=actor,
            values=_values_of(incoming),
            source=Source.ECHO_MESSAGE if incoming.is_echo else Source.INCOMING_MESSAGE,
            at=at,
        )
        profile = incoming.profile
        try:
            with transaction.atomic():
                link = links.create(
                    workspace_id=actor.workspace_id,
                    contact_id=contact.pk,
                    channel_id=channel.pk,
                    external_id=incoming.external_id,
                    name=f"{profile.first_name} {profile.last_name}".strip()[:255],
                    is_verified=incoming.is_verified,
                    created_at=at,
                )
        except IntegrityError:  # another worker took in the same new sender at this moment
            link = links.get(channel_id=channel.pk, external_id=incoming.external_id)
    contacts = Contact.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    return link, contacts.get(pk=link.contact_id)


def _contact_of(actor: Actor, incoming: Incoming) -> Contact | None:
    """Return the contact that the sender is known to be: named by the channel, or alone in holding the address."""
    contacts = Contact.objects.in_workspace(actor.workspace_id)
    if incoming.contact_id is not None:
        return contacts.filter(pk=incoming.contact_id).first()
    if not incoming.identity:
        return None
    try:
        identifier = Identifier.parse(f"{incoming.identity}:{incoming.external_id}")
    except IdentifierNotValid:
        return None
    holders = list(contacts.filter(**identifier.lookup).order_by("pk")[:2])
    return holders[0] if len(holders) == 1 else None


def _values_of(incoming: Incoming) -> ContactValues:
    """Return what the profile tells, without the values that break a rule: a message is never lost for a bad phone."""
    profile = incoming.profile
    given: dict[str, str] = {name: getattr(profile, name) for name in Profile.__dataclass_fields__}
    if incoming.identity in {"phone", "email"}:
        given[incoming.identity] = given[incoming.identity] or incoming.external_id
    kept: ContactValues = {}
    for name, text in given.items():
        text = text.replace("\x00", "").strip()
        if not text:
            continue
        one = ContactValues(**{name: text[:255] if name in {"first_name", "last_name"} else text})  # type: ignore[misc, typeddict-item]
        try:
            columns_of(one, default_country="", is_new=False)
        except ValueRefused:
            continue
        kept.update(one)
    if not any(kept.get(name) for name in ("first_name", "last_name", "phone", "email")):
        kept["first_name"] = incoming.external_id[:255]
    return kept


def _place_incoming(thread: Thread, channel: Channel) -> None:
    if not thread.is_open:
        conversation = thread.conversation
        hours = settings_of(thread.contact.workspace_id).reopen_hours
        if (
            conversation is not None
            and conversation.closed_at is not None
            and hours
            and thread.at - conversation.closed_at < timedelta(hours=hours)
        ):
            end_snooze(thread, by="message")
            move(thread, Move(to=Status.NEW, cause="message", source="contact"))
        else:
            open_new(thread, source="contact", channel_id=channel.pk, by_id=None)
            take_what_starts(thread, channel.pk)
        return
    end_snooze(thread, by="message")
    if not thread.open_one.held_by_bot:
        move(thread, Move(to=Status.NEW, cause="message", source="contact"))


def _place_echo(thread: Thread, channel: Channel) -> None:
    """What the business wrote elsewhere belongs to the latest conversation; it opens one only where none ever was."""
    if thread.conversation is None:
        open_new(thread, source="contact", channel_id=channel.pk, by_id=None)
        move(thread, Move(to=Status.PENDING, cause="reply", source="contact"))


def _store(thread: Thread, link: ContactChannel, channel: Channel, incoming: Incoming) -> Message:
    message = Message.objects.create(
        workspace_id=thread.contact.workspace_id,
        conversation_id=thread.conversation.pk if thread.conversation is not None else None,
        contact_id=thread.contact.pk,
        channel_id=channel.pk,
        contact_channel_id=link.pk,
        direction=Direction.OUTGOING if incoming.is_echo else Direction.INCOMING,
        sender_kind="echo" if incoming.is_echo else "contact",
        content_type=incoming.content_type,
        text=incoming.text.replace("\x00", "")[:LONGEST_TEXT],
        payload=dict(incoming.payload),
        channel_message_id=incoming.message_id,
        status=Delivery.SENT if incoming.is_echo else Delivery.RECEIVED,
        created_at=thread.at,
        provider_at=min(incoming.occurred_at, thread.at + CLOCK_SLIP),
    )
    attachments = Attachment.objects.bulk_create(
        [
            Attachment(
                workspace_id=message.workspace_id,
                message_id=message.pk,
                file_id=each.file_id,
                kind=each.kind,
                name=each.name[:255],
                source_url=each.url[:2000],
                content_id=each.content_id[:255],
                state=Attachment.State.STORED if each.file_id is not None else Attachment.State.FETCHING,
                next_attempt_at=None if each.file_id is not None else thread.at,
            )
            for each in incoming.files
        ]
    )
    for attachment in attachments:
        if attachment.state == Attachment.State.FETCHING:
            jobs.wake(Job.FETCH_ATTACHMENT, workspace_id=message.workspace_id, attachment_id=attachment.pk)
    return message


def _count_incoming(thread: Thread, message: Message, *, is_blocked: bool) -> None:
    conversation = thread.conversation
    if conversation is None:
        return
    conversation.incoming_count += 1
    conversation.first_incoming_at = conversation.first_incoming_at or thread.at
    conversation.last_incoming_at = thread.at
    if conversation.held_by_bot:
        contact_wrote(conversation)
    elif not is_blocked:
        conversation.unread_count += 1
        if thread.is_open:
            start(thread, StartEvent.Kind.INBOUND_MESSAGE, message_id=message.pk)
    touch(thread, message)


def _count_echo(thread: Thread, message: Message) -> None:
    if thread.conversation is not None:
        thread.conversation.outgoing_count += 1
        touch(thread, message)


def touch(thread: Thread, message: Message) -> None:
    """Make a message the last one of its conversation, in lists too."""
    conversation = thread.conversation
    if conversation is None:
        return
    conversation.last_message_id = message.pk
    conversation.last_message_at = message.created_at
    conversation.last_activity_at = max(conversation.last_activity_at, message.created_at)
    conversation.last_channel_id = message.channel_id or conversation.last_channel_id
    conversation.channel_id = conversation.channel_id or message.channel_id
    changed(thread, at=message.created_at)
    subject = message.payload.get("subject", "")
    conversation.preview = preview_of(message.text or (subject if isinstance(subject, str) else ""))
    conversation.preview_is_ours = message.direction == Direction.OUTGOING
