"""The file of agents: what each person did in the range, and nothing else."""

from typing import Any

import pytest

from contacts.identifiers import Identifier
from inbox import actions
from tests.exports.days import (
    DAY,
    a_day,
    a_message_tag,
    a_topic,
    answered_survey,
    closed,
    held,
    left,
    opened_again,
    present,
    put_topic,
)
from tests.factories import Cast, a_member, actor_in
from tests.inbox.steps import a_channel, hears, later, latest, says
from workspaces.actions import change_team, remove_member
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db
ANNA = "+34600000002"


def test_a_row_says_what_an_agent_did_and_how_long_they_were_there(cast: Cast) -> None:
    day = a_day(cast)
    topic, tag = a_topic(cast.ada), a_message_tag(cast.ada)
    cleo = hears(cast.ada, day.channel, at=later(1))
    held(day.ben, cleo, at=later(2))
    says(day.ben, cleo, "Hi", at=later(3))
    says(day.ben, cleo, "And", at=later(4))
    left(day.ben, cleo, at=later(5))
    held(day.ben, cleo, at=later(6))
    left(day.ben, cleo, at=later(6, seconds=30))
    put_topic(day.ben, cleo, topic, at=later(7))
    actions.remove_topic(actor=cast.ada, conversation_id=latest(cleo).pk, topic_id=topic.pk, at=later(8))
    actions.tag_message(actor=day.ben, message_id=cleo.pk, tag_id=tag.pk, at=later(7))
    answered_survey(closed(day.ben, cleo, at=later(9)), score=5, at=later(20))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(10))
    held(day.ben, anna, at=later(11))
    answered_survey(closed(day.ben, anna, at=later(12)), score=1, at=later(21))
    present(day.ben, later(), later(20))
    present(day.ben, later(20), later(25), kind="AWAY", name="Lunch")

    (row,) = day.rows("agents")

    assert row == {
        "user_id": str(cast.ben_user.pk),
        "user_name": "Ben Tanaka",
        "user_email_address": "ben@example.com",
        "user_reference": "",
        "available_time": "1200",
        "away_time": "300",
        "contacts_helped": "1",
        "average_handle_time": "180",
        "handle_time": "180",
        "no_reply_time": "60",
        "cherry_picking_time": "30",
        "replies": "2",
        "resolves_with_reply": "1",
        "resolves_no_reply": "1",
        "tags_added": "1",
        "topics_added": "1",
        "utilization": "22.50",
        "csat_with_score_1": "1",
        "csat_with_score_2": "0",
        "csat_with_score_3": "0",
        "csat_with_score_4": "0",
        "csat_with_score_5": "1",
    }


def test_the_average_handle_time_is_by_conversation_and_not_by_session(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    for minute in (2, 4):
        held(day.ben, cleo, at=later(minute))
        says(day.ben, cleo, f"Hi {minute}", at=later(minute))
        left(day.ben, cleo, at=later(minute + 1))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(6))
    held(day.ben, anna, at=later(7))
    says(day.ben, anna, "Hi Anna", at=later(7))
    left(day.ben, anna, at=later(7, seconds=45))
    (row,) = day.rows("agents")
    assert (row["handle_time"], row["average_handle_time"]) == ("165", "83")


