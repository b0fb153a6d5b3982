"""Messages, comments, conversations, channels and closing notes over the API, field by field."""

from typing import Any

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.message_statuses import climb
from inbox.models import ClosingCategory, Comment, Conversation, Message
from tests.api.conftest import Caller
from tests.factories import NOON, Cast, a_token
from tests.inbox.steps import a_channel, hears, later, latest
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

T0 = int(NOON.timestamp())


def a_thread(cast: Cast) -> Message:
    with workspace_scope(cast.acme.pk):
        return hears(cast.ben, a_channel(cast.ada), "Where is it?", at=NOON)


def caller(cast: Cast) -> Caller:
    return Caller(a_token(cast.ada, scopes=("read", "write")))


def test_a_message_goes_out_and_is_read_back(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    path = f"/contact/id:{asked.contact_id}/message"
    sent = api.post(path, {"channelId": None, "message": {"type": "text", "text": "On Tuesday"}})
    assert (sent.status, set(sent.json)) == (200, {"messageId"})
    number = sent.json["messageId"]
    assert number > 10**15
    with workspace_scope(cast.acme.pk):
        message = Message.objects.in_workspace(cast.acme.pk).get(pk=number)
        message.status = "sending"
        message.save()
        system = Actor.system(workspace_id=cast.acme.pk)
        climb(actor=system, message=message, status="sent", occurred_at=later(1), at=later(1))
        climb(actor=system, message=message, status="read", occurred_at=later(2), at=later(2))
        climb(actor=system, message=message, status="delivered", occurred_at=later(3), at=later(3))
        queued_at = int(message.created_at.timestamp())
    read = api.get(f"{path}/{number}")
    assert read.json == {
        "messageId": number,
        "channelMessageId": None,
        "contactId": asked.contact_id,
        "channelId": asked.channel_id,
        "traffic": "outgoing",
        "message": {"type": "text", "text": "On Tuesday"},
        "status": [
            {"value": "pending", "timestamp": queued_at},
            {"value": "sent", "timestamp": T0 + 60},
            {"value": "read", "timestamp": T0 + 120},
            {"value": "delivered", "timestamp": T0 + 180},
        ],
    }
    listed = api.get(f"{path}/list?limit=1")
    assert [item["messageId"] for item in listed.json["items"]] == [number]
    older = api.get(listed.json["pagination"]["next"])
    assert older.json["items"] == [
        {
            "messageId": asked.pk,
            "channelMessageId": asked.channel_message_id,
            "contactId": asked.contact_id,
            "channelId": asked.channel_id,
            "traffic": "incoming",
            "message": {"type": "text", "text": "Where is it?"},
            "status": [],
        }
    ]
    with workspace_scope(cast.acme.pk):
        row = latest(asked)
        assert (row.outgoing_count, row.response_count, row.status) == (
            1,
            0,
            "new",
        )  # a program's message is no response


def test_each_type_of_message_keeps_its_members(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    path = f"/contact/id:{asked.contact_id}/message"
    attachment = {"type": "image", "url": "https://example.com/a.png"}
    bodies: list[dict[str, Any]] = [
        {"type": "text", "text": "Hi", "messageTag": "ACCOUNT_UPDATE"},
        {"type": "quick_reply", "title": "Size?", "replies": ["S", "M"]},
        {"type": "custom_payload", "payload": {"a": [1, {"b": None}]}},
    ]
    for body in bodies:
        number = api.post(path, {"message": body}).json["messageId"]
        assert api.get(f"{path}/{number}").json["message"] == body
    number = api.post(path, {"message": {"type": "attachment", "attachment": attachment}}).json["messageId"]
    assert api.get(f"{path}/{number}").json["message"] == {
        "type": "attachment",
        "attachment": {**attachment, "fileName": ""},
    }


def test_messages_that_break_a_rule_are_refused_with_the_field_and_nothing_is_stored(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    path = f"/contact/id:{asked.contact_id}/message"
    for body, status, field in (
        ({}, 400, "message"),
        ({"message": {"type": "text"}}, 400, "message.text"),
        ({"message": {"type": "song", "text": "x"}}, 400, "message.type"),
        ({"message": {"type": "quick_reply", "title": "x", "replies": ["a"] * 11}}, 400, "message.replies"),
        ({"message": {"type": "whatsapp_template", "template": {"name": "a", "languageCode": "en"}}}, 400, "message"),
        ({"channelId": 10**12, "message": {"type": "text", "text": "x"}}, 404, "channelId"),
    ):
        answer = api.post(path, body)
        assert (answer.status, answer.json["code"]) == (status, status), body
        assert answer.json["errors"][0]["field"] == field, body
    with workspace_scope(cast.acme.pk):
        assert Message.objects.in_workspace(cast.acme.pk).count() == 1


def test_a_comment_mentions_members_of_the_workspace_only(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    text = f"Ask {{{{@user.{cast.max.user_id}}}}} and {{{{@user.{cast.gus.user_id}}}}}"
    answer = api.post(f"/contact/id:{asked.contact_id}/comment", {"text": text})
    with workspace_scope(cast.acme.pk):
        comment = Comment.objects.in_workspace(cast.acme.pk).get()
    assert answer.json == {
        "contactId": asked.contact_id,
        "text": text,
        "created_at": int(comment.created_at.timestamp()),
    }
    assert comment.mentions == [cast.max.user_id]
    assert api.post(f"/contact/id:{asked.contact_id}/comment", {"text": "x" * 1001}).status == 400


def test_a_conversation_is_assigned_closed_and_opened(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    base = f"/contact/id:{asked.contact_id}/conversation"
    with workspace_scope(cast.acme.pk):
        ClosingCategory.objects.create(
            workspace_id=cast.acme.pk, name="Order status", description="Where it is", created_at=NOON
        )
    for assignee, expected in (
        ("ben@example.com", cast.ben.user_id),
        (cast.max.user_id, cast.max.user_id),
        (None, None),
    ):
        assert api.post(f"{base}/assignee", {"assignee": assignee}).json == {"contactId": asked.contact_id}
        with workspace_scope(cast.acme.pk):
            assert latest(asked).assignee_id == expected
    assert api.post(f"{base}/assignee", {"assignee": "gus@example.com"}).status == 404
    wrong = api.post(f"{base}/status", {"status": "close", "category": "Nothing"})
    assert (wrong.status, wrong.json["errors"][0]["field"]) == (400, "category")
    done = api.post(f"{base}/status", {"status": "close", "category": "order status", "summary": "Tuesday"})
    assert done.json == {"contactId": asked.contact_id}
    with workspace_scope(cast.acme.pk):
        row = latest(asked)
        assert (row.closed_by_source, row.closed_category, row.closed_summary) == ("api", "Order status", "Tuesday")
    assert api.post(f"{base}/status", {"status": "close"}).status == 409
    assert api.post(f"{base}/status", {"status": "open"}).json == {"contactId": asked.contact_id}
    assert api.post(f"{base}/status", {"status": "open"}).status == 409
    assert api.get(f"/contact/id:{asked.contact_id}").json["status"] == "open"
    with workspace_scope(cast.acme.pk):
        assert Conversation.objects.in_workspace(cast.acme.pk).count() == 2
    assert api.get("/space/closing_notes").json["items"] == [{"category": "Order status", "description": "Where it is"}]


def test_channels_of_the_workspace_and_of_a_contact(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    channel = {"id": asked.channel_id, "name": "Shop line", "source": "custom_channel"}
    assert api.get("/space/channel").json["items"] == [{**channel, "created_at": T0}]
    assert api.get(f"/contact/id:{asked.contact_id}/channels").json["items"] == [
        {
            **channel,
            "meta": {"externalId": "+34600123456"},
            "lastMessageTime": T0,
            "lastIncomingMessageTime": T0,
            "created_at": T0,
        }
    ]
    assert api.get(f"/space/channel/{asked.channel_id}/template").json["items"] == []
    assert api.get("/space/channel/999999/template").status == 404


def test_a_blocked_contact_gets_no_message(cast: Cast) -> None:
    asked, api = a_thread(cast), caller(cast)
    with workspace_scope(cast.acme.pk):
        actions.block_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), at=later(1))
    answer = api.post(f"/contact/id:{asked.contact_id}/message", {"message": {"type": "text", "text": "x"}})
    assert (answer.status, answer.json["errors"][0]["code"]) == (409, "inbox.contact_blocked")
