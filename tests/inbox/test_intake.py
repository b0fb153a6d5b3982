"""What comes in: stored once, worked off in the order of each sender, and never lost when working it off fails."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import connection
from pytest_django import DjangoCaptureOnCommitCallbacks

from contacts.models import Contact
from inbox import actions
from inbox.actions import intake
from inbox.actions.bells import Debounced
from inbox.channels.contract import Delivery, Incoming
from inbox.models import Channel, Conversation, InboundEvent, Message
from tests.factories import NOON, Cast, everything_in
from tests.inbox.steps import a_channel
from workspaces.actors import Actor
from workspaces.errors import PermissionMissing
from workspaces.scope import workspace_scope

ANA, BEA = "+34600000001", "+34600000002"
State = InboundEvent.State


def said(number: str, *, sender: str = ANA, text: str = "Hello", at: datetime = NOON) -> Delivery:
    """Return the delivery of one message on a custom channel."""
    event = {
        "type": "message",
        "mId": number,
        "timestamp": int(at.timestamp() * 1000),
        "message": {"type": "text", "text": text},
    }
    return Delivery(provider_event_id=f"message {number}", sender=sender, payload={"contactId": sender, "event": event})


def stored(channel: Channel, *deliveries: Delivery, at: datetime = NOON) -> int:
    with workspace_scope(channel.workspace_id):
        return actions.store_delivery(
            workspace_id=channel.workspace_id, channel_id=channel.pk, deliveries=deliveries, at=at
        )


def works_off(channel: Channel, *, at: datetime = NOON) -> None:
    actions.take_in(workspace_id=channel.workspace_id, channel_id=channel.pk, clock=lambda: at)


def events(channel: Channel) -> list[InboundEvent]:
    with workspace_scope(channel.workspace_id):
        return list(InboundEvent.objects.in_workspace(channel.workspace_id).order_by("pk"))


def texts(channel: Channel, sender: str | None = None) -> list[str]:
    with workspace_scope(channel.workspace_id):
        rows = Message.objects.in_workspace(channel.workspace_id).order_by("pk")
        if sender is not None:
            rows = rows.filter(contact_channel__external_id=sender)
        return list(rows.values_list("text", flat=True))


@pytest.fixture
def channel(cast: Cast) -> Channel:
    with workspace_scope(cast.acme.pk):
        return a_channel(cast.ada)


def failing_for(text: str, *, error: Exception) -> Callable[..., Message | None]:
    """Return a stand-in of receive_message that fails for one text."""
    real = actions.receive_message

    def receive(*, actor: Actor, channel: Channel, incoming: Incoming, at: datetime) -> Message | None:
        if incoming.text == text:
            raise error
        return real(actor=actor, channel=channel, incoming=incoming, at=at)

    return receive


def test_a_delivery_becomes_a_message_in_a_conversation(channel: Channel) -> None:
    assert stored(channel, said("1")) == 1
    works_off(channel)
    [event] = events(channel)
    assert (event.state, event.done_at, event.error) == (State.DONE, NOON, "")
    assert texts(channel) == ["Hello"]
    with workspace_scope(channel.workspace_id):
        assert Conversation.objects.in_workspace(channel.workspace_id).count() == 1


def test_the_same_delivery_is_stored_once_and_works_once(channel: Channel) -> None:
    assert stored(channel, said("1"), said("1"), said("2")) == 2
    assert stored(channel, said("1")) == 0
    works_off(channel)
    works_off(channel)
    assert texts(channel) == ["Hello", "Hello"]


def test_nothing_to_store_asks_nobody(channel: Channel) -> None:
    assert stored(channel) == 0


def test_storing_rings_after_its_commit_and_a_repetition_does_not(
    channel: Channel, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as bells:
        stored(channel, said("1"))
    assert len(bells) == 1
    with django_capture_on_commit_callbacks() as bells:
        stored(channel, said("1"))
    assert bells == []


def test_another_workspace_sees_nothing_of_it(channel: Channel, cast: Cast) -> None:
    with workspace_scope(cast.globex.pk):
        before = everything_in(cast.globex)
    stored(channel, said("1"))
    actions.take_in(workspace_id=cast.globex.pk, channel_id=channel.pk, clock=lambda: NOON)
    assert events(channel)[0].state == State.PENDING
    with workspace_scope(cast.globex.pk):
        assert everything_in(cast.globex) == before


def test_what_breaks_the_format_is_a_dead_letter_at_once_and_followers_go_on(channel: Channel) -> None:
    broken = Delivery(
        provider_event_id="message b", sender=ANA, payload={"contactId": ANA, "event": {"type": "message"}}
    )
    stored(channel, broken, said("2", text="Second"))
    works_off(channel)
    first, second = events(channel)
    assert (first.state, first.error, first.attempts) == (State.DEAD, "not readable: message", 0)
    assert second.state == State.DONE
    assert texts(channel) == ["Second"]


def test_a_failing_head_holds_its_followers_and_nobody_else(channel: Channel) -> None:
    stored(channel, said("1", text="Poison"), said("2", text="After"), said("3", sender=BEA, text="Other"))
    with patch.object(intake, "receive_message", failing_for("Poison", error=KeyError("secret text"))):
        works_off(channel)
    head, follower, other = events(channel)
    assert (head.state, head.attempts, head.error) == (State.PENDING, 1, "KeyError")
    assert head.next_attempt_at == NOON + timedelta(seconds=1)
    assert (follower.state, other.state) == (State.PENDING, State.DONE)
    works_off(channel, at=NOON + timedelta(seconds=1))
    assert texts(channel, ANA) == ["Poison", "After"]


def test_attempts_are_spaced_and_the_fifth_failure_is_the_last(channel: Channel) -> None:
    stored(channel, said("1", text="Poison"), said("2", text="After"))
    at = NOON
    pauses = []
    with patch.object(intake, "receive_message", failing_for("Poison", error=ValueError())):
        for _ in range(5):
            works_off(channel, at=at)
            head = events(channel)[0]
            if head.state == State.DEAD:
                break
            pauses.append((head.next_attempt_at - at).total_seconds())
            at = head.next_attempt_at
    assert pauses == [1, 5, 30, 120]
    head, follower = events(channel)
    assert (head.state, head.attempts, head.error) == (State.DEAD, 5, "ValueError")
    assert follower.state == State.DONE


def test_before_its_pause_is_over_a_head_is_left_alone(channel: Channel) -> None:
    stored(channel, said("1", text="Poison"))
    with patch.object(intake, "receive_message", failing_for("Poison", error=ValueError())):
        works_off(channel)
        works_off(channel, at=NOON + timedelta(milliseconds=900))
    assert events(channel)[0].attempts == 1


def test_one_poisoned_of_many_and_its_replay(channel: Channel, cast: Cast, *, is_long: bool) -> None:
    many = 1000 if is_long else 120
    batch = [said(str(n), text="Poison" if n == many // 2 else f"m{n}") for n in range(many)]
    assert stored(channel, *batch) == many
    with patch.object(intake, "receive_message", failing_for("Poison", error=ValueError())):
        for seconds in (0, 1, 6, 36, 156):
            works_off(channel, at=NOON + timedelta(seconds=seconds))
    [dead] = [event for event in events(channel) if event.state != State.DONE]
    assert dead.state == State.DEAD
    with workspace_scope(cast.acme.pk):
        assert actions.replay_dead_letters(actor=cast.ada, ids=[dead.pk], at=NOON) == 1
    works_off(channel)
    assert {event.state for event in events(channel)} == {State.DONE}
    assert len(texts(channel)) == many


def test_dead_letters_are_put_away_for_good_by_those_who_manage_channels(channel: Channel, cast: Cast) -> None:
    stored(channel, Delivery(provider_event_id="b", sender=ANA, payload={}))
    works_off(channel)
    [dead] = events(channel)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(PermissionMissing):
            actions.discard_dead_letters(actor=cast.ben, ids=[dead.pk], at=NOON)
        assert actions.discard_dead_letters(actor=cast.max, ids=[dead.pk], at=NOON) == 1
        assert actions.replay_dead_letters(actor=cast.max, ids=[dead.pk], at=NOON) == 0
    assert events(channel)[0].state == State.DONE
    assert stored(channel, Delivery(provider_event_id="b", sender=ANA, payload={})) == 0


def test_a_status_before_its_message_and_a_later_one_are_both_taken(channel: Channel) -> None:
    event = {"type": "message_status", "mId": "w1", "timestamp": 1, "status": {"value": "read"}}
    stored(channel, Delivery(provider_event_id="s", sender=ANA, payload={"contactId": ANA, "event": event}))
    works_off(channel)
    assert events(channel)[0].state == State.DONE


def test_bells_are_debounced_and_the_last_one_comes_after_the_last_row() -> None:
    rung: list[tuple[int, int]] = []
    done = threading.Event()

    def hear(key: tuple[int, int]) -> None:
        rung.append(key)
        if len(rung) == 3:
            done.set()

    with patch("inbox.actions.bells._ring", hear):
        bell = Debounced(timedelta(milliseconds=50))
        for _ in range(100):
            bell.ring(workspace_id=1, channel_id=2)
        bell.ring(workspace_id=1, channel_id=3)
        assert done.wait(5)
    assert sorted(rung) == [(1, 2), (1, 2), (1, 3)]


@pytest.fixture
def crowd() -> Callable[[Callable[[], object], int], list[object]]:
    """Run a function in many threads at once, each with its own connection."""

    def run(function: Callable[[], object], count: int) -> list[object]:
        gate, results = threading.Barrier(count), []

        def one() -> None:
            try:
                gate.wait()
                results.append(function())
            except Exception as error:  # noqa: BLE001 - shown by the test
                results.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return results

    return run


@pytest.mark.django_db(transaction=True)
def test_fifty_of_the_same_delivery_at_once_are_one_row(
    channel: Channel, crowd: Callable[[Callable[[], object], int], list[object]]
) -> None:
    results = crowd(lambda: stored(channel, said("1")), 50)
    assert sorted(str(result) for result in results) == ["0"] * 49 + ["1"]
    assert len(events(channel)) == 1


@pytest.mark.django_db(transaction=True)
def test_eight_workers_keep_the_order_of_each_sender(
    channel: Channel, crowd: Callable[[Callable[[], object], int], list[object]]
) -> None:
    senders = [f"+3460000{n:04}" for n in range(6)]
    for n in range(30):
        stored(channel, *(said(f"{sender}-{n}", sender=sender, text=f"{n}") for sender in senders))
    assert crowd(lambda: works_off(channel), 8) == [None] * 8
    assert {event.state for event in events(channel)} == {State.DONE}
    for sender in senders:
        assert texts(channel, sender) == [str(n) for n in range(30)]
    with workspace_scope(channel.workspace_id):
        assert Contact.objects.in_workspace(channel.workspace_id).count() == 6
        assert Conversation.objects.in_workspace(channel.workspace_id).count() == 6


@pytest.mark.django_db(transaction=True)
def test_a_sender_that_another_worker_holds_is_left_to_it(channel: Channel) -> None:
    stored(channel, said("1"), said("2", sender=BEA, text="Other"))
    held, finished = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with workspace_scope(channel.workspace_id), connection.cursor() as cursor:
                cursor.execute(intake.HOLD_SENDER, [f"inbox.intake {channel.pk} {ANA}"])
                held.set()
                finished.wait(20)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(20)
    works_off(channel)
    assert texts(channel) == ["Other"]
    finished.set()
    thread.join()
    works_off(channel)
    assert texts(channel) == ["Other", "Hello"]
