"""Webhooks on their way: signed, gathered as wanted, and never for what did not happen."""

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import transaction
from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from contacts import actions as contacts
from contacts.models.contact import Source
from contacts.selection import Selection
from tests.factories import NOON, Cast
from tests.workspaces.hooked import AT_NOON, Hook, State, bodies
from tests.workspaces.sinks import Sink
from workspaces.actions import (
    rotate_hook_key,
)
from workspaces.hook_signing import plain_signature, standard_signature
from workspaces.models import HookDelivery, HookEndpoint
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bells")]


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
