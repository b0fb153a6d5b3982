"""The file of topics: conversations that got one in the range, channel by channel."""

from typing import Any

import pytest

from contacts.actions import add_contact
from contacts.identifiers import Identifier
from contacts.models.contact import Source
from inbox import actions
from tests.exports.days import DAY, Day, a_day, a_topic, put_topic
from tests.factories import Cast
from tests.inbox.steps import hears, later, latest

pytestmark = pytest.mark.django_db
ANNA = "+34600000002"


def test_a_conversation_counts_once_for_a_topic_and_is_current_while_it_has_it(cast: Cast) -> None:
    day = a_day(cast)
    topic = a_topic(cast.ada)
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(1))
    put_topic(day.ben, cleo, topic, at=later(2))
    actions.remove_topic(actor=cast.ada, conversation_id=latest(cleo).pk, topic_id=topic.pk, at=later(3))
    put_topic(day.ben, cleo, topic, at=later(4))
    put_topic(day.ben, anna, topic, at=later(5))
    actions.remove_topic(actor=cast.ada, conversation_id=latest(anna).pk, topic_id=topic.pk, at=later(6))
    actions.change_topic(actor=cast.ada, topic_id=topic.pk, name="Parcels", is_active=False, at=later(7))

    (row,) = day.rows("topics")

    assert row == {
        "topic_id": str(topic.pk),
        "topic_name": "Parcels",
        "active": "false",
        "total_conversations": "2",
        "total_current_conversations": "1",
        "medium": "custom_channel",
        "channel": "+34910000001",
        "channel_display_name": "Shop line",
    }


def test_a_topic_that_came_back_after_the_range_is_current(cast: Cast) -> None:
    day = a_day(cast)
    topic = a_topic(cast.ada)
    cleo = hears(cast.ada, day.channel, at=later(1))
    put_topic(day.ben, cleo, topic, at=later(2))
    actions.remove_topic(actor=cast.ada, conversation_id=latest(cleo).pk, topic_id=topic.pk, at=later(3))
    put_topic(day.ben, cleo, topic, at=later(5) + DAY)
    assert _counts(day) == [("Shipping", "Shop line", "1", "1")]
    assert _counts(day, range_from=later(4), range_to=later(5)) == []


def test_topics_are_told_apart_by_the_channel_of_their_conversations(cast: Cast) -> None:
    day = a_day(cast)
    late, early = a_topic(cast.ada, "zebra"), a_topic(cast.ada, "Zebra crossing")
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.other_channel, sender=ANNA, at=later(1))
    alone = actions.open_conversation(actor=cast.ada, contact=_without_conversation(cast), at=later(3))
    for message in (cleo, anna):
        put_topic(day.ben, message, late, at=later(2))
    put_topic(day.ben, cleo, early, at=later(2))
    actions.put_topics(actor=cast.ada, conversation_id=alone.pk, topic_ids=[late.pk], at=later(4))
    assert _counts(day) == [
        ("Zebra crossing", "Shop line", "1", "1"),
        ("zebra", "Shop line", "1", "1"),
        ("zebra", "Night line", "1", "1"),
        ("zebra", "", "1", "1"),
    ]
    assert _counts(day, filters={"channels": [day.other_channel.pk]}) == [("zebra", "Night line", "1", "1")]


def _without_conversation(cast: Cast) -> Identifier:
    contact = add_contact(actor=cast.ada, values={"first_name": "Zoë"}, source=Source.USER, at=later())
    return Identifier.of(contact.pk)


def _counts(day: Day, **asked: Any) -> list[tuple[str, ...]]:
    keys = ("topic_name", "channel_display_name", "total_conversations", "total_current_conversations")
    return [tuple(row[key] for key in keys) for row in day.rows("topics", **asked)]
