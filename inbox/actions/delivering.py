"""Sending: a message is claimed, sent outside of any transaction, and what came of it is written under the claim's fence.

Per address on a channel one message is under way at a time, the oldest first: only the head is claimed. What failed, or may
have been sent, is no head any more, so its followers go on.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from django.conf import settings

from contacts.models import Contact
from inbox import outcomes
from inbox.access import contact_for_work
from inbox.actions.delivery_records import BUSY_FOR, RINGS_WITHIN, fail, put_back, record_result, settle_lapsed
from inbox.actions.sending_limits import take_send
from inbox.channels.contract import Account, Failure, Outgoing, OutgoingFile, Receipt, Refusal
from inbox.channels.registry import abilities_of, connector_of
from inbox.file_store import public_address
from inbox.models import Attachment, Channel, ContactChannel, Delivery, Message
from inbox.queries.mail_threads import thread_so_far
from workspaces import jobs
from workspaces.jobs import Clock, Job
from workspaces.scope import workspace_scope
from workspaces.sealing import NotUnsealable, unseal

logger = logging.getLogger(__name__)

# Longer than any connector may take (45 seconds): a lapsed lease means that the sender died.
SENDING_FOR = timedelta(seconds=60)
MOST_AT_ONCE = 4  # sends of one channel; the sender process has 8 places


@dataclass(frozen=True, slots=True)
class Claim:
    """A message that this worker sends, with what its connector needs."""

    message_id: int
    contact_id: int
    kind: str
    token: UUID
    outgoing: Outgoing
    account: Account | None  # None: its secrets cannot be opened
    attempt: outcomes.Attempt


def deliver_message(*, workspace_id: int, message_id: int, clock: Clock) -> None:
    """Send one message, if it is due, the head of its address, and no other worker's."""
    with workspace_scope(workspace_id):
        claim = _claim(workspace_id, message_id, at=clock())
    if claim is None:
        return
    jobs.assert_no_open_transaction()
    result = _send(claim)
    with workspace_scope(workspace_id):
        record_result(
            workspace_id=workspace_id,
            contact_id=claim.contact_id,
            message_id=message_id,
            token=claim.token,
            result=result,
            next_step=outcomes.after(result, claim.attempt, at=clock()),
            at=clock(),
        )


def _claim(workspace_id: int, message_id: int, *, at: datetime) -> Claim | None:
    messages = Message.objects.in_workspace(workspace_id)
    # Contact first, then message: the order in which every action of the inbox locks.
    contact = contact_for_work(
        workspace_id, messages.filter(pk=message_id).values_list("contact_id", flat=True).first()
    )
    if contact is None:
        return None
    rows = messages.select_related("channel", "contact_channel")
    message = rows.select_for_update(of=("self",)).get(pk=message_id)
    if message.status == Delivery.SENDING and not settle_lapsed(message, at=at):
        return None
    if message.status != Delivery.QUEUED or not _is_due(message, at=at) or not _is_head(message):
        return None
    refusal = _refusal(message, contact, at=at)
    if refusal:
        fail(message, refusal, at=at)
        return None
    channel, link = message.channel, message.contact_channel
    if channel is None or link is None or not _channel_is_free(message, channel, at=at):
        return None
    return _taken(message, channel, link, at=at)


def _is_due(message: Message, *, at: datetime) -> bool:
    if message.next_attempt_at is None:  # held until its channel is repaired
        return message.channel is not None and message.channel.state == Channel.State.ACTIVE
    wait = message.next_attempt_at - at
    if wait <= timedelta(0):
        return True
    if wait <= RINGS_WITHIN:
        jobs.wake(Job.DELIVER_MESSAGE, workspace_id=message.workspace_id, message_id=message.pk, after=wait)
    return False


def _is_head(message: Message) -> bool:
    """Tell whether nothing older is on its way to the same address; messages of one contact commit in the order of their ids."""
    older = Message.objects.in_workspace(message.workspace_id).filter(
        contact_channel_id=message.contact_channel_id,
        pk__lt=message.pk,
        status__in=(Delivery.QUEUED, Delivery.SENDING),
    )
    return message.contact_channel_id is None or not older.exists()


def _refusal(message: Message, contact: Contact, *, at: datetime) -> str:
    """Return why a message must not be sent any more; what was true when it was written may have changed since."""
    channel, link = message.channel, message.contact_channel
    rules: list[tuple[str, Callable[[], bool]]] = [
        ("inbox.channel_gone", lambda: channel is None or not channel.is_open),
        ("inbox.no_address", lambda: link is None),
        ("inbox.contact_blocked", lambda: contact.is_blocked),
        ("inbox.contact_unreachable", lambda: link is not None and link.state == ContactChannel.State.UNREACHABLE),
        ("inbox.window_closed", lambda: (end := _window_end(channel, link)) is not None and at > end),
    ]
    return next((code for code, breaks in rules if breaks()), "")


