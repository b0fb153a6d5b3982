"""What reports by user and team read: responses keep their conversation's closing, conversations the team that responded first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from contacts.actions import merge_contacts
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from inbox import actions
from inbox.actions.recomputing import recompute_batch
from inbox.models import Conversation, Message, Response, Status
from tests.exports.days import Day, a_day
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.actions import change_member
from workspaces.scope import enter_workspace, workspace_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def day(cast: Cast) -> Day:
    """A day at Acme, where Ben is of Support and Max of Sales."""
    return a_day(cast)


def closings(conversation_id: int | None) -> list[datetime | None]:
    """Return the stored closing of every response of a conversation."""
    rows = Response.objects.filter(conversation_id=conversation_id or 0).order_by("pk")
    return list(rows.values_list("closed_at", flat=True))


def asks_and_hears(day: Day, sender: str = "+34600123456") -> Message:
    """Let a contact ask twice and be answered twice, by Ben and then by Max."""
    asked = hears(day.ada, day.channel, sender=sender)
    says(day.ben, asked, f"Hi {sender}", at=later(1))
    hears(day.ada, day.channel, "And when?", sender=sender, at=later(2))
    says(day.max, asked, f"On Tuesday, {sender}", at=later(3))
    return asked


def test_responses_keep_the_closing_while_their_conversation_is_closed(day: Day) -> None:
    asked, other = asks_and_hears(day), asks_and_hears(day, "+34600999999")
    cleo = Identifier.of(asked.contact_id)
    assert closings(asked.conversation_id) == [None, None]
    actions.close_conversation(actor=day.ben, contact=cleo, at=later(5))
    assert closings(asked.conversation_id) == [later(5), later(5)]
    actions.set_conversation_status(actor=day.ben, contact=cleo, status=Status.NEW, at=later(6))
    assert closings(asked.conversation_id) == [None, None]
    says(day.ben, asked, "Done", at=later(7))
    actions.close_conversation(actor=day.ben, contact=cleo, at=later(8))
    assert closings(asked.conversation_id) == [later(8)] * 3
    assert closings(other.conversation_id) == [None, None]


def test_a_statement_over_many_conversations_moves_the_closing_of_all_their_responses(day: Day) -> None:
    asked, other = asks_and_hears(day), asks_and_hears(day, "+34600999999")
    rows = Conversation.objects.in_workspace(day.ada.workspace_id)
    assert rows.update(closed_at=later(9), status=Status.RESOLVED) == 2
    assert closings(asked.conversation_id) + closings(other.conversation_id) == [later(9)] * 4


def test_a_response_that_is_written_to_a_closed_conversation_takes_its_closing_over(cast: Cast, day: Day) -> None:
    asked = asks_and_hears(day)
    actions.close_conversation(actor=day.ben, contact=Identifier.of(asked.contact_id), at=later(5))
    enter_workspace(cast.globex.pk)
    theirs = hears(cast.gus, a_channel(cast.gus))
    enter_workspace(day.ada.workspace_id)

    def response(conversation_id: int | None) -> Response:
        return Response(
            workspace_id=day.ada.workspace_id,
            conversation_id=conversation_id or 0,
            contact_id=asked.contact_id,
            message_id=asked.pk,
            user_id=7,
            started_by="INBOUND_MESSAGE_RECEIVED",
            from_at=NOON,
            to_at=later(1),
            closed_at=later(99),
        )

    Response.objects.bulk_create([response(asked.conversation_id), response(theirs.conversation_id), response(None)])
    assert closings(asked.conversation_id) == [later(5)] * 3
    # One that is of nobody's conversation, or of another workspace's, is written all the same.
    assert closings(theirs.conversation_id) == closings(0) == [None]


def test_contacts_that_become_one_keep_the_closings_of_both(day: Day) -> None:
    asked, other = asks_and_hears(day), asks_and_hears(day, "+34600999999")
    actions.close_conversation(actor=day.ben, contact=Identifier.of(asked.contact_id), at=later(5))
    merge_contacts(
        actor=day.ada,
        primary_id=asked.contact_id,
        secondary_id=other.contact_id,
        values=ContactValues(),
        at=later(6),
    )
    assert closings(asked.conversation_id) == [later(5), later(5)]
    assert closings(other.conversation_id) == [None, None]
    assert recompute_batch(workspace_id=day.ada.workspace_id, after=0, mend=False).differences == []


def test_a_conversation_keeps_the_team_of_whoever_responded_first_as_it_was(day: Day) -> None:
    asked = asks_and_hears(day)
    change_member(
        actor=day.ada, user_id=day.ben.user_id or 0, role="agent", restrictions=(), team_id=day.sales.pk, at=later(4)
    )
    row = latest(asked)
    assert (row.first_response_by_id, row.first_response_team_id) == (day.ben.user_id, day.support.pk)
    assert recompute_batch(workspace_id=day.ada.workspace_id, after=0, mend=False).differences == []


def test_the_first_response_is_the_next_one_when_it_is_taken_back(day: Day) -> None:
    asked = hears(day.ada, day.channel)
    reply = says(day.ben, asked, at=later(1), hold=timedelta(minutes=5))
    assert latest(asked).first_response_team_id == day.support.pk
    actions.take_back_message(actor=day.ben, message_id=reply.pk, at=later(2))
    assert latest(asked).first_response_team_id is None
    says(day.max, asked, "I am here", at=later(3))
    row = latest(asked)
    assert (row.first_response_by_id, row.first_response_team_id) == (day.max.user_id, day.sales.pk)
    assert recompute_batch(workspace_id=day.ada.workspace_id, after=0, mend=False).differences == []


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (
            lambda: Response.objects.filter(closed_at=later(5), to_at=later(1)).update(closed_at=later(4)),
            [("closed_at of responses", later(4), later(5))],
        ),
        (
            lambda: Response.objects.filter(closed_at=None).update(closed_at=later(4)),
            [("closed_at of responses", later(4), None)],
        ),
        (
            lambda: Conversation.objects.filter(closed_at=None).update(closed_at=later(4)),
            [("closed_at", later(4), None), ("closed_at of responses", later(4), None)],
        ),
    ],
    ids=["one of two", "of an open conversation", "with the conversation's own"],
)
def test_copies_that_are_wrong_are_told_and_mended(
    day: Day, spoil: Callable[[], int], told: list[tuple[str, datetime | None, datetime | None]]
) -> None:
    asked, other = asks_and_hears(day), asks_and_hears(day, "+34600999999")
    actions.close_conversation(actor=day.ben, contact=Identifier.of(asked.contact_id), at=later(5))
    workspace_id = day.ada.workspace_id
    assert spoil()
    for mend in (False, True):
        found = recompute_batch(workspace_id=workspace_id, after=0, mend=mend).differences
        assert [(each.figure, each.stored, each.computed) for each in found] == told
    assert recompute_batch(workspace_id=workspace_id, after=0, mend=False).differences == []
    assert closings(asked.conversation_id) == [later(5), later(5)]
    assert closings(other.conversation_id) == [None, None]


def test_another_workspace_moves_nothing_of_this_one(cast: Cast, day: Day) -> None:
    asked = asks_and_hears(day)
    with workspace_scope(cast.globex.pk):
        rows = Conversation.objects.filter(pk=asked.conversation_id or 0)
        assert rows.update(closed_at=later(9)) == 0
    enter_workspace(day.ada.workspace_id)
    assert closings(asked.conversation_id) == [None, None]
