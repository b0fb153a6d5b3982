"""Who is here: a person's own choice, offline by quiet or log-out, and the spans of both as facts.

A span is written in the transaction that makes it true. Offline time has none; by quiet a span ends at the moment of the
last activity plus the workspace's time-out, whenever somebody notices.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils.module_loading import import_string

from workspaces.actors import Actor
from workspaces.bells import ring_members
from workspaces.errors import AwayStateNeeded, AwayStateNotFound, PermissionMissing
from workspaces.jobs import Clock
from workspaces.models import AwayState, Presence, PresenceInterval
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.sweeps import each_apart

SHORTEST_TIME_OUT = timedelta(minutes=1)


@transaction.atomic
def choose_presence(*, actor: Actor, choice: str, away_state_id: int | None, at: datetime) -> Presence:
    """Say that one is available or busy; busy names an away state where the workspace has some, and only there."""
    presence = _own(actor, at=at)
    state = _away_state(actor, choice=choice, away_state_id=away_state_id)
    _end_if_quiet(presence, at=at)
    is_same = (presence.choice, presence.away_state_id) == (choice, away_state_id) and not presence.is_offline
    if not is_same:
        _end_span(presence, at=at)
        presence.choice, presence.away_state = choice, state
        _begin_span(presence, actor=actor, at=at)
    _save(presence, at=at)
    return presence


@transaction.atomic
def note_activity(*, actor: Actor, at: datetime) -> None:
    """Remember that a person did something; whoever was offline is here again, as they chose before."""
    time_out = _time_out(actor.workspace_id)
    mine = Presence.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0)
    if mine.filter(is_offline=False, active_at__gt=at - time_out).update(active_at=Greatest(F("active_at"), Value(at))):
        return
    presence = _own(actor, at=at)
    _end_if_quiet(presence, at=at)
    if presence.is_offline:
        _begin_span(presence, actor=actor, at=at)
    _save(presence, at=at)


@transaction.atomic
def go_offline(*, actor: Actor, at: datetime) -> None:
    """End a person's presence, as log-out does; what they chose comes back with their next activity."""
    end_presence(workspace_id=actor.workspace_id, user_id=actor.user_id or 0, at=at)


def end_presence(*, workspace_id: int, user_id: int, at: datetime) -> None:
    """Take somebody offline, in the transaction that is open."""
    rows = Presence.objects.in_workspace(workspace_id).filter(user_id=user_id)
    presence = rows.select_for_update(of=("self",)).first()
    if presence is None or presence.is_offline:
        return
    _end_if_quiet(presence, at=at)
    if not presence.is_offline:
        _end_span(presence, at=at)
        presence.is_offline = True
        ring_members(workspace_id, [user_id])
    presence.save(update_fields=["is_offline"])


def end_quiet_presences(*, clock: Clock) -> int:
    """Take everybody offline who has been quiet for their workspace's time-out; return how many that were."""
    at = clock()
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id FROM presences_quiet_since(%s)", [at - SHORTEST_TIME_OUT])
        workspace_ids = sorted(set(cursor.fetchall()))
    ended = 0

    def end(workspace_id: int) -> None:
        nonlocal ended
        with workspace_scope(workspace_id):
            ended += _end_quiet_ones(workspace_id, at=at)

    each_apart(workspace_ids, end, sweep="end_quiet_presences")
    return ended


def _end_quiet_ones(workspace_id: int, *, at: datetime) -> int:
    quiet = Presence.objects.in_workspace(workspace_id).filter(
        is_offline=False, active_at__lte=at - _time_out(workspace_id)
    )
    rows = list(quiet.select_for_update(of=("self",), skip_locked=True).order_by("pk"))
    for presence in rows:
        _end_if_quiet(presence, at=at)
        presence.save(update_fields=["is_offline"])
    return len(rows)


def _own(actor: Actor, *, at: datetime) -> Presence:
    """Lock the person's presence; the first time it is made, offline."""
    if actor.user_id is None:
        raise PermissionMissing(permission=Permission.SPACE_READ.value)
    mine = Presence.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id)
    locked = mine.select_for_update(of=("self",))
    presence = locked.first()
    if presence is None:
        new = Presence(workspace_id=actor.workspace_id, user_id=actor.user_id, is_offline=True, active_at=at)
        Presence.objects.bulk_create([new], ignore_conflicts=True)
        presence = locked.get()
    return presence


def _away_state(actor: Actor, *, choice: str, away_state_id: int | None) -> AwayState | None:
    states = AwayState.objects.in_workspace(actor.workspace_id).filter(is_on=True, deleted_at=None)
    if away_state_id is not None:
        state = states.filter(pk=away_state_id).first() if choice == Presence.Choice.BUSY else None
        if state is None:
            raise AwayStateNotFound
        return state
    if choice not in Presence.Choice.values:
        raise AwayStateNotFound
    if choice == Presence.Choice.BUSY and states.exists():
        raise AwayStateNeeded
    return None


def _end_if_quiet(presence: Presence, *, at: datetime) -> None:
    ended_at = presence.active_at + _time_out(presence.workspace_id)
    if not presence.is_offline and ended_at <= at:
        _end_span(presence, at=ended_at)
        presence.is_offline = True
        ring_members(presence.workspace_id, [presence.user_id])


def _end_span(presence: Presence, *, at: datetime) -> None:
    spans = PresenceInterval.objects.in_workspace(presence.workspace_id).filter(user_id=presence.user_id, ended_at=None)
    spans.filter(started_at__gte=at).delete()  # nothing was spent in it
    spans.update(ended_at=at)


def _begin_span(presence: Presence, *, actor: Actor, at: datetime) -> None:
    is_away = presence.choice == Presence.Choice.BUSY
    PresenceInterval.objects.create(
        workspace_id=presence.workspace_id,
        user_id=presence.user_id,
        team_id=actor.team_id,
        kind=PresenceInterval.Kind.AWAY if is_away else PresenceInterval.Kind.AVAILABLE,
        away_name=presence.away_state.name if presence.away_state else "",
        started_at=at,
    )
    presence.is_offline = False
    ring_members(presence.workspace_id, [presence.user_id])


def _save(presence: Presence, *, at: datetime) -> None:
    presence.active_at = max(presence.active_at, at)
    presence.save()


def _time_out(workspace_id: int) -> timedelta:
    """Ask the app that holds the setting; it is above this one."""
    ask: Callable[[int], timedelta] = import_string(settings.OFFLINE_AFTER)
    return max(ask(workspace_id), SHORTEST_TIME_OUT)
