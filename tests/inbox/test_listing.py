"""The list of conversations: its views, filters, orders and pages, and what a restricted person sees of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.identifiers import Identifier
from contacts.models import ContactTag, Tag
from inbox import actions
from inbox.queries.listing import Place, count_up_to, list_page, rows_of_contacts
from inbox.queries.narrowing import Listing, Only, Sort, State
from inbox.web.navigation import inbox_links
from tests.factories import NOON, Cast
from tests.inbox.rows import a_row, restricted_ben
from tests.inbox.steps import later, some_write
from workspaces.actors import Actor
from workspaces.models import Membership, Team
from workspaces.scope import workspace_scope


def names(actor: Actor, **listing: object) -> list[str]:
    """Return the names in a list, from the top."""
    page = list_page(actor, Listing(**listing))  # type: ignore[arg-type]
    return [row.conversation.contact.first_name for row in page.rows]


def test_each_state_shows_its_own(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_row(cast.ada, "New", minute=3)
        a_row(cast.ada, "Pending", minute=2, status="pending")
        a_row(cast.ada, "Snoozed", minute=1, status="pending", snoozed_until=later(600))
        a_row(cast.ada, "Closed", status="resolved", closed_at=NOON)
        a_row(cast.ada, "Blocked", is_blocked=True)
        assert names(cast.ada) == ["New", "Pending"]
        assert names(cast.ada, state=State.SNOOZED) == ["Snoozed"]
        assert names(cast.ada, state=State.CLOSED) == ["Closed"]
        assert names(cast.ada, state=State.ALL) == ["New", "Pending", "Snoozed", "Closed"]
        assert names(cast.ada, view="blocked") == ["Blocked"]


def test_acts_move_a_conversation_from_list_to_list(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        blocked, closed, snoozed, left = some_write(cast, 4)
        actions.block_contact(actor=cast.ada, contact=Identifier.of(blocked), at=later(10))
        actions.close_conversation(actor=cast.ada, contact=Identifier.of(closed), at=later(11))
        actions.snooze_conversation(actor=cast.ada, contact=Identifier.of(snoozed), until=later(600), at=later(12))
        lists = {
            "all": Listing(),
            "mine": Listing(view="mine"),
            "blocked": Listing(view="blocked"),
            "closed": Listing(state=State.CLOSED),
            "snoozed": Listing(state=State.SNOOZED),
        }
        shown = {
            name: [row.conversation.contact_id for row in list_page(cast.ben, listing).rows]
            for name, listing in lists.items()
        }
        assert shown == {"all": [left], "mine": [left], "blocked": [blocked], "closed": [closed], "snoozed": [snoozed]}


def test_only_the_latest_conversation_of_a_contact_is_a_row(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = a_row(cast.ada, "Cleo", status="resolved", is_latest=False)
        row.pk, row.is_latest, row.status = None, True, "new"
        row.save()
        assert names(cast.ada, state=State.ALL) == ["Cleo"]


def test_orders_and_filters(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_row(cast.ada, "Waits", minute=1, waiting_since=later(-60))
        a_row(cast.ada, "Waits longest", minute=2, waiting_since=later(-90), unread_count=2)
        a_row(cast.ada, "Answered", minute=3)
        assert names(cast.ada) == ["Answered", "Waits longest", "Waits"]
        assert names(cast.ada, sort=Sort.OLDEST) == ["Waits", "Waits longest", "Answered"]
        assert names(cast.ada, sort=Sort.WAITING) == ["Waits longest", "Waits"]
        assert names(cast.ada, only=Only.UNREAD) == ["Waits longest"]
        assert names(cast.ada, only=Only.UNREPLIED) == ["Waits longest", "Waits"]


def test_a_tag_narrows_the_list(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row = a_row(cast.ada, "Cleo")
        a_row(cast.ada, "Max")
        tag = Tag.objects.create(workspace_id=cast.acme.pk, name="VIP", created_at=NOON)
        ContactTag.objects.create(workspace_id=cast.acme.pk, contact_id=row.contact_id, tag=tag, created_at=NOON)
        assert names(cast.ada, tag_id=tag.pk) == ["Cleo"]


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.OLDEST, Sort.WAITING])
def test_pages_follow_one_another_without_gap_or_double(cast: Cast, sort: Sort) -> None:
    with workspace_scope(cast.acme.pk):
        for number in range(11):  # several share their moment: the id decides
            a_row(cast.ada, f"Row {number}", minute=number // 3, waiting_since=later(number // 3))
        whole = [row.conversation.pk for row in list_page(cast.ada, Listing(sort=sort)).rows]
        walked: list[int] = []
        place: Place | None = None
        while True:
            page = list_page(cast.ada, Listing(sort=sort), after=place, limit=4)
            walked += [row.conversation.pk for row in page.rows]
            if page.next is None:
                break
            place = Place.parse(str(page.next))
        assert walked == whole
        assert len(whole) == 11


def test_a_place_that_was_tampered_with_is_the_beginning() -> None:
    for text in ("", "x", "bnVsbA", "W10", "WyIyMDI2LTAxLTAxIiwgMV0!"):
        assert Place.parse(text) is None


def test_the_number_of_queries_is_the_same_for_one_row_and_for_twenty(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_row(cast.ada, "One")
        with CaptureQueriesContext(connection) as one:
            list_page(cast.ada, Listing())
        for number in range(20):
            a_row(cast.ada, f"Row {number}")
        with CaptureQueriesContext(connection) as twenty:
            list_page(cast.ada, Listing())
        assert len(one) == len(twenty) <= 5


def test_mine_unassigned_and_a_teams_inbox(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = Team.objects.create(workspace_id=cast.acme.pk, name="Workshop", created_at=NOON)
        Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.ben_user).update(team=team)
        a_row(cast.ada, "Nobody's", minute=3)
        a_row(cast.ada, "Ada's", minute=2, assignee_id=cast.ada_user.pk)
        a_row(cast.ada, "Ben's", minute=1, assignee_id=cast.ben_user.pk)
        assert names(cast.ada, view="mine") == ["Ada's"]
        assert names(cast.ada, view="unassigned") == ["Nobody's"]
        assert names(cast.ada, view=f"team-{team.pk}") == ["Ben's"]


def test_who_sees_own_contacts_only_has_mine_and_nothing_else(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = Team.objects.create(workspace_id=cast.acme.pk, name="Workshop", created_at=NOON)
        ben = restricted_ben(cast, "show_only_mine", team=team)
        other = a_row(cast.ada, "Ada's", minute=2, assignee_id=cast.ada_user.pk)
        a_row(cast.ada, "Nobody's", minute=1)
        a_row(cast.ada, "Ben's", assignee_id=cast.ben_user.pk)
        for view in ("all", "mine"):
            assert names(ben, view=view, state=State.ALL) == ["Ben's"]
        assert names(ben, view="unassigned") == []
        assert rows_of_contacts(ben, Listing(), [other.contact_id]) == []
        assert [(link.view, link.count) for link in inbox_links(ben)] == [("mine", "1")]
        assert count_up_to(Listing().conversations(ben)) == 1


def test_who_sees_team_contacts_only_sees_the_teams(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = Team.objects.create(workspace_id=cast.acme.pk, name="Workshop", created_at=NOON)
        ben = restricted_ben(cast, "show_team_contacts", team=team)
        Membership.objects.in_workspace(cast.acme.pk).filter(user=cast.max_user).update(team=team)
        a_row(cast.ada, "Ada's", minute=2, assignee_id=cast.ada_user.pk)
        a_row(cast.ada, "Max's", minute=1, assignee_id=cast.max_user.pk)
        a_row(cast.ada, "Ben's", assignee_id=cast.ben_user.pk)
        assert names(ben) == ["Max's", "Ben's"]
        assert "unassigned" not in [link.view for link in inbox_links(ben)]


def test_blocked_is_an_inbox_only_when_somebody_is(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        assert "blocked" not in [link.view for link in inbox_links(cast.ada)]
        a_row(cast.ada, "Blocked", is_blocked=True)
        assert inbox_links(cast.ada)[-1].view == "blocked"
