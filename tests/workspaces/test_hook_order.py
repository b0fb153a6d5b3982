"""Webhooks in order, once per worker, and again when somebody asks."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from tests.factories import NOON
from tests.workspaces.hooked import Hook, State, bodies
from tests.workspaces.sinks import Sink
from workspaces.actions import (
    disable_hook,
    replay_delivery,
    replay_range,
    sweep_hooks,
    try_hook,
)
from workspaces.models import HookDelivery
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bells")]


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
