"""What happened last in the workspace, from the facts that figures count: openings, closings, assignments and merges."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, Case, CharField, F, Q, QuerySet, Value, When

from contacts.models import Contact
from contacts.models.history import ContactLogEntry
from inbox.models import Assignment, Status, StatusChange
from inbox.queries.helpers import names_of_virtual_agents
from reports.dashboard.counters import Reach, contacts_within
from workspaces.actors import Actor
from workspaces.models import User
from workspaces.permissions import Permission

SHOWN = 12
READ = 60  # of each kind of fact: what was done to many at once becomes one line
LOOKED_AT = 500  # of each, where only some contacts count
CAUSES = ("opened", "message", "reply", "set", "quiet", "held", "handover")  # a merge and a deletion are told as such
_NOBODY = Value(None, output_field=BigIntegerField())


class Kind(StrEnum):
    OPENED = "opened"
    OPENED_AGAIN = "opened_again"
    CLOSED = "closed"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    MERGED = "merged"


@dataclass(frozen=True, slots=True)
class Happening:
    """One act. who: the person or virtual agent, empty when the contact or the product did it; other: the new assignee.

    others: to how many more contacts the same was done in the same moment; is_self: the person did it to themselves.
    """

    kind: Kind
    at: datetime
    contact: Contact
    who: str = ""
    other: str = ""
    is_self: bool = False
    category: str = ""
    others: int = 0


class _Fact(NamedTuple):
    kind: str
    at: datetime
    contact_id: int
    who_id: int | None
    agent_id: int | None
    other_id: int | None
    category: str


def recent_activity(actor: Actor, reach: Reach = Reach.TEAM, *, most: int = SHOWN) -> list[Happening]:
    """Return the latest acts on contacts that the page is about, the newest first, with four queries at most."""
    actor.require(Permission.MESSAGE_READ)
    facts = sorted(_facts(actor, reach), key=lambda fact: fact.at, reverse=True)
    contacts = contacts_within(actor, reach).filter(pk__in={fact.contact_id for fact in facts})
    visible = {row.pk: row for row in contacts.defer("custom", "search_text", "name_key")}
    acts: dict[tuple[object, ...], list[_Fact]] = {}
    for fact in facts:
        if fact.contact_id in visible:
            acts.setdefault((fact.kind, fact.at, fact.who_id, fact.agent_id, fact.other_id), []).append(fact)
    shown = list(acts.values())[:most]
    people = {one for same in shown for one in (same[0].who_id, same[0].other_id) if one is not None}
    agents = {same[0].agent_id for same in shown if same[0].agent_id is not None}
    names = {user.pk: user.name for user in User.objects.filter(pk__in=people)} if people else {}
    programs = names_of_virtual_agents(actor, agents)
    return [_happening(same, visible[same[0].contact_id], names, programs) for same in shown]


def _happening(same: list[_Fact], contact: Contact, people: dict[int, str], programs: dict[int, str]) -> Happening:
    fact = same[0]
    return Happening(
        kind=Kind(fact.kind),
        at=fact.at,
        contact=contact,
        who=programs.get(fact.agent_id or 0, "") or people.get(fact.who_id or 0, ""),
        other=people.get(fact.other_id or 0, ""),
        is_self=fact.who_id is not None and fact.who_id == fact.other_id,
        category=fact.category,
        others=len({one.contact_id for one in same}) - 1,
    )


def _facts(actor: Actor, reach: Reach) -> list[_Fact]:
    """Read the newest of each kind of fact along its index, all with one statement."""
    turns = StatusChange.objects.in_workspace(actor.workspace_id).filter(
        Q(new=Status.RESOLVED) | Q(old__in=["", Status.RESOLVED]), cause__in=CAUSES
    )
    given = Assignment.objects.in_workspace(actor.workspace_id)
    merges = ContactLogEntry.objects.in_workspace(actor.workspace_id).filter(kind=ContactLogEntry.Kind.MERGED)
    kind_of_turn = Case(
        When(new=Status.RESOLVED, then=Value(Kind.CLOSED.value)),
        When(old=Status.RESOLVED, then=Value(Kind.OPENED_AGAIN.value)),
        default=Value(Kind.OPENED.value),
        output_field=CharField(),
    )
    kind_of_giving = Case(
        When(new_user_id=None, then=Value(Kind.UNASSIGNED.value)),
        default=Value(Kind.ASSIGNED.value),
        output_field=CharField(),
    )
    parts: list[Any] = [
        _columns(_latest(actor, reach, turns), kind_of_turn, "user_id", "virtual_agent_id", category=F("category")),
        _columns(_latest(actor, reach, given), kind_of_giving, "by_user_id", other="new_user_id"),
        _columns(_latest(actor, reach, merges), Value(Kind.MERGED.value, output_field=CharField()), "user_id"),
    ]
    return [_Fact(*row) for row in parts[0].union(*parts[1:], all=True)]


def _latest(actor: Actor, reach: Reach, rows: QuerySet[Any]) -> QuerySet[Any]:
    newest = rows.order_by("-occurred_at", "-pk")
    if reach is Reach.TEAM and not actor.sees_own_contacts_only and not actor.sees_team_contacts_only:
        return newest[:READ]
    seen = rows.filter(
        pk__in=newest.values("pk")[:LOOKED_AT], contact_id__in=contacts_within(actor, reach).values("pk")
    )
    return seen.order_by("-occurred_at", "-pk")[:READ]


def _columns(
    rows: QuerySet[Any], kind: Any, who: str, agent: str = "", *, other: str = "", category: Any = None
) -> QuerySet[Any, Any]:
    return rows.values_list(
        kind,
        "occurred_at",
        "contact_id",
        F(who),
        F(agent) if agent else _NOBODY,
        F(other) if other else _NOBODY,
        category or Value("", output_field=CharField()),
    )
