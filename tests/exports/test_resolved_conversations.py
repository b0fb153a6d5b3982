"""The file of resolved conversations: each column once, and which conversations are in it."""

from datetime import timedelta

import pytest
from django.conf import settings

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.virtual_agent_answers import HANDOVER, AgentAnswer
from inbox.models import Status, Survey
from inbox.selection import ConversationSelection
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast, a_member
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.actions import remove_member
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "resolved_conversations"


def ids(rows: list[dict[str, str]]) -> list[int]:
    return [int(row["conversation_id"]) for row in rows]


def settle(shop: Shop, name: str = "Someone", *, minutes: float = 5, sender: str = "+34600000001") -> int:
    """Let somebody write and Ben close it; return the conversation."""
    asked = hears(shop.ben, shop.line, name, sender=sender, at=later(minutes - 1))
    actions.close_conversation(actor=shop.ben, contact=Identifier.of(asked.contact_id), at=later(minutes))
    return asked.conversation_id or 0


def test_every_column_of_a_conversation_that_went_its_way(cast: Cast) -> None:
    shop = open_shop(cast)
    actions.change_inbox_settings(
        actor=cast.ada, values={"survey_is_on": True, "survey_question": "What could we do better?"}, at=NOON
    )
    actions.add_closing_category(actor=cast.ada, name="Order status", at=NOON)
    topics = [actions.add_topic(actor=cast.ada, name=name, at=NOON).pk for name in ("Shipping", "Refunds; old")]
    asked = hears(shop.ben, shop.line, "Where is it?")
    cleo, number = Identifier.of(asked.contact_id), asked.conversation_id or 0
    actions.take_lock(actor=cast.ada, conversation_id=number, at=later(1))
    actions.release_lock(actor=cast.ada, conversation_id=number, at=later(1, 30))
    actions.take_lock(actor=shop.ben, conversation_id=number, at=later(2))
    says(shop.ben, asked, "On its way", at=later(4, 10))
    actions.release_lock(actor=shop.ben, conversation_id=number, at=later(5, 40))
    actions.put_topics(actor=shop.ben, conversation_id=number, topic_ids=[topics[1]], at=later(6))
    actions.put_topics(actor=shop.ben, conversation_id=number, topic_ids=[topics[0]], at=later(7))
    actions.set_language(actor=shop.ben, conversation_id=number, language="en", at=later(8))
    actions.take_lock(actor=shop.ben, conversation_id=number, at=later(19))
    actions.close_conversation(
        actor=shop.ben, contact=cleo, category="order status", summary="Arrives, no refund", at=later(20)
    )
    survey = Survey.objects.in_workspace(cast.acme.pk).get()
    actions.score_survey(actor=cast.ada, survey_id=survey.pk, score=5, at=later(60))
    actions.answer_survey(actor=cast.ada, survey_id=survey.pk, answer="-", at=later(61))
    (row,) = shop.file(KEY, time_zone="America/Mexico_City")
    assert row == {
        "conversation_id": str(number),
        "medium": "custom_channel",
        "channel": "+525500000001",
        "channel_display_name": "Shop line",
        "contact_profile_id": str(asked.contact_id),
        "contact_primary_identifier": "+34600123456",
        "contact_secondary_identifier": "Cleo Marín",
        "created_at": "2026-03-02T06:00:00-06:00",
        "last_status_change_agent_id": str(shop.ben.user_id),
        "last_status_change_agent_name": "Ben Tanaka",
        "last_status_change_agent_reference": "E-041",
        "last_status_change_team_id": str(shop.team.pk),
        "last_status_change_team_name": "Support",
        "current_status": "RESOLVED",
        "resolved_by": "AGENT",
        "resolve_reason": "Order status",
        "resolve_comment": "Arrives, no refund",
        "resolve_trigger": "HUMAN_AGENT",
        "resolved_at": "2026-03-02T06:20:00-06:00",
        "resolved_agent_id": str(shop.ben.user_id),
        "resolved_agent_name": "Ben Tanaka",
        "resolved_agent_reference": "E-041",
        "number_of_inbound_messages": "1",
        "number_of_outbound_messages": "2",  # the survey is a message too
        "first_response_time": "250",
        "handle_time": "220",
        "no_reply_time": "60",
        "cherry_picking_time": "30",
        "resolution_time": "1200",
        "topic_ids": f"{topics[1]}; {topics[0]}",
        "topic_names": "Refunds, old; Shipping",
        "conversation_url": f"{settings.BASE_URL}/w/{cast.acme.pk}/c/{number}",
        "last_updated": "2026-03-02T07:00:00-06:00",
        "language": "en",
        "csat_score": "5",
        "csat_completed_status": "COMPLETED",
        "csat_follow_up_question": "What could we do better?",
        "csat_follow_up_answer": "'-",
    }


