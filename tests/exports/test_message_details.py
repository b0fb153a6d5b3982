"""The file of message details: who wrote each message, for whom, and what became of it."""

from typing import Any

import pytest
from django.conf import settings

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.virtual_agent_answers import AgentAnswer
from inbox.channels.contract import StatusReport
from inbox.models import Message
from tests.exports.shop import Shop, open_shop
from tests.factories import Cast, a_member
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.actors import Actor
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "message_details"


def columns(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def report(shop: Shop, message: Message, status: str, *, minutes: float) -> None:
    actions.report_status(
        actor=Actor.system(workspace_id=shop.cast.acme.pk),
        channel=shop.line,
        report=StatusReport(message_id=str(message.pk), status=status, occurred_at=later(minutes), is_ours=True),
        at=later(minutes + 1),
    )


def test_every_column_of_an_answer(cast: Cast) -> None:
    shop = open_shop(cast)
    tags = [actions.add_message_tag(actor=cast.ada, name=name, at=later()).pk for name in ("Complaint", "Urgent; now")]
    asked = hears(shop.ben, shop.line)
    answer = says(shop.ben, asked, "=Hello", at=later(4))
    for place, tag_id in enumerate([tags[1], tags[0]]):
        actions.tag_message(actor=shop.ben, message_id=answer.pk, tag_id=tag_id, at=later(5 + place))
    row = shop.file(KEY, shows_content=True, time_zone="Asia/Kolkata")[1]
    assert row == {
        "message_id": str(answer.pk),
        "created_at": "2026-03-02T17:34:00+05:30",
        "conversation_id": str(asked.conversation_id),
        "medium": "custom_channel",
        "channel": "+525500000001",
        "channel_display_name": "Shop line",
        "contact_profile_id": str(asked.contact_id),
        "contact_primary_identifier": "+34600123456",
        "contact_secondary_identifier": "Cleo Marín",
        "message_type": "private message",
        "origin": "AGENT_DESKTOP",
        "outbound_message_type": "AGENT",
        "direction": "outbound",
        "agent_id": str(shop.ben.user_id),
        "agent_name": "Ben Tanaka",
        "agent_reference": "E-041",
        "team_id": str(shop.team.pk),
        "team_name": "Support",
        "tag_ids": f"{tags[1]}; {tags[0]}",
        "tag_names": "Urgent, now; Complaint",
        "content": "'=Hello",
        "conversation_url": f"{settings.BASE_URL}/w/{cast.acme.pk}/c/{asked.conversation_id}",
        "post_url": "",
        "last_updated": "2026-03-02T17:36:00+05:30",
        "deleted_at": "",
        "system_user_type": "",
    }


def test_what_the_contact_wrote_has_no_agent_and_no_sender_of_ours(cast: Cast) -> None:
    shop = open_shop(cast)
    hears(shop.ben, shop.line)
    names = ("origin", "outbound_message_type", "direction", "agent_id", "team_id", "system_user_type", "last_updated")
    assert columns(shop.file(KEY), *names) == [("CONTACT", "", "inbound", "", "", "", "2026-03-02T12:00:00+00:00")]


def test_each_kind_of_sender(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    kinds = ("workflow", "broadcast", "api", "zapier", "make", "n8n", "bot", "ai_agent", "system")
    broadcast = actions.add_broadcast(actor=cast.ada, name="Spring", at=later())
    for place, kind in enumerate(kinds, start=1):
        sender = {"sender_id": broadcast.pk} if kind == "broadcast" else {}
        says(cast.ada, asked, kind, at=later(place), sender_kind=kind, **sender)
    hears(shop.ben, shop.line, "Sent in the app", at=later(20), is_echo=True)
    found = columns(shop.file(KEY), "origin", "outbound_message_type", "system_user_type", "agent_id")
    automation, proactive = ("API", "AUTO_RESPONDER", "AUTOMATION", ""), ("API", "PROACTIVE", "PROACTIVE", "")
    program = ("VIRTUAL_AGENT", "VIRTUAL_AGENT", "VIRTUAL_AGENT", "")
    assert found[1:] == [
        automation, proactive, proactive, automation, automation, automation, program, program,
        ("VIRTUAL_AGENT", "AUTO_RESPONDER", "SYSTEM", ""), ("NATIVE", "NATIVE", "", ""),
    ]  # fmt: skip


def test_what_the_product_writes_says_for_whom(cast: Cast) -> None:
    shop = open_shop(cast)
    actions.change_inbox_settings(actor=cast.ada, values={"survey_is_on": True}, at=later())
    responder = actions.add_virtual_agent(
        actor=cast.ada, name="Away", kind="auto_responder", channel_ids=[shop.line.pk], at=later()
    )
    asked = hears(shop.ben, shop.line)
    actions.answer_as_virtual_agent(
        actor=cast.ada,
        virtual_agent_id=responder.pk,
        conversation_id=asked.conversation_id or 0,
        answer=AgentAnswer(text="We are closed"),
        idempotency_key="away",
        at=later(1),
    )
    actions.close_conversation(actor=shop.ben, contact=Identifier.of(asked.contact_id), at=later(2))
    found = columns(shop.file(KEY), "origin", "outbound_message_type", "system_user_type")
    assert found[1:] == [
        ("VIRTUAL_AGENT", "AUTO_RESPONDER", "AUTO_RESPONDER"),
        ("VIRTUAL_AGENT", "AUTO_RESPONDER", "CSAT"),
    ]


def test_what_a_message_is_in_the_words_of_its_network(cast: Cast) -> None:
    shop = open_shop(cast)
    hears(shop.ben, shop.line, "Nice story", content_type="story_reply", at=later(1))
    hears(
        shop.ben, shop.line, "A post", content_type="post", payload={"post_url": "https://example.com/p/1"}, at=later(2)
    )
    hears(shop.ben, shop.line, "A comment", payload={"message_type": "comment"}, at=later(3))
    hears(shop.ben, a_channel(cast.ada, name="X", kind="twitter"), "A dm", at=later(4))
    assert columns(shop.file(KEY), "message_type", "post_url") == [
        ("story reply", ""), ("post", "https://example.com/p/1"), ("comment", ""), ("dm", ""),
    ]  # fmt: skip


def test_the_latest_change_is_that_of_delivery_tags_or_deletion(cast: Cast) -> None:
    shop = open_shop(cast)
    tag = actions.add_message_tag(actor=cast.ada, name="Complaint", at=later()).pk
    asked = hears(shop.ben, shop.line)
    answer = says(shop.ben, asked, at=later(4))

    def last_updated() -> str:
        return shop.file(KEY)[1]["last_updated"][11:16]

    assert last_updated() == "12:04"
    report(shop, answer, "delivered", minutes=6)
    assert last_updated() == "12:06"
    actions.tag_message(actor=shop.ben, message_id=answer.pk, tag_id=tag, at=later(8))
    assert last_updated() == "12:08"
    actions.untag_message(actor=shop.ben, message_id=answer.pk, tag_id=tag, at=later(9))
    assert (last_updated(), shop.file(KEY)[1]["tag_ids"]) == ("12:09", "")
    delete_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), at=later(30))
    row = shop.file(KEY, shows_content=True)[1]
    assert (row["last_updated"], row["deleted_at"]) == ("2026-03-02T12:30:00+00:00", "2026-03-02T12:30:00+00:00")
    assert (row["content"], row["contact_primary_identifier"]) == ("", "")
    assert (row["contact_profile_id"], row["agent_name"]) == (str(asked.contact_id), "Ben Tanaka")


