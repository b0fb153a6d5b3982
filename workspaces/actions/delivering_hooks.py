"""Webhooks on their way: claimed, sent outside of any transaction, and written down.

A worker that dies between sending and writing lets an event go out again under the same id: receivers are told to expect it.
"""

import json
import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from workspaces import jobs
from workspaces.access import hook_for_update
from workspaces.actions.hook_outcomes import Outcome, outcome_of, record_outcome
from workspaces.actors import Actor
from workspaces.hook_kinds import TEST, LoggedEvent, hook_kinds
from workspaces.hook_signing import signature_headers
from workspaces.jobs import LEASE, Clock, Job
from workspaces.models import EventRecord, HookDelivery, HookEndpoint
from workspaces.outside import AddressRefused, AnswerUnknown, NotReached, post_json
from workspaces.scope import workspace_scope
from workspaces.sealing import unseal

logger = logging.getLogger(__name__)

KEEP_LOG = timedelta(days=30)
MOST_IN_FLIGHT = 4  # to one endpoint; one that failed last time gets one at a time
DRAIN_SECONDS = 5.0  # with the longest answer after it, a worker is free again within 20 seconds
SEND_SECONDS = 15.0
TEST_SECONDS = 10.0
HOOKS_DUE = "SELECT workspace_id, endpoint_id FROM hooks_due(%s)"
FORGET_OLD = "SELECT forget_hook_deliveries(%s)"
# The oldest that is due; an event of a contact waits for the contact's events before it.
NEXT_DELIVERY = """
SELECT d.id FROM workspaces_hookdelivery d
 WHERE d.workspace_id = %(workspace_id)s AND d.endpoint_id = %(endpoint_id)s AND d.state = 'waiting'
   AND d.next_attempt_at <= %(at)s AND (d.lease_until IS NULL OR d.lease_until <= %(at)s)
   AND NOT EXISTS (SELECT FROM workspaces_hookdelivery earlier
                    WHERE earlier.workspace_id = d.workspace_id AND earlier.endpoint_id = d.endpoint_id
                      AND earlier.contact_id = d.contact_id AND earlier.state = 'waiting' AND earlier.id < d.id)
 ORDER BY d.next_attempt_at, d.id LIMIT 1 FOR UPDATE SKIP LOCKED"""
