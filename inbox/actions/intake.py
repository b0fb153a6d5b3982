"""What comes in: stored before anybody is told "200", worked off afterwards in the order of each sender.

Order and exclusion come from the database alone: a worker holds a sender by an advisory lock that its transaction owns, reads
the sender's oldest pending events under it, and marks them in the transaction that does their work.
"""

import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection, transaction
from django.db.models import QuerySet

from inbox.actions.bells import wake_intake
from inbox.actions.message_statuses import report_status
from inbox.actions.receiving import receive_message
from inbox.channels.contract import Delivery, Incoming, NotReadable
from inbox.channels.registry import connector_of
from inbox.models import Channel, InboundEvent, Message
from inbox.models import Delivery as MessageStatus
from workspaces import jobs
from workspaces.actors import Actor
from workspaces.jobs import Clock, Job
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)

BATCH = 50
MOST_SENDERS = 200
WORKS_AT_MOST = timedelta(seconds=60)  # then it rings for itself, so that one busy channel leaves room for others
PAUSES = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=30), timedelta(minutes=2))

CHANNEL_BY_DIGEST = """
SELECT workspace_id, channel_id, key, set_config('tertulia.workspace_id', workspace_id::text, true)
  FROM channel_by_token(%s)
"""
STORE = """
INSERT INTO inbox_inboundevent
    (workspace_id, channel_id, provider_event_id, sender, payload, state, attempts, next_attempt_at, error, received_at)
VALUES {rows}
ON CONFLICT (workspace_id, channel_id, provider_event_id) DO NOTHING
"""
ONE_ROW = "(%s, %s, %s, %s, %s::jsonb, 'pending', 0, %s, '', %s)"
# The head of each sender's row of pending events; a head whose pause is not over holds its followers, and nobody else's.
SENDERS_DUE = """
SELECT head.sender
  FROM (SELECT DISTINCT ON (sender) sender, id, next_attempt_at
          FROM inbox_inboundevent
         WHERE workspace_id = %s AND channel_id = %s AND state = 'pending'
         ORDER BY sender, id) AS head
 WHERE head.next_attempt_at <= %s
 ORDER BY head.id
 LIMIT %s
"""
HOLD_SENDER = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


class EchoTooEarly(Exception):
    """An echo came while a message to the same address is under way; soon it is known whether it is that one."""


@dataclass(frozen=True, slots=True)
class FoundChannel:
    """A channel that was found by its token, whose workspace the open transaction sees."""

    workspace_id: int
    channel_id: int
    key: str


@contextmanager
def scope_of_token(token_sha256: bytes) -> Iterator[FoundChannel | None]:
    """Open the scope of the workspace whose channel has this token; None for a token that no channel has."""
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(CHANNEL_BY_DIGEST, [token_sha256])
        found = cursor.fetchone()
        yield FoundChannel(*found[:3]) if found else None


def store_delivery(*, workspace_id: int, channel_id: int, deliveries: Sequence[Delivery], at: datetime) -> int:
    """Store what a network delivered, in the open scope, and return how many are new; say "200" after its commit only."""
    if not deliveries:
        return 0
    values: list[str | int | datetime] = []
    for one in deliveries:
        payload = json.dumps(one.payload, ensure_ascii=False, default=dict)
        values += [workspace_id, channel_id, one.provider_event_id, one.sender, payload, at, at]
    with connection.cursor() as cursor:
        cursor.execute(STORE.format(rows=", ".join([ONE_ROW] * len(deliveries))), values)
        new = int(cursor.rowcount)
    if new:
        wake_intake(workspace_id=workspace_id, channel_id=channel_id)
    return new


def take_in(*, workspace_id: int, channel_id: int, clock: Clock) -> None:
    """Work off a channel's pending events; several workers share them by sender."""
    began = clock()
    while senders := _senders_due(workspace_id, channel_id, at=clock()):
        done = 0
        for sender in senders:
            done += _take_in_sender(workspace_id, channel_id, sender, clock=clock)
            if clock() - began > WORKS_AT_MOST:
                jobs.ring(Job.TAKE_IN, workspace_id=workspace_id, channel_id=channel_id)
                return
        if not done:  # other workers hold whoever is left
            return


def _senders_due(workspace_id: int, channel_id: int, *, at: datetime) -> list[str]:
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        cursor.execute(SENDERS_DUE, [workspace_id, channel_id, at, MOST_SENDERS])
        return [sender for (sender,) in cursor.fetchall()]


