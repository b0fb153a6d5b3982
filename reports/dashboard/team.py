"""The members with how they are here and what they have in hand, at this moment."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from inbox.queries.narrowing import Listing
from reports.dashboard.counters import Reach
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import MemberPresence, presence_of_members

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class MemberLoad:
    """One member. assigned: contacts assigned to them with an open conversation; waiting: those of them who wait for an answer,
    since waiting_since at the longest.
    """

    presence: MemberPresence
    is_me: bool
    assigned: int = 0
    waiting: int = 0
    waiting_since: datetime | None = None

    @property
    def is_offline(self) -> bool:
        return self.presence.state == OFFLINE


def team_loads(actor: Actor, reach: Reach) -> list[MemberLoad]:
    """Return those whose load the actor may see, with three queries: who is here first, and of these who has the most.

    A person who sees some contacts only sees nobody else's load.
    """
    actor.require(Permission.MESSAGE_READ)
    only_me = reach is Reach.MINE or actor.sees_own_contacts_only or actor.sees_team_contacts_only
    rows = Listing(view="mine" if only_me else "assigned").conversations(actor)
    figures = rows.order_by().values("assignee_id")
    counted = {
        row["assignee_id"]: (row["open_count"], row["waiting_count"], row["longest"])
        for row in figures.annotate(
            open_count=Count("pk"), waiting_count=Count("waiting_since"), longest=Min("waiting_since")
        )
    }
    loads = [
        MemberLoad(presence, user_id == actor.user_id, *counted.get(user_id, (0, 0, None)))
        for user_id, presence in presence_of_members(actor).items()
        if not only_me or user_id == actor.user_id
    ]
    return sorted(loads, key=lambda row: (row.is_offline, -row.assigned, -row.waiting, row.presence.name.casefold()))
