"""The file of presence: each interval that touches the range, whole."""

import pytest

from tests.exports.days import DAY, Day, a_day, present
from tests.factories import Cast
from tests.inbox.steps import later

pytestmark = pytest.mark.django_db


def test_an_interval_is_written_whole_in_the_zone_of_the_file(cast: Cast) -> None:
    day = a_day(cast)
    present(day.ben, later(-30), later(15, seconds=0.5), kind="AWAY", name="Lunch")
    (row,) = day.rows("agent_presence", time_zone="America/Mexico_City")
    assert row == {
        "user_id": str(cast.ben_user.pk),
        "user_name": "Ben Tanaka",
        "user_email_address": "ben@example.com",
        "presence_type": "AWAY",
        "away_status": "Lunch",
        "from_at": "2026-03-02T05:30:00-06:00",
        "to_at": "2026-03-02T06:15:00-06:00",
        "duration": "2701",
    }


def test_a_running_interval_has_no_end_and_lasts_until_the_file_is_made(cast: Cast) -> None:
    day = a_day(cast)
    present(day.ben, later(10), None)
    (row,) = day.rows("agent_presence", export_at=later(40) + DAY)
    assert (row["away_status"], row["to_at"], row["duration"]) == ("", "", str(30 * 60 + 12 * 3600))


def test_an_interval_belongs_to_the_ranges_that_it_shares_a_moment_with(cast: Cast) -> None:
    day = a_day(cast)
    present(day.ben, later(-20), later())
    present(day.ben, later(-5), later(1))
    present(day.ben, later(-1) + DAY, later(5) + DAY)
    present(day.ben, later() + DAY, later(9) + DAY)
    assert _minutes(day) == ["6", "6"]


def test_agents_and_the_teams_of_their_intervals_can_be_chosen(cast: Cast) -> None:
    day = a_day(cast)
    present(day.max, later(1), later(3))
    present(day.ben, later(9), later(12))
    present(day.ben, later(), later(1))
    assert _minutes(day) == ["2", "1", "3"]  # Max came to Acme before Ben
    assert _minutes(day, agents=[cast.max_user.pk]) == ["2"]
    assert _minutes(day, teams=[day.support.pk]) == ["1", "3"]
    assert _minutes(day, teams=[day.sales.pk], agents=[cast.ben_user.pk]) == []


def _minutes(day: Day, **filters: list[int]) -> list[str]:
    return [str(int(row["duration"]) // 60) for row in day.rows("agent_presence", filters=filters)]