def _window_end(channel: Channel | None, link: ContactChannel | None) -> datetime | None:
    hours = abilities_of(channel).window_hours if channel is not None else None
    if hours is None or link is None or link.last_incoming_at is None:
        return None
    return link.last_incoming_at + timedelta(hours=hours)


def _channel_is_free(message: Message, channel: Channel, *, at: datetime) -> bool:
    """Tell whether the channel sends now; if not, the message is held, or due when it does again."""
    if channel.state == Channel.State.BROKEN:
        # Locked, so that nobody repairs it and releases what is held while this one is not held yet.
        rows = Channel.objects.in_workspace(channel.workspace_id).select_for_update(of=("self",))
        if rows.get(pk=channel.pk).state == Channel.State.BROKEN:
            put_back(message, due_at=None)
            return False
    until = channel.quiet_until
    if until is None or until <= at:
        if _is_busy(channel):
            put_back(message, due_at=at + BUSY_FOR)  # whoever ends one of them rings
            return False
        until = take_send(channel, at=at)
        if until is None:
            return True
        Channel.objects.in_workspace(channel.workspace_id).filter(pk=channel.pk).update(quiet_until=until)
    put_back(message, due_at=until)
    return False


def _is_busy(channel: Channel) -> bool:
    """Tell whether a channel has its share of senders: one that hangs must not take them all."""
    sending = Message.objects.in_workspace(channel.workspace_id).filter(channel_id=channel.pk, status=Delivery.SENDING)
    return sending.count() >= MOST_AT_ONCE


def _taken(message: Message, channel: Channel, link: ContactChannel, *, at: datetime) -> Claim:
    message.status, message.lease_token, message.lease_until = Delivery.SENDING, uuid4(), at + SENDING_FOR
    message.attempts += 1
    outgoing, account = _outgoing(message, link), _account(channel)
    message.channel_message_id = _number_before_sending(channel, outgoing, account) or message.channel_message_id
    message.save(update_fields=["status", "lease_token", "lease_until", "attempts", "channel_message_id"])
    return Claim(
        message_id=message.pk,
        contact_id=message.contact_id,
        kind=channel.kind,
        token=message.lease_token,
        outgoing=outgoing,
        account=account,
        attempt=outcomes.Attempt(
            number=message.attempts,
            created_at=message.created_at,
            ends_at=_window_end(channel, link),
            repeats_safely=abilities_of(channel).repeats_safely,
        ),
    )


def _number_before_sending(channel: Channel, outgoing: Outgoing, account: Account | None) -> str:
    """Return the network's id where we give it ourselves: stored first, because an answer may be faster than our receipt."""
    number_for = getattr(connector_of(channel.kind), "message_id_for", None)
    return "" if number_for is None or account is None else str(number_for(outgoing, account))


def _outgoing(message: Message, link: ContactChannel) -> Outgoing:
    in_thread = message.channel is not None and abilities_of(message.channel).answers_in_threads
    return Outgoing(
        key=key_of(message.pk),
        external_id=link.external_id,
        content_type=message.content_type,
        text=message.text,
        payload={**message.payload, "thread": thread_so_far(message)} if in_thread else message.payload,
        files=tuple(_files(message)),
        contact_id=message.contact_id,
        created_at=message.created_at,
    )


def key_of(message_id: int) -> str:
    """Return our own id of a message to the outside: a UUID, the same at every attempt."""
    return str(uuid5(NAMESPACE_URL, f"{settings.BASE_URL}/messages/{message_id}"))


def _files(message: Message) -> list[OutgoingFile]:
    attachments = Attachment.objects.in_workspace(message.workspace_id).filter(message_id=message.pk)
    return [
        OutgoingFile(
            kind=row.kind,
            name=row.name or row.file.name,
            media_type=row.file.media_type,
            size_bytes=row.file.size_bytes,
            url=public_address(workspace_id=message.workspace_id, file_id=row.file.pk),
            key=row.file.key,
        )
        for row in attachments.select_related("file").order_by("pk")
        if row.file is not None
    ]


def _account(channel: Channel) -> Account | None:
    try:
        secrets = unseal(channel.sealed_secrets)
    except NotUnsealable:
        logger.exception("channel not readable: workspace=%s channel=%s", channel.workspace_id, channel.pk)
        return None
    return Account(
        channel_id=channel.pk,
        workspace_id=channel.workspace_id,
        key=channel.key,
        name=channel.name,
        settings=channel.settings,
        secrets=secrets,
    )


def _send(claim: Claim) -> Receipt | Refusal:
    if claim.account is None:
        return Refusal(failure=Failure.REAUTHORISE, code="inbox.not_unsealable")
    try:
        return connector_of(claim.kind).send(claim.outgoing, claim.account)
    except FileNotFoundError:
        return Refusal(failure=Failure.PERMANENT, code="inbox.file_gone")
    except Exception:  # a connector that raises is broken, and nobody knows how far it came
        logger.exception("sending: workspace=%s message=%s", claim.account.workspace_id, claim.message_id)
        return Refusal(failure=Failure.UNKNOWN, code="inbox.unexpected")
