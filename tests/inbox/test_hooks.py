"""What webhooks tell about an inbox's day."""

import json
from typing import Any

import pytest
from django.db import connection

from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import ClosingCategory
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears, later, says
from workspaces import jobs
from workspaces.actions.delivering_hooks import Parcel, _body_of, _parcel
from workspaces.hook_kinds import event_choices
from workspaces.models import HookDelivery, HookEndpoint
from workspaces.scope import workspace_scope
from workspaces.sealing import seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "ring", lambda *_args, **_ids: None)


def a_hook(cast: Cast, **columns: Any) -> HookEndpoint:
    columns = {"events": list(event_choices()), **columns}
    return HookEndpoint.objects.create(
        workspace_id=cast.acme.pk,
        url="https://hooks.example/",
        sealed_keys=seal({"key": "whsec_YQ=="}),
        created_at=later(),
        **columns,
    )


def told(hook: HookEndpoint) -> list[dict[str, Any]]:
    """Return the bodies in order, as they would be sent now."""
    bodies = []
    for row in HookDelivery.objects.filter(endpoint_id=hook.pk).order_by("pk"):
        row.lease_token = "claimed"  # type: ignore[assignment]
        parcel: Parcel = _parcel(hook, row, at=later())
        body = _body_of(parcel)
        assert body is not None
        bodies.append(json.loads(body))
    return bodies


def test_a_day_of_the_inbox_is_told(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hook = a_hook(cast)
        channel = a_channel(cast.ada)
        asked = hears(cast.ada, channel, "Where is my order?", at=later())
        cleo = Identifier.of(asked.contact_id)
        actions.assign_contact(actor=cast.ada, contact=cleo, user_id=cast.ben_user.pk, at=later(1))
        says(cast.ben, asked, "On its way", at=later(2))
        actions.add_comment(actor=cast.ben, contact=cleo, text="Looked it up", at=later(3))
        ClosingCategory.objects.create(workspace_id=cast.acme.pk, name="Orders", created_at=later())
        actions.close_conversation(
            actor=cast.ben, contact=cleo, category="Orders", summary="Was on its way", at=later(5)
        )
        bodies = told(hook)
    by_type = {body["event_type"]: body for body in bodies}
    assert [body["event_type"] for body in bodies if body["event_type"] != "contact.updated"] == [
        "contact.created",
        "conversation.opened",
        "message.received",
        "contact.assignee.updated",
        "comment.created",
        "conversation.closed",
    ]
    assert {body["contact"]["id"] for body in bodies} == {asked.contact_id}
    received = by_type["message.received"]
    assert received["message"]["message"] == {"type": "text", "text": "Where is my order?"}
    assert (received["message"]["traffic"], received["channel"]["id"]) == ("incoming", channel.pk)
    assert by_type["contact.assignee.updated"]["newAssignee"]["id"] == cast.ben_user.pk
    assert by_type["comment.created"]["comment"]["text"] == "Looked it up"
    closed = by_type["conversation.closed"]["conversation"]
    opened_at = int(later().timestamp())
    assert closed == {
        "id": asked.conversation_id,
        "category": "Orders",
        "summary": "Was on its way",
        "openedTime": opened_at,
        "openedBySource": "contact",
        "closedTime": opened_at + 300,
        "closedBy": by_type["comment.created"]["user"],
        "closedBySource": "user",
        "firstResponseTime": closed["firstResponseTime"],
        "resolutionTime": 300,
        "incomingMessageCount": 1,
        "outgoingMessageCount": 1,
        "assigneeTeam": None,
    }
    assert closed["closedBy"]["email"] == "ben@example.com"


def test_a_source_that_is_not_chosen_is_left_out(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hook = a_hook(cast, events=["conversation.opened", "message.received"], sources=["user"])
        hears(cast.ada, a_channel(cast.ada))
        assert [body["event_type"] for body in told(hook)] == ["message.received"]


def test_a_message_names_the_virtual_agent_that_held_the_conversation(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        hook = a_hook(cast, events=["message.received"])
        channel = a_channel(cast.ada)
        robot = actions.add_virtual_agent(
            actor=cast.ada, name="Robo", kind="virtual_agent", channel_ids=[channel.pk], at=later()
        )
        first = hears(cast.ada, channel, "Where is it?")
        actions.close_conversation(actor=cast.ben, contact=Identifier.of(first.contact_id), at=later(1))
        actions.change_virtual_agent(actor=cast.ada, virtual_agent_id=robot.pk, is_on=False, at=later(1))
        second = hears(cast.ada, channel, "Hello?", at=later(2))
        assert [body["conversation"] for body in told(hook)] == [
            {"id": first.conversation_id, "virtualAgentId": robot.pk},
            {"id": second.conversation_id, "virtualAgentId": None},
        ]


def test_without_webhooks_an_event_costs_one_look_up(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        connection.force_debug_cursor = True
        try:
            asked = hears(cast.ada, channel)
            before = len(connection.queries_log)
            actions.add_comment(actor=cast.ada, contact=Identifier.of(asked.contact_id), text="x", at=later())
            new = list(connection.queries_log)[before:]
        finally:
            connection.force_debug_cursor = False
        assert sum("workspaces_hook" in query["sql"] for query in new) == 1
        assert HookDelivery.objects.count() == 0
