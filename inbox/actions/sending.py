"""What goes out: a message is written with its outbox in one row, its facts beside it; a worker sends it afterwards."""

from datetime import datetime, timedelta

from django.db import transaction

from contacts.identifiers import Identifier
from contacts.models import Contact
from inbox.access import files_for_sending, latest_for_update, message_for_update, thread_for_update
from inbox.actions.figures import recompute
from inbox.actions.holding import end_run
from inbox.actions.locking import refuse_other_holder, running_lock
from inbox.actions.receiving import touch
from inbox.actions.routes import route_for_sending
from inbox.actions.threads import Move, Thread, move, open_new, put_assignee
from inbox.content import Content, Link
from inbox.errors import BroadcastNotKnown, IdempotencyKeyReused, MessageNotRepeatable, MessageNotWaiting
from inbox.events import MessageMoved, MessageQueued, MessageTakenBack
from inbox.models import (
    Attachment,
    Delivery,
    Direction,
    Message,
    MessageStatus,
    Response,
    Status,
    StoredFile,
    VirtualAgentRun,
)
from inbox.queries.helpers import OF_BROADCASTS, is_broadcast
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Job
from workspaces.permissions import Permission

HUMAN = "user"


@transaction.atomic
def send_message(  # noqa: PLR0913 - to whom, where, what, once, when, as whom, and how long it waits
    *,
    actor: Actor,
    contact: Identifier,
    channel_id: int | None,
    content: Content,
    idempotency_key: str,
    at: datetime,
    sender_kind: str = HUMAN,
    sender_id: int | None = None,
    hold: timedelta = timedelta(0),
) -> Message:
    """Queue a message to a contact; a repeated key returns the first message. It can be taken back while `hold` lasts."""
    row, conversation = thread_for_update(actor, contact, needs=Permission.MESSAGE_SEND)
    if (before := _sent_with(actor, idempotency_key)) is not None:
        if (before.contact_id, before.text, before.content_type) != (row.pk, content.text, content.content_type):
            raise IdempotencyKeyReused
        return before
    if sender_kind == OF_BROADCASTS and not is_broadcast(actor, sender_id or 0):
        raise BroadcastNotKnown(broadcast_id=sender_id, field="broadcast_id")
    thread = Thread(actor, row, conversation, at)
    if sender_kind == HUMAN and thread.is_open:
        refuse_other_holder(actor, thread.open_one)
    route = route_for_sending(actor, row, channel_id, content, at=at)
    files = files_for_sending(actor, content.file_ids)
    if not thread.is_open:
        open_new(
            thread, source="user" if sender_kind == HUMAN else "api", channel_id=route.channel.pk, by_id=actor.user_id
        )
    message = Message.objects.create(
        workspace_id=actor.workspace_id,
        conversation_id=thread.open_one.pk,
        contact_id=row.pk,
        channel_id=route.channel.pk,
        contact_channel_id=route.link.pk,
        direction=Direction.OUTGOING,
        sender_kind=sender_kind,
        user_id=actor.user_id if sender_id is None else None,
        team_id=actor.team_id if sender_id is None else None,
        sender_id=sender_id,
        content_type=content.content_type,
        text=content.text,
        payload=dict(content.payload),
        idempotency_key=idempotency_key,
        status=Delivery.QUEUED,
        created_at=at,
        provider_at=at,
        next_attempt_at=at + hold,
    )
    _attach(message, files, content.links)
    MessageStatus.objects.create(
        workspace_id=actor.workspace_id, message_id=message.pk, status=Delivery.QUEUED, occurred_at=at
    )
    _count(thread, message)
    row.last_interaction_at = at
    route.link.last_message_at = at
    route.link.save(update_fields=["last_message_at"])
    thread.tell(
        MessageQueued(
            subject_id=row.pk,
            conversation_id=message.conversation_id,
            message_id=message.pk,
            channel_id=message.channel_id,
            sender_kind=sender_kind,
        )
    )
    thread.save()
    jobs.wake(Job.DELIVER_MESSAGE, after=hold, workspace_id=actor.workspace_id, message_id=message.pk)
    return message


@transaction.atomic
def take_back_message(*, actor: Actor, message_id: int, at: datetime) -> Message:
    """Take back a message that waits to be sent; what it changed in the figures goes as well."""
    contact, message = message_for_update(actor, message_id)
    if message.status != Delivery.QUEUED or message.attempts:
        raise MessageNotWaiting
    message.status = Delivery.CANCELLED
    message.next_attempt_at = None
    message.save(update_fields=["status", "next_attempt_at"])
    MessageStatus.objects.create(
        workspace_id=actor.workspace_id, message_id=message.pk, status=Delivery.CANCELLED, occurred_at=at
    )
    # First the conversation, which this locks, then its responses: in the order in which everybody writes them.
    if message.conversation_id is not None:
        recompute(actor.workspace_id, message.conversation_id)
    Response.objects.in_workspace(actor.workspace_id).filter(message_id=message.pk).delete()
    thread = Thread(actor, contact, latest_for_update(contact), at)
    if thread.conversation is not None and thread.conversation.pk == message.conversation_id:
        _go_back(thread, message)
    contact.last_interaction_at = _last_interaction(contact)
    thread.tell(MessageTakenBack(subject_id=contact.pk, conversation_id=message.conversation_id, message_id=message.pk))
    thread.save()
    return message


