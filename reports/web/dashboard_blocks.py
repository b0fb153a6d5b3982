"""The blocks of the dashboard, ready to show: each stands on the page, and comes again by itself when something changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.web.presenting import name_of, why_twin
from inbox.models import InboxSettings
from inbox.queries.behaviour import settings_of
from inbox.queries.listing import ListRow
from inbox.web.list_rows import Row, rows_shown, wait_shown
from inbox.web.list_state import ListState
from reports.dashboard.activity import recent_activity
from reports.dashboard.counters import ROWS, Counter, Reach, Show, contacts_behind, counters, shows
from reports.dashboard.merging import LOOKED_AT, Pair, pairs_to_merge
from reports.dashboard.team import MemberLoad, team_loads
from reports.web.dashboard_state import DashboardState
from reports.web.dashboard_words import HINTS, NAMES, NOTHING, REACHES, definition, line_of
from workspaces.actors import Actor
from workspaces.queries import MemberPresence
from workspaces.web import formats

MOST_MEMBERS = 60


@dataclass(frozen=True, slots=True)
class CounterTab:
    key: str
    name: str
    value: str
    hint: str
    definition: str
    url: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class ContactLine:
    """A row of the inbox, whose it is, and until when it is snoozed."""

    row: Row
    assignee: str
    assignee_id: int | None
    until: datetime | None


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member; `waits` is how long the longest waits, `tone` plain, warn or bad."""

    presence: MemberPresence
    is_me: bool
    assigned: str
    url: str
    is_current: bool
    waiting: int
    waits: str
    tone: str


@dataclass(frozen=True, slots=True)
class PairLine:
    older: str
    older_id: int
    newer: str
    newer_id: int
    why: str
    added_at: datetime
    url: str


def page_of(actor: Actor, state: DashboardState, *, at: datetime) -> dict[str, Any]:
    """Return the whole page."""
    choices = [
        {"label": REACHES[reach], "url": state.but(reach=reach).url(), "current": reach is state.reach}
        for reach in Reach
    ]
    return {
        "reaches": [] if state.usual is Reach.MINE else choices,
        "now_url": state.now_url(),
        **blocks_of(actor, state, at=at),
    }


def blocks_of(
    actor: Actor, state: DashboardState, *, only: frozenset[str] = frozenset(), at: datetime
) -> dict[str, Any]:
    """Return the blocks by name, or some of them: counters, listed, team, merges, activity."""
    behaviour = settings_of(actor.workspace_id)
    counted = counters(actor, state.reach) if not only or only & {"counters", "listed"} else []
    makers: dict[str, Callable[[], object]] = {
        "counters": lambda: [_counter(row, state) for row in counted],
        "listed": lambda: _listed(actor, state, counted, behaviour=behaviour, at=at),
        "team": lambda: _team(actor, state, behaviour=behaviour, at=at),
        "merges": lambda: _merges(actor, state),
        "activity": lambda: [line_of(row) for row in recent_activity(actor, state.reach)],
    }
    return {name: make() for name, make in makers.items() if not only or name in only}


def _counter(row: Counter, state: DashboardState) -> CounterTab:
    held = ngettext("%(count)s of them with a virtual agent", "%(count)s of them with a virtual agent", row.held)
    return CounterTab(
        key=row.show.value,
        name=str(NAMES[row.show]),
        value=_up_to(row.number, is_more=row.is_more),
        hint=held % {"count": formats.number(row.held)} if row.held else str(HINTS[row.show]),
        definition=definition(row.show, state.reach),
        url=state.but(show=row.show).url(),
        is_current=row.show is state.show and state.member_id is None,
    )


def _up_to(number: int, *, is_more: bool) -> str:
    return f"{formats.number(number)}+" if is_more else formats.number(number)


