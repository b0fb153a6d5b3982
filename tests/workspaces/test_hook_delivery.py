"""Webhooks on their way: signed, retried, in order, once per worker, and never for what did not happen."""

import base64
import hashlib
import hmac
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from pytest_django.fixtures import Settings
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from contacts import actions as contacts
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from contacts.selection import Selection
from tests.factories import NOON, Cast
from tests.workspaces.sinks import Sink, a_sink
from workspaces import jobs
from workspaces.actions import (
    HookValues,
    add_hook,
    deliver_hooks,
    disable_hook,
    enable_hook,
    replay_delivery,
    replay_range,
    rotate_hook_key,
    sweep_hooks,
    try_hook,
)
from workspaces.actions.hook_outcomes import MOST_ATTEMPTS, PAUSES
from workspaces.hook_signing import plain_signature, standard_signature
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint, Notification
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

State = HookDelivery.State
AT_NOON = time_machine.travel(NOON, tick=False)  # the receiver's clock is the real one
CONTACT_EVENTS = (
    "contact.created",
    "contact.updated",
    "contact.tag.updated",
    "contact.assignee.updated",
    "contact.lifecycle.updated",
)


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    rung: list[int] = []
    monkeypatch.setattr(jobs, "ring", lambda job, *, workspace_id, **ids: rung.append(ids.get("endpoint_id", 0)))
    return rung


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]
    with a_sink() as server:
        yield server


class Hook:
    """A webhook of Acme to a sink, and short ways to its rows."""

    def __init__(self, cast: Cast, sink: Sink, **values: Any) -> None:
        self.cast, self.workspace_id = cast, cast.acme.pk
        given = {"url": sink.url(), "event_types": CONTACT_EVENTS, **values}
        self.row, self.key = add_hook(actor=cast.ada, values=HookValues(**given), at=NOON)

    def deliver(self, at: datetime = NOON) -> None:
        deliver_hooks(workspace_id=self.workspace_id, endpoint_id=self.row.pk, clock=lambda: at)

    def rows(self) -> list[HookDelivery]:
        with workspace_scope(self.workspace_id):
            return list(HookDelivery.objects.filter(endpoint_id=self.row.pk).order_by("pk"))

    def attempts(self) -> list[HookAttempt]:
        with workspace_scope(self.workspace_id):
            return list(HookAttempt.objects.filter(endpoint_id=self.row.pk).order_by("pk"))

    def now(self) -> HookEndpoint:
        with workspace_scope(self.workspace_id):
            return HookEndpoint.objects.get(pk=self.row.pk)

    def inside(self, act: Callable[..., Any], **facts: Any) -> Any:
        with workspace_scope(self.workspace_id):
            return act(actor=self.cast.ada, at=facts.pop("at", NOON), **facts)

    def add_contact(self, name: str = "Cleo", **more: Any) -> Contact:
        values = {"first_name": name}
        contact: Contact = self.inside(contacts.add_contact, values=values, source=Source.USER, **more)
        return contact

    def rename(self, contact: Contact, name: str) -> None:
        self.inside(contacts.update_contact, contact=Identifier.of(contact.pk), values={"first_name": name})


@pytest.fixture
def hook(cast: Cast, sink: Sink) -> Hook:
    return Hook(cast, sink)


def bodies(sink: Sink) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in sink.requests]


def test_known_signatures() -> None:
    body = b'{"event_type":"message.received"}'
    assert plain_signature("hook-key", body) == "7K3sujuVgmox2Zf2pqp/xKvuKRJ9u8kD+wZ9kdaC4zo="
    key = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
    signature = standard_signature(key, body, message_id="evt_1", timestamp=1700000000)
    assert signature == "v1,URHfE8DC+OwgGo2YB/Us91ff5leeZ28acse0yi5034w="


