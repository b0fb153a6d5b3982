"""The files of messages and of failed messages: each column once, and which messages are in them."""

import json
from datetime import timedelta

import pytest

from contacts.actions import delete_contact, update_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.channels.contract import IncomingFile
from inbox.content import Content
from inbox.models import Message
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.rows import restricted_ben
from tests.inbox.steps import a_channel, hears, incoming, later, says
from workspaces.actors import Actor
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "messages"


def texts(rows: list[dict[str, str]]) -> list[str]:
    return [row["content"] for row in rows]


def sent(shop: Shop, first: Message, content: Content, **facts: object) -> Message:
    return actions.send_message(
        actor=shop.ben,
        contact=Identifier.of(first.contact_id),
        channel_id=None,
        content=content,
        idempotency_key=f"{content.content_type}-{content.text}-{facts}",
        at=facts.pop("at", later(5)),  # type: ignore[arg-type]
        **facts,  # type: ignore[arg-type]
    )


def became(message: Message, **columns: object) -> None:
    """Put a message where a network would have brought it."""
    Message.objects.in_workspace(message.workspace_id).filter(pk=message.pk).update(**columns)


def test_an_incoming_message_and_its_answer(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line, "=Where, is it?")
    answer = says(shop.ben, asked, "On its\nway", at=later(4, 10.9))
    became(answer, status="failed", error_text="-refused")
    shared = {
        "contact_id": str(asked.contact_id),
        "content_type": "text",
        "channel_id": str(shop.line.pk),
        "type": "message",
        "sub_type": "",
        "conversation_id": str(asked.conversation_id),
    }
    assert shop.file(KEY, time_zone="America/Mexico_City") == [
        {
            "date_time": "2026-03-02 06:00:00",
            "sender_id": str(asked.contact_id),
            "sender_type": "contact",
            "message_id": str(asked.pk),
            "message_type": "incoming",
            "content": "'=Where, is it?",
            "status": "",
            "error": "",
            **shared,
        },
        {
            "date_time": "2026-03-02 06:04:10",
            "sender_id": str(shop.ben.user_id),
            "sender_type": "user",
            "message_id": str(answer.pk),
            "message_type": "outgoing",
            "content": "On its\nway",
            "status": "failed",
            "error": "'-refused",
            **shared,
        },
    ]


@pytest.mark.parametrize(
    ("status", "word"),
    [("queued", "pending"), ("sending", "pending"), ("unknown", "pending"), ("sent", "sent"), ("read", "read")],
)
def test_what_is_not_decided_is_pending(cast: Cast, status: str, word: str) -> None:
    shop = open_shop(cast)
    became(says(shop.ben, hears(shop.ben, shop.line), at=later(1)), status=status, error_text="of an earlier try")
    row = shop.file(KEY)[1]
    assert (row["status"], row["error"]) == (word, "")
    assert len(shop.file(KEY, filters={"message_statuses": [word]})) == 1
    assert shop.file(KEY, filters={"message_statuses": ["failed"]}) == []


