"""The file of message tags: messages that got one in the range, channel by channel."""

from typing import Any

import pytest

from inbox import actions
from tests.exports.days import Day, a_day, a_message_tag
from tests.factories import Cast
from tests.inbox.steps import hears, later, says

pytestmark = pytest.mark.django_db
ANNA = "+34600000002"


def test_messages_and_their_contacts_count_once_for_a_tag(cast: Cast) -> None:
    day = a_day(cast)
    tag = a_message_tag(cast.ada)
    first = hears(cast.ada, day.channel, at=later(1))
    second = hears(cast.ada, day.channel, "More", at=later(2))
    reply = says(day.ben, first, at=later(3))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(1))
    for message in (first, second, reply, anna):
        actions.tag_message(actor=day.ben, message_id=message.pk, tag_id=tag.pk, at=later(4))
    for message in (first, anna):
        actions.untag_message(actor=day.ben, message_id=message.pk, tag_id=tag.pk, at=later(5))
    actions.tag_message(actor=day.ben, message_id=first.pk, tag_id=tag.pk, at=later(6))

    (row,) = day.rows("tags")

    assert row == {
        "tag_id": str(tag.pk),
        "tag_name": "Complaint",
        "active": "true",
        "total_contacts": "2",
        "total_messages": "4",
        "total_current_messages": "3",
        "medium": "custom_channel",
        "channel": "+34910000001",
        "channel_display_name": "Shop line",
    }


def test_a_tag_on_a_message_that_was_taken_back_counts_nowhere(cast: Cast) -> None:
    day = a_day(cast)
    reply = says(day.ben, hears(cast.ada, day.channel, at=later(1)), at=later(2))
    actions.tag_message(actor=day.ben, message_id=reply.pk, tag_id=a_message_tag(cast.ada).pk, at=later(2))
    actions.take_back_message(actor=day.ben, message_id=reply.pk, at=later(2))
    assert _counts(day) == []


def test_tags_are_told_apart_by_the_channel_of_the_message(cast: Cast) -> None:
    day = a_day(cast)
    tag, past = a_message_tag(cast.ada), a_message_tag(cast.ada, "A past one")
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.other_channel, sender=ANNA, at=later(1))
    for message in (cleo, anna):
        actions.tag_message(actor=day.ben, message_id=message.pk, tag_id=tag.pk, at=later(2))
    actions.tag_message(actor=day.ben, message_id=cleo.pk, tag_id=past.pk, at=later(2))
    actions.change_message_tag(actor=cast.ada, tag_id=past.pk, is_active=False, at=later(3))
    assert _counts(day) == [
        ("A past one", "false", "Shop line", "1"),
        ("Complaint", "true", "Shop line", "1"),
        ("Complaint", "true", "Night line", "1"),
    ]
    assert _counts(day, filters={"channels": [day.other_channel.pk]}) == [("Complaint", "true", "Night line", "1")]
    assert _counts(day, range_from=later(3)) == []


def _counts(day: Day, **asked: Any) -> list[tuple[str, ...]]:
    keys = ("tag_name", "active", "channel_display_name", "total_messages")
    return [tuple(row[key] for key in keys) for row in day.rows("tags", **asked)]
