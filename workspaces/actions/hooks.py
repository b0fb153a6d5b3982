"""Webhooks as people set them up: which address is told of what."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from workspaces import events, jobs
from workspaces.access import hook_for_update, workspace_for_update
from workspaces.actors import Actor
from workspaces.errors import HookIsOff, LimitReached, ValueNotValid
from workspaces.events import record
from workspaces.hook_kinds import SOURCES, event_choices
from workspaces.hook_signing import new_key
from workspaces.jobs import Job
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint
from workspaces.outside import check_address
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.sealing import seal, unseal

MOST_HOOKS = 20
FORMER_KEY_HOLDS = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class HookValues:
    """What a person says about a webhook. sources: none means all."""

    url: str
    event_types: Sequence[str]
    sources: Sequence[str] = ()


def add_hook(*, actor: Actor, values: HookValues, at: datetime) -> tuple[HookEndpoint, str]:
    """Add a webhook; return its row and its signing key, which is shown this once.

    It asks a name server about the address, and so opens the scope itself, afterwards.
    """
    actor.require(Permission.HOOK_MANAGE)
    columns = _checked(values)
    with workspace_scope(actor.workspace_id):
        workspace = workspace_for_update(actor, needs=Permission.HOOK_MANAGE)
        if HookEndpoint.objects.in_workspace(workspace.pk).count() >= MOST_HOOKS:
            raise LimitReached(limit=MOST_HOOKS)
        key = new_key()
        hook = HookEndpoint.objects.create(
            workspace=workspace, sealed_keys=seal({"key": key}), created_by_id=actor.user_id, created_at=at, **columns
        )
        record(events.HookAdded(subject_id=hook.pk, event_types=hook.events), actor=actor, at=at)
    return hook, key


def change_hook(*, actor: Actor, hook_id: int, values: HookValues, at: datetime) -> HookEndpoint:
    """Change a webhook's address and events; what waits goes to the new address. Opens the scope itself, like `add_hook`."""
    actor.require(Permission.HOOK_MANAGE)
    columns = _checked(values)
    with workspace_scope(actor.workspace_id):
        hook = hook_for_update(actor, hook_id)
        changed = [name for name, value in columns.items() if getattr(hook, name) != value]
        for name, value in columns.items():
            setattr(hook, name, value)
        if "url" in changed:  # what the former address did says nothing about the new one
            hook.failures, hook.failing_since, hook.paused_until = 0, None, None
        hook.save()
        if changed:
            record(events.HookChanged(subject_id=hook.pk, changed=changed), actor=actor, at=at)
    return hook


@transaction.atomic
def rotate_hook_key(*, actor: Actor, hook_id: int, at: datetime) -> tuple[HookEndpoint, str]:
    """Make a new signing key; for a day everything is signed with the former one as well."""
    hook = hook_for_update(actor, hook_id)
    key = new_key()
    hook.sealed_keys = seal({"key": key, "former": unseal(hook.sealed_keys)["key"]})
    hook.former_until = at + FORMER_KEY_HOLDS
    hook.save(update_fields=["sealed_keys", "former_until"])
    record(events.HookKeyRotated(subject_id=hook.pk), actor=actor, at=at)
    return hook, key


@transaction.atomic
def enable_hook(*, actor: Actor, hook_id: int, at: datetime) -> HookEndpoint:
    """Turn a webhook on; what happened while it was off can be replayed as far as it was gathered."""
    hook = hook_for_update(actor, hook_id)
    if not hook.is_active:
        hook.state, hook.disabled_because, hook.disabled_at = HookEndpoint.State.ACTIVE, "", None
        hook.failures, hook.failing_since, hook.paused_until = 0, None, None
        hook.save()
        record(events.HookSwitched(subject_id=hook.pk, is_on=True, because=""), actor=actor, at=at)
    return hook


