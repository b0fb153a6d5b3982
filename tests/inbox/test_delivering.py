"""Sending: once, in order, and whatever the other side answers, nobody is told what is not true."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions import delivering
from inbox.actions.channel_troubles import release_held
from inbox.channels.contract import Failure, Receipt, Refusal, StatusReport
from inbox.channels.custom import CONNECTOR
from inbox.models import Channel, ContactChannel, EarlyStatus, Message, MessageStatus
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, says
from tests.workspaces.sinks import Sink, a_sink
from workspaces.actors import Actor
from workspaces.models import EventRecord, Notification
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

SECOND = timedelta(seconds=1)


class House:
    """One channel to a server of ours, and its messages by their texts."""

    def __init__(self, cast: Cast, sink: Sink, **settings: object) -> None:
        self.cast, self.sink = cast, sink
        self.workspace_id = cast.acme.pk
        secrets = {**CONNECTOR.new_secrets(), "token": "their-token"}
        with workspace_scope(self.workspace_id):
            self.channel = a_channel(
                cast.ada,
                settings={"id_type": "phone", "destination_url": sink.url("/out"), **settings},
                sealed_secrets=seal(secrets),
            )
            self.heard = hears(cast.ada, self.channel)

    def writes(self, *texts: str, heard: Message | None = None, **facts: object) -> list[Message]:
        with workspace_scope(self.workspace_id):
            return [says(self.cast.ada, heard or self.heard, text, **facts) for text in texts]  # type: ignore[arg-type]

    def sends(self, message: Message, *, at: datetime = NOON) -> None:
        actions.deliver_message(workspace_id=self.workspace_id, message_id=message.pk, clock=lambda: at)

    def now(self, message: Message) -> Message:
        with workspace_scope(self.workspace_id):
            return Message.objects.in_workspace(self.workspace_id).get(pk=message.pk)

    def channel_now(self) -> Channel:
        with workspace_scope(self.workspace_id):
            return Channel.objects.in_workspace(self.workspace_id).get(pk=self.channel.pk)

    def change(self, model: type[Message] | type[Channel] | type[ContactChannel], **columns: object) -> None:
        with workspace_scope(self.workspace_id):
            model._default_manager.filter(workspace_id=self.workspace_id).update(**columns)

    def steps(self, message: Message) -> list[str]:
        with workspace_scope(self.workspace_id):
            rows = MessageStatus.objects.in_workspace(self.workspace_id).filter(message_id=message.pk)
            return list(rows.order_by("pk").values_list("status", flat=True))


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1"]
    with a_sink() as running:
        running.body = b'{"mId": "w1"}'
        yield running


@pytest.fixture
def house(cast: Cast, sink: Sink) -> House:
    return House(cast, sink)


def test_a_message_goes_out_once_with_our_key_and_becomes_sent(house: House) -> None:
    [message] = house.writes("Hi Cleo")
    house.sends(message)
    house.sends(message)
    [request] = house.sink.requests
    assert request.headers["authorization"] == "Bearer their-token"
    assert request.headers["idempotency-key"] == delivering.key_of(message.pk) == request.headers["webhook-id"]
    assert b'"contactId":"+34600123456"' in request.body
    now = house.now(message)
    assert (now.status, now.channel_message_id, now.attempts) == ("sent", "w1", 1)
    assert (now.lease_token, now.lease_until) == (None, None)
    assert house.steps(message) == ["queued", "sent"]


@pytest.mark.parametrize(("status", "code"), [(400, "http_400"), (404, "http_404"), (410, "http_410")])
def test_a_plain_no_fails_with_the_reason(house: House, status: int, code: str) -> None:
    house.sink.status, house.sink.body = status, b'{"error": {"message": "No such person"}}'
    [message] = house.writes("Hi")
    house.sends(message)
    now = house.now(message)
    assert (now.status, now.error_code, now.error_text) == ("failed", code, "No such person")


def test_a_server_in_trouble_is_asked_again_with_growing_pauses(house: House) -> None:
    house.sink.statuses = [500, 502, 503]
    [message] = house.writes("Hi")
    at, pauses = NOON, []
    for _ in range(3):
        house.sends(message, at=at)
        now = house.now(message)
        assert (now.status, now.error_text) == ("queued", "")
        assert now.next_attempt_at is not None
        pauses.append((now.next_attempt_at - at).total_seconds())
        house.sends(message, at=now.next_attempt_at - timedelta(milliseconds=1))
        at = now.next_attempt_at
    house.sends(message, at=at)
    assert [round(pause / wanted, 1) for pause, wanted in zip(pauses, (1, 4, 15), strict=True)] == pytest.approx(
        [1, 1, 1], abs=0.2
    )
    assert house.now(message).status == "sent"
    assert len(house.sink.requests) == 4


def test_a_refused_connection_keeps_the_order_and_sends_all_afterwards(house: House, sink: Sink) -> None:
    first, second = house.writes("one", "two")
    house.change(Channel, settings={"id_type": "phone", "destination_url": "http://127.0.0.1:9/out"})
    house.sends(first)
    house.sends(second)
    assert house.sink.requests == []
    assert [house.now(row).status for row in (first, second)] == ["queued", "queued"]
    house.change(Channel, settings={"id_type": "phone", "destination_url": sink.url("/out")})
    later = NOON + timedelta(minutes=10)
    house.sends(second, at=later)
    house.sends(first, at=later)
    house.sends(second, at=later)
    assert [b"one" in request.body for request in house.sink.requests] == [True, False]


def test_after_a_day_it_is_given_up(house: House) -> None:
    house.sink.status = 503
    [message] = house.writes("Hi")
    house.change(Message, attempts=5)
    house.sends(message, at=NOON + timedelta(hours=24))
    assert (house.now(message).status, house.now(message).error_code) == ("failed", "http_503")


def test_a_lost_answer_is_unknown_and_nothing_sends_it_again_but_a_person(house: House, cast: Cast) -> None:
    house.sink.behaviour = "reset"
    first, second = house.writes("one", "two")
    house.sends(first)
    house.sends(first, at=NOON + timedelta(days=1))
    assert house.now(first).status == "unknown"
    assert len(house.sink.requests) == 1
    house.sink.behaviour = ""
    house.sends(second)  # its follower goes on
    assert house.now(second).status == "sent"
    with workspace_scope(house.workspace_id):
        actions.send_again(actor=cast.ada, message_id=first.pk, at=NOON)
    house.sink.body = b'{"mId": "w2"}'
    house.sends(first)
    assert house.now(first).status == "sent"


def test_a_lost_answer_is_asked_again_where_doubles_are_dropped(cast: Cast, sink: Sink) -> None:
    house = House(cast, sink, repeats_safely=True)
    sink.behaviour = "reset"
    [message] = house.writes("Hi")
    house.sends(message)
    assert house.now(message).status == "queued"
    sink.behaviour = ""
    house.sends(message, at=NOON + timedelta(seconds=2))
    assert len({request.headers["idempotency-key"] for request in sink.requests}) == 1
    assert house.now(message).status == "sent"


def test_too_many_requests_quieten_the_whole_channel(house: House) -> None:
    house.sink.statuses, house.sink.headers = [429], {"Retry-After": "7"}
    [first] = house.writes("one")
    house.sends(first)
    assert house.channel_now().quiet_until == NOON + 7 * SECOND
    with workspace_scope(house.workspace_id):
        other = hears(house.cast.ada, house.channel, sender="+34600999999")
    [second] = house.writes("two", heard=other)
    house.sends(second)
    assert len(house.sink.requests) == 1
    assert house.now(second).next_attempt_at == NOON + 7 * SECOND
    house.sends(second, at=NOON + 7 * SECOND)
    assert len(house.sink.requests) == 2


def test_a_channel_sends_so_many_a_minute(house: House, fresh_cache: None) -> None:
    house.change(Channel, sends_per_minute=2)
    messages = house.writes("one", "two", "three")
    for message in messages:
        house.sends(message)
    assert [house.now(row).status for row in messages] == ["sent", "sent", "queued"]
    next_minute = NOON + timedelta(minutes=1)
    assert house.now(messages[2]).next_attempt_at == house.channel_now().quiet_until == next_minute
    house.sink.body = b"{}"
    house.sends(messages[2], at=next_minute)
    assert house.now(messages[2]).status == "sent"


def test_a_refused_token_breaks_the_channel_once_and_holds_messages(house: House, cast: Cast) -> None:
    house.sink.status, house.sink.body = 401, b'{"error": {"message": "Who are you"}}'
    first, second = house.writes("one", "two")
    house.sends(first)
    channel = house.channel_now()
    assert (channel.state, channel.trouble) == (Channel.State.BROKEN, "Who are you")
    house.sends(first, at=NOON + timedelta(hours=1))
    assert (house.now(first).status, house.now(first).next_attempt_at) == ("queued", None)
    with workspace_scope(house.workspace_id):
        told = Notification.objects.in_workspace(house.workspace_id).filter(kind="inbox.channel_broken")
        assert set(told.values_list("user_id", flat=True)) == {cast.ada_user.pk, cast.max_user.pk}
        events = EventRecord.objects.in_workspace(house.workspace_id).filter(type="inbox.channel.broken")
        assert events.count() == 1
    assert len(house.sink.requests) == 1
    house.sink.status, house.sink.body = 200, b"{}"
    house.change(Channel, state=Channel.State.ACTIVE)
    with workspace_scope(house.workspace_id):
        assert release_held(workspace_id=house.workspace_id, channel_id=channel.pk, at=NOON) == 1
    house.sends(first)
    house.sends(second)
    assert [house.now(row).status for row in (first, second)] == ["sent", "sent"]
    assert [b"one" in request.body for request in house.sink.requests] == [True, True, False]


def test_a_message_to_a_broken_channel_is_held_without_asking(house: House) -> None:
    house.change(Channel, state=Channel.State.BROKEN)
    [message] = house.writes("Hi")
    house.sends(message)
    assert (house.now(message).status, house.now(message).next_attempt_at) == ("queued", None)
    assert house.sink.requests == []


def test_secrets_that_no_key_opens_break_the_channel(house: House, settings: Settings) -> None:
    [message] = house.writes("Hi")
    settings.SECRETS_KEYS = ["another key, which opens nothing of this"]
    house.sends(message)
    assert house.channel_now().state == Channel.State.BROKEN
    assert house.sink.requests == []


@pytest.mark.parametrize(
    ("model", "columns", "code"),
    [
        (Channel, {"state": "disconnected"}, "inbox.channel_gone"),
        (ContactChannel, {"state": "unreachable"}, "inbox.contact_unreachable"),
        (Message, {"contact_channel": None}, "inbox.no_address"),
        (Message, {"channel": None}, "inbox.channel_gone"),
    ],
)
def test_what_changed_since_it_was_written_fails_it_unsent(
    house: House, model: type[Channel], columns: dict[str, object], code: str
) -> None:
    [message] = house.writes("Hi")
    house.change(model, **columns)
    house.sends(message)
    now = house.now(message)
    assert (now.status, now.error_code) == ("failed", code)
    assert now.error_text != code
    assert house.sink.requests == []


def test_a_contact_who_was_blocked_meanwhile_gets_nothing(house: House, cast: Cast) -> None:
    [message] = house.writes("Hi")
    with workspace_scope(house.workspace_id):
        actions.block_contact(actor=cast.ada, contact=Identifier.of(message.contact_id), at=NOON)
    house.sends(message)
    assert (house.now(message).status, house.now(message).error_code) == ("failed", "inbox.contact_blocked")


def test_after_the_window_nothing_is_sent_late(cast: Cast, sink: Sink) -> None:
    house = House(cast, sink, window_hours=24)
    [message] = house.writes("Hi")
    house.sends(message, at=NOON + timedelta(hours=24, seconds=1))
    assert (house.now(message).status, house.now(message).error_code) == ("failed", "inbox.window_closed")
    assert sink.requests == []


def test_while_it_can_be_taken_back_it_is_not_sent(house: House) -> None:
    [message] = house.writes("Hi", hold=timedelta(seconds=5))
    house.sends(message, at=NOON + timedelta(seconds=4))
    assert house.now(message).status == "queued"
    house.sends(message, at=NOON + timedelta(seconds=5))
    assert house.now(message).status == "sent"


def test_a_sender_that_died_leaves_an_unknown_message_and_its_follower_goes_on(house: House) -> None:
    first, second = house.writes("one", "two")
    with workspace_scope(house.workspace_id):
        rows = Message.objects.in_workspace(house.workspace_id).filter(pk=first.pk)
        rows.update(status="sending", lease_token=uuid4(), lease_until=NOON + 60 * SECOND, attempts=1)
    house.sends(first, at=NOON + 59 * SECOND)
    assert house.now(first).status == "sending"
    house.sends(second, at=NOON + 59 * SECOND)
    assert house.now(second).status == "queued"
    house.sends(first, at=NOON + 60 * SECOND)
    assert (house.now(first).status, house.now(first).lease_token) == ("unknown", None)
    house.sends(second, at=NOON + 60 * SECOND)
    assert [b"two" in request.body for request in house.sink.requests] == [True]


def test_whoever_lost_the_lease_writes_nothing(house: House) -> None:
    [message] = house.writes("Hi")

    def meanwhile(*_args: object) -> Receipt:
        house.change(Message, lease_token=uuid4())
        return Receipt(message_id="late")

    with patch.object(type(CONNECTOR), "send", meanwhile):
        house.sends(message)
    assert (house.now(message).status, house.now(message).channel_message_id) == ("sending", "")


def test_a_connector_that_raises_leaves_it_unknown(house: House) -> None:
    [first, second] = house.writes("one", "two")
    with patch.object(type(CONNECTOR), "send", side_effect=RuntimeError):
        house.sends(first)
    with patch.object(type(CONNECTOR), "send", side_effect=FileNotFoundError):
        house.sends(second)
    assert (house.now(first).status, house.now(first).error_code) == ("unknown", "")
    assert (house.now(second).status, house.now(second).error_code) == ("failed", "inbox.file_gone")


def test_an_unreachable_address_is_marked(house: House) -> None:
    [message] = house.writes("Hi")
    refusal = Refusal(failure=Failure.UNREACHABLE, code="21610", text="STOP")
    with patch.object(type(CONNECTOR), "send", return_value=refusal):
        house.sends(message)
    assert house.now(message).status == "failed"
    with workspace_scope(house.workspace_id):
        link = ContactChannel.objects.in_workspace(house.workspace_id).get(pk=message.contact_channel_id or 0)
    assert link.state == ContactChannel.State.UNREACHABLE
    with workspace_scope(house.workspace_id):
        hears(house.cast.ada, house.channel, "Here I am again")
        link.refresh_from_db()
    assert link.state == ContactChannel.State.REACHABLE


def report(house: House, status: str, *, number: str = "w1") -> None:
    with workspace_scope(house.workspace_id):
        actions.report_status(
            actor=Actor.system(workspace_id=house.workspace_id),
            channel=house.channel,
            report=StatusReport(message_id=number, status=status, occurred_at=NOON),
            at=NOON,
        )


def test_statuses_that_came_before_their_message_join_when_it_is_sent(house: House) -> None:
    [message] = house.writes("Hi")
    report(house, "read")
    report(house, "delivered")
    house.sends(message)
    assert house.now(message).status == "read"
    assert house.steps(message) == ["queued", "sent", "read", "delivered"]
    with workspace_scope(house.workspace_id):
        assert not EarlyStatus.objects.in_workspace(house.workspace_id).exists()


def test_a_status_that_missed_its_message_by_a_hair_is_joined_by_the_sweep(house: House) -> None:
    [message] = house.writes("Hi")
    house.sends(message)
    with workspace_scope(house.workspace_id):
        EarlyStatus.objects.create(
            workspace_id=house.workspace_id,
            channel_id=house.channel.pk,
            channel_message_id="w1",
            status="delivered",
            occurred_at=NOON,
            created_at=NOON,
        )
    actions.sweep_deliveries(clock=lambda: NOON)
    assert house.now(message).status == "delivered"


def test_the_sweep_rings_for_the_head_of_each_address_only(house: House) -> None:
    first, second = house.writes("one", "two")
    with patch("inbox.actions.sweeping.jobs.ring") as ring:
        actions.sweep_deliveries(clock=lambda: NOON)
    assert [call.kwargs["message_id"] for call in ring.call_args_list if "message_id" in call.kwargs] == [first.pk]
    house.sends(first)
    with patch("inbox.actions.sweeping.jobs.ring") as ring:
        actions.sweep_deliveries(clock=lambda: NOON)
    assert [call.kwargs["message_id"] for call in ring.call_args_list if "message_id" in call.kwargs] == [second.pk]


def test_a_held_message_is_due_again_only_once_its_channel_works(house: House) -> None:
    [message] = house.writes("Hi")
    house.change(Channel, state=Channel.State.BROKEN)
    house.sends(message)
    for state, rung in ((Channel.State.BROKEN, []), (Channel.State.ACTIVE, [message.pk])):
        house.change(Channel, state=state)
        with patch("inbox.actions.sweeping.jobs.ring") as ring:
            actions.sweep_deliveries(clock=lambda: NOON)
        assert [call.kwargs["message_id"] for call in ring.call_args_list if "message_id" in call.kwargs] == rung


def test_fifty_messages_with_troubles_arrive_in_their_order(house: House) -> None:
    house.sink.statuses = [500, 200, 200, 503] * 12
    house.sink.body = b"{}"
    messages = house.writes(*(f"message {n}" for n in range(50)))
    at = NOON
    for _ in range(200):
        waiting = [row for row in messages if house.now(row).status == "queued"]
        if not waiting:
            break
        for row in waiting[-1:] + waiting[:2]:
            house.sends(row, at=at)
        at += timedelta(seconds=20)
    assert {house.now(row).status for row in messages} == {"sent"}
    tries = [request.body.split(b"message ")[1].split(b'"')[0] for request in house.sink.requests]
    assert list(dict.fromkeys(tries)) == [str(n).encode() for n in range(50)]


@pytest.mark.django_db(transaction=True)
def test_eight_senders_of_one_message_send_it_once(cast: Cast, sink: Sink) -> None:
    house = House(cast, sink)
    messages = house.writes("one", "two")
    gate = threading.Barrier(8)

    def one() -> None:
        try:
            gate.wait()
            for message in messages:
                house.sends(message)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    house.sends(messages[1])
    assert [b"one" in request.body for request in sink.requests] == [True, False]
