"""The reports of users and the leaderboard: what is credited to whom, and that it agrees with the other reports."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from contacts.actions import delete_contact
from contacts.identifiers import Identifier
from inbox import actions
from inbox.models import Message
from reports.catalogue import REPORTS
from reports.engine.answers import Answer
from reports.engine.asking import Asked
from reports.engine.blocks import metrics_of
from reports.engine.facts import Metric, Sort
from reports.engine.reading import Cut
from reports.models import MessageTally
from reports.tallies.building import build_tallies
from tests.casting import the_cast
from tests.exports.days import Day, a_day
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later, says
from tests.keeping import kept_in_a_file, one_of
from tests.reports.asking import answers_of, asked, figures_of, rows_of
from workspaces.actions import change_member, delete_team, remove_member
from workspaces.actors import Actor
from workspaces.models.people import Membership
from workspaces.scope import enter_workspace

pytestmark = pytest.mark.django_db

DAY = "2026-03-02"
MINUTE = 60_000.0
BEN: dict[str, float | None] = {
    "assigned": 3,
    "closed": 1,
    "contacts_closed": 1,
    "messages_sent": 4,
    "comments": 2,
    "first_response_time": 3 * MINUTE,
    "first_assignment_to_first_response": 2 * MINUTE,
    "average_response_time": 3 * MINUTE,
    "resolution_time": 10 * MINUTE,
    "first_assignment_to_close": 8 * MINUTE,
    "last_assignment_to_close": 8 * MINUTE,
}
MAX: dict[str, float | None] = {
    "assigned": 1,
    "closed": 1,
    "contacts_closed": 1,
    "messages_sent": 1,
    "comments": 0,
    "first_response_time": None,
    "first_assignment_to_first_response": None,
    "average_response_time": 10 * MINUTE,
    "resolution_time": 30 * MINUTE,
    "first_assignment_to_close": 28 * MINUTE,
    "last_assignment_to_close": 9 * MINUTE,
}
TOTAL: dict[str, float | None] = {
    "assigned": 4,
    "closed": 2,
    "contacts_closed": 2,
    "messages_sent": 5,
    "comments": 2,
}


@dataclass(frozen=True, slots=True)
class Floor:
    """Acme's afternoon: Ben of Support and Max of Sales with three contacts, a program closing one conversation."""

    cast: Cast
    day: Day
    cleo: Message
    dario: Message

    @property
    def people(self) -> tuple[int, int]:
        return self.cast.ben_user.pk, self.cast.max_user.pk

    def figures(self, question: Asked | None = None, report: str = "users") -> dict[str, float | None]:
        return figures_of(report, question or asked(DAY), actor=self.cast.ada, now=NOON)

    def rows(self, question: Asked | None = None) -> Mapping[object, Mapping[str, float | None]]:
        shown = self.blocks("users", question)["by_user"]
        return {part.value: {key: figure.value for key, figure in part.figures.items()} for part in shown.parts}

    def blocks(self, report: str, question: Asked | None = None) -> Mapping[str, Answer]:
        return answers_of(report, question or asked(DAY), actor=self.cast.ada, now=NOON)

    def ranks(self, block: str, question: Asked | None = None) -> list[tuple[int, float | None]]:
        shown = self.blocks("leaderboard", question)[block]
        lead = metrics_of(shown.block)[0].key
        return [(part.value, part.figures[lead].value) for part in shown.parts]


def a_floor(cast: Cast) -> Floor:
    """Four conversations: closed by Max, by Ben, by a program, and one that is open still."""
    enter_workspace(cast.globex.pk)
    theirs = hears(cast.gus, a_channel(cast.gus))
    says(cast.gus, theirs, at=later(1))
    actions.close_conversation(actor=cast.gus, contact=Identifier.of(theirs.contact_id), at=later(2))
    day = a_day(cast)
    cleo = hears(day.ada, day.channel)
    whom = Identifier.of(cleo.contact_id)
    actions.assign_contact(actor=day.ada, contact=whom, user_id=day.ben.user_id, at=later(2))
    says(day.ben, cleo, at=later(6))
    for number in range(2):
        actions.add_comment(actor=day.ben, contact=whom, text=f"Note {number}", at=later(7 + number))
    hears(day.ada, day.channel, "And now?", at=later(10))
    says(day.max, cleo, "In a minute", at=later(20))
    actions.assign_contact(actor=day.ada, contact=whom, user_id=day.max.user_id, at=later(21))
    actions.close_conversation(actor=day.max, contact=whom, at=later(30))
    dario = hears(day.ada, day.channel, "Open?", sender="+34600999999")
    says(day.ben, dario, "Yes", at=later(2))
    actions.close_conversation(actor=day.ben, contact=Identifier.of(dario.contact_id), at=later(10))
    hears(day.ada, day.channel, "Until when?", sender="+34600999999", at=later(40))
    says(day.ben, dario, "Eight", at=later(41))
    program = Actor.system(workspace_id=cast.acme.pk)
    actions.close_conversation(actor=program, contact=Identifier.of(dario.contact_id), source="api", at=later(50))
    says(day.ben, hears(day.ada, day.channel, "Hi", sender="+34600777777"), "Hi Eva", at=later(30))
    return Floor(cast, day, cleo, dario)


