"""What the inbox does by itself every few seconds: one row that fails does not keep the others waiting."""

from datetime import timedelta

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Conversation, LockSession, Message, Status
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears, later, latest
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

LARGEST_VERSION = 2**31 - 1


def spoil(message: Message) -> None:
    """Make PostgreSQL refuse whatever writes the conversation of a message: its version cannot be counted up."""
    rows = Conversation.objects.in_workspace(message.workspace_id).filter(contact_id=message.contact_id)
    rows.update(version=LARGEST_VERSION)


def two_threads(actor: Actor) -> tuple[Message, Message]:
    """Return a spoiled thread, and a good one that is a minute younger."""
    channel = a_channel(actor)
    spoiled = hears(actor, channel, sender="+34600000001")
    good = hears(actor, channel, sender="+34600000002", at=later(1))
    return spoiled, good


def test_a_snooze_that_cannot_end_lets_the_others_end(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with workspace_scope(cast.acme.pk):
        spoiled, good = two_threads(cast.ada)
        for minute, message in ((10, spoiled), (11, good)):
            contact = Identifier.of(message.contact_id)
            actions.snooze_conversation(actor=cast.ben, contact=contact, until=later(minute), at=later(2))
        spoil(spoiled)
    assert actions.end_snoozes(clock=lambda: later(12)) == 1
    with workspace_scope(cast.acme.pk):
        assert latest(good).snoozed_until is None
        assert latest(spoiled).snoozed_until == later(10)
    assert f"({cast.acme.pk}, {spoiled.conversation_id})" in caplog.text


def test_a_lock_that_cannot_end_lets_the_others_end(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    with workspace_scope(cast.acme.pk):
        spoiled, good = two_threads(cast.ada)
        for person, message in ((cast.ben, spoiled), (cast.max, good)):
            assert message.conversation_id is not None
            actions.take_lock(actor=person, conversation_id=message.conversation_id, at=later(message.pk == good.pk))
        spoil(spoiled)
    assert actions.end_unseen_locks(clock=lambda: later(5)) == 1
    with workspace_scope(cast.acme.pk):
        running = LockSession.objects.in_workspace(cast.acme.pk).filter(ended_at=None)
        assert [session.conversation_id for session in running] == [spoiled.conversation_id]
    assert "sweep" in caplog.text


def test_a_quiet_conversation_that_cannot_close_lets_the_others_close(
    cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    with workspace_scope(cast.acme.pk):
        spoiled, good = two_threads(cast.ada)
        spoil(spoiled)
    assert actions.resolve_quiet_conversations(clock=lambda: later() + timedelta(days=40)) == 1
    with workspace_scope(cast.acme.pk):
        assert (latest(good).status, latest(spoiled).status) == (Status.RESOLVED, Status.NEW)
    assert "sweep" in caplog.text


def a_lock_without_contact(actor: Actor) -> LockSession:
    """Hold a thread whose contact is no more."""
    return LockSession.objects.create(
        workspace_id=actor.workspace_id,
        conversation_id=2**40,
        contact_id=2**40,
        user_id=actor.user_id or 0,
        started_at=later(1),
        seen_at=later(1),
    )


def test_a_lock_on_a_contact_that_is_gone_does_not_hold_its_person(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        left = a_lock_without_contact(cast.ben)
        other = hears(cast.ada, a_channel(cast.ada))
        view = actions.take_lock(actor=cast.ben, conversation_id=other.conversation_id or 0, at=later(3))
        left.refresh_from_db()
        assert (view.is_mine, left.ended_at, left.ending) == (True, later(3), LockSession.Ending.LEFT)


def test_a_lock_on_a_contact_that_is_gone_ends_when_its_browser_is_gone(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        left = a_lock_without_contact(cast.ben)
    actions.end_unseen_locks(clock=lambda: later(5))
    with workspace_scope(cast.acme.pk):
        left.refresh_from_db()
        assert (left.ended_at, left.ending) == (later(1), LockSession.Ending.GONE)
