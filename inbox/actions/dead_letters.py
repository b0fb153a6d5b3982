"""Deliveries that could not be worked off: somebody mends the cause and lets them in again, or puts them away."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from inbox.actions.bells import wake_intake
from inbox.delivery_events import DeadLettersDiscarded, DeadLettersReplayed
from inbox.models import InboundEvent
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission


@transaction.atomic
def replay_dead_letters(*, actor: Actor, ids: Collection[int], at: datetime) -> int:
    """Let dead deliveries in once more, in their old order, and return how many; those that are not dead are left alone."""
    found = _dead(actor, ids)
    if found:
        columns = {"state": InboundEvent.State.PENDING, "attempts": 0, "next_attempt_at": at, "done_at": None}
        _rows(actor, found).update(**columns)
        for channel_id, count in _by_channel(found).items():
            record(DeadLettersReplayed(subject_id=channel_id, count=count), actor=actor, at=at)
            wake_intake(workspace_id=actor.workspace_id, channel_id=channel_id)
    return len(found)


@transaction.atomic
def discard_dead_letters(*, actor: Actor, ids: Collection[int], at: datetime) -> int:
    """Put dead deliveries away for good, and return how many; the same delivery is not taken a second time."""
    found = _dead(actor, ids)
    if found:
        _rows(actor, found).update(state=InboundEvent.State.DONE, done_at=at)
        for channel_id, count in _by_channel(found).items():
            record(DeadLettersDiscarded(subject_id=channel_id, count=count), actor=actor, at=at)
    return len(found)


def _dead(actor: Actor, ids: Collection[int]) -> list[InboundEvent]:
    actor.require(Permission.CHANNEL_MANAGE)
    rows = InboundEvent.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",)).order_by("pk")
    return list(rows.filter(pk__in=ids, state=InboundEvent.State.DEAD))


def _rows(actor: Actor, found: list[InboundEvent]) -> QuerySet[InboundEvent]:
    return InboundEvent.objects.in_workspace(actor.workspace_id).filter(pk__in=[row.pk for row in found])


def _by_channel(found: list[InboundEvent]) -> dict[int, int]:
    counts: dict[int, int] = {}
    for row in found:
        counts[row.channel_id] = counts.get(row.channel_id, 0) + 1
    return counts