made = kept_in_a_file(lambda: a_floor(the_cast()))


@pytest.fixture
def floor(made: Floor, db: None) -> Floor:
    return one_of(made)


def test_each_user_has_a_row_of_what_is_theirs(floor: Floor) -> None:
    ben, max_id = floor.people
    assert floor.rows() == {ben: BEN, max_id: MAX}
    shown = floor.blocks("users")["by_user"].parts
    response = next(part.figures["average_response_time"] for part in shown if part.value == ben)
    assert (response.count, response.median, response.p90) == (3, 2 * MINUTE, 5.2 * MINUTE)


def test_totals_are_of_everybody_and_of_this_workspace(floor: Floor) -> None:
    assert floor.figures() == TOTAL
    theirs = figures_of("users", asked(DAY), actor=floor.cast.gus, now=NOON)
    assert (theirs["closed"], theirs["messages_sent"]) == (1, 1)
    assert floor.figures(asked("2026-03-03"))["closed"] == 0


def test_the_filter_of_users_narrows_every_figure(floor: Floor) -> None:
    ben, max_id = floor.people
    assert floor.figures(asked(DAY, users=ben)) == {key: BEN[key] for key in TOTAL}
    assert floor.figures(asked(DAY, users=max_id)) == {key: MAX[key] for key in TOTAL}
    assert floor.rows(asked(DAY, users=max_id)) == {max_id: MAX}


def test_the_filter_of_teams_goes_by_the_team_of_the_moment_and_leaves_comments_out(floor: Floor) -> None:
    ben, _max_id = floor.people
    question = asked(DAY, teams=floor.day.support.pk)
    change_member(
        actor=floor.day.ada, user_id=ben, role="agent", restrictions=(), team_id=floor.day.sales.pk, at=later(60)
    )
    without_comments = {key: value for key, value in BEN.items() if key != "comments"}
    shown = floor.blocks("users", question)["by_user"]
    assert [metric.key for metric in shown.left_out] == ["comments"]
    assert floor.rows(question) == {ben: without_comments}
    assert "comments" not in floor.figures(question)


def test_the_same_words_give_the_same_numbers_in_other_reports(floor: Floor) -> None:
    ben, _max_id = floor.people
    responses = floor.figures(report="responses")
    assert responses["first_response_time"] == 3 * MINUTE
    assert responses["average_response_time"] == 4.75 * MINUTE
    assert floor.figures(report="assignments")["given"] == TOTAL["assigned"]
    assert floor.figures(asked(DAY, users=ben), report="messages")["outgoing"] == BEN["messages_sent"]
    assert floor.figures(asked(DAY, closed_sources="user"), report="conversations")["closed"] == TOTAL["closed"]
    by_ben = floor.figures(asked(DAY, closed_users=ben), report="resolutions")
    assert by_ben["resolution_time"] == BEN["resolution_time"]


@pytest.mark.parametrize("report", ["users", "leaderboard"])
def test_the_rows_behind_a_figure_are_as_many_as_it_says(floor: Floor, report: str) -> None:
    shown = {metric.key: metric for block in REPORTS[report].blocks.values() for metric in metrics_of(block)}
    for person, expected in zip(floor.people, (BEN, MAX), strict=True):
        question = asked(DAY, users=person)
        parts = floor.blocks("users", question)["by_user"].parts[0].figures
        for metric in shown.values():
            found = rows_of(report, metric.log, question, actor=floor.cast.ada, now=NOON, cut=Cut(metric=metric))
            assert (found.count, len(found.rows)) == (parts[metric.key].count, parts[metric.key].count)
            _check_mean(metric, expected[metric.key], found.rows, report)


def _check_mean(metric: Metric, expected: float | None, rows: list[tuple[Any, ...]], report: str) -> None:
    """The column of a time holds what its mean is taken of."""
    if metric.sort is Sort.MEAN and rows:
        columns = REPORTS[report].logs_by_key[metric.log].columns
        measured = [(column.metric.span, column.metric.value) if column.metric else None for column in columns]
        place = measured.index((metric.span, metric.value))
        values = [row[place] for row in rows]
        assert all(isinstance(value, float) for value in values)
        assert sum(float(str(value)) for value in values) / len(values) == expected


def test_users_are_ranked_the_most_first_and_the_fastest_first(floor: Floor) -> None:
    ben, max_id = floor.people
    assert floor.ranks("users_by_assigned") == [(ben, 3), (max_id, 1)]
    assert floor.ranks("users_by_messages_sent") == [(ben, 4), (max_id, 1)]
    assert floor.ranks("users_by_comments") == [(ben, 2)]
    assert floor.ranks("users_by_first_response_time") == [(ben, 3 * MINUTE)]
    assert floor.ranks("users_by_average_response_time") == [(ben, 3 * MINUTE), (max_id, 10 * MINUTE)]
    assert floor.ranks("users_by_resolution_time") == [(ben, 10 * MINUTE), (max_id, 30 * MINUTE)]
    assert floor.ranks("users_by_first_assignment_to_close") == [(ben, 8 * MINUTE), (max_id, 28 * MINUTE)]
    assert floor.ranks("users_by_last_assignment_to_close") == [(ben, 8 * MINUTE), (max_id, 9 * MINUTE)]


