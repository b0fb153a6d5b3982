"""Who takes part beside people, for lists and names."""

from collections.abc import Iterable

from django.db.models import QuerySet

from inbox.models import Broadcast, Channel, Message, VirtualAgent
from workspaces.actors import Actor
from workspaces.permissions import Permission

OF_BROADCASTS = "broadcast"


def virtual_agents(actor: Actor) -> QuerySet[VirtualAgent]:
    """Return the virtual agents and auto-responders that were not deleted, in no order."""
    actor.require(Permission.SPACE_READ)
    return VirtualAgent.objects.in_workspace(actor.workspace_id).filter(deleted_at=None)


def virtual_agent_list(actor: Actor) -> list[VirtualAgent]:
    """Return them by name for the settings; those that are off last."""
    actor.require(Permission.CHANNEL_MANAGE)
    return list(virtual_agents(actor).order_by("-is_on", "name", "pk"))


def channels_to_take(actor: Actor, *, kept: Iterable[int] = ()) -> list[Channel]:
    """Return the channels that one can take, by name, and those that it has already."""
    rows = Channel.objects.in_workspace(actor.workspace_id).order_by("name", "pk")
    also = set(kept)
    return [row for row in rows if row.is_open or row.pk in also]


def broadcasts(actor: Actor) -> QuerySet[Broadcast]:
    """Return the workspace's broadcasts, in no order."""
    actor.require(Permission.MESSAGE_READ)
    return Broadcast.objects.in_workspace(actor.workspace_id)


def is_broadcast(actor: Actor, broadcast_id: int) -> bool:
    """Whether the workspace has a broadcast of this id."""
    return Broadcast.objects.in_workspace(actor.workspace_id).filter(pk=broadcast_id).exists()


def names_of_virtual_agents(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return their names, deleted ones too."""
    wanted = set(ids)
    rows = VirtualAgent.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted)
    return dict(rows.values_list("pk", "name")) if wanted else {}


def names_of_broadcasts(actor: Actor, ids: Iterable[int]) -> dict[int, str]:
    """Return their names."""
    wanted = set(ids)
    rows = Broadcast.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted)
    return dict(rows.values_list("pk", "name")) if wanted else {}


def sender_ids(messages: Iterable[Message]) -> tuple[set[int], set[int]]:
    """Return the virtual agents and the broadcasts that sent some of the messages."""
    agents: set[int] = set()
    sent: set[int] = set()
    for message in messages:
        if message.sender_id is not None:
            (sent if message.sender_kind == OF_BROADCASTS else agents).add(message.sender_id)
    return agents, sent
