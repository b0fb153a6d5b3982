"""A channel that cannot send: it rests, or it is broken and holds its messages."""

from datetime import timedelta
from unittest.mock import patch

from pytest_django.fixtures import Settings

from inbox import actions
from inbox.actions.channel_troubles import release_held
from inbox.models import Channel
from tests.factories import NOON, Cast
from tests.inbox.house import SECOND, House
from tests.inbox.steps import hears
from workspaces.models import EventRecord, Notification
from workspaces.scope import workspace_scope


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


def test_a_held_message_is_due_again_only_once_its_channel_works(house: House) -> None:
    [message] = house.writes("Hi")
    house.change(Channel, state=Channel.State.BROKEN)
    house.sends(message)
    for state, rung in ((Channel.State.BROKEN, []), (Channel.State.ACTIVE, [message.pk])):
        house.change(Channel, state=state)
        with patch("inbox.actions.sweeping.jobs.ring") as ring:
            actions.sweep_deliveries(clock=lambda: NOON)
        assert [call.kwargs["message_id"] for call in ring.call_args_list if "message_id" in call.kwargs] == rung
