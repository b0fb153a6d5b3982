"""A message's status climbs its ladder: told by the network, or found out by the sender."""

from datetime import datetime

from django.db import transaction

from contacts.models import Contact
from inbox import ladder
from inbox.access import contact_for_work
from inbox.actions.connecting import connect
from inbox.channels.contract import StatusReport
from inbox.events import MessageFailed, MessageMoved, MessageSent
from inbox.models import Channel, ContactChannel, Delivery, EarlyStatus, Message, MessageStatus
from workspaces.actors import Actor
from workspaces.events import Event, record

ARRIVED = frozenset({Delivery.SENT, Delivery.DELIVERED, Delivery.READ})
# How a message's first success counts in the log of connected contacts.
SOURCES = {"user": "user", "broadcast": "broadcast", "zapier": "zapier"}


@transaction.atomic
def report_status(*, actor: Actor, channel: Channel, report: StatusReport, at: datetime) -> None:
    """Take in the network's word on a message of ours; a word that comes before its message waits for it."""
    messages = Message.objects.in_workspace(actor.workspace_id).filter(channel_id=channel.pk)
    known = (
        messages.filter(pk=int(report.message_id))
        if report.is_ours and report.message_id.isdigit()
        else messages.filter(channel_message_id=report.message_id)
    )
    named = known.values_list("pk", "contact_id").first()
    if named is None:
        if not report.is_ours:
            EarlyStatus.objects.create(
                workspace_id=actor.workspace_id,
                channel_id=channel.pk,
                channel_message_id=report.message_id,
                status=report.status,
                occurred_at=report.occurred_at,
                detail=report.detail[:500],
                created_at=at,
            )
        return
    message_id, contact_id = named
    if contact_for_work(actor.workspace_id, contact_id) is None:
        return
    message = messages.select_for_update(of=("self",)).get(pk=message_id)
    if message.direction == "outgoing":
        climb(
            actor=actor,
            message=message,
            status=report.status,
            occurred_at=report.occurred_at,
            detail=report.detail,
            at=at,
        )


def climb(
    *,
    actor: Actor,
    message: Message,
    status: str,
    occurred_at: datetime,
    at: datetime,
    detail: str = "",
    code: str = "",
) -> bool:
    """Note a step of an outgoing message whose contact and row are locked; True when it became the message's status.

    A step that is no climb is kept and not shown. The first error's text is never cleared.
    """
    MessageStatus.objects.create(
        workspace_id=message.workspace_id,
        message_id=message.pk,
        status=status,
        occurred_at=occurred_at,
        detail=detail[:500],
    )
    if not ladder.climbs(message.status, status):
        return False
    message.status = status
    columns = ["status"]
    if status == Delivery.FAILED and not message.error_text:
        message.error_text, message.error_code = detail[:500], code[:80]
        columns += ["error_text", "error_code"]
    message.save(update_fields=columns)
    if status in ARRIVED:
        _connect(actor, message, at=at)
    record(_event(message, status, code), actor=actor, at=at)
    return True


def _connect(actor: Actor, message: Message, *, at: datetime) -> None:
    link = ContactChannel.objects.in_workspace(message.workspace_id).filter(pk=message.contact_channel_id or 0).first()
    if link is None or link.connected_at is not None:
        return
    contact = Contact.objects.in_workspace(message.workspace_id).get(pk=message.contact_id)
    connect(actor, contact, link, source=SOURCES.get(message.sender_kind, "api"), at=at)
    link.save(update_fields=["connected_at"])


def _event(message: Message, status: str, code: str) -> Event:
    subject, conversation, number = message.contact_id, message.conversation_id, message.pk
    if status == Delivery.FAILED:
        return MessageFailed(subject_id=subject, conversation_id=conversation, message_id=number, code=code)
    if status == Delivery.SENT:
        return MessageSent(
            subject_id=subject,
            conversation_id=conversation,
            message_id=number,
            channel_id=message.channel_id,
            sender_kind=message.sender_kind,
        )
    return MessageMoved(subject_id=subject, conversation_id=conversation, message_id=number, status=status)
