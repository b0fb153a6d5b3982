"""The figures of conversations: kept by the actions, equal to what the facts say."""

from datetime import timedelta

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.figures import facts_of, figures_from, responses_from
from inbox.errors import ConversationLocked
from inbox.models import ClosingCategory, Conversation, LockSession, Response, Status
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.scope import workspace_scope


def assert_proven(workspace_id: int) -> None:
    """Every stored figure of every conversation is what its facts say."""
    for row in Conversation.objects.in_workspace(workspace_id):
        facts = facts_of(workspace_id, row.pk)
        computed = figures_from(facts)
        assert {name: getattr(row, name) for name in computed} == computed
        stored = Response.objects.in_workspace(workspace_id).filter(conversation_id=row.pk).order_by("id")
        told = [(each.message_id, each.user_id, each.started_by, each.from_at, each.to_at) for each in stored]
        assert told == [
            (each.message_id, each.user_id, each.started_by, each.from_at, each.to_at)
            for each in responses_from(facts)[0]
        ]


def test_the_example_of_the_definitions(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        ClosingCategory.objects.create(workspace_id=cast.acme.pk, name="Order status", created_at=NOON)
        channel = a_channel(cast.ada)
        asked = hears(cast.ben, channel, "Where is my parcel?", at=NOON)
        cleo = Identifier.of(asked.contact_id)
        conversation_id = asked.conversation_id
        assert conversation_id is not None
        actions.take_lock(actor=cast.max, conversation_id=conversation_id, at=later(1))
        actions.release_lock(actor=cast.max, conversation_id=conversation_id, at=later(1, 30))
        actions.assign_contact(actor=cast.max, contact=cleo, user_id=cast.ben.user_id, at=later(1, 30))
        actions.take_lock(actor=cast.ben, conversation_id=conversation_id, at=later(2))
        says(cast.ben, asked, at=later(4, 10))
        hears(cast.ben, channel, "And when?", at=later(10))
        says(cast.ben, asked, "On Tuesday", at=later(12, 30))
        actions.release_lock(actor=cast.ben, conversation_id=conversation_id, at=later(12, 40))
        actions.take_lock(actor=cast.ben, conversation_id=conversation_id, at=later(19))
        actions.close_conversation(
            actor=cast.ben, contact=cleo, category="order STATUS", summary="Arrives on Tuesday", at=later(20)
        )
        row = latest(asked)
        assert row.status == Status.RESOLVED
        assert (row.incoming_count, row.outgoing_count, row.response_count) == (2, 2, 2)
        assert (row.first_response_at, row.first_response_by_id) == (later(4, 10), cast.ben.user_id)
        assert row.response_ms == (250 + 150) * 1000
        assert (row.handle_ms, row.no_reply_ms, row.cherry_picking_ms) == (640_000, 60_000, 30_000)
        assert (row.assignment_count, row.first_assigned_at, row.last_assignee_id) == (
            1,
            later(1, 30),
            cast.ben.user_id,
        )
        assert (row.closed_at, row.closed_by_id, row.closed_category) == (later(20), cast.ben.user_id, "Order status")
        assert row.first_resolved_at == later(20)
        assert_proven(cast.acme.pk)


def test_a_message_after_closing_opens_another_conversation_or_the_same_one_again(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        first = hears(cast.ben, channel)
        says(cast.ben, first, at=later(1))
        cleo = Identifier.of(first.contact_id)
        actions.close_conversation(actor=cast.ben, contact=cleo, at=later(2))
        second = hears(cast.ben, channel, "One more thing", at=later(3))
        assert second.conversation_id != first.conversation_id
        assert latest(first).assignee_id == cast.ben.user_id  # kept at close, kept at opening
        assert latest(first).assignment_count == 0
        actions.close_conversation(actor=cast.ben, contact=cleo, at=later(4))
        actions.set_conversation_status(actor=cast.ben, contact=cleo, status=Status.NEW, at=later(5))
        row = latest(first)
        assert (row.closed_at, row.first_resolved_at, row.waiting_for) == (None, later(4), "AGENT_SET_TO_NEW")
        says(cast.ben, first, "Done", at=later(6))
        assert_proven(cast.acme.pk)


def test_a_reply_that_is_taken_back_leaves_no_figure(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        asked = hears(cast.ben, channel)
        assert asked.conversation_id is not None
        actions.take_lock(actor=cast.ben, conversation_id=asked.conversation_id, at=later(0.5))
        reply = says(cast.ben, asked, at=later(1), hold=timedelta(seconds=5))
        actions.take_back_message(actor=cast.ben, message_id=reply.pk, at=later(1, 2))
        row = latest(asked)
        assert (row.status, row.outgoing_count, row.response_count, row.waiting_since) == (Status.NEW, 0, 0, NOON)
        assert (row.last_message_id, row.preview) == (asked.pk, "Hello")
        actions.release_lock(actor=cast.ben, conversation_id=row.pk, at=later(2))
        assert LockSession.objects.in_workspace(cast.acme.pk).get().outcome == "cherry_picking"
        assert_proven(cast.acme.pk)


def test_a_snooze_that_ends_starts_a_response(cast: Cast, django_capture_on_commit_callbacks: object) -> None:
    del django_capture_on_commit_callbacks
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        asked = hears(cast.ben, channel)
        cleo = Identifier.of(asked.contact_id)
        says(cast.ben, asked, at=later(1))
        actions.snooze_conversation(actor=cast.ben, contact=cleo, until=later(30), note="Parcel there?", at=later(2))
        assert latest(asked).snoozed_until == later(30)
    actions.end_snoozes(clock=lambda: later(31))
    with workspace_scope(cast.acme.pk):
        row = latest(asked)
        assert (row.status, row.snoozed_until, row.waiting_for) == (Status.NEW, None, "BOOMERANG_EXPIRED")
        says(cast.ben, asked, "Did it arrive?", at=later(33))
        assert latest(asked).response_ms == (60 + 120) * 1000
        assert_proven(cast.acme.pk)


@pytest.mark.parametrize("steal", [False, True])
def test_two_people_want_to_answer(cast: Cast, steal: bool) -> None:  # noqa: FBT001 - a case
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ben, a_channel(cast.ada))
        assert asked.conversation_id is not None
        actions.take_lock(actor=cast.ben, conversation_id=asked.conversation_id, at=later(1))
        if not steal:
            with pytest.raises(ConversationLocked):
                actions.take_lock(actor=cast.max, conversation_id=asked.conversation_id, at=later(2))
            with pytest.raises(ConversationLocked):
                says(cast.max, asked, at=later(2))
            return
        view = actions.take_lock(actor=cast.max, conversation_id=asked.conversation_id, steal=True, at=later(2))
        assert (view.user_id, view.is_mine) == (cast.max.user_id, True)
        assert actions.keep_lock(actor=cast.ben, conversation_id=asked.conversation_id, at=later(2)) is False
        assert latest(asked).cherry_picking_ms == 60_000
        assert_proven(cast.acme.pk)