IN_FLIGHT = """
SELECT count(*) FROM workspaces_hookdelivery
 WHERE workspace_id = %(workspace_id)s AND endpoint_id = %(endpoint_id)s AND state = 'waiting' AND lease_until > %(at)s"""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed delivery with what sending it needs."""

    delivery: HookDelivery
    token: UUID
    url: str
    keys: tuple[str, ...]

    @property
    def message_id(self) -> str:
        """The id by which a receiver knows a repetition."""
        row = self.delivery
        return f"evt_test_{row.pk}" if row.event_id is None else f"evt_{row.event_id}"


def deliver_hooks(*, workspace_id: int, endpoint_id: int, clock: Clock) -> None:
    """Send what waits for one endpoint, one event after the other, for some seconds; then let others have a turn."""
    began = time.monotonic()
    while time.monotonic() - began < DRAIN_SECONDS:
        with workspace_scope(workspace_id):
            parcel = _claim(workspace_id, endpoint_id, at=clock())
        if parcel is None:
            return
        outcome = _sent(parcel, clock=clock, seconds=SEND_SECONDS)
        with workspace_scope(workspace_id):
            record_outcome(parcel.delivery, parcel.token, outcome, at=clock())
    jobs.ring(Job.DELIVER_HOOK, workspace_id=workspace_id, endpoint_id=endpoint_id)


def try_hook(*, actor: Actor, hook_id: int, clock: Clock) -> HookDelivery:
    """Send a test event now, whether the webhook is on or off; return its line of the log.

    It reaches outside, and so opens its scopes itself.
    """
    with workspace_scope(actor.workspace_id):
        hook = hook_for_update(actor, hook_id)
        at = clock()
        row = HookDelivery.objects.create(
            workspace_id=actor.workspace_id,
            endpoint=hook,
            event_type=TEST,
            attempts=1,
            next_attempt_at=at,
            lease_token=uuid4(),
            lease_until=at + LEASE,
            created_at=at,
        )
        parcel = _parcel(hook, row, at=at)
    outcome = _sent(parcel, clock=clock, seconds=TEST_SECONDS)
    with workspace_scope(actor.workspace_id):
        record_outcome(parcel.delivery, parcel.token, outcome, at=clock())
        return HookDelivery.objects.in_workspace(actor.workspace_id).get(pk=row.pk)


def sweep_hooks(*, clock: Clock) -> None:
    """Ring for endpoints with something to send, and forget what is older than the log."""
    at = clock()
    with connection.cursor() as cursor:
        cursor.execute(FORGET_OLD, [at - KEEP_LOG])
        cursor.execute(HOOKS_DUE, [at])
        due = cursor.fetchall()
    for workspace_id, endpoint_id in due:
        jobs.ring(Job.DELIVER_HOOK, workspace_id=workspace_id, endpoint_id=endpoint_id)


def _claim(workspace_id: int, endpoint_id: int, *, at: datetime) -> Parcel | None:
    rows = HookEndpoint.objects.in_workspace(workspace_id).select_for_update(of=("self",), no_key=True)
    hook = rows.filter(pk=endpoint_id, state=HookEndpoint.State.ACTIVE).first()
    if hook is None or (hook.paused_until is not None and hook.paused_until > at):
        return None
    facts: dict[str, int | datetime] = {"workspace_id": workspace_id, "endpoint_id": endpoint_id, "at": at}
    with connection.cursor() as cursor:
        cursor.execute(IN_FLIGHT, facts)
        if cursor.fetchone()[0] >= (1 if hook.failures else MOST_IN_FLIGHT):
            return None
        cursor.execute(NEXT_DELIVERY, facts)
        found = cursor.fetchone()
    if found is None:
        return None
    row = HookDelivery.objects.in_workspace(workspace_id).get(pk=found[0])
    row.attempts += 1
    row.lease_token, row.lease_until = uuid4(), at + LEASE
    row.save(update_fields=["attempts", "lease_token", "lease_until"])
    return _parcel(hook, row, at=at)


def _parcel(hook: HookEndpoint, row: HookDelivery, *, at: datetime) -> Parcel:
    keys = unseal(hook.sealed_keys)
    former = (keys["former"],) if hook.former_until is not None and hook.former_until > at else ()
    assert row.lease_token is not None  # noqa: S101 - claimed a line ago
    return Parcel(delivery=row, token=row.lease_token, url=hook.url, keys=(keys["key"], *former))


def _sent(parcel: Parcel, *, clock: Clock, seconds: float) -> Outcome:
    """Send one parcel and say what came of it; nothing that goes wrong here stops the parcels after it."""
    try:
        with workspace_scope(parcel.delivery.workspace_id):
            body = _body_of(parcel)
    except Exception:
        logger.exception("webhook without a body: delivery=%s", parcel.delivery.pk)
        return Outcome(error="body")
    if body is None:
        return Outcome(error="erased")
    jobs.assert_no_open_transaction()
    headers = signature_headers(parcel.keys, body, message_id=parcel.message_id, timestamp=int(clock().timestamp()))
    began = time.monotonic()
    try:
        answer = post_json(parcel.url, body=body, headers=headers, timeout=seconds)
    except AddressRefused:
        return Outcome(error="address_refused")
    except NotReached as failure:
        return Outcome(error=f"not_reached.{failure.reason}", milliseconds=_since(began))
    except AnswerUnknown as failure:
        return Outcome(error=f"no_answer.{failure.reason}", milliseconds=_since(began))
    return outcome_of(answer)


def _body_of(parcel: Parcel) -> bytes | None:
    """Return the body as rows say it now, or None when the event was erased."""
    row = parcel.delivery
    told: dict[str, object] = {"event_type": row.event_type, "event_id": parcel.message_id}
    if row.event_id is not None:
        event = EventRecord.objects.in_workspace(row.workspace_id).filter(pk=row.event_id).first()
        if event is None:
            return None
        logged = LoggedEvent(
            id=event.pk,
            workspace_id=event.workspace_id,
            type=event.type,
            occurred_at=event.occurred_at,
            actor_kind=event.actor_kind,
            actor_id=event.actor_id,
            subject_id=event.subject_id,
            data=event.data,
        )
        told |= {"sequence": event.pk, "timestamp": int(event.occurred_at.timestamp())}
        told |= hook_kinds()[event.type].build(logged)
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _since(began: float) -> int:
    return int((time.monotonic() - began) * 1000)
