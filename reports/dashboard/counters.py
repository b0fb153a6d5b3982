"""The counters of the dashboard and the conversations behind each: they are lists of the inbox, so that both say the same."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from django.db.models import IntegerField, QuerySet, Subquery

from contacts.models import Contact
from contacts.queries import visible_contacts
from inbox.models import Conversation
from inbox.queries.listing import COLUMN, ListRow, Place, list_page
from inbox.queries.narrowing import Listing, Sort, State
from workspaces.actors import Actor
from workspaces.models import Workspace
from workspaces.permissions import Permission

MOST_COUNTED = 5_000  # beyond that nobody reads the number, and counting would cost
ROWS = 15


class Reach(StrEnum):
    """Whose contacts the page is about: those assigned to the person, or all that they may see."""

    TEAM = "team"
    MINE = "mine"


class Show(StrEnum):
    OPEN = "open"
    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    SNOOZED = "snoozed"


def reaches(actor: Actor) -> tuple[Reach, ...]:
    """Return what the person can choose between, the usual one first; own contacts only leave no choice."""
    return (Reach.MINE,) if actor.sees_own_contacts_only else (Reach.TEAM, Reach.MINE)


def contacts_within(actor: Actor, reach: Reach) -> QuerySet[Contact]:
    """Return the contacts that the page is about, in no order."""
    visible = visible_contacts(actor)
    return visible.filter(assignee_id=actor.user_id) if reach is Reach.MINE else visible


def shows(actor: Actor, reach: Reach) -> tuple[Show, ...]:
    """Return the counters, the first one chosen unless another is. Whoever sees no unassigned contact has nothing to divide."""
    is_narrowed = actor.sees_own_contacts_only or actor.sees_team_contacts_only
    return (Show.OPEN, Show.SNOOZED) if is_narrowed or reach is Reach.MINE else tuple(Show)


def listing_behind(show: Show, reach: Reach) -> Listing:
    """Return the list of the inbox that a counter counts."""
    view = "mine" if reach is Reach.MINE else "all" if show in {Show.OPEN, Show.SNOOZED} else show.value
    return Listing(view=view, state=State.SNOOZED if show is Show.SNOOZED else State.OPEN)


@dataclass(frozen=True, slots=True)
class ListingOfMember(Listing):
    """The inbox's list of assigned contacts, of one member."""

    member_id: int = 0

    def conversations(self, actor: Actor) -> QuerySet[Conversation]:
        """Return that member's among those that the actor may see."""
        return Listing.conversations(self, actor).filter(assignee_id=self.member_id)


@dataclass(frozen=True, slots=True)
class Counter:
    """How many conversations a counter has; `is_more` when counting stopped there. held: of the open ones, those with a virtual agent."""

    show: Show
    number: int
    is_more: bool
    held: int = 0


def counters(actor: Actor, reach: Reach) -> list[Counter]:
    """Count all of them with one query."""
    actor.require(Permission.MESSAGE_READ)
    asked = shows(actor, reach)
    found = _count_all(actor, [listing_behind(show, reach) for show in asked])
    rows = [
        Counter(show, min(number, MOST_COUNTED), number > MOST_COUNTED)
        for show, number in zip(asked, found, strict=True)
    ]
    by_show = {row.show: row for row in rows}
    parts = [by_show.get(show) for show in (Show.OPEN, Show.ASSIGNED, Show.UNASSIGNED)]
    if any(row is None or row.is_more for row in parts):
        return rows
    whole, assigned, unassigned = (row.number for row in parts if row is not None)
    return [replace(row, held=max(0, whole - assigned - unassigned)) if row.show is Show.OPEN else row for row in rows]


def _count_all(actor: Actor, listings: Iterable[Listing]) -> list[int]:
    counts = {
        f"count_{place}": _CountOf(listing.conversations(actor).order_by().values("pk")[: MOST_COUNTED + 1])
        for place, listing in enumerate(listings)
    }
    row = Workspace.objects.filter(pk=actor.workspace_id).annotate(**counts).values_list(*counts).get()
    return list(row)


class _CountOf(Subquery):
    """The number of rows of a query, as one column of another."""

    template = "(SELECT count(*) FROM (%(subquery)s) AS counted)"
    output_field: Any = IntegerField()


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of the list behind a counter; `newer` and `older` are the places of its neighbours, None where there are none."""

    rows: list[ListRow]
    newer: Place | None
    older: Place | None


def contacts_behind(
    actor: Actor, listing: Listing, *, after: Place | None = None, before: Place | None = None, most: int = ROWS
) -> Slice:
    """Return a page, the latest activity first: that after a row's place, that before one, or the first."""
    if before is not None:  # the same list walked from its other end
        page = list_page(actor, replace(listing, sort=Sort.OLDEST), after=before, limit=most)
        if page.next is not None:
            return Slice(page.rows[::-1], newer=_place_of(page.rows[-1]), older=_place_of(page.rows[0]))
        after = None  # the beginning is reached: the first page, whole
    page = list_page(actor, listing, after=after, limit=most)
    if after is not None and not page.rows:  # what stood there has gone meanwhile
        after, page = None, list_page(actor, listing, limit=most)
    return Slice(page.rows, newer=_place_of(page.rows[0]) if after else None, older=page.next)


def _place_of(row: ListRow) -> Place:
    conversation = row.conversation
    return Place(getattr(conversation, COLUMN[Sort.NEWEST]), conversation.pk)
