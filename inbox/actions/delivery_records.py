"""What a sender writes down: results, failures before sending, what a dead sender left. Contact and message are locked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import translation

from inbox.access import contact_for_work
from inbox.actions.channel_troubles import mark_broken
from inbox.actions.message_statuses import climb
from inbox.channels.contract import Receipt, Refusal
from inbox.channels.registry import abilities_of
from inbox.events import MessageMoved
from inbox.failures import FAILURE_TEXTS
from inbox.models import Channel, ContactChannel, Delivery, EarlyStatus, Message, MessageStatus
from inbox.outcomes import FAILED, HELD, QUEUED, Next
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import Job
from workspaces.models import Workspace

RINGS_WITHIN = timedelta(seconds=60)  # what is due later waits for the sweep
BUSY_FOR = timedelta(seconds=1)  # how long a message waits for a place among its channel's senders


def record_result(
    *,
    workspace_id: int,
    contact_id: int,
    message_id: int,
    token: UUID,
    result: Receipt | Refusal,
    next_step: Next,
    at: datetime,
) -> None:
    """Write what came of sending, unless another worker holds the message by now, and wake the next one to its address."""
    contact_for_work(workspace_id, contact_id)
    rows = Message.objects.in_workspace(workspace_id).select_for_update(of=("self",))
    message = rows.filter(pk=message_id, lease_token=token).first()
    if message is None:
        return
    _let_go(message)
    actor = Actor.system(workspace_id=workspace_id)
    if next_step.quiet_until is not None:
        _quieten(message, next_step.quiet_until)
    if isinstance(result, Receipt):
        _keep_number(message, result.message_id)
        climb(actor=actor, message=message, status=next_step.becomes, occurred_at=at, at=at)
        join_early(message, at=at)
    elif next_step.becomes in (QUEUED, HELD):
        _queue_again(message, next_step, at=at)
    else:
        _end(message, next_step, at=at)
    ring_next(message, at=at)
    ring_another(message, at=at)


def fail(message: Message, code: str, *, at: datetime) -> None:
    """Fail a message before it was sent, with a reason of ours, and wake the next one to its address."""
    _end(message, Next(FAILED, code), at=at)
    ring_next(message, at=at)


def put_back(message: Message, *, due_at: datetime | None) -> None:
    """Leave a queued message for later; without a moment it is held until its channel is repaired."""
    message.next_attempt_at = due_at
    message.save(update_fields=["next_attempt_at"])


def settle_lapsed(message: Message, *, at: datetime) -> bool:
    """Decide about a message whose sender seems to have died; True when it is queued again and may be claimed."""
    if message.lease_until is not None and message.lease_until > at:
        return False
    _let_go(message)
    if message.channel is not None and abilities_of(message.channel).repeats_safely:
        _queue_again(message, Next(QUEUED, "inbox.sender_stopped", due_at=at), at=at)
        return True
    _end(message, Next(Delivery.UNKNOWN, "inbox.sender_stopped"), at=at)
    ring_next(message, at=at)
    return False


def join_early(message: Message, *, at: datetime) -> None:
    """Let the statuses that came before their message climb now, in the order of their coming."""
    if not message.channel_message_id or message.channel_id is None:
        return
    waiting = EarlyStatus.objects.in_workspace(message.workspace_id).filter(
        channel_id=message.channel_id, channel_message_id=message.channel_message_id
    )
    for row in list(waiting.select_for_update().order_by("pk")):
        climb(
            actor=Actor.system(workspace_id=message.workspace_id),
            message=message,
            status=row.status,
            occurred_at=row.occurred_at,
            detail=row.detail,
            at=at,
        )
        row.delete()


def ring_next(message: Message, *, at: datetime) -> None:
    """Wake the message that is the head now; one that is held, or due much later, is not rung for."""
    if message.contact_channel_id is None:
        return
    waiting = Message.objects.in_workspace(message.workspace_id).filter(
        contact_channel_id=message.contact_channel_id, status__in=(Delivery.QUEUED, Delivery.SENDING)
    )
    head = waiting.order_by("pk").first()
    if head is None or head.status != Delivery.QUEUED or head.next_attempt_at is None:
        return
    wait = max(head.next_attempt_at - at, timedelta(0))
    if wait <= RINGS_WITHIN:
        jobs.wake(Job.DELIVER_MESSAGE, workspace_id=message.workspace_id, message_id=head.pk, after=wait)


def ring_another(message: Message, *, at: datetime) -> None:
    """Wake one message to somebody else on the same channel, which may have waited for a place."""
    if message.channel_id is None:
        return
    waiting = Message.objects.in_workspace(message.workspace_id).filter(
        channel_id=message.channel_id, status=Delivery.QUEUED, next_attempt_at__lte=at + BUSY_FOR
    )
    older = Message.objects.in_workspace(message.workspace_id).filter(
        contact_channel_id=OuterRef("contact_channel_id"),
        pk__lt=OuterRef("pk"),
        status__in=(Delivery.QUEUED, Delivery.SENDING),
    )
    others = waiting.exclude(contact_channel_id=message.contact_channel_id).exclude(Exists(older))
    head = others.order_by("pk").values_list("pk", "next_attempt_at").first()
    if head is not None and head[1] is not None:
        wait = max(head[1] - at, timedelta(0))
        jobs.wake(Job.DELIVER_MESSAGE, workspace_id=message.workspace_id, message_id=head[0], after=wait)


def _let_go(message: Message) -> None:
    message.lease_token = message.lease_until = None
    message.save(update_fields=["lease_token", "lease_until"])


def _keep_number(message: Message, number: str) -> None:
    """Store the network's id; one that another message to this address has already is left out, so that both stay."""
    if not number:
        return
    message.channel_message_id = number
    try:
        with transaction.atomic():
            message.save(update_fields=["channel_message_id"])
    except IntegrityError:
        message.channel_message_id = ""