def test_the_text_stands_only_in_a_file_that_shows_it(cast: Cast) -> None:
    shop = open_shop(cast)
    hears(shop.ben, shop.line, "Secret")
    assert columns(shop.file(KEY), "content") == [("",)]
    assert columns(shop.file(KEY, shows_content=True), "content") == [("Secret",)]


def test_one_that_was_taken_back_is_no_message(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    actions.take_back_message(actor=shop.ben, message_id=says(shop.ben, asked, at=later(1)).pk, at=later(1, 5))
    assert columns(shop.file(KEY), "message_id") == [(str(asked.pk),)]


def test_range_filters_and_order(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(1))
    answer = says(shop.ben, first, at=later(2))
    other_line = a_channel(cast.ada, name="Other line")
    other = hears(shop.ben, other_line, at=later(2))

    def found(**asked: Any) -> list[int]:
        return [int(row["message_id"]) for row in shop.file(KEY, **asked)]

    assert found() == [first.pk, answer.pk, other.pk]
    assert (found(range_to=later(2)), found(range_from=later(2))) == ([first.pk], [answer.pk, other.pk])
    assert found(filters={"flows": ["incoming"]}) == [first.pk, other.pk]
    assert found(filters={"flows": ["outgoing"]}) == [answer.pk]
    assert found(filters={"channels": [other_line.pk]}) == [other.pk]


def test_whoever_sees_their_own_contacts_gets_no_others_and_no_other_workspace_does(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    _user, mia = a_member(cast.acme, email="mia@example.com", restrictions=("show_only_mine",))
    assert shop.file(KEY, mia) == []
    actions.assign_contact(actor=cast.ada, contact=Identifier.of(asked.contact_id), user_id=mia.user_id, at=later(1))
    assert columns(shop.file(KEY, mia), "message_id") == [(str(asked.pk),)]
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == []
