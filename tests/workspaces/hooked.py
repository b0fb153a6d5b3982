"""A webhook of Acme to a server of ours, for the tests of webhooks."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import time_machine

from contacts import actions as contacts
from contacts.identifiers import Identifier
from contacts.models import Contact
from contacts.models.contact import Source
from tests.factories import NOON, Cast
from tests.workspaces.sinks import Sink
from workspaces.actions import (
    HookValues,
    add_hook,
    deliver_hooks,
)
from workspaces.models import HookAttempt, HookDelivery, HookEndpoint
from workspaces.scope import workspace_scope

State = HookDelivery.State
AT_NOON = time_machine.travel(NOON, tick=False)  # the receiver's clock is the real one
CONTACT_EVENTS = (
    "contact.created",
    "contact.updated",
    "contact.tag.updated",
    "contact.assignee.updated",
    "contact.lifecycle.updated",
)


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


def bodies(sink: Sink) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in sink.requests]