def test_teams_are_ranked_by_what_their_people_did_in_them(floor: Floor) -> None:
    support, sales = floor.day.support.pk, floor.day.sales.pk
    assert floor.ranks("teams_by_assigned") == [(support, 3), (sales, 1)]
    assert floor.ranks("teams_by_closed") == sorted([(support, 1), (sales, 1)])
    assert floor.ranks("teams_by_messages_sent") == [(support, 4), (sales, 1)]
    assert floor.ranks("teams_by_first_response_time") == [(support, 3 * MINUTE)]
    assert floor.ranks("teams_by_average_response_time") == [(support, 3 * MINUTE), (sales, 10 * MINUTE)]
    assert floor.ranks("teams_by_resolution_time", asked(DAY, teams=sales)) == [(sales, 30 * MINUTE)]
    assert "teams_by_comments" not in REPORTS["leaderboard"].blocks


def test_only_the_first_ten_are_ranked_and_work_of_nobody_is_left_out(floor: Floor) -> None:
    for number in range(11):
        Message.objects.create(
            workspace_id=floor.cast.acme.pk,
            contact_id=floor.cleo.contact_id,
            direction="outgoing",
            sender_kind="user",
            user_id=9_000 + number,
            status="sent",
            created_at=later(5),
            provider_at=later(5),
        )
    shown = floor.blocks("leaderboard")["users_by_messages_sent"]
    assert (len(shown.parts), shown.more) == (10, 3)
    # Those eleven were in no team.
    assert [value for value, _count in floor.ranks("teams_by_messages_sent")] == [
        floor.day.support.pk,
        floor.day.sales.pk,
    ]


def test_tallies_answer_as_raw_rows_do(floor: Floor) -> None:
    ben, _max_id = floor.people
    questions = [
        asked("2026-02-20", "2026-03-05"),
        asked("2026-02-20", "2026-03-05", users=ben),
        asked("2026-02-20", "2026-03-05", teams=floor.day.sales.pk),
    ]
    raw = [floor.blocks(report, question) for report in ("users", "leaderboard") for question in questions]
    build_tallies(workspace_id=floor.cast.acme.pk, at=later(60))
    enter_workspace(floor.cast.acme.pk)
    assert [floor.blocks(report, question) for report in ("users", "leaderboard") for question in questions] == raw


def test_messages_of_teams_are_read_from_tallies_where_they_are_built(floor: Floor) -> None:
    support, sales = floor.day.support.pk, floor.day.sales.pk
    says(floor.day.ada, floor.cleo, "Of no team", at=later(40))
    delete_team(actor=floor.day.ada, team_id=support, at=later(41))
    build_tallies(workspace_id=floor.cast.acme.pk, at=later(60))
    enter_workspace(floor.cast.acme.pk)
    assert floor.ranks("teams_by_messages_sent") == [(support, 4), (sales, 1)]
    MessageTally.objects.in_workspace(floor.cast.acme.pk).filter(team_id=sales).update(n=7)
    assert floor.ranks("teams_by_messages_sent") == [(sales, 7), (support, 4)]
    assert floor.figures(asked(DAY, teams=sales))["messages_sent"] == 7
    assert floor.rows()[floor.day.ada.user_id]["messages_sent"] == 1


def test_who_and_what_is_gone_stays_in_the_figures(floor: Floor) -> None:
    ben, max_id = floor.people
    delete_contact(actor=floor.day.ada, contact=Identifier.of(floor.dario.contact_id), at=later(90))
    delete_team(actor=floor.day.ada, team_id=floor.day.support.pk, at=later(91))
    remove_member(actor=floor.day.ada, user_id=ben, at=later(92))
    assert not Membership.objects.in_workspace(floor.cast.acme.pk).filter(user_id=ben).exists()
    assert floor.rows() == {ben: BEN, max_id: MAX}
    assert floor.rows(asked(DAY, users=ben)) == {ben: BEN}
    assert floor.ranks("teams_by_assigned", asked(DAY, teams=floor.day.support.pk)) == [(floor.day.support.pk, 3)]
    found = rows_of("users", "closed", asked(DAY, users=ben), actor=floor.cast.ada, now=NOON)
    assert [(row[2], row[3]) for row in found.rows] == [(floor.dario.contact_id, None)]


def test_comments_outlive_their_contact(floor: Floor) -> None:
    delete_contact(actor=floor.day.ada, contact=Identifier.of(floor.cleo.contact_id), at=later(90))
    assert floor.figures() == TOTAL