@AT_NOON
def test_an_event_reaches_the_endpoint_signed_twice(hook: Hook, sink: Sink, bells: list[int]) -> None:
    contact = hook.add_contact("Cleo")
    assert bells == [hook.row.pk]
    hook.deliver()
    [request] = sink.requests
    body = json.loads(request.body)
    assert body["event_type"] == "contact.created"
    assert body["event_id"] == request.headers["webhook-id"] == f"evt_{body['sequence']}"
    assert (body["contact"]["id"], body["contact"]["firstName"]) == (contact.pk, "Cleo")
    assert body["user"]["email"] == "ada@example.com"
    assert Webhook(hook.key).verify(request.body, request.headers) == body
    by_hand = base64.b64encode(hmac.new(hook.key.encode(), request.body, hashlib.sha256).digest()).decode()
    assert request.headers["x-webhook-signature"] == by_hand
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.key).verify(request.body + b" ", request.headers)
    [row] = hook.rows()
    assert (row.state, row.attempts, row.last_status) == (State.DELIVERED, 1, 200)


@AT_NOON
def test_an_old_timestamp_is_refused_by_the_receiver(hook: Hook, sink: Sink) -> None:
    hook.add_contact(at=NOON - timedelta(minutes=6))
    hook.deliver(NOON - timedelta(minutes=6))
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.key).verify(sink.requests[0].body, sink.requests[0].headers)


