"""Sending: once, in order, and whatever the other side answers, nobody is told what is not true."""

import threading
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import connection

from inbox import actions
from inbox.actions import delivering
from inbox.models import Channel, EarlyStatus, Message
from tests.factories import NOON, Cast
from tests.inbox.house import House, report
from tests.workspaces.sinks import Sink
from workspaces.scope import workspace_scope


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


def test_many_messages_with_troubles_arrive_in_their_order(house: House, *, is_long: bool) -> None:
    count = 50 if is_long else 20
    house.sink.statuses = [500, 200, 200, 503] * 12
    house.sink.body = b"{}"
    messages = house.writes(*(f"message {n}" for n in range(count)))
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
    assert list(dict.fromkeys(tries)) == [str(n).encode() for n in range(count)]


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