def _listed(
    actor: Actor, state: DashboardState, counted: list[Counter], *, behaviour: InboxSettings, at: datetime
) -> dict[str, Any]:
    page = contacts_behind(actor, state.listed, after=state.after, before=state.before)
    messages = ListState(actor.workspace_id, state.listing)
    shown = rows_shown(page.rows, messages, behaviour=behaviour, current=None, at=at)
    lines = [_line(row, found) for row, found in zip(shown, page.rows, strict=True)]
    first = state.first if page.newer is not None else 1
    last = first + len(shown) - 1
    newer = replace(state, after=None, before=page.newer, first=max(1, first - ROWS))
    older = replace(state, after=page.older, before=None, first=last + 1)
    of_member = state.member_id is not None
    whole = next(_up_to(row.number, is_more=row.is_more) for row in counted if row.show is state.show)
    return {
        "name": lines[0].assignee if of_member and lines else NAMES[state.show],
        "rows": lines,
        "nothing": _("This member has no open contact.") if of_member else NOTHING[state.show],
        "messages_url": "" if of_member else messages.url(),
        "all_url": state.but(show=Show.ASSIGNED).url() if of_member else "",
        "words": _place(first, last, "" if of_member else whole),
        "newer_url": newer.url() if page.newer else "",
        "older_url": older.url() if page.older else "",
        "has_assignee": state.reach is Reach.TEAM,
        "is_snoozed": state.show is Show.SNOOZED,
    }


def _place(first: int, last: int, whole: str) -> str:
    rows = {"first": formats.number(first), "last": formats.number(last), "total": whole}
    return (_("%(first)s–%(last)s of %(total)s") if whole else _("%(first)s–%(last)s")) % rows


def _line(row: Row, found: ListRow) -> ContactLine:
    conversation = found.conversation
    assignee = conversation.assignee
    return ContactLine(
        row, assignee.name if assignee else "", assignee.pk if assignee else None, conversation.snoozed_until
    )


def _team(actor: Actor, state: DashboardState, *, behaviour: InboxSettings, at: datetime) -> dict[str, Any]:
    loads = team_loads(actor, state.reach)
    leads = Show.ASSIGNED in shows(actor, state.reach)  # who looks at all can look at a member's
    more = max(0, len(loads) - MOST_MEMBERS)
    words = ngettext("%(count)s more member, with less to do", "%(count)s more members, with less to do", more)
    return {
        "rows": [_member(row, state, leads=leads, behaviour=behaviour, at=at) for row in loads[:MOST_MEMBERS]],
        "here": sum(not row.is_offline for row in loads),
        "total": len(loads),
        "is_own": state.reach is Reach.MINE,
        "more": words % {"count": formats.number(more)} if more else "",
    }


def _member(
    row: MemberLoad, state: DashboardState, *, leads: bool, behaviour: InboxSettings, at: datetime
) -> MemberLine:
    waits, tone = wait_shown(row.waiting_since, behaviour=behaviour, at=at)
    return MemberLine(
        presence=row.presence,
        is_me=row.is_me,
        assigned=_up_to(row.assigned, is_more=row.is_more),
        url=state.but(member_id=row.presence.user_id).url() if leads and row.assigned else "",
        is_current=state.member_id == row.presence.user_id,
        waiting=row.waiting,
        waits=waits,
        tone=tone,
    )


def _merges(actor: Actor, state: DashboardState) -> dict[str, Any] | None:
    pairs = pairs_to_merge(actor, state.reach)
    if pairs is None:
        return None
    return {
        "rows": [_pair(actor, row) for row in pairs.rows],
        "count": pairs.count,
        "looked_at": "" if pairs.is_all else formats.number(LOOKED_AT),
    }


def _pair(actor: Actor, row: Pair) -> PairLine:
    return PairLine(
        older=name_of(row.older),
        older_id=row.older.pk,
        newer=name_of(row.newer),
        newer_id=row.newer.pk,
        why=why_twin(row.newer, row.older),
        added_at=row.newer.created_at,
        url=reverse("contact_merge_review", args=[actor.workspace_id, row.older.pk, row.newer.pk]),
    )