def _last_interaction(contact: Contact) -> datetime | None:
    """Return when the latest message went either way that was not taken back."""
    messages = Message.objects.in_workspace(contact.workspace_id).filter(contact_id=contact.pk)
    return messages.exclude(status=Delivery.CANCELLED).order_by("-pk").values_list("created_at", flat=True).first()


def _go_back(thread: Thread, message: Message) -> None:
    """Undo what a reply changed beside the figures: the team is waited for again, and its work had no reply yet."""
    conversation = thread.conversation
    if conversation is None:
        return
    if conversation.status == Status.PENDING and conversation.waiting_since is not None:
        move(thread, Move(to=Status.NEW, cause="taken_back", source="user", user_id=message.user_id))
    last = Message.objects.in_workspace(message.workspace_id).filter(pk=conversation.last_message_id or 0).first()
    if last is not None:
        touch(thread, last)
    lock = running_lock(conversation)
    if lock is not None and lock.user_id == message.user_id:
        others = Message.objects.in_workspace(message.workspace_id).filter(
            conversation_id=conversation.pk, user_id=lock.user_id, created_at__gte=lock.started_at
        )
        lock.has_reply = others.exclude(status=Delivery.CANCELLED).exists()
        lock.save(update_fields=["has_reply"])


@transaction.atomic
def send_again(*, actor: Actor, message_id: int, at: datetime) -> Message:
    """Queue a message once more that failed, or that may have been sent; only a person decides that."""
    contact, message = message_for_update(actor, message_id)
    if message.status not in {Delivery.FAILED, Delivery.UNKNOWN} or message.direction != Direction.OUTGOING:
        raise MessageNotRepeatable
    message.status = Delivery.QUEUED
    message.attempts = 0
    message.next_attempt_at = at
    message.save(update_fields=["status", "attempts", "next_attempt_at"])
    MessageStatus.objects.create(
        workspace_id=actor.workspace_id, message_id=message.pk, status=Delivery.QUEUED, occurred_at=at
    )
    record(
        MessageMoved(
            subject_id=contact.pk,
            conversation_id=message.conversation_id,
            message_id=message.pk,
            status=Delivery.QUEUED,
        ),
        actor=actor,
        at=at,
    )
    jobs.wake(Job.DELIVER_MESSAGE, workspace_id=actor.workspace_id, message_id=message.pk)
    return message


def _sent_with(actor: Actor, idempotency_key: str) -> Message | None:
    return Message.objects.in_workspace(actor.workspace_id).filter(idempotency_key=idempotency_key).first()


def _attach(message: Message, files: list[StoredFile], links: tuple[Link, ...]) -> None:
    for link in links:
        attachment = Attachment.objects.create(
            workspace_id=message.workspace_id,
            message_id=message.pk,
            kind=link.kind,
            name=link.name[:255],
            source_url=link.url,
            state=Attachment.State.FETCHING,
            next_attempt_at=message.created_at,
        )
        jobs.wake(Job.FETCH_ATTACHMENT, workspace_id=message.workspace_id, attachment_id=attachment.pk)
    Attachment.objects.bulk_create(
        [
            Attachment(
                workspace_id=message.workspace_id,
                message_id=message.pk,
                file_id=file.pk,
                kind=file.kind,
                name=file.name,
            )
            for file in files
        ]
    )


def _count(thread: Thread, message: Message) -> None:
    conversation = thread.open_one
    conversation.outgoing_count += 1
    touch(thread, message)
    if message.sender_kind != HUMAN or message.user_id is None:
        return
    end_run(conversation, ending=VirtualAgentRun.Ending.TAKEN, at=thread.at)
    if conversation.first_incoming_at is not None and conversation.first_human_reply_at is None:
        conversation.first_human_reply_at = thread.at
    if conversation.waiting_since is not None:
        answer(thread, message)
    move(thread, Move(to=Status.PENDING, cause="reply", source="user", user_id=message.user_id))
    if thread.contact.assignee_id is None:
        put_assignee(thread, message.user_id, source="user")
    conversation.unread_count = 0
    lock = running_lock(conversation)
    if lock is not None and lock.user_id == message.user_id and not lock.has_reply:
        lock.has_reply = True
        lock.save(update_fields=["has_reply"])


def answer(thread: Thread, message: Message) -> None:
    """Write the response that a person's message is. Source: docs/metrics.md, "Responses"."""
    conversation = thread.open_one
    assert conversation.waiting_since is not None and message.user_id is not None  # noqa: S101, PT018 - said to the type checker
    Response.objects.create(
        workspace_id=message.workspace_id,
        conversation_id=conversation.pk,
        contact_id=thread.contact.pk,
        message_id=message.pk,
        channel_id=message.channel_id,
        user_id=message.user_id,
        team_id=message.team_id,
        started_by=conversation.waiting_for,
        from_at=conversation.waiting_since,
        to_at=thread.at,
    )
    conversation.response_count += 1
    conversation.response_ms += round((thread.at - conversation.waiting_since).total_seconds() * 1000)
    if conversation.first_response_at is None:
        conversation.first_response_at = thread.at
        conversation.first_response_by_id = message.user_id
        conversation.first_response_team_id = message.team_id
    if conversation.last_assigned_at is not None and conversation.response_after_assignment_at is None:
        conversation.response_after_assignment_at = thread.at
    conversation.waiting_since = None
    conversation.waiting_for = ""
