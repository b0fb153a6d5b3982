"""The virtual agents and auto-responders of a workspace. One that is deleted keeps its name for the past."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from inbox.errors import VirtualAgentNotFound
from inbox.fingerprints import require_unchanged
from inbox.models import Channel, VirtualAgent
from inbox.settings_errors import ChannelHasVirtualAgent
from inbox.settings_events import VirtualAgentChanged
from workspaces.access import workspace_for_update
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken, ValueNotValid
from workspaces.events import record
from workspaces.permissions import Permission

MOST_VIRTUAL_AGENTS = 100
LONGEST_NAME = 80
LONGEST_WAIT_MINUTES = 7 * 24 * 60


@transaction.atomic
def add_virtual_agent(
    *, actor: Actor, name: str, kind: str, channel_ids: Sequence[int] = (), timeout_minutes: int = 10, at: datetime
) -> VirtualAgent:
    """Add one; it is on at once, and takes what starts on its channels from now on."""
    workspace = workspace_for_update(actor, needs=Permission.CHANNEL_MANAGE)
    if _living(actor).count() >= MOST_VIRTUAL_AGENTS:
        raise LimitReached(limit=MOST_VIRTUAL_AGENTS)
    if kind not in VirtualAgent.Kind.values:
        raise ValueNotValid(field="kind", sentence=_("Choose one of the list."))
    row = VirtualAgent(
        workspace=workspace,
        name=_name(actor, name),
        kind=kind,
        channel_ids=_channels(actor, channel_ids),
        timeout_minutes=_minutes(timeout_minutes),
        created_at=at,
    )
    _refuse_second(actor, row)
    row.save(force_insert=True)
    record(VirtualAgentChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def change_virtual_agent(  # noqa: PLR0913 - each part can be changed alone
    *,
    actor: Actor,
    virtual_agent_id: int,
    name: str | None = None,
    channel_ids: Sequence[int] | None = None,
    timeout_minutes: int | None = None,
    is_on: bool | None = None,
    seen: str = "",
    at: datetime,
) -> VirtualAgent:
    """Change one; None leaves a part as it is. One that is switched off finishes what it holds and takes nothing new."""
    workspace_for_update(actor, needs=Permission.CHANNEL_MANAGE)
    row = _one(actor, virtual_agent_id)
    require_unchanged(seen, shown_values(row))
    wanted: dict[str, object] = {} if is_on is None else {"is_on": is_on}
    if name is not None:
        wanted["name"] = _name(actor, name, but=row.pk)
    if channel_ids is not None:
        wanted["channel_ids"] = _channels(actor, channel_ids, kept=row.channel_ids)
    if timeout_minutes is not None:
        wanted["timeout_minutes"] = _minutes(timeout_minutes)
    changes = {key: [getattr(row, key), value] for key, value in wanted.items() if getattr(row, key) != value}
    if changes:
        for key, value in wanted.items():
            setattr(row, key, value)
        _refuse_second(actor, row)
        row.save(update_fields=list(changes))
        record(VirtualAgentChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


@transaction.atomic
def delete_virtual_agent(*, actor: Actor, virtual_agent_id: int, at: datetime) -> VirtualAgent:
    """Delete one. What it holds goes to people by the next sweep."""
    workspace_for_update(actor, needs=Permission.CHANNEL_MANAGE)
    row = _one(actor, virtual_agent_id)
    row.deleted_at, row.is_on = at, False
    row.save(update_fields=["deleted_at", "is_on"])
    record(VirtualAgentChanged(subject_id=row.pk, act="deleted"), actor=actor, at=at)
    return row


def shown_values(row: VirtualAgent) -> Mapping[str, object]:
    """Return what a form shows of one: whoever saves must have seen it."""
    return {"name": row.name, "channel_ids": row.channel_ids, "timeout_minutes": row.timeout_minutes}


def _living(actor: Actor) -> QuerySet[VirtualAgent]:
    return VirtualAgent.objects.in_workspace(actor.workspace_id).filter(deleted_at=None)


def _one(actor: Actor, virtual_agent_id: int) -> VirtualAgent:
    row = _living(actor).filter(pk=virtual_agent_id).first()
    if row is None:
        raise VirtualAgentNotFound(virtual_agent_id=virtual_agent_id)
    return row


def _name(actor: Actor, text: str, *, but: int = 0) -> str:
    """Return a name that no other one has in any case; the workspace is locked."""
    name = text_of(text, field="name", most=LONGEST_NAME)
    if _living(actor).filter(name__iexact=name).exclude(pk=but).exists():
        raise NameTaken(name=name, field="name")
    return name


def _minutes(value: int) -> int:
    if not 1 <= value <= LONGEST_WAIT_MINUTES:
        sentence = _("Write a number from %(least)s to %(most)s.") % {"least": 1, "most": LONGEST_WAIT_MINUTES}
        raise ValueNotValid(field="timeout_minutes", sentence=sentence)
    return value


def _channels(actor: Actor, asked: Iterable[int], *, kept: Iterable[int] = ()) -> list[int]:
    """Return ids of channels of the workspace that work; those it has had already may be disconnected by now."""
    wanted = set(asked)
    rows = Channel.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted)
    known = {row.pk for row in rows if row.is_open or row.pk in set(kept)}
    if wanted - known:
        raise ValueNotValid(field="channel_ids", sentence=_("Choose channels of this workspace that are connected."))
    return sorted(wanted)


def _refuse_second(actor: Actor, row: VirtualAgent) -> None:
    """Let one alone take what starts on a channel."""
    if not row.is_on:
        return
    others = _living(actor).filter(is_on=True, channel_ids__overlap=row.channel_ids).exclude(pk=row.pk or 0)
    other = others.order_by("pk").first()
    if other is not None:
        both = set(other.channel_ids) & set(row.channel_ids)
        names = Channel.objects.in_workspace(actor.workspace_id).filter(pk__in=both).order_by("name")
        channels = ", ".join(names.values_list("name", flat=True))
        raise ChannelHasVirtualAgent(name=other.name, channel=channels, field="channel_ids")