@AT_NOON
def test_after_a_rotation_both_keys_verify_for_a_day(hook: Hook, sink: Sink) -> None:
    now = NOON
    _, fresh = hook.inside(rotate_hook_key, hook_id=hook.row.pk, at=now)
    hook.add_contact("One")
    hook.deliver(now)
    for key in (hook.key, fresh):
        Webhook(key).verify(sink.requests[0].body, sink.requests[0].headers)
    assert sink.requests[0].headers["x-webhook-signature"] == plain_signature(fresh, sink.requests[0].body)
    with workspace_scope(hook.workspace_id):
        HookEndpoint.objects.update(former_until=now - timedelta(seconds=1))
    hook.add_contact("Two")
    hook.deliver(now)
    Webhook(fresh).verify(sink.requests[1].body, sink.requests[1].headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(hook.key).verify(sink.requests[1].body, sink.requests[1].headers)


def test_keys_are_not_stored_in_the_clear(hook: Hook) -> None:
    assert hook.key not in hook.now().sealed_keys


def test_only_wanted_events_and_sources_are_gathered(cast: Cast, sink: Sink) -> None:
    tags = Hook(cast, sink, event_types=("contact.tag.updated",))
    imported = Hook(cast, sink, sources=("import",))
    tags.inside(contacts.add_contact, values={"first_name": "Cleo"}, tags=["Gold"], source=Source.USER)
    assert [row.event_type for row in tags.rows()] == ["contact.tag.updated"]
    assert imported.rows() == []
    tags.deliver()
    assert bodies(sink)[0]["tag"] == {"added": ["Gold"], "removed": []}


def test_an_event_that_was_taken_back_is_never_told(hook: Hook) -> None:
    with workspace_scope(hook.workspace_id):
        contacts.add_contact(actor=hook.cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
        transaction.set_rollback(True)
    assert hook.rows() == []


def test_other_workspaces_are_told_nothing(hook: Hook, cast: Cast) -> None:
    with workspace_scope(cast.globex.pk):
        contacts.add_contact(actor=cast.gus, values={"first_name": "Gil"}, source=Source.USER, at=NOON)
        assert HookDelivery.objects.count() == 0
    assert hook.rows() == []


def test_acts_on_many_are_told_as_well(hook: Hook) -> None:
    people = [hook.add_contact(name) for name in ("Ann", "Bob", "Cid")]
    chosen = Selection(ids=tuple(contact.pk for contact in people))
    hook.inside(contacts.tag_contacts, selection=chosen, names=["Gold"])
    told = [(row.event_type, row.contact_id) for row in hook.rows()]
    assert told[3:] == [("contact.tag.updated", contact.pk) for contact in people]


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


def test_a_contacts_events_arrive_in_order_and_wait_for_each_other(hook: Hook, sink: Sink) -> None:
    sink.statuses = [500]
    first = hook.add_contact("First")
    hook.rename(first, "Renamed")
    other = hook.add_contact("Other")
    hook.deliver()
    assert [body["contact"]["id"] for body in bodies(sink)] == [first.pk, other.pk]
    assert [row.state for row in hook.rows()] == [State.WAITING, State.WAITING, State.DELIVERED]
    hook.deliver(NOON + timedelta(seconds=5))
    told = [(body["event_type"], body["contact"]["id"]) for body in bodies(sink)]
    assert told[2:] == [("contact.created", first.pk), ("contact.updated", first.pk)]
    sequences = [body["sequence"] for body in bodies(sink) if body["contact"]["id"] == first.pk]
    assert sequences == sorted(sequences)


def test_when_the_first_is_parked_the_next_goes(hook: Hook, sink: Sink) -> None:
    contact = hook.add_contact("First")
    hook.rename(contact, "Renamed")
    head = hook.rows()[0]
    with workspace_scope(hook.workspace_id):
        HookDelivery.objects.filter(pk=head.pk).update(attempts=9)
    sink.statuses = [500]
    hook.deliver()
    assert [row.state for row in hook.rows()] == [State.PARKED, State.DELIVERED]


def test_two_workers_send_one_event_once(hook: Hook, sink: Sink) -> None:
    for number in range(6):
        hook.add_contact(f"Contact {number}")

    def work() -> None:
        try:
            hook.deliver()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sent = [request.headers["webhook-id"] for request in sink.requests]
    assert len(sent) == len(set(sent)) == 6


def test_a_worker_that_died_is_followed_by_another_under_the_same_id(hook: Hook, sink: Sink) -> None:
    hook.add_contact()
    with workspace_scope(hook.workspace_id):
        HookDelivery.objects.update(
            lease_token="00000000-0000-0000-0000-000000000001", lease_until=NOON + timedelta(seconds=30), attempts=1
        )
    hook.deliver(NOON + timedelta(seconds=29))
    assert sink.requests == []
    hook.deliver(NOON + timedelta(seconds=30))
    assert [row.attempts for row in hook.rows()] == [2]
    assert len(sink.requests) == 1


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


def test_one_and_many_can_be_sent_again_under_their_ids(hook: Hook, sink: Sink) -> None:
    for number in range(3):
        hook.add_contact(f"Contact {number}")
    hook.deliver()
    assert hook.inside(replay_delivery, hook_id=hook.row.pk, delivery_id=hook.rows()[0].pk) == 1
    hook.deliver()
    ids = [request.headers["webhook-id"] for request in sink.requests]
    assert ids[3] == ids[0]
    stretch = {"since": NOON - timedelta(hours=1), "until": NOON + timedelta(hours=1)}
    assert hook.inside(replay_range, hook_id=hook.row.pk, **stretch) == 0
    assert hook.inside(replay_range, hook_id=hook.row.pk, parked_only=False, **stretch) == 3
    hook.deliver()
    assert len(sink.requests) == 7


def test_a_test_event_goes_out_at_once_even_while_it_is_off(hook: Hook, sink: Sink) -> None:
    hook.inside(disable_hook, hook_id=hook.row.pk)
    row = try_hook(actor=hook.cast.ada, hook_id=hook.row.pk, clock=lambda: NOON)
    assert (row.state, row.last_status) == (State.DELIVERED, 200)
    assert bodies(sink) == [{"event_type": "test", "event_id": f"evt_test_{row.pk}"}]
    sink.status = 500
    failed = try_hook(actor=hook.cast.ada, hook_id=hook.row.pk, clock=lambda: NOON)
    assert failed.state == State.PARKED
    assert hook.now().failures == 0


def test_the_sweep_rings_for_what_is_due_and_forgets_the_old(hook: Hook, sink: Sink, bells: list[int]) -> None:
    sink.status = 500
    hook.add_contact()
    hook.deliver()
    bells.clear()
    sweep_hooks(clock=lambda: NOON + timedelta(seconds=4))
    assert bells == []
    sweep_hooks(clock=lambda: NOON + timedelta(seconds=5))
    assert bells == [hook.row.pk]
    sweep_hooks(clock=lambda: NOON + timedelta(days=31))
    assert hook.rows() == []
    assert hook.attempts() == []
