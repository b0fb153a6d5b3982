"""Virtual agents and broadcasts over the API, field by field."""

from typing import Any

import pytest

from inbox import actions
from inbox.models import Channel, Handover, Message, VirtualAgent
from tests.api.conftest import Caller
from tests.factories import NOON, Cast, a_token, browser_of
from tests.inbox.steps import a_channel, hears
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.usefixtures("fresh_cache")


def caller(cast: Cast) -> Caller:
    return Caller(a_token(cast.ada, scopes=("read", "write")))


def a_held_thread(cast: Cast, *, kind: str = "virtual_agent") -> tuple[VirtualAgent, Message, Channel]:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        robot = actions.add_virtual_agent(
            actor=cast.ada, name="Robo", kind=kind, channel_ids=[channel.pk], timeout_minutes=5, at=NOON
        )
        actions.add_topic(actor=cast.ada, name="Orders", at=NOON)
        actions.add_message_tag(actor=cast.ada, name="Praise", at=NOON)
        return robot, hears(cast.ben, channel, "Where is it?"), channel


def body_of(robot: VirtualAgent | None, message: Message, **changed: Any) -> dict[str, Any]:
    return {
        "id": message.conversation_id,
        "contactId": message.contact_id,
        "status": "open",
        "virtualAgentId": robot.pk if robot is not None else None,
        "messageId": None,
        "ignored": {"topics": [], "tags": []},
        **changed,
    }


def test_a_program_answers_and_hands_over(cast: Cast) -> None:
    robot, message, channel = a_held_thread(cast)
    api = caller(cast)
    listed = api.get("/virtual-agent/list")
    assert listed.json["items"] == [
        {
            "id": robot.pk,
            "name": "Robo",
            "kind": "virtual_agent",
            "channelIds": [channel.pk],
            "timeoutMinutes": 5,
            "isOn": True,
            "created_at": int(NOON.timestamp()),
        }
    ]
    path = f"/virtual-agent/{robot.pk}/conversation/{message.conversation_id}"
    said = api.post(
        path,
        {
            "sendMessage": {"text": "On Tuesday"},
            "applyTopics": ["orders", "Ghosts"],
            "tagMessage": {"messageId": message.pk, "tags": ["Praise", "Odd"]},
            "complete": None,
        },
    )
    with workspace_scope(cast.acme.pk):
        sent = Message.objects.get(direction="outgoing")
    ignored = {"topics": ["Ghosts"], "tags": ["Odd"]}
    assert (said.status, said.json) == (200, body_of(robot, message, messageId=sent.pk, ignored=ignored))
    over = api.post(path, {"complete": "HANDOVER", "reason": "VA_ERROR"})
    assert (over.status, over.json) == (200, body_of(None, message))
    with workspace_scope(cast.acme.pk):
        assert Handover.objects.get().reason == "VA_ERROR"
    assert api.post(path, {"sendMessage": {"text": "Wait"}}).status == 404
    back = api.put(path)
    assert (back.status, back.json) == (200, body_of(robot, message))
    done = api.post(path, {"complete": "RESOLVED", "summary": "Told"})
    assert (done.status, done.json) == (200, body_of(None, message, status="close"))
    assert api.put(path).status == 409
    page = (
        browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True).content.decode()
    )
    for words in (
        "<b>Robo</b> took the conversation",
        "Robo, Shop line",
        "<b>Robo</b> handed the conversation over to people: it failed",
        "<b>Robo</b> closed the conversation",
    ):
        assert words in page, words


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"complete": "DONE"}, "complete"),
        ({"reason": "BORED", "complete": "HANDOVER"}, "reason"),
        ({"sendMessage": {"text": ""}}, "sendMessage.text"),
        ({"applyTopics": "Orders"}, "applyTopics"),
        ({"tagMessage": {"tags": ["Praise"]}}, "tagMessage.messageId"),
        ({"complete": "RESOLVED", "category": "Ghost"}, "category"),
    ],
)
def test_a_body_that_is_wrong_names_its_field(cast: Cast, body: dict[str, Any], field: str) -> None:
    robot, message, _channel = a_held_thread(cast)
    refused = caller(cast).post(f"/virtual-agent/{robot.pk}/conversation/{message.conversation_id}", body)
    assert (refused.status, refused.field) == (400, field)


def test_numbers_that_are_not_there(cast: Cast) -> None:
    robot, message, _channel = a_held_thread(cast, kind="auto_responder")
    api = caller(cast)
    for path in (
        f"/virtual-agent/{robot.pk + 1}/conversation/{message.conversation_id}",
        f"/virtual-agent/{robot.pk}/conversation/1",
        f"/virtual-agent/{2**64}/conversation/{message.conversation_id}",
        f"/virtual-agent/{robot.pk}/conversation/{2**64}",
    ):
        assert (api.post(path, {}).status, api.put(path).status) == (404, 404), path
    here = f"/virtual-agent/{robot.pk}/conversation/{message.conversation_id}"
    assert api.post(here, {"complete": "RESOLVED"}).status == 409  # an auto-responder resolves nothing


def test_broadcasts_are_named_and_messages_belong_to_them(cast: Cast) -> None:
    _robot, message, _channel = a_held_thread(cast)
    api = caller(cast)
    made = [api.post("/broadcast", {"name": name}) for name in ("Spring", "Summer")]
    assert [set(one.json) for one in made] == [{"id", "name", "created_at"}] * 2
    newest = made[1].json
    assert [item["name"] for item in api.get("/broadcast/list").json["items"]] == ["Summer", "Spring"]
    path = f"/contact/id:{message.contact_id}/message"
    text = {"message": {"type": "text", "text": "Everything must go"}}
    assert api.post(path, {**text, "broadcastId": newest["id"]}).status == 200
    unknown = api.post(path, {**text, "broadcastId": newest["id"] + 1})
    assert (unknown.status, unknown.field) == (400, "broadcastId")
    assert api.post("/broadcast", {"name": " "}).status == 400
    with workspace_scope(cast.acme.pk):
        sent = Message.objects.get(direction="outgoing")
        assert (sent.sender_kind, sent.sender_id, sent.user_id) == ("broadcast", newest["id"], None)
    page = (
        browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/inbox/c/{message.contact_id}", follow=True).content.decode()
    )
    assert "Broadcast Summer" in page