def test_the_first_resolution_is_shown_whatever_came_after_it(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    cleo = Identifier.of(asked.contact_id)
    actions.close_conversation(actor=shop.ben, contact=cleo, summary="First", at=later(10))
    actions.set_conversation_status(actor=cast.max, contact=cleo, status=Status.NEW, at=later(20))
    (row,) = shop.file(KEY)
    assert (row["current_status"], row["resolved_agent_name"], row["resolve_comment"]) == ("NEW", "Ben Tanaka", "First")
    actions.close_conversation(actor=cast.max, contact=cleo, summary="Second", at=later(30))
    (row,) = shop.file(KEY)
    assert (row["resolved_at"], row["resolved_agent_name"]) == ("2026-03-02T12:10:00+00:00", "Ben Tanaka")
    assert (row["last_status_change_agent_name"], row["last_status_change_team_id"]) == ("Max Marín", "")
    assert row["last_status_change_agent_reference"] == ""


def test_who_resolved_and_what_brought_it_about(cast: Cast) -> None:
    shop = open_shop(cast)
    by_api = hears(shop.ben, shop.line, sender="+34600000001")
    actions.close_conversation(
        actor=cast.ada, contact=Identifier.of(by_api.contact_id), source="api", by_hand=False, at=later(1)
    )
    in_bulk = hears(shop.ben, shop.line, sender="+34600000002")
    chosen = ConversationSelection(ids=(in_bulk.conversation_id or 0,))
    actions.close_conversations(actor=cast.max, chosen=chosen, at=later(2))
    by_bot = hears(shop.ben, shop.line, sender="+34600000003")
    actions.close_conversation(
        actor=cast.ada, contact=Identifier.of(by_bot.contact_id), source="ai_agent", by_hand=False, at=later(3)
    )
    by_rule = hears(shop.ben, shop.line, sender="+34600000004")
    actions.close_conversation(
        actor=cast.ada, contact=Identifier.of(by_rule.contact_id), source="auto_close", by_hand=False, at=later(4)
    )
    found = [(row["resolved_by"], row["resolve_trigger"]) for row in shop.file(KEY)]
    assert found == [
        ("SYSTEM", "AUTOMATION"),
        ("BULK_RESOLVE", "HUMAN_AGENT"),
        ("VIRTUAL_AGENT", "VIRTUAL_AGENT"),
        ("SYSTEM", "AUTO_RESOLVE"),
    ]


def test_the_range_holds_its_first_moment_and_not_its_end(cast: Cast) -> None:
    shop = open_shop(cast)
    number = settle(shop, minutes=5)
    assert shop.file(KEY, range_to=later(5)) == []
    assert ids(shop.file(KEY, range_from=later(5))) == [number]
    assert ids(shop.file(KEY, range_from=later(5), range_to=later(5, 1))) == [number]


def test_rows_are_ordered_by_resolution_then_by_id(cast: Cast) -> None:
    shop = open_shop(cast)
    last = settle(shop, minutes=9, sender="+34600000001")
    first = settle(shop, minutes=5, sender="+34600000002")
    twin = settle(shop, minutes=5, sender="+34600000003")
    assert ids(shop.file(KEY)) == [first, twin, last]


def test_filters_take_the_conversations_channel_and_the_resolvers_team(cast: Cast) -> None:
    shop = open_shop(cast)
    ours = settle(shop, sender="+34600000001")
    other_line = a_channel(cast.ada, name="Other line")
    asked = hears(shop.ben, other_line, sender="+34600000002")
    actions.close_conversation(actor=cast.max, contact=Identifier.of(asked.contact_id), at=later(6))
    assert ids(shop.file(KEY)) == [ours, asked.conversation_id]
    assert ids(shop.file(KEY, filters={"channels": [other_line.pk]})) == [asked.conversation_id]
    assert ids(shop.file(KEY, filters={"teams": [shop.team.pk]})) == [ours]
    assert shop.file(KEY, filters={"teams": [shop.team.pk], "channels": [other_line.pk]}) == []


def test_a_first_answer_is_counted_from_the_hand_over_before_it(cast: Cast) -> None:
    shop = open_shop(cast)
    robot = actions.add_virtual_agent(
        actor=cast.ada, name="Robo", kind="virtual_agent", channel_ids=[shop.line.pk], at=NOON
    )
    asked = hears(shop.ben, shop.line)
    actions.answer_as_virtual_agent(
        actor=cast.ada,
        virtual_agent_id=robot.pk,
        conversation_id=asked.conversation_id or 0,
        answer=AgentAnswer(text="One moment", complete=HANDOVER),
        idempotency_key="one",
        at=later(3),
    )
    says(shop.ben, asked, at=later(5))
    actions.close_conversation(actor=shop.ben, contact=Identifier.of(asked.contact_id), at=later(6))
    (row,) = shop.file(KEY)
    assert (row["first_response_time"], row["resolution_time"]) == ("120", "360")


def test_cells_without_a_value_are_empty(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    actions.close_conversation(actor=shop.ben, contact=Identifier.of(asked.contact_id), at=later(6))
    actions.open_conversation(actor=shop.ben, contact=Identifier.of(asked.contact_id), at=later(7))
    actions.close_conversation(actor=cast.max, contact=Identifier.of(asked.contact_id), at=later(8))
    row = shop.file(KEY)[1]  # nobody wrote in it
    empty = {key for key, value in row.items() if value == ""}
    assert empty == {
        "last_status_change_agent_reference", "last_status_change_team_id", "last_status_change_team_name",
        "resolve_reason", "resolve_comment", "resolved_agent_reference", "first_response_time", "resolution_time",
        "topic_ids", "topic_names", "language", "csat_score", "csat_completed_status", "csat_follow_up_question",
        "csat_follow_up_answer",
    }  # fmt: skip
    assert (row["handle_time"], row["no_reply_time"], row["cherry_picking_time"]) == ("0", "0", "0")


def test_a_survey_is_sent_partial_or_expired_and_the_latest_one_counts(cast: Cast) -> None:
    shop = open_shop(cast)
    actions.change_inbox_settings(
        actor=cast.ada, values={"survey_is_on": True, "survey_question": "Why?", "survey_hours": 2}, at=NOON
    )
    asked = hears(shop.ben, shop.line)
    cleo = Identifier.of(asked.contact_id)
    actions.close_conversation(actor=shop.ben, contact=cleo, at=later(10))

    def state(minutes: float) -> tuple[str, str]:
        (row,) = shop.file(KEY, export_at=later(minutes))
        return row["csat_completed_status"], row["csat_score"]

    assert (state(129), state(130)) == (("SENT", ""), ("EXPIRED", ""))
    first = Survey.objects.in_workspace(cast.acme.pk).get()
    actions.score_survey(actor=cast.ada, survey_id=first.pk, score=2, at=later(20))
    assert state(130) == ("PARTIAL", "2")
    actions.set_conversation_status(actor=shop.ben, contact=cleo, status=Status.NEW, at=later(30))
    actions.change_inbox_settings(actor=cast.ada, values={"survey_question": ""}, at=later(30))
    actions.close_conversation(actor=shop.ben, contact=cleo, at=later(40))
    assert state(50) == ("SENT", "")
    second = Survey.objects.in_workspace(cast.acme.pk).latest("pk")
    actions.score_survey(actor=cast.ada, survey_id=second.pk, score=4, at=later(50))
    assert state(51) == ("COMPLETED", "4")


def test_a_conversation_outlives_its_contact_and_its_agent(cast: Cast) -> None:
    shop = open_shop(cast)
    number = settle(shop)
    contact = latest(hears(shop.ben, shop.line, sender="+34600000001", at=later(8)))
    delete_contact(actor=cast.ada, contact=Identifier.of(contact.contact_id), at=later(10))
    remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=later(11))
    rows = {int(row["conversation_id"]): row for row in shop.file(KEY)}
    row = rows[number]
    assert (row["contact_profile_id"], row["contact_primary_identifier"]) == (str(contact.contact_id), "")
    assert (row["resolved_agent_name"], row["resolved_agent_reference"]) == ("Ben Tanaka", "E-041")


def test_whoever_sees_their_own_contacts_gets_no_others(cast: Cast) -> None:
    shop = open_shop(cast)
    settle(shop, sender="+34600000001")
    asked = hears(shop.ben, shop.line, sender="+34600000002")
    _user, mia = a_member(cast.acme, email="mia@example.com", restrictions=("show_only_mine",))
    assert shop.file(KEY, mia) == []
    contact = Identifier.of(asked.contact_id)
    actions.assign_contact(actor=cast.ada, contact=contact, user_id=mia.user_id, at=later(1))
    actions.close_conversation(actor=cast.ada, contact=contact, at=later(2))
    assert ids(shop.file(KEY, mia)) == [asked.conversation_id]


def test_another_workspaces_conversations_are_not_in_it(cast: Cast) -> None:
    shop = open_shop(cast)
    settle(shop)
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus, range_from=NOON - timedelta(days=300)) == []