def _take_in_sender(workspace_id: int, channel_id: int, sender: str, *, clock: Clock) -> int:
    """Work off the next events of one sender in one transaction; return how many came to an end or were put off."""
    try:
        with workspace_scope(workspace_id):
            return _take_in_batch(workspace_id, channel_id, sender, clock=clock)
    except DatabaseError:
        # The transaction as a whole went: a deadlock, a time-out, the server. Its head is put off; a server that is away says
        # so here once more, and the sweep comes again.
        logger.exception("intake: workspace=%s channel=%s", workspace_id, channel_id)
        with workspace_scope(workspace_id):
            events = _pending(workspace_id, channel_id, sender).select_for_update(of=("self",), skip_locked=True)
            head = events.first()
            if head is not None:
                _put_off(head, "inbox.database", at=clock())
        return 1


def _take_in_batch(workspace_id: int, channel_id: int, sender: str, *, clock: Clock) -> int:
    with connection.cursor() as cursor:
        cursor.execute(HOLD_SENDER, [f"inbox.intake {channel_id} {sender}"])
        if not cursor.fetchone()[0]:
            return 0
    channel = Channel.objects.in_workspace(workspace_id).filter(pk=channel_id).first()
    if channel is None or channel.state == Channel.State.DELETED:  # what came while it was being deleted
        _pending(workspace_id, channel_id, sender).delete()
        return 0
    count = 0
    for event in _pending(workspace_id, channel_id, sender)[:BATCH]:
        if event.next_attempt_at > clock():
            break
        count += 1
        if not _take_in_one(channel, event, at=clock()):
            break
    return count


def _pending(workspace_id: int, channel_id: int, sender: str) -> QuerySet[InboundEvent]:
    pending = InboundEvent.objects.in_workspace(workspace_id).filter(state=InboundEvent.State.PENDING)
    return pending.filter(channel_id=channel_id, sender=sender).order_by("pk")


def _take_in_one(channel: Channel, event: InboundEvent, *, at: datetime) -> bool:
    """Do what one event says; False when its followers have to wait for it."""
    try:
        with transaction.atomic():
            _do(channel, event, at=at)
    except NotReadable as error:
        _bury(event, f"not readable: {error}", at=at)
        return True
    except Exception as error:  # whatever a reader stumbles over: the row stays, and somebody can look at it
        if isinstance(error, DatabaseError | InterfaceError) and not connection.is_usable():
            raise
        logger.exception("intake: workspace=%s channel=%s event=%s", event.workspace_id, channel.pk, event.pk)
        return _put_off(event, _words_of(error), at=at)
    event.state, event.done_at, event.error = InboundEvent.State.DONE, at, ""
    event.save(update_fields=["state", "done_at", "error"])
    return True


def _do(channel: Channel, event: InboundEvent, *, at: datetime) -> None:
    actor = Actor.system(workspace_id=channel.workspace_id)
    for told in connector_of(channel.kind).read(event.payload, channel.settings):
        if isinstance(told, Incoming):
            if told.is_echo and _may_be_ours(channel, told):
                raise EchoTooEarly
            receive_message(actor=actor, channel=channel, incoming=told, at=at)
        else:
            report_status(actor=actor, channel=channel, report=told, at=at)


def _may_be_ours(channel: Channel, echo: Incoming) -> bool:
    """Tell whether a message to this address is being sent: its echo can come before we know its number."""
    sending = Message.objects.in_workspace(channel.workspace_id).filter(
        contact_channel__channel_id=channel.pk,
        contact_channel__external_id=echo.external_id,
        status=MessageStatus.SENDING,
    )
    return sending.exclude(channel_message_id=echo.message_id).exists()


def _put_off(event: InboundEvent, error: str, *, at: datetime) -> bool:
    """Note a failed attempt; True when it was the last, so that the followers go on without this one."""
    event.attempts += 1
    if event.attempts > len(PAUSES):
        _bury(event, error, at=at)
        return True
    pause = PAUSES[event.attempts - 1]
    event.next_attempt_at, event.error = at + pause, error[:500]
    event.save(update_fields=["attempts", "next_attempt_at", "error"])
    jobs.wake(Job.TAKE_IN, workspace_id=event.workspace_id, channel_id=event.channel_id, after=pause)
    return False


def _bury(event: InboundEvent, error: str, *, at: datetime) -> None:
    event.state, event.error, event.done_at = InboundEvent.State.DEAD, error[:500], at
    event.save(update_fields=["state", "error", "done_at", "attempts"])


def _words_of(error: Exception) -> str:
    """Return what may be kept of an exception: its name, since its text may hold what somebody wrote."""
    return type(error).__name__