def test_messages_that_were_taken_back_and_those_of_programs_are_no_replies(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    actions.take_back_message(actor=day.ben, message_id=says(day.ben, cleo, at=later(2)).pk, at=later(2))
    says(cast.ada, cleo, "From a program", at=later(3), sender_kind="api")
    assert day.rows("agents") == []


def test_of_several_resolutions_the_latest_in_the_range_counts_alone(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    closed(day.ben, cleo, at=later(2))
    opened_again(cast.ada, cleo, at=later(3))
    says(cast.ada, cleo, at=later(-1) + DAY)
    closed(day.max, cleo, at=later() + DAY)

    def resolves(**asked: Any) -> list[tuple[str, str, str]]:
        rows = day.rows("agents", **asked)
        return [(row["user_name"], row["resolves_with_reply"], row["resolves_no_reply"]) for row in rows]

    assert resolves() == [("Ada Ferrer", "0", "0"), ("Ben Tanaka", "0", "1")]
    longer: dict[str, Any] = {"range_to": later(1) + DAY, "export_at": later(1) + DAY}
    assert resolves(**longer) == [("Ada Ferrer", "0", "0"), ("Max Marín", "1", "0")]


def test_a_resolution_by_a_program_takes_nothing_from_the_people(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    closed(day.ben, cleo, at=later(2))
    opened_again(cast.ada, cleo, at=later(3))
    closed(cast.ada, cleo, at=later(4), source="workflow")
    (row,) = day.rows("agents")
    assert (row["user_name"], row["resolves_no_reply"]) == ("Ben Tanaka", "1")


def test_the_range_begins_with_its_first_moment_and_ends_before_its_last(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(-9))
    for at in (later(seconds=-1), later(), later(seconds=-1) + DAY, later() + DAY):
        says(day.ben, cleo, str(at), at=at)
    (row,) = day.rows("agents")
    assert row["replies"] == "2"


def test_presence_is_cut_to_the_range_and_a_running_one_to_the_moment_of_the_export(cast: Cast) -> None:
    day = a_day(cast)
    present(day.ben, later(-30), later(10))
    present(day.ben, later(-2) + DAY, later(60) + DAY)
    present(day.max, later(-60), later())  # over when the range begins
    present(cast.ada, later(5), None)
    rows = day.rows("agents", export_at=later(65))
    assert [(row["user_name"], row["available_time"], row["utilization"]) for row in rows] == [
        ("Ada Ferrer", "3600", "0.00"),
        ("Ben Tanaka", "720", "0.00"),
    ]


def test_utilization_is_a_hundred_at_most_and_empty_without_available_time(cast: Cast) -> None:
    day = a_day(cast)
    for person, sender in ((day.ben, ANNA), (day.max, "+34600000003")):
        message = hears(cast.ada, day.channel, sender=sender, at=later(1))
        held(person, message, at=later(2))
        left(person, message, at=later(12))
    present(day.ben, later(), later(5))
    present(day.max, later(), later(5), kind="AWAY")
    rows = day.rows("agents")
    assert [(row["user_name"], row["utilization"]) for row in rows] == [("Ben Tanaka", "100.00"), ("Max Marín", "")]


def test_chosen_channels_narrow_what_is_counted_and_leave_presence_alone(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    held(day.ben, cleo, at=later(1))
    says(day.ben, cleo, at=later(2))
    left(day.ben, cleo, at=later(3))
    closed(day.ben, cleo, at=later(4))
    present(day.ben, later(), later(10))
    here = day.rows("agents", filters={"channels": [day.channel.pk]})
    there = day.rows("agents", filters={"channels": [day.other_channel.pk]})
    counted = ("replies", "handle_time", "resolves_with_reply", "available_time", "utilization")
    assert [tuple(row[key] for key in counted) for row in here] == [("1", "120", "1", "600", "20.00")]
    assert [tuple(row[key] for key in counted) for row in there] == [("0", "0", "0", "600", "0.00")]


def test_chosen_agents_and_teams_narrow_the_rows_and_an_event_stays_with_the_team_of_then(cast: Cast) -> None:
    day = a_day(cast)
    cleo = hears(cast.ada, day.channel, at=later(1))
    says(day.ben, cleo, "As Support", at=later(2))
    present(day.max, later(), later(1))
    ids = [cast.ben_user.pk, cast.max_user.pk]
    change_team(actor=cast.ada, team_id=day.sales.pk, name="Sales", description="", member_ids=ids, at=later(3))
    ben = actor_in(cast.acme, cast.ben_user)
    says(ben, cleo, "As Sales", at=later(4))
    closed(ben, cleo, at=later(5))

    def of(**filters: list[int]) -> list[tuple[str, str, str]]:
        rows = day.rows("agents", filters=filters)
        return [(row["user_name"], row["replies"], row["resolves_with_reply"]) for row in rows]

    assert of(agents=[cast.ben_user.pk]) == [("Ben Tanaka", "2", "1")]
    assert of(teams=[day.support.pk]) == [("Ben Tanaka", "1", "0")]
    assert of(teams=[day.sales.pk]) == [("Ben Tanaka", "1", "1"), ("Max Marín", "0", "0")]
    assert of(teams=[day.support.pk], agents=[cast.max_user.pk]) == []


def test_whoever_sees_some_contacts_only_gets_figures_of_those(cast: Cast) -> None:
    day = a_day(cast)
    _user, eva = a_member(cast.acme, email="eva@example.com", name="Eva Sol", restrictions=("show_only_mine",))
    cleo = hears(cast.ada, day.channel, at=later(1))
    anna = hears(cast.ada, day.channel, sender=ANNA, at=later(1))
    actions.assign_contact(actor=cast.ada, contact=Identifier.of(anna.contact_id), user_id=eva.user_id, at=later(1))
    for message in (cleo, anna):
        says(day.ben, message, f"Hi {message.pk}", at=later(2))
        closed(day.ben, message, at=later(3))
    (row,) = day.rows("agents", actor=eva)
    assert (row["replies"], row["resolves_with_reply"], row["contacts_helped"]) == ("1", "1", "1")


def test_people_who_left_keep_their_row_and_nobody_of_another_workspace_has_one(cast: Cast) -> None:
    day = a_day(cast)
    says(day.ben, hears(cast.ada, day.channel, at=later(1)), at=later(2))
    remove_member(actor=cast.ada, user_id=cast.ben_user.pk, at=later(3))
    enter_workspace(cast.globex.pk)
    says(cast.gus, hears(cast.gus, a_channel(cast.gus), at=later(1)), at=later(2))
    enter_workspace(cast.acme.pk)
    (row,) = day.rows("agents")
    assert (row["user_name"], row["replies"]) == ("Ben Tanaka", "1")
