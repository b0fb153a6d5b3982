"""Webhooks that fail: tried again, slowed down, parked, turned off."""

from datetime import timedelta

import pytest
from pytest_django.fixtures import Settings

from tests.factories import NOON
from tests.workspaces.hooked import Hook, State
from tests.workspaces.sinks import Sink
from workspaces.actions import (
    enable_hook,
)
from workspaces.actions.hook_outcomes import MOST_ATTEMPTS, PAUSES
from workspaces.models import Notification
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bells")]


def test_ten_attempts_over_three_days_then_it_is_parked(hook: Hook, sink: Sink) -> None:
    sink.status = 500
    hook.add_contact()
    at = NOON
    for pause in PAUSES:
        hook.deliver(at)
        hook.deliver(at + pause - timedelta(seconds=1))  # not before it is due
        at += pause
        assert hook.rows()[0].next_attempt_at == at
    assert timedelta(hours=75) < at - NOON < timedelta(hours=76)
    hook.deliver(at)
    [row] = hook.rows()
    assert (row.state, row.attempts, row.last_status) == (State.PARKED, MOST_ATTEMPTS, 500)
    assert len(sink.requests) == len(hook.attempts()) == 10
    assert len({request.headers["webhook-id"] for request in sink.requests}) == 1
    hook.deliver(at + timedelta(days=1))
    assert len(sink.requests) == 10


@pytest.mark.parametrize("status", [301, 302, 400, 404, 500, 503])
def test_anything_but_2xx_is_a_failure(hook: Hook, sink: Sink, status: int) -> None:
    sink.status, sink.headers = status, {"Location": sink.url("/other")}
    hook.add_contact()
    hook.deliver()
    [row] = hook.rows()
    assert (row.state, row.last_status) == (State.WAITING, status)
    assert [request.path for request in sink.requests] == ["/hook"]


def test_410_turns_the_webhook_off_and_owners_are_told(hook: Hook, sink: Sink) -> None:
    sink.status = 410
    hook.add_contact("One")
    hook.add_contact("Two")
    hook.deliver()
    assert len(sink.requests) == 1
    assert (hook.now().state, hook.now().disabled_because) == ("disabled", "gone")
    assert {row.state for row in hook.rows()} == {State.PARKED}
    with workspace_scope(hook.workspace_id):
        [news] = Notification.objects.all()
    assert (news.kind, news.user_id, news.mail_state) == ("workspaces.hook_off", hook.cast.ada_user.pk, "due")
    hook.add_contact("Three")
    assert len(hook.rows()) == 2  # nothing is gathered while it is off


def test_five_days_of_failures_turn_it_off_each_time_with_news(hook: Hook, sink: Sink) -> None:
    sink.status = 500
    for round_at in (NOON, NOON + timedelta(days=20)):
        hook.inside(enable_hook, hook_id=hook.row.pk, at=round_at)
        hook.add_contact("One")
        hook.deliver(round_at)
        assert hook.now().is_active
        hook.deliver(round_at + timedelta(days=5))
        assert hook.now().disabled_because == "failing"
        with workspace_scope(hook.workspace_id):
            assert Notification.objects.count() == 1


@pytest.mark.parametrize(
    ("header", "seconds"), [("7", 7), ("Mon, 02 Mar 2026 12:00:20 GMT", 20), ("999999", 3600), ("x", 30), ("", 30)]
)
def test_429_slows_down(hook: Hook, sink: Sink, header: str, seconds: int) -> None:
    sink.statuses, sink.headers = [429], {"Retry-After": header} if header else {}
    hook.add_contact("One")
    hook.add_contact("Two")
    hook.deliver()
    assert hook.now().paused_until == NOON + timedelta(seconds=seconds)
    hook.deliver(NOON + timedelta(seconds=seconds - 1))
    assert len(sink.requests) == 1
    hook.deliver(NOON + timedelta(seconds=seconds))
    assert len(sink.requests) >= 2
    assert hook.now().paused_until is None


def test_the_breaker_opens_after_five_failures_and_closes_with_a_success(hook: Hook, sink: Sink) -> None:
    sink.status = 500
    for number in range(12):
        hook.add_contact(f"Contact {number}")
    hook.deliver()
    assert len(sink.requests) == 5
    hook.deliver(NOON + timedelta(seconds=29))
    assert len(sink.requests) == 5
    hook.deliver(NOON + timedelta(seconds=31))
    assert len(sink.requests) == 6  # one tests it
    sink.status = 200
    hook.deliver(NOON + timedelta(hours=3))
    assert {row.state for row in hook.rows()} == {State.DELIVERED}


def test_a_hanging_receiver_is_left_after_its_time(hook: Hook, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workspaces.actions.delivering_hooks.SEND_SECONDS", 0.5)
    monkeypatch.setattr("workspaces.actions.delivering_hooks.DRAIN_SECONDS", 0.2)
    sink.behaviour = "hang"
    hook.add_contact()
    hook.deliver()
    [row] = hook.rows()
    assert (row.state, row.last_error) == (State.WAITING, "no_answer.timeout")


def test_a_hundred_megabytes_of_answer_are_not_read(hook: Hook, sink: Sink) -> None:
    sink.behaviour = "endless"
    hook.add_contact()
    hook.deliver()
    assert hook.rows()[0].state == State.DELIVERED
    assert len(hook.attempts()[0].answer) <= 2048


def test_nul_and_control_signs_of_an_answer_can_be_kept(hook: Hook, sink: Sink) -> None:
    sink.status, sink.body = 500, b"a\x00b\x1b[31m\xff"
    hook.add_contact()
    hook.deliver()
    assert hook.attempts()[0].answer == "a b [31m\ufffd"


def test_an_address_that_became_private_is_refused_at_sending(hook: Hook, sink: Sink, settings: Settings) -> None:
    hook.add_contact()
    settings.OUTSIDE_ALLOW = []
    hook.deliver()
    assert hook.rows()[0].last_error == "address_refused"
    assert sink.requests == []
