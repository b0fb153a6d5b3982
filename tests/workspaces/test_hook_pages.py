"""The pages of webhooks: added, looked at, tested, sent again, turned off and deleted by people."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from contacts.actions import add_contact
from contacts.models.contact import Source
from tests.factories import Cast, browser_of
from tests.workspaces.sinks import Sink
from workspaces.actions import HookValues, add_hook, deliver_hooks
from workspaces.models import EventRecord, HookDelivery, HookEndpoint, Notification
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("bells")]


@pytest.fixture
def ada(cast: Cast) -> Client:
    return browser_of(cast.ada_user)


def a_hook(cast: Cast, sink: Sink) -> HookEndpoint:
    values = HookValues(url=sink.url(), event_types=["contact.created"])
    return add_hook(actor=cast.ada, values=values, at=timezone.now())[0]


def told(cast: Cast, hook: HookEndpoint, name: str = "Cleo") -> HookDelivery:
    with workspace_scope(cast.acme.pk):
        add_contact(actor=cast.ada, values={"first_name": name}, source=Source.USER, at=timezone.now())
    deliver_hooks(workspace_id=cast.acme.pk, endpoint_id=hook.pk, clock=timezone.now)
    with workspace_scope(cast.acme.pk):
        return HookDelivery.objects.latest("pk")


def to(name: str, cast: Cast, *ids: int) -> str:
    return reverse(f"settings_{name}", args=[cast.acme.pk, *ids])


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_first_webhook_is_added_and_its_key_shown_once(cast: Cast, ada: Client, sink: Sink) -> None:
    assert "No webhooks yet" in text(ada.get(to("hooks", cast)))
    assert "A contact was added · contact.created" in text(ada.get(to("hook_new", cast)))
    form = {"url": sink.url(), "event_types": ["contact.created", "import.completed"], "sources": ["import"]}
    shown = ada.post(to("hook_new", cast), form)
    assert shown.status_code == 200
    [key] = re.findall(r"whsec_[A-Za-z0-9+/=]+", shown.content.decode())
    assert shown.headers["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    with workspace_scope(cast.acme.pk):
        hook = HookEndpoint.objects.get()
        assert (hook.events, hook.sources) == (["contact.created", "import.completed"], ["import"])
        assert [row.type for row in EventRecord.objects.filter(subject_kind="hook")] == ["workspaces.hook.added"]
    for page in (to("hooks", cast), to("hook", cast, hook.pk), to("hook_edit", cast, hook.pk)):
        response = ada.get(page)
        assert response.status_code == 200
        assert key not in response.content.decode()


@pytest.mark.parametrize("url", ["https://10.0.0.1/", "https://[::1]/", "http://169.254.169.254/", "nonsense"])
def test_a_private_address_is_refused_beside_its_field(cast: Cast, ada: Client, sink: Sink, url: str) -> None:
    form = {"url": url, "event_types": ["contact.created"]}
    hook = a_hook(cast, sink)
    for page in (to("hook_new", cast), to("hook_edit", cast, hook.pk)):
        response = ada.post(page, form)
        assert response.status_code == 422
        assert "This address cannot be used." in text(response)
    with workspace_scope(cast.acme.pk):
        assert HookEndpoint.objects.get().url == sink.url()


def test_events_are_chosen_from_the_list(cast: Cast, ada: Client, sink: Sink) -> None:
    assert ada.post(to("hook_new", cast), {"url": sink.url()}).status_code == 422
    assert ada.post(to("hook_new", cast), {"url": sink.url(), "event_types": ["what.ever"]}).status_code == 422


def test_changing_it_shows_what_it_is(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    form = {"url": sink.url("/other"), "event_types": ["contact.updated"]}
    assert ada.post(to("hook_edit", cast, hook.pk), form).status_code == 302
    page = text(ada.get(to("hook", cast, hook.pk)))
    assert "/other" in page
    assert "A contact was changed" in page
    assert "No deliveries yet" in page


def test_the_log_shows_attempts_and_sends_again(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    sink.status, sink.body = 500, b"<b>no</b>" + b"x" * 3000
    row = told(cast, hook)
    page = text(ada.get(to("hook", cast, hook.pk)))
    assert "A contact was added" in page
    assert "It answered 500" in page
    assert "Failing" in page
    one = ada.get(to("hook_delivery", cast, hook.pk, row.pk))
    assert "&lt;b&gt;no&lt;/b&gt;" in one.content.decode()
    assert "x" * 201 not in one.content.decode()
    sink.status = 200
    with workspace_scope(cast.acme.pk):
        HookDelivery.objects.update(state="parked")
    assert "Nothing in this state" in text(ada.get(to("hook", cast, hook.pk) + "?state=waiting"))
    assert ada.post(to("hook_delivery_replay", cast, hook.pk, row.pk)).status_code == 302
    deliver_hooks(workspace_id=cast.acme.pk, endpoint_id=hook.pk, clock=timezone.now)
    assert "Delivered" in text(ada.get(to("hook_delivery", cast, hook.pk, row.pk)))


def test_a_stretch_is_sent_again(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    told(cast, hook)
    ask = to("hook_replay", cast, hook.pk)
    assert "Send events again" in text(ada.get(ask))
    now = timezone.localtime()
    form = {"since": f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}", "until": f"{now + timedelta(days=1):%Y-%m-%dT%H:%M}"}
    answer = ada.post(ask, {**form, "with_delivered": "on"}, follow=True)
    assert "1 event goes out again" in text(answer)
    assert ada.post(ask, {**form, "until": form["since"]}).status_code == 422


def test_the_test_button_says_what_came_back(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    assert "The test event was delivered" in text(ada.post(to("hook_trial", cast, hook.pk), follow=True))
    sink.status = 404
    answer = text(ada.post(to("hook_trial", cast, hook.pk), follow=True))
    assert "The test event was not delivered: It answered 404" in answer
    assert len(sink.requests) == 2


def test_it_is_turned_off_and_on_and_a_new_key_is_made(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    ada.post(to("hook_switch", cast, hook.pk), {"on": "0"})
    page = text(ada.get(to("hook", cast, hook.pk)))
    assert "Turn on" in page
    assert "Send again" not in page
    assert "This webhook is off" in text(
        ada.post(to("hook_replay", cast, hook.pk), {"since": "2026-01-01T00:00", "until": "2026-01-02T00:00"})
    )
    ada.post(to("hook_switch", cast, hook.pk), {"on": "1"})
    assert "Turn off" in text(ada.get(to("hook", cast, hook.pk)))
    assert "Make a new signing key?" in text(ada.get(to("hook_key", cast, hook.pk)))
    assert re.search(r"whsec_[A-Za-z0-9+/=]+", ada.post(to("hook_key", cast, hook.pk)).content.decode())


def test_deleting_takes_the_log_with_it(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    told(cast, hook)
    assert "Delete the webhook to 127.0.0.1?" in text(ada.get(to("hook_delete", cast, hook.pk)))
    assert ada.post(to("hook_delete", cast, hook.pk)).status_code == 302
    with workspace_scope(cast.acme.pk):
        assert HookEndpoint.objects.count() == HookDelivery.objects.count() == 0


def test_owners_read_that_it_was_turned_off(cast: Cast, ada: Client, sink: Sink) -> None:
    hook = a_hook(cast, sink)
    sink.status = 410
    told(cast, hook)
    with workspace_scope(cast.acme.pk):
        news = Notification.objects.get()
    assert "The webhook to 127.0.0.1 was switched off" in text(ada.get(reverse("notifications", args=[cast.acme.pk])))
    assert ada.get(reverse("notification", args=[cast.acme.pk, news.pk])).headers["Location"] == to(
        "hook", cast, hook.pk
    )
