"""Periods of more than a quarter: where percentiles take long, there are means only."""

import pytest

from reports.access import open_reading
from reports.catalogue import REPORTS
from reports.engine.answers import answer
from reports.engine.tables import table_of
from tests.exports.days import a_day, closed
from tests.factories import Cast, browser_of
from tests.inbox.steps import hears, later, says
from tests.reports.asking import asked

pytestmark = pytest.mark.django_db

MINUTE = 60_000.0
QUARTER, DAY_MORE = ("2026-01-01", "2026-04-02"), ("2025-12-31", "2026-04-02")
WITH, WITHOUT = (3 * MINUTE, 2 * MINUTE, 5.2 * MINUTE), (3 * MINUTE, None, None)


@pytest.mark.parametrize(
    ("report", "block", "time"),
    [
        ("leaderboard", "users_by_average_response_time", "average_response_time"),
        ("leaderboard", "teams_by_first_response_time", "first_response_time"),
        ("responses", "average_response_time_by_user", "each_response_time"),
        ("responses", "average_response_time_by_team", "each_response_time"),
        ("users", "by_user", "first_response_time"),
    ],
)
@pytest.mark.parametrize(("days", "expected"), [(QUARTER, WITH), (DAY_MORE, WITHOUT)])
def test_times_by_user_and_by_team_have_percentiles_up_to_92_days(
    cast: Cast,
    report: str,
    block: str,
    time: str,
    days: tuple[str, str],
    expected: tuple[float, float | None, float | None],
) -> None:
    day = a_day(cast)
    for number, minutes in enumerate((1, 2, 6)):
        question = hears(day.ada, day.channel, sender=f"+3460012345{number}")
        says(day.ben, question, f"Yes, {number}", at=later(minutes))
        closed(day.ben, question, at=later(10))
    with open_reading(day.ada, asked(*days), now=later(60 * 24 * 60)) as reading:
        shown = answer(REPORTS[report].blocks[block], reading)
        table = table_of(shown, reading)
    (part,) = shown.parts
    figure = part.figures[time]
    assert (figure.value, figure.median, figure.p90) == expected
    named = [time, f"{time}_median", f"{time}_p90"]
    columns = [head.key for head in table.heads]
    assert [each for each in columns if each.startswith(time)] == (named if expected is WITH else named[:1])
    assert [len(row) for row in table.rows] == [len(columns)]


def test_a_table_without_percentiles_says_why(cast: Cast) -> None:
    day = a_day(cast)
    question = hears(day.ada, day.channel)
    says(day.ben, question, "Yes", at=later(1))
    closed(day.ben, question, at=later(10))
    browser = browser_of(cast.ada_user)
    for (first, last), is_told in ((QUARTER, False), (DAY_MORE, True)):
        page = browser.get(f"/w/{cast.acme.pk}/reports/users/block/by_user?from={first}&to={last}").content.decode()
        assert "Ben Tanaka" in page
        assert ("Medians and 90th percentiles are worked out for 92 days at most." in page) is is_told
