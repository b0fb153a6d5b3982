"""What the dashboard counts and lists: the same as the inbox, and of each person only what they may see."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions import add_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from inbox import actions
from inbox.models import Conversation
from inbox.queries.listing import list_page
from inbox.queries.narrowing import Listing
from inbox.web.navigation import inbox_links
from reports.dashboard.activity import recent_activity
from reports.dashboard.counters import (
    ListingOfMember,
    Reach,
    Show,
    contacts_behind,
    counters,
    listing_behind,
    reaches,
    shows,
)
from reports.dashboard.merging import pairs_to_merge
from reports.dashboard.team import team_loads
from tests.factories import NOON, Cast
from tests.inbox.rows import a_row, restricted_ben
from tests.inbox.steps import a_channel, hears, later
from workspaces.actions import choose_presence, create_team
from workspaces.actors import Actor
from workspaces.models import Membership, Team
from workspaces.permissions import Restriction
from workspaces.scope import workspace_scope


def numbers(actor: Actor, reach: Reach = Reach.TEAM) -> dict[str, int]:
    return {row.show.value: row.number for row in counters(actor, reach)}


def a_busy_day(cast: Cast) -> None:
    """One of each: two of Ben's, one of Max's, one of nobody's, a robot's, a snoozed, a closed and a blocked one."""
    ben, top = cast.ben_user.pk, cast.max_user.pk
    a_row(cast.ada, "Ben's", minute=8, assignee_id=ben, waiting_since=later(-90))
    a_row(cast.ada, "Ben's too", minute=7, assignee_id=ben, waiting_since=later(-5))
    a_row(cast.ada, "Max's", minute=6, assignee_id=top, status="pending")
    a_row(cast.ada, "Nobody's", minute=5, waiting_since=later(-10))
    a_row(cast.ada, "A robot's", minute=4, held_by_bot=True)
    a_row(cast.ada, "Snoozed", minute=3, assignee_id=ben, status="pending", snoozed_until=later(600))
    a_row(cast.ada, "Closed", minute=2, assignee_id=ben, status="resolved", closed_at=NOON)
    a_row(cast.ada, "Blocked", minute=1, is_blocked=True)


def test_counters_count_what_the_inbox_lists(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        assert numbers(cast.ada) == {"open": 5, "assigned": 3, "unassigned": 1, "snoozed": 1}
        assert [row.held for row in counters(cast.ada, Reach.TEAM)] == [1, 0, 0, 0]
        in_navigation = {link.view: int(link.count) for link in inbox_links(cast.ada)}
        assert (in_navigation["all"], in_navigation["unassigned"]) == (5, 1)
        assert numbers(cast.ben, Reach.MINE) == {"open": 2, "snoozed": 1}
        assert {link.view: link.count for link in inbox_links(cast.ben)}["mine"] == "2"
        for show in Show:
            listing = listing_behind(show, Reach.TEAM)
            listed = [row.conversation.contact.first_name for row in contacts_behind(cast.ada, listing).rows]
            assert listed == [row.conversation.contact.first_name for row in list_page(cast.ada, listing).rows]
            assert len(listed) == numbers(cast.ada)[show]


def test_all_counters_are_one_query(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        with CaptureQueriesContext(connection) as asked:
            counters(cast.ada, Reach.TEAM)
    assert len(asked) == 1


def test_counting_stops_where_nobody_reads_the_number(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.dashboard.counters.MOST_COUNTED", 4)
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        rows = counters(cast.ada, Reach.TEAM)
    found = [(row.number, row.is_more, row.held) for row in rows]
    assert found == [(4, True, 0), (3, False, 0), (1, False, 0), (1, False, 0)]


def test_whoever_sees_own_contacts_only_has_own_numbers_only(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        ben = restricted_ben(cast, Restriction.OWN_CONTACTS_ONLY)
        assert reaches(ben) == (Reach.MINE,)
        assert numbers(ben, Reach.MINE) == {"open": 2, "snoozed": 1}
        assert [(row.presence.name, row.assigned) for row in team_loads(ben, Reach.MINE)] == [("Ben Tanaka", 2)]


def test_whoever_sees_the_team_only_has_its_numbers_and_nobody_elses_load(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        team = create_team(actor=cast.ada, name="Sales", member_ids=[], at=NOON)
        Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.max_user).update(team=team)
        ben = restricted_ben(cast, Restriction.TEAM_CONTACTS_ONLY, team=Team.objects.get(pk=team.pk))
        assert reaches(ben) == (Reach.TEAM, Reach.MINE)
        assert shows(ben, Reach.TEAM) == (Show.OPEN, Show.SNOOZED)
        assert numbers(ben) == {"open": 3, "snoozed": 1}
        assert [(row.presence.name, row.assigned) for row in team_loads(ben, Reach.TEAM)] == [("Ben Tanaka", 2)]


def test_the_list_goes_back_and_forth_by_place(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(8):
            a_row(cast.ada, f"{number}", minute=-number)
        listing = Listing()
        first = contacts_behind(cast.ada, listing, most=3)
        second = contacts_behind(cast.ada, listing, after=first.older, most=3)
        third = contacts_behind(cast.ada, listing, after=second.older, most=3)
        pages = [[row.conversation.contact.first_name for row in page.rows] for page in (first, second, third)]
        assert pages == [["0", "1", "2"], ["3", "4", "5"], ["6", "7"]]
        assert (first.newer, third.older) == (None, None)
        back = contacts_behind(cast.ada, listing, before=third.newer, most=3)
        assert [row.conversation.contact.first_name for row in back.rows] == ["3", "4", "5"]
        assert (back.newer, back.older) == (second.newer, second.older)
        start = contacts_behind(cast.ada, listing, before=back.newer, most=3)
        assert [row.conversation.contact.first_name for row in start.rows] == ["0", "1", "2"]
        assert (start.newer, start.older) == (None, first.older)


def test_a_page_whose_rows_have_gone_is_the_first_page(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(4):
            a_row(cast.ada, f"{number}", minute=-number)
        second = contacts_behind(cast.ada, Listing(), most=2).older
        Conversation.objects.in_workspace(cast.acme.pk).filter(contact__first_name__in=["2", "3"]).delete()
        page = contacts_behind(cast.ada, Listing(), after=second, most=2)
        assert [row.conversation.contact.first_name for row in page.rows] == ["0", "1"]
        assert (page.newer, page.older) == (None, None)


def test_a_members_list_holds_what_their_load_counts(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        listing = ListingOfMember(view="assigned", member_id=cast.ben_user.pk)
        rows = contacts_behind(cast.ada, listing).rows
        assert [row.conversation.contact.first_name for row in rows] == ["Ben's", "Ben's too"]


def test_the_team_is_sorted_by_presence_and_load(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        for one in (cast.ada, cast.max):
            choose_presence(actor=one, choice="online", away_state_id=None, at=NOON)
        loads = team_loads(cast.ada, Reach.TEAM)
        assert [(row.presence.name, row.presence.state, row.assigned, row.waiting) for row in loads] == [
            ("Max Marín", "online", 1, 0),
            ("Ada Ferrer", "online", 0, 0),
            ("Ben Tanaka", "offline", 2, 2),
        ]
        assert loads[2].waiting_since == later(-90)
        assert [row.is_me for row in loads] == [False, True, False]
        assert [row.presence.name for row in team_loads(cast.max, Reach.MINE)] == ["Max Marín"]


def test_pairs_share_a_phone_or_an_email_and_the_newest_come_first(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        first = contact(cast, "First", email="same@example.com", phone="+34600123456")
        contact(cast, "Alone", email="alone@example.com")
        second = contact(cast, "Second", phone="+34600123456")
        third = contact(cast, "Third", email="Same@example.com", phone="+34600123456")
        contact(cast, "Blank")
        contact(cast, "Blank too")
        found = pairs_to_merge(cast.ada)
        assert found is not None
        assert [(pair.older, pair.newer) for pair in found.rows] == [(first, third), (first, second)]
        assert (found.count, found.is_all) == (2, True)


def test_pairs_hold_only_what_a_person_may_see_and_may_merge(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        older = contact(cast, "Older", email="same@example.com")
        newer = contact(cast, "Newer", email="same@example.com")
        ben = restricted_ben(cast, Restriction.OWN_CONTACTS_ONLY)
        Contact.objects.in_workspace(cast.acme.pk).filter(pk=newer.pk).update(assignee=cast.ben_user)
        found = pairs_to_merge(ben)
        assert found is not None
        assert (found.rows, found.count) == ([], 0)
        Contact.objects.in_workspace(cast.acme.pk).filter(pk=older.pk).update(assignee=cast.ben_user)
        found = pairs_to_merge(ben)
        assert found is not None
        assert [(pair.older.pk, pair.newer.pk) for pair in found.rows] == [(older.pk, newer.pk)]
        assert pairs_to_merge(restricted_ben(cast, Restriction.CONTACT_DELETION)) is None


def test_activity_tells_what_was_done_and_by_whom(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        cleo = hears(cast.ada, a_channel(cast.ada)).contact_id
        of_cleo = Identifier.of(cleo)
        actions.assign_contact(actor=cast.ada, contact=of_cleo, user_id=cast.ben_user.pk, at=later(1))
        actions.assign_contact(actor=cast.ben, contact=of_cleo, user_id=None, at=later(2))
        actions.assign_contact(actor=cast.ben, contact=of_cleo, user_id=cast.ben_user.pk, at=later(3))
        actions.close_conversation(actor=cast.ben, contact=of_cleo, at=later(4))
        actions.open_conversation(actor=cast.ada, contact=of_cleo, at=later(5))
        twin = contact(cast, "Twin")
        merge_contacts(actor=cast.max, primary_id=cleo, secondary_id=twin.pk, values={}, at=later(6))
        told = [(row.kind.value, row.who, row.other, row.is_self) for row in recent_activity(cast.ada)]
        assert told == [
            ("merged", "Max Marín", "", False),
            ("opened", "Ada Ferrer", "", False),
            ("closed", "Ben Tanaka", "", False),
            ("assigned", "Ben Tanaka", "Ben Tanaka", True),
            ("unassigned", "Ben Tanaka", "", False),
            ("assigned", "Ada Ferrer", "Ben Tanaka", False),
            ("opened", "", "", False),
        ]
        assert {row.contact.pk for row in recent_activity(cast.ada)} == {cleo}


def test_what_was_done_to_many_at_once_is_one_line(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        people = [hears(cast.ada, channel, sender=f"+3460012000{n}", at=later(n)).contact_id for n in range(4)]
        for one in people:
            actions.assign_contact(actor=cast.ada, contact=Identifier.of(one), user_id=cast.ben_user.pk, at=later(9))
        first, *others = recent_activity(cast.ada)
        assert (first.kind.value, first.others) == ("assigned", 3)
        assert [row.kind.value for row in others] == ["opened"] * 4


def test_activity_of_others_contacts_is_not_told(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        mine = hears(cast.ada, channel, sender="+34600120001").contact_id
        hears(cast.ada, channel, sender="+34600120002", at=later(1))
        actions.assign_contact(actor=cast.ada, contact=Identifier.of(mine), user_id=cast.ben_user.pk, at=later(2))
        ben = restricted_ben(cast, Restriction.OWN_CONTACTS_ONLY)
        assert [(row.kind.value, row.contact.pk) for row in recent_activity(ben)] == [
            ("assigned", mine),
            ("opened", mine),
        ]


def test_another_workspace_has_nothing_of_it(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_busy_day(cast)
        hears(cast.ada, a_channel(cast.ada))
        contact(cast, "One", email="same@example.com")
        contact(cast, "Other", email="same@example.com")
    with workspace_scope(cast.globex.pk):
        assert numbers(cast.gus) == {"open": 0, "assigned": 0, "unassigned": 0, "snoozed": 0}
        assert [(row.presence.name, row.assigned) for row in team_loads(cast.gus, Reach.TEAM)] == [("Gus Okoye", 0)]
        assert recent_activity(cast.gus) == []
        found = pairs_to_merge(cast.gus)
        assert found is not None
        assert found.count == 0


def contact(cast: Cast, name: str, **values: str) -> Contact:
    return add_contact(
        actor=cast.ada,
        values={"first_name": name, **values},  # type: ignore[typeddict-item]
        source=Source.USER,
        at=NOON,
    )
