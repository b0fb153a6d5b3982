"""The members with how they are here and what they have in hand, at this moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import JSONField, OuterRef, Subquery
from django.utils.dateparse import parse_datetime

from inbox.queries.listing import MOST_COUNTED
from inbox.queries.narrowing import Listing
from reports.dashboard.counters import Reach
from workspaces.actors import Actor
from workspaces.models import Membership
from workspaces.permissions import Permission
from workspaces.queries import MemberPresence, presence_of_members

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """One member. assigned: contacts assigned to them with an open conversation, `is_more` when counting stopped there; waiting:
    those of the counted who wait for an answer, since waiting_since at the longest.
    """

    presence: MemberPresence
    is_me: bool
    assigned: int
    is_more: bool
    waiting: int
    waiting_since: datetime | None

    @property
    def is_offline(self) -> bool:
        return self.presence.state == OFFLINE


def team_loads(actor: Actor, reach: Reach) -> list[MemberLoad]:
    """Return those whose load the actor may see, with three queries: who is here first, and of these who has the most.

    A person who sees some contacts only sees nobody else's load.
    """
    actor.require(Permission.MESSAGE_READ)
    only_me = reach is Reach.MINE or actor.sees_own_contacts_only or actor.sees_team_contacts_only
    members = Membership.objects.in_workspace(actor.workspace_id)
    if only_me:
        members = members.filter(user_id=actor.user_id or 0)
    theirs = Listing(view="assigned").conversations(actor).filter(assignee_id=OuterRef("user_id"))
    # From the oldest activity on, where the longest waits are; each member's own part of the index is read.
    some = theirs.order_by("last_activity_at", "pk").values("waiting_since")[: MOST_COUNTED + 1]
    presences = presence_of_members(actor)
    loads = [
        _load(presences[user_id], figures, is_me=user_id == actor.user_id)
        for user_id, figures in members.annotate(figures=_FiguresOf(some)).values_list("user_id", "figures")
        if user_id in presences
    ]
    return sorted(loads, key=lambda row: (row.is_offline, -row.assigned, -row.waiting, row.presence.name.casefold()))


def _load(presence: MemberPresence, figures: tuple[int, int, str | None], *, is_me: bool) -> MemberLoad:
    assigned, waiting, longest = figures
    return MemberLoad(
        presence=presence,
        is_me=is_me,
        assigned=min(assigned, MOST_COUNTED),
        is_more=assigned > MOST_COUNTED,
        waiting=waiting,
        waiting_since=parse_datetime(longest) if longest else None,
    )


class _FiguresOf(Subquery):
    """How many rows a query has, how many of them wait, and since when: one look at them for all three."""

    template = (
        "(SELECT jsonb_build_array(count(*), count(waiting_since), min(waiting_since)) FROM (%(subquery)s) AS counted)"
    )
    output_field: Any = JSONField()