@transaction.atomic
def disable_hook(*, actor: Actor, hook_id: int, at: datetime) -> HookEndpoint:
    """Turn a webhook off by hand."""
    hook = hook_for_update(actor, hook_id)
    if hook.is_active:
        switch_off(hook, because=HookEndpoint.Because.PERSON, actor=actor, at=at)
    return hook


@transaction.atomic
def delete_hook(*, actor: Actor, hook_id: int, at: datetime) -> None:
    """Delete a webhook with its log."""
    hook = hook_for_update(actor, hook_id)
    HookAttempt.objects.in_workspace(actor.workspace_id).filter(endpoint_id=hook.pk).delete()
    HookDelivery.objects.in_workspace(actor.workspace_id).filter(endpoint_id=hook.pk).delete()
    record(events.HookDeleted(subject_id=hook.pk), actor=actor, at=at)
    hook.delete()


@transaction.atomic
def replay_delivery(*, actor: Actor, hook_id: int, delivery_id: int, at: datetime) -> int:
    """Send one event again, under the id it had; return how many were put back, one or none."""
    return _replay(actor, hook_id, {"pk": delivery_id}, at=at)


@transaction.atomic
def replay_range(
    *, actor: Actor, hook_id: int, since: datetime, until: datetime, parked_only: bool = True, at: datetime
) -> int:
    """Send the events of a stretch of time again; return how many."""
    if until <= since:
        raise ValueNotValid(field="until", sentence=_("Choose an end after the beginning."))
    states = [HookDelivery.State.PARKED] if parked_only else [HookDelivery.State.PARKED, HookDelivery.State.DELIVERED]
    return _replay(actor, hook_id, {"state__in": states, "created_at__gte": since, "created_at__lt": until}, at=at)


def switch_off(hook: HookEndpoint, *, because: HookEndpoint.Because, actor: Actor, at: datetime) -> None:
    """Turn a locked webhook off, and park what waits for it."""
    hook.state, hook.disabled_because, hook.disabled_at = HookEndpoint.State.DISABLED, because, at
    hook.save(update_fields=["state", "disabled_because", "disabled_at"])
    waiting = HookDelivery.objects.in_workspace(hook.workspace_id).filter(
        endpoint_id=hook.pk, state=HookDelivery.State.WAITING
    )
    waiting.update(state=HookDelivery.State.PARKED, last_error="hook_off", finished_at=at, lease_token=None)
    record(events.HookSwitched(subject_id=hook.pk, is_on=False, because=because.value), actor=actor, at=at)


def _replay(actor: Actor, hook_id: int, chosen: dict[str, object], *, at: datetime) -> int:
    hook = hook_for_update(actor, hook_id)
    if not hook.is_active:
        raise HookIsOff
    rows = HookDelivery.objects.in_workspace(actor.workspace_id).filter(endpoint_id=hook.pk, event_id__isnull=False)
    count = rows.filter(**chosen).update(
        state=HookDelivery.State.WAITING,
        attempts=0,
        next_attempt_at=at,
        finished_at=None,
        lease_token=None,
        lease_until=None,
    )
    record(events.HookReplayed(subject_id=hook.pk, count=count), actor=actor, at=at)
    jobs.wake(Job.DELIVER_HOOK, workspace_id=actor.workspace_id, endpoint_id=hook.pk)
    return count


def _checked(values: HookValues) -> dict[str, object]:
    """Return the columns of what was said, in their own order."""
    url = values.url.strip()
    jobs.assert_no_open_transaction()
    check_address(url)
    return {
        "url": url,
        "events": _known(values.event_types, event_choices(), field="event_types") or _nothing_chosen(),
        "sources": _known(values.sources, SOURCES, field="sources"),
    }


def _known(wanted: Iterable[str], known: Iterable[str], *, field: str) -> list[str]:
    chosen = set(wanted)
    if not chosen <= set(known):
        raise ValueNotValid(field=field, sentence=_("Choose from the list."))
    return [name for name in known if name in chosen]


def _nothing_chosen() -> list[str]:
    raise ValueNotValid(field="event_types", sentence=_("Choose at least one event."))
