"""What is not sent, or may have been: nobody is told what is not true."""

from datetime import timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import Failure, Receipt, Refusal
from inbox.channels.custom import CONNECTOR
from inbox.models import Channel, ContactChannel, Message
from tests.factories import NOON, Cast
from tests.inbox.house import SECOND, House
from tests.inbox.steps import hears
from tests.workspaces.sinks import Sink
from workspaces.scope import workspace_scope


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
