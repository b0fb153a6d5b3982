"""The file of virtual agents: what each did in the range, channel by channel."""

from datetime import datetime
from typing import Any

import pytest

from inbox import actions
from inbox.models import Conversation, Delivery, Handover, Message, StatusChange, VirtualAgent
from tests.exports.days import DAY, Day, a_day, a_message_tag, a_topic, put_topic
from tests.factories import Cast
from tests.inbox.steps import hears, later, latest

pytestmark = pytest.mark.django_db
ANNA = "+34600000002"


def test_a_row_says_what_a_virtual_agent_did_on_a_channel(cast: Cast) -> None:
    day = a_day(cast)
    robot, topic = _robot(cast), a_topic(cast.ada)
    tags = [a_message_tag(cast.ada, name) for name in ("Complaint", "Praise", "Urgent")]
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(1))
    for minute, message in ((2, cleo), (3, cleo), (4, anna)):
        _says(robot, message, at=later(minute))
    put_topic(cast.ada, cleo, topic, at=later(5), virtual_agent_id=robot.pk)
    for tag in tags:
        actions.tag_message(actor=cast.ada, message_id=cleo.pk, tag_id=tag.pk, virtual_agent_id=robot.pk, at=later(6))
    actions.tag_message(actor=cast.ada, message_id=anna.pk, tag_id=tags[0].pk, virtual_agent_id=robot.pk, at=later(6))
    _hands_over(robot, anna, "VA_REQUESTED", at=later(7))
    _resolves(robot, cleo, at=later(8))

    (row,) = day.rows("virtual_agents")

    assert row == {
        "agent_id": str(robot.pk),
        "agent_name": "Night desk",
        "medium": "custom_channel",
        "channel": "+34910000001",
        "channel_display_name": "Shop line",
        "total_conversations": "2",
        "handover_to_agent": "1",
        "handover_due_to_error": "0",
        "resolved": "1",
        "total_conversations_with_topic": "1",
        "total_tagged_messages": "2",
        "tags_per_message": "2.00",
    }


def test_the_latest_hand_over_in_the_range_says_which_kind_it_was(cast: Cast) -> None:
    day = a_day(cast)
    robot = _robot(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    _hands_over(robot, cleo, "VA_REQUESTED", at=later(2))
    _hands_over(robot, cleo, "VA_ERROR", at=later(3))
    _hands_over(robot, cleo, "CONTACT_TIMEOUT", at=later() + DAY)
    assert _counts(day, "handover_to_agent", "handover_due_to_error") == [("Shop line", "0", "1")]
    assert _counts(day, "handover_to_agent", "tags_per_message", range_to=later(1) + DAY) == [("Shop line", "1", "")]


def test_what_happened_on_each_channel_is_a_row_of_its_own(cast: Cast) -> None:
    day = a_day(cast)
    robot = _robot(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.other_channel, sender=ANNA, at=later(1))
    _says(robot, cleo, at=later(2))
    _resolves(robot, anna, at=later(2))
    assert _counts(day, "total_conversations", "resolved") == [("Shop line", "1", "0"), ("Night line", "0", "1")]
    chosen = {"channels": [day.other_channel.pk]}
    assert _counts(day, "resolved", filters=chosen) == [("Night line", "1")]


def test_auto_responders_have_no_row(cast: Cast) -> None:
    day = a_day(cast)
    responder = _robot(cast, kind="auto_responder")
    cleo = hears(cast.ada, day.channel, at=later(1))
    _says(responder, cleo, at=later(2))
    Handover.objects.create(
        workspace_id=cast.acme.pk,
        conversation_id=latest(cleo).pk,
        contact_id=cleo.contact_id,
        virtual_agent_id=responder.pk,
        is_auto_responder=True,
        occurred_at=later(3),
    )
    assert day.rows("virtual_agents") == []


def _robot(cast: Cast, *, kind: str = "virtual_agent") -> VirtualAgent:
    return VirtualAgent.objects.create(workspace_id=cast.acme.pk, name="Night desk", kind=kind, created_at=later())


def _says(robot: VirtualAgent, message: Message, *, at: datetime) -> None:
    Message.objects.create(
        workspace_id=message.workspace_id,
        conversation_id=message.conversation_id,
        contact_id=message.contact_id,
        channel_id=message.channel_id,
        direction="outgoing",
        sender_kind="bot",
        sender_id=robot.pk,
        text="I am a program.",
        status=Delivery.SENT,
        created_at=at,
        provider_at=at,
    )


def _hands_over(robot: VirtualAgent, message: Message, reason: str, *, at: datetime) -> None:
    Handover.objects.create(
        workspace_id=message.workspace_id,
        conversation_id=latest(message).pk,
        contact_id=message.contact_id,
        virtual_agent_id=robot.pk,
        reason=reason,
        occurred_at=at,
    )


def _resolves(robot: VirtualAgent, message: Message, *, at: datetime) -> None:
    conversation: Conversation = latest(message)
    StatusChange.objects.create(
        workspace_id=message.workspace_id,
        conversation_id=conversation.pk,
        contact_id=message.contact_id,
        old=conversation.status,
        new="resolved",
        cause="set",
        source="bot",
        virtual_agent_id=robot.pk,
        occurred_at=at,
    )


def _counts(day: Day, *keys: str, **asked: Any) -> list[tuple[str, ...]]:
    return [tuple(row[key] for key in ("channel_display_name", *keys)) for row in day.rows("virtual_agents", **asked)]
