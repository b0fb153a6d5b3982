"""The file of teams: what the people of each did in the range, under the team that they had then."""

import pytest

from inbox import actions
from tests.exports.days import (
    DAY,
    Day,
    a_day,
    a_message_tag,
    a_topic,
    answered_survey,
    closed,
    held,
    left,
    opened_again,
    put_topic,
)
from tests.factories import Cast, actor_in
from tests.inbox.steps import hears, later, latest, says
from workspaces.actions import change_team

pytestmark = pytest.mark.django_db
ANNA, ZOE = "+34600000002", "+34600000003"


def test_a_row_says_what_the_people_of_a_team_did(cast: Cast) -> None:
    day = a_day(cast)
    topic, tag = a_topic(cast.ada), a_message_tag(cast.ada)
    cleo = hears(cast.ada, day.channel, at=later(1))
    held(day.ben, cleo, at=later(2))
    says(day.ben, cleo, "Hi", at=later(3))
    says(day.ben, cleo, "And", at=later(4))
    put_topic(day.ben, cleo, topic, at=later(4))
    actions.tag_message(actor=day.ben, message_id=cleo.pk, tag_id=tag.pk, at=later(4))
    answered_survey(closed(day.ben, cleo, at=later(6)), score=4, at=later(20))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(10))
    held(day.ben, anna, at=later(10))
    left(day.ben, anna, at=later(10, seconds=10))
    held(day.ben, anna, at=later(11))
    closed(day.ben, anna, at=later(12))

    (row,) = day.rows("teams")

    assert row == {
        "created_at": "2026-03-02T11:00:00+00:00",
        "team_id": str(day.support.pk),
        "team_name": "Support",
        "resolves_with_reply": "1",
        "resolves_without_reply": "1",
        "average_first_response_time": "120",
        "average_resolution_time": "210",
        "total_handle_time": "240",
        "total_no_reply_time": "60",
        "total_cherry_picking_time": "10",
        "average_handle_time": "240",
        "contacts_helped": "1",
        "csat_with_score_1": "0",
        "csat_with_score_2": "0",
        "csat_with_score_3": "0",
        "csat_with_score_4": "1",
        "csat_with_score_5": "0",
        "tags_added": "1",
        "topics_added": "1",
        "replies": "2",
    }


def test_only_teams_that_wrote_in_the_range_have_a_row_and_people_without_a_team_make_none(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    says(cast.ada, cleo, at=later(2))
    closed(day.max, cleo, at=later(3))
    says(day.ben, cleo, at=later() + DAY)
    assert day.rows("teams") == []


def test_a_conversation_is_of_the_team_that_resolved_it_last_whoever_wrote(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    says(day.ben, cleo, at=later(2))
    closed(day.ben, cleo, at=later(3))
    opened_again(day.max, cleo, at=later(4))
    says(day.max, cleo, at=later(5))
    closed(day.max, cleo, at=later(6))
    assert _of(day, "resolves_with_reply", "average_resolution_time") == [("Sales", "1", ""), ("Support", "0", "120")]


def test_the_first_response_runs_from_a_hand_over_and_is_of_the_team_that_gave_it(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    conversation = latest(cleo)
    conversation.first_handover_at = later(4)
    conversation.save(update_fields=["first_handover_at"])
    says(day.ben, cleo, "First", at=later(5))
    says(day.max, cleo, "Second", at=later(9))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(1))
    says(day.ben, anna, "First", at=later(1, seconds=31))
    zoe = hears(cast.ada, day.channel, sender=ZOE, at=later(-10))
    says(day.ben, zoe, "Before the range", at=later(-1))
    says(day.ben, zoe, "In the range", at=later(1))
    assert _of(day, "average_first_response_time") == [("Sales", ""), ("Support", "46")]


def test_a_resolution_before_the_contact_ever_wrote_has_no_resolution_time(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(-60))
    closed(day.ben, cleo, at=later(-50))
    says(day.ben, cleo, "How are you?", at=later(1))
    closed(day.ben, cleo, at=later(2))
    assert _of(day, "resolves_with_reply", "average_resolution_time") == [("Support", "1", "")]


def test_channels_and_teams_narrow_what_is_counted(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    for person in (day.ben, day.max):
        says(person, cleo, f"Hi of {person.id}", at=later(2))
    closed(day.ben, cleo, at=later(3))
    assert _of(day, "replies", teams=[day.sales.pk]) == [("Sales", "1")]
    assert _of(day, "resolves_with_reply", channels=[day.channel.pk]) == [("Sales", "0"), ("Support", "1")]
    assert _of(day, "replies", channels=[day.other_channel.pk]) == []


def test_an_event_stays_with_the_team_of_then(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    says(day.ben, cleo, "As Support", at=later(2))
    change_team(
        actor=cast.ada,
        team_id=day.sales.pk,
        name="Sellers",
        description="",
        member_ids=[cast.ben_user.pk],
        at=later(3),
    )
    says(actor_in(cast.acme, cast.ben_user), cleo, "As Sales", at=later(4))
    assert _of(day, "replies") == [("Sellers", "1"), ("Support", "1")]


def _of(day: Day, *keys: str, **filters: list[int]) -> list[tuple[str, ...]]:
    return [tuple(row[key] for key in ("team_name", *keys)) for row in day.rows("teams", filters=filters)]
