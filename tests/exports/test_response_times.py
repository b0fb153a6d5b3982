"""The file of response times: a row for each wait that a person ended."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from contacts.identifiers import Identifier
from inbox import actions
from inbox.actions.virtual_agent_answers import HANDOVER, AgentAnswer
from inbox.models import Handover, Status
from tests.exports.shop import Shop, open_shop
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

KEY = "response_times"


def columns(rows: list[dict[str, str]], *names: str) -> list[tuple[str, ...]]:
    return [tuple(row[name] for name in names) for row in rows]


def test_every_column_of_an_answer(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    answer = says(shop.ben, asked, at=NOON + timedelta(seconds=89, milliseconds=500))
    says(shop.ben, asked, "More", at=later(3))  # in a row: one answer
    (row,) = shop.file(KEY, time_zone="America/Mexico_City")
    assert row == {
        "conversation_id": str(asked.conversation_id),
        "medium": "custom_channel",
        "sender_channel": "+525500000001",
        "sender_channel_display_name": "Shop line",
        "contact_profile_id": str(asked.contact_id),
        "started_by": "INBOUND_MESSAGE_RECEIVED",
        "handover_reason": "",
        "from_at": "2026-03-02T06:00:00-06:00",
        "to_at": "2026-03-02T06:01:29-06:00",
        "agent_response_time": "90",
        "responding_agent_id": str(shop.ben.user_id),
        "responding_agent_name": "Ben Tanaka",
        "responding_agent_reference": "E-041",
        "inbound_message_id": str(asked.pk),
        "outbound_message_id": str(answer.pk),
        "conversation_url": f"{settings.BASE_URL}/w/{cast.acme.pk}/c/{asked.conversation_id}",
    }


def test_the_answered_message_is_the_latest_when_the_wait_began(cast: Cast) -> None:
    shop = open_shop(cast)
    first = hears(shop.ben, shop.line, at=later(0))
    says(shop.ben, first, at=later(1))
    second = hears(shop.ben, shop.line, "And?", at=later(2))
    hears(shop.ben, shop.line, "Hello?", at=later(3))
    says(shop.ben, first, "Here", at=later(4))
    actions.set_conversation_status(
        actor=cast.max, contact=Identifier.of(first.contact_id), status=Status.NEW, at=later(5)
    )
    says(cast.max, first, "Me too", at=later(7))
    found = columns(shop.file(KEY), "started_by", "inbound_message_id", "agent_response_time", "responding_agent_name")
    assert [row[:1] + row[2:] for row in found] == [
        ("INBOUND_MESSAGE_RECEIVED", "60", "Ben Tanaka"),
        ("INBOUND_MESSAGE_RECEIVED", "120", "Ben Tanaka"),
        ("AGENT_SET_TO_NEW", "120", "Max Marín"),
    ]
    third = found[2][1]
    assert [row[1] for row in found] == [str(first.pk), str(second.pk), third]
    assert int(third) > second.pk


def hand_over(shop: Shop, reason: Handover.Reason, *, kind: str = "virtual_agent") -> None:
    """Let a program take what Cleo writes, hand it over, and Ben answer."""
    robot = actions.add_virtual_agent(
        actor=shop.cast.ada, name="Robo", kind=kind, channel_ids=[shop.line.pk], at=later()
    )
    asked = hears(shop.ben, shop.line, at=later(1))
    actions.answer_as_virtual_agent(
        actor=shop.cast.ada,
        virtual_agent_id=robot.pk,
        conversation_id=asked.conversation_id or 0,
        answer=AgentAnswer(text="One moment", complete=HANDOVER, reason=reason),
        idempotency_key="one",
        at=later(2),
    )
    says(shop.ben, asked, at=later(4))


@pytest.mark.parametrize(
    ("kind", "started_by", "reason"),
    [
        ("virtual_agent", "VA_HANDED_OVER_CONVERSATION", "VA_ERROR"),
        ("auto_responder", "AR_HANDED_OVER_CONVERSATION", ""),
    ],
)
def test_a_hand_over_says_why_if_a_virtual_agent_made_it(cast: Cast, kind: str, started_by: str, reason: str) -> None:
    shop = open_shop(cast)
    hand_over(shop, Handover.Reason.ERROR, kind=kind)
    found = columns(shop.file(KEY), "started_by", "handover_reason", "agent_response_time")
    assert found == [(started_by, reason, "120")]


def test_the_channel_is_the_one_on_which_the_contact_wrote(cast: Cast) -> None:
    shop = open_shop(cast)
    email = a_channel(cast.ada, name="Second line", account="second")
    hears(shop.ben, shop.line)
    asked = hears(shop.ben, email, "On the other one", at=later(1))
    actions.set_conversation_status(
        actor=cast.max, contact=Identifier.of(asked.contact_id), status=Status.NEW, at=later(2)
    )
    says(shop.ben, asked, at=later(3))
    again = hears(shop.ben, email, "Again", at=later(4))
    says(shop.ben, again, "There", at=later(5))
    assert columns(shop.file(KEY), "sender_channel") == [("+525500000001",), ("second",)]
    assert columns(shop.file(KEY, filters={"channels": [email.pk]}), "from_at") == [("2026-03-02T12:04:00+00:00",)]


def test_range_people_and_teams_are_those_of_the_answer(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    says(shop.ben, asked, at=later(1))
    hears(shop.ben, shop.line, "And?", at=later(2))
    says(cast.max, asked, "Me", at=later(3))

    def found(**asked: Any) -> list[str]:
        return [row["responding_agent_name"].partition(" ")[0] for row in shop.file(KEY, **asked)]

    assert (found(), found(range_to=later(3)), found(range_from=later(3))) == (["Ben", "Max"], ["Ben"], ["Max"])
    assert found(filters={"agents": [cast.max.user_id]}) == ["Max"]
    assert found(filters={"teams": [shop.team.pk]}) == ["Ben"]
    enter_workspace(cast.globex.pk)
    assert shop.file(KEY, cast.gus) == []


def test_an_answer_that_was_taken_back_is_none(cast: Cast) -> None:
    shop = open_shop(cast)
    asked = hears(shop.ben, shop.line)
    actions.take_back_message(actor=shop.ben, message_id=says(shop.ben, asked, at=later(1)).pk, at=later(1, 5))
    assert shop.file(KEY) == []