def _queue_again(message: Message, step: Next, *, at: datetime) -> None:
    if step.breaks_channel and message.channel_id is not None:
        mark_broken(
            workspace_id=message.workspace_id,
            channel_id=message.channel_id,
            code=step.code,
            text=_words(message, step),
            at=at,
        )
    if message.status != Delivery.SENDING:  # the network told in the meantime that it arrived
        return
    message.status, message.next_attempt_at = Delivery.QUEUED, step.due_at
    message.save(update_fields=["status", "next_attempt_at"])
    MessageStatus.objects.create(
        workspace_id=message.workspace_id,
        message_id=message.pk,
        status=Delivery.QUEUED,
        occurred_at=at,
        detail=_words(message, step),
    )
    moved = MessageMoved(
        subject_id=message.contact_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
        status=Delivery.QUEUED,
    )
    record(moved, actor=Actor.system(workspace_id=message.workspace_id), at=at)


def _end(message: Message, step: Next, *, at: datetime) -> None:
    if step.marks_address and message.contact_channel_id is not None:
        links = ContactChannel.objects.in_workspace(message.workspace_id).filter(pk=message.contact_channel_id)
        links.update(state=ContactChannel.State.UNREACHABLE)
    climb(
        actor=Actor.system(workspace_id=message.workspace_id),
        message=message,
        status=step.becomes,
        occurred_at=at,
        at=at,
        detail=_words(message, step),
        code=step.code,
    )


def _quieten(message: Message, until: datetime) -> None:
    channels = Channel.objects.in_workspace(message.workspace_id).filter(pk=message.channel_id or 0)
    channels.exclude(quiet_until__gt=until).update(quiet_until=until)


def _words(message: Message, step: Next) -> str:
    """Return the network's words, or ours for the code, in the workspace's language."""
    if step.text or step.code not in FAILURE_TEXTS:
        return step.text or step.code
    workspace = Workspace.objects.filter(pk=message.workspace_id).first()
    with translation.override(workspace.language if workspace is not None else None):
        return str(FAILURE_TEXTS[step.code])