def test_what_was_taken_back_was_never_a_message(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    answer = says(shop.ben, asked, at=later(1), hold=timedelta(seconds=10))
    actions.take_back_message(actor=shop.ben, message_id=answer.pk, at=later(1, 5))
    assert [row["message_id"] for row in shop.file(KEY)] == [str(asked.pk)]


def test_content_beside_text_is_compact_json_as_it_is_stored(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    odd = {"b": [1, None, {"x: ,": 'a\\" , "b'}], "é": "a: b, c", "n": 1.50}
    became(
        sent(shop, asked, Content(text="a", content_type="text"), at=later(1)),
        content_type="card",
        payload=odd,
        text="",
    )
    plain = {"replies": ["yes, or", 'say "no"']}
    became(
        sent(shop, asked, Content(text="b"), at=later(2)), content_type="quick_reply", payload=plain, text='Go: "on"'
    )
    became(
        sent(shop, asked, Content(text="c"), at=later(3)), content_type="attachment", payload={}, text="A picture, ä"
    )
    became(sent(shop, asked, Content(text="d"), at=later(4)), content_type="attachment", payload={}, text="")
    became(sent(shop, asked, Content(text="e"), at=later(5)), content_type="unsupported", payload={"raw": 1}, text="?")
    cells = texts(shop.file(KEY))[1:]
    assert cells == [
        json.dumps({"b": odd["b"], "n": 1.5, "é": odd["é"]}, ensure_ascii=False, separators=(",", ":")).replace(
            "1.5", "1.5"
        ),
        json.dumps({"text": 'Go: "on"', **plain}, separators=(",", ":")),
        '{"text":"A picture, ä"}',
        "{}",
        "",
    ]


def test_how_a_message_went_out_and_what_of_its_kind_it_is(cast: Cast) -> None:
    shop = open_shop(cast)
    picture = (
        IncomingFile(kind="image", url="https://example.com/a.png"),
        IncomingFile(kind="file", url="https://example.com/b"),
    )
    asked = hears(shop.ben, shop.line, "", content_type="attachment", files=picture)
    became(
        sent(shop, asked, Content(text="a"), at=later(1)),
        content_type="whatsapp_template",
        payload={"template": {"name": "order_update"}, "message_tag": "no matter"},
    )
    sent(shop, asked, Content(text="b", payload={"message_tag": "ACCOUNT_UPDATE"}), at=later(2))
    sent(shop, asked, Content(text="c"), at=later(3))
    assert [(row["type"], row["sub_type"]) for row in shop.file(KEY)] == [
        ("message", "image"),
        ("template", "order_update"),
        ("tagged", "ACCOUNT_UPDATE"),
        ("message", ""),
    ]


def test_who_sent_it_is_a_contact_a_user_a_program_or_nobody_with_an_id(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    sale = actions.add_broadcast(actor=cast.ada, name="Sale", at=NOON)
    sent(shop, asked, Content(text="a"), at=later(1), sender_kind="broadcast", sender_id=sale.pk)
    sent(shop, asked, Content(text="b"), at=later(2), sender_kind="api")
    rows = shop.file(KEY)
    assert [(row["sender_type"], row["sender_id"]) for row in rows] == [
        ("contact", str(asked.contact_id)),
        ("broadcast", str(sale.pk)),
        ("api", ""),
    ]
    assert texts(shop.file(KEY, filters={"sender_types": ["broadcast", "api"]})) == ["a", "b"]
    assert texts(shop.file(KEY, filters={"flows": ["incoming"]})) == ["Hello"]


def test_a_blocked_contacts_message_may_stand_outside_of_any_conversation(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    became(asked, conversation_id=None)
    assert [row["conversation_id"] for row in shop.file(KEY)] == [""]


def test_the_range_ends_where_the_next_begins_and_rows_come_by_moment_then_id(cast: Cast) -> None:
    shop = open_shop(cast)
    hears(shop.ben, shop.line, "two", at=later(2))
    hears(shop.ben, shop.line, "one", at=later(1))
    hears(shop.ben, shop.line, "one again", at=later(1))
    assert texts(shop.file(KEY)) == ["one", "one again", "two"]
    assert texts(shop.file(KEY, range_from=later(1), range_to=later(2))) == ["one", "one again"]


def test_only_some_channels(cast: Cast) -> None:
    shop = open_shop(cast)
    other = a_channel(cast.ada, name="Other")
    hears(shop.ben, shop.line, "here")
    hears(shop.ben, other, "there")
    assert texts(shop.file(KEY, filters={"channels": [other.pk]})) == ["there"]


def test_a_deleted_contacts_messages_stay_without_their_words(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line, "secret")
    became(says(shop.ben, asked, "secret, too", at=later(1)), status="failed")
    delete_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), at=later(2))
    rows = shop.file(KEY)
    assert [(row["contact_id"], row["content"]) for row in rows] == [(str(asked.contact_id), "")] * 2
    (failed,) = shop.file("failed_messages")
    assert (failed["contact_name"], failed["content"]) == ("", "")


def test_a_restricted_person_reads_only_what_was_said_with_their_contacts(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line, "mine")
    hears(shop.ben, shop.line, "not mine", sender="+34600999999")
    actions.assign_contact(
        actor=cast.ada, contact=Identifier.of(asked.contact_id), user_id=cast.ben.user_id, at=later(1)
    )
    ben = restricted_ben(cast, "show_only_mine")
    assert texts(shop.file(KEY, ben)) == ["mine"]


def test_another_workspace_reads_nothing_of_it(cast: Cast) -> None:
    shop = open_shop(cast)
    became(says(shop.ben, hears(shop.ben, shop.line), at=later(1)), status="failed")
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == shop.file("failed_messages", cast.gus) == []


def test_a_failed_message_with_its_contact_and_broadcast(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    sale = actions.add_broadcast(actor=cast.ada, name="+Sale", at=NOON)
    update_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), values={"last_name": ""}, at=later(1))
    message = sent(shop, asked, Content(text="Cheap"), at=later(2), sender_kind="broadcast", sender_id=sale.pk)
    says(shop.ben, asked, "not failed", at=later(3))
    assert shop.file("failed_messages") == []
    became(message, status="failed", error_text="No such number")
    assert shop.file("failed_messages") == [
        {
            "date_time": "2026-03-02 12:02:00",
            "sender_id": str(sale.pk),
            "sender_type": "broadcast",
            "contact_id": str(asked.contact_id),
            "contact_name": "Cleo",
            "message_id": str(message.pk),
            "content_type": "text",
            "message_type": "outgoing",
            "content": "Cheap",
            "channel_id": str(shop.line.pk),
            "type": "message",
            "sub_type": "",
            "error": "No such number",
            "broadcast_name": "'+Sale",
        }
    ]
    assert len(shop.file("failed_messages", filters={"broadcasts": [sale.pk], "sender_types": ["broadcast"]})) == 1
    assert shop.file("failed_messages", filters={"broadcasts": [sale.pk + 1]}) == []


def test_an_echo_is_outgoing_and_has_no_sender_of_ours(cast: Cast) -> None:
    shop = open_shop(cast)
    system = Actor.system(workspace_id=cast.acme.pk)
    actions.receive_message(actor=system, channel=shop.line, incoming=incoming("By phone", is_echo=True), at=NOON)
    (row,) = shop.file(KEY)
    assert (row["sender_type"], row["sender_id"], row["message_type"], row["status"]) == (
        "echo",
        "",
        "outgoing",
        "sent",
    )
