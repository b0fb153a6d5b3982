"""The list of conversations: who sees which, in which order, page after page, with as many queries for one row as for many."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts.actions import assign_contacts, merge_contacts
from contacts.identifiers import Identifier
from contacts.selection import Selection
from inbox import actions
from inbox.actions.custom_inboxes import InboxValues
from inbox.errors import CustomInboxNotFound, TooManyChosen
from inbox.models import Assignment, Conversation, Status
from inbox.queries.custom import custom_inboxes
from inbox.queries.listing import list_page, rows_of_contacts
from inbox.queries.narrowing import Listing, Only, Sort, State
from inbox.queries.searching import messages_found, words_of
from inbox.selection import ConversationSelection
from inbox.web.navigation import inbox_links
from tests.factories import NOON, Cast, a_member
from tests.inbox.steps import a_channel, hears, later, says
from tests.inbox.test_figures import assert_proven
from workspaces.actions import create_team
from workspaces.actors import Actor
from workspaces.models import Team
from workspaces.scope import workspace_scope


def fill(cast: Cast, count: int = 6) -> list[int]:
    """Let so many people write, a minute apart; every second one is Ben's. Return the contacts, the first first."""
    channel = a_channel(cast.ada)
    found = []
    for place in range(count):
        message = hears(cast.ada, channel, f"Question {place}", sender=f"+3460012{place:04}", at=later(place))
        found.append(message.contact_id)
        if place % 2:
            actions.assign_contact(
                actor=cast.ada, contact=Identifier.of(message.contact_id), user_id=cast.ben.user_id, at=later(place)
            )
    return found


def shown(actor: Actor, **listing: object) -> list[int]:
    page = list_page(actor, Listing(**listing))  # type: ignore[arg-type]
    return [row.conversation.contact_id for row in page.rows]


def test_each_inbox_shows_its_own_newest_first(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = fill(cast)
        assert shown(cast.ada) == ids[::-1]
        assert shown(cast.ben, view="mine") == [ids[5], ids[3], ids[1]]
        assert shown(cast.ada, view="unassigned") == [ids[4], ids[2], ids[0]]
        assert shown(cast.ada, sort=Sort.OLDEST) == ids
        actions.block_contact(actor=cast.ada, contact=Identifier.of(ids[0]), at=later(10))
        actions.close_conversation(actor=cast.ada, contact=Identifier.of(ids[1]), at=later(11))
        actions.snooze_conversation(actor=cast.ada, contact=Identifier.of(ids[2]), until=later(600), at=later(12))
        assert shown(cast.ada) == [ids[5], ids[4], ids[3]]
        assert shown(cast.ada, view="blocked") == [ids[0]]
        assert shown(cast.ada, state=State.CLOSED) == [ids[1]]
        assert shown(cast.ada, state=State.SNOOZED) == [ids[2]]


def test_what_waits_and_what_is_unread(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = fill(cast, 3)
        says(
            cast.ben,
            hears(cast.ada, a_channel(cast.ada, name="Other"), sender="+34600999999", at=later(5)),
            at=later(6),
        )
        assert shown(cast.ada, sort=Sort.WAITING) == ids
        assert len(shown(cast.ada)) == 4
        assert shown(cast.ada, only=Only.UNREPLIED) == ids[::-1]
        conversation = Conversation.objects.in_workspace(cast.acme.pk).get(contact_id=ids[0])
        actions.mark_read(actor=cast.ada, conversation_id=conversation.pk, at=later(7))
        assert shown(cast.ada, only=Only.UNREAD) == [ids[2], ids[1]]


def test_pages_neither_repeat_nor_skip_even_when_moments_are_equal(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        for place in range(7):
            hears(cast.ada, channel, sender=f"+3460055{place:04}", at=NOON)
        seen: list[int] = []
        after = None
        while True:
            page = list_page(cast.ada, Listing(), after=after, limit=3)
            seen += [row.conversation.pk for row in page.rows]
            if page.next is None:
                break
            after = page.next
        assert seen == sorted(seen, reverse=True)
        assert len(set(seen)) == 7


def test_restrictions_hold_in_lists_rows_counts_and_search(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Desk", member_ids=[cast.ben.user_id or 0], at=NOON)
    own_user, own = a_member(cast.acme, email="own@example.com", restrictions=("show_only_mine",))
    _mate, mate = a_member(cast.acme, email="mate@example.com", restrictions=("show_team_contacts",), team_id=team.pk)
    with workspace_scope(cast.acme.pk):
        ids = fill(cast, 4)
        actions.assign_contact(actor=cast.ada, contact=Identifier.of(ids[0]), user_id=own_user.pk, at=later(9))
        assert shown(own) == shown(own, view="mine") == [ids[0]]
        assert sorted(shown(mate)) == [ids[1], ids[3]]
        assert rows_of_contacts(own, Listing(), ids)[0].conversation.contact_id == ids[0]
        assert [found.contact.pk for found in messages_found(own, "question")] == [ids[0]]
        assert len(messages_found(cast.ada, "QUESTION")) == 4
        assert [(link.view, link.count) for link in inbox_links(own)] == [("mine", "1")]
        assert [link.view for link in inbox_links(mate)] == ["all", "mine", f"team-{team.pk}"]
        chosen = ConversationSelection(
            ids=tuple(Conversation.objects.in_workspace(cast.acme.pk).values_list("pk", flat=True))
        )
        assert actions.close_conversations(actor=own, chosen=chosen, at=later(10)) == 1
        assert Team.objects.in_workspace(cast.acme.pk).count() == 1


@pytest.mark.parametrize("query", ["", "&", "a:*b", "'; drop", "\\", "<->", "!!", "question & (", "ques*"])
def test_a_search_takes_any_text(cast: Cast, query: str) -> None:
    with workspace_scope(cast.acme.pk):
        fill(cast, 1)
        messages_found(cast.ada, query)
    assert words_of("¡Niño & co!") == ["nino", "co"]


def test_a_list_costs_the_same_for_one_row_and_for_twenty(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        fill(cast, 20)
        counts = []
        for limit in (1, 20):
            with CaptureQueriesContext(connection) as queries:
                list_page(cast.ada, Listing(), limit=limit)
            counts.append(len(queries))
    assert counts == [4, 4]


def test_acts_on_many_change_what_fits_and_say_how_many(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = fill(cast, 5)
        everything = ConversationSelection(listing=Listing())
        assert (
            actions.assign_conversations(actor=cast.ada, chosen=everything, user_id=cast.ben.user_id, at=later(20)) == 3
        )
        assert actions.tag_conversations(actor=cast.ada, chosen=everything, names=["Gold"], at=later(21)) == 5
        assert actions.close_conversations(actor=cast.ada, chosen=everything, summary="All done", at=later(22)) == 5
        row = Conversation.objects.in_workspace(cast.acme.pk).get(contact_id=ids[0])
        assert (row.status, row.closed_summary, row.first_resolved_in_bulk) == (Status.RESOLVED, "All done", True)
        assert actions.close_conversations(actor=cast.ada, chosen=everything, at=later(23)) == 0


def test_too_many_at_once_are_refused_and_nothing_changes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("inbox.actions.bulk.MOST", 2)
    with workspace_scope(cast.acme.pk):
        fill(cast, 3)
        with pytest.raises(TooManyChosen):
            actions.close_conversations(actor=cast.ada, chosen=ConversationSelection(listing=Listing()), at=later(20))
        assert len(shown(cast.ada)) == 3


def test_a_saved_inbox_meets_its_conditions_and_is_seen_by_those_it_is_shared_with(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = fill(cast, 4)
        condition = {
            "$and": [
                {
                    "category": "contactField",
                    "field": "assigneeUserId",
                    "operator": "isEqualTo",
                    "value": cast.ben.user_id,
                }
            ]
        }
        values = InboxValues(name="Ben's", conditions={"contact": condition}, shared_user_ids=[cast.max.user_id or 0])
        saved = actions.save_custom_inbox(actor=cast.ada, inbox_id=None, values=values, at=NOON)
        assert shown(cast.ada, view=f"custom-{saved.pk}") == [ids[3], ids[1]]
        assert [row.pk for row in custom_inboxes(cast.max)] == [saved.pk]
        assert list(custom_inboxes(cast.ben)) == []
        with pytest.raises(CustomInboxNotFound):
            actions.save_custom_inbox(actor=cast.max, inbox_id=saved.pk, values=values, at=NOON)
        with pytest.raises(CustomInboxNotFound):
            shown(cast.ben, view=f"custom-{saved.pk}")
        actions.delete_custom_inbox(actor=cast.ada, inbox_id=saved.pk, at=NOON)
        assert list(custom_inboxes(cast.ada)) == []


def test_an_assignment_on_the_contacts_pages_is_a_fact_of_the_inbox_too(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ids = fill(cast, 2)
        assign_contacts(actor=cast.ada, selection=Selection.of(ids), user_id=cast.max.user_id, at=later(30))
        rows = (
            Assignment.objects.in_workspace(cast.acme.pk)
            .order_by("id")
            .values_list("contact_id", "old_user_id", "new_user_id")
        )
        assert list(rows)[1:] == [(ids[0], None, cast.max.user_id), (ids[1], cast.ben.user_id, cast.max.user_id)]
        assert_proven(cast.acme.pk)
        merge_contacts(actor=cast.ada, primary_id=ids[0], secondary_id=ids[1], values={}, at=later(31))
        merged = Conversation.objects.in_workspace(cast.acme.pk).filter(contact_id=ids[0]).order_by("pk")
        assert [(row.status, row.is_latest) for row in merged] == [("new", True), ("resolved", False)]
        assert_proven(cast.acme.pk)
