"""When schedules run, and which spans they cover: on odd zones, and on the days that clocks change."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from exports.calendar import covered, first_run
from exports.models import ExportSchedule
from reports.definitions.ranges import Span

MADRID, SANTIAGO, KOLKATA, LORD_HOWE = "Europe/Madrid", "America/Santiago", "Asia/Kolkata", "Australia/Lord_Howe"
HOUR = timedelta(hours=1)


def schedule(every: str, zone: str = MADRID, **choices: Any) -> ExportSchedule:
    return ExportSchedule(every=every, time_zone=zone, **choices)


def at(text: str) -> datetime:
    """Read a moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def span(start: str, end: str) -> Span:
    return Span(at(start), at(end))


@pytest.mark.parametrize(
    ("row", "after", "runs", "covers"),
    [
        # Hourly: the hour that has ended. In India hours begin half an hour off.
        (schedule("hour"), "2026-03-02 12:20", "2026-03-02 13:00", ("2026-03-02 12:00", "2026-03-02 13:00")),
        (schedule("hour"), "2026-03-02 12:00", "2026-03-02 13:00", ("2026-03-02 12:00", "2026-03-02 13:00")),
        (schedule("hour", KOLKATA), "2026-03-02 12:20", "2026-03-02 12:30", ("2026-03-02 11:30", "2026-03-02 12:30")),
        (
            schedule("hour", "Asia/Kathmandu"),
            "2026-03-02 12:20",
            "2026-03-02 13:15",
            ("2026-03-02 12:15", "2026-03-02 13:15"),
        ),
        # Clocks that jump by half an hour: the span that holds the jump is longer.
        (schedule("hour", LORD_HOWE), "2026-10-03 14:30", "2026-10-03 16:00", ("2026-10-03 14:30", "2026-10-03 16:00")),
        # Daily: yesterday, as the zone has it.
        (
            schedule("day", at_hour=6),
            "2026-03-02 04:59",
            "2026-03-02 05:00",
            ("2026-02-28 23:00", "2026-03-01 23:00"),
        ),
        (
            schedule("day", at_hour=6),
            "2026-03-02 05:00",
            "2026-03-03 05:00",
            ("2026-03-01 23:00", "2026-03-02 23:00"),
        ),
        (
            schedule("day", KOLKATA, at_hour=0),
            "2026-03-02 12:00",
            "2026-03-02 18:30",
            ("2026-03-01 18:30", "2026-03-02 18:30"),
        ),
        # The day of 23 hours, and the one of 25.
        (schedule("day", at_hour=6), "2026-03-29 12:00", "2026-03-30 04:00", ("2026-03-28 23:00", "2026-03-29 22:00")),
        (schedule("day", at_hour=6), "2026-10-25 12:00", "2026-10-26 05:00", ("2026-10-24 22:00", "2026-10-25 23:00")),
        # An hour that is left out that night comes when clocks have jumped; one that comes twice counts once.
        (schedule("day", at_hour=2), "2026-03-28 12:00", "2026-03-29 01:00", ("2026-03-27 23:00", "2026-03-28 23:00")),
        (schedule("day", at_hour=2), "2026-10-25 00:00", "2026-10-26 01:00", ("2026-10-24 22:00", "2026-10-25 23:00")),
        # In Chile midnight itself is left out, and the hour before it comes twice.
        (
            schedule("day", SANTIAGO, at_hour=0),
            "2026-09-05 12:00",
            "2026-09-06 04:00",
            ("2026-09-05 04:00", "2026-09-06 04:00"),
        ),
        (
            schedule("day", SANTIAGO, at_hour=6),
            "2026-09-06 12:00",
            "2026-09-07 09:00",
            ("2026-09-06 04:00", "2026-09-07 03:00"),
        ),
        (
            schedule("day", SANTIAGO, at_hour=23),
            "2026-04-05 02:00",
            "2026-04-06 03:00",
            ("2026-04-04 03:00", "2026-04-05 04:00"),
        ),
        # Weekly: the seven days before a Monday, or another day.
        (
            schedule("week", at_hour=6, on_weekday=0),
            "2026-03-02 12:00",
            "2026-03-09 05:00",
            ("2026-03-01 23:00", "2026-03-08 23:00"),
        ),
        (
            schedule("week", at_hour=13, on_weekday=0),
            "2026-03-02 11:00",
            "2026-03-02 12:00",
            ("2026-02-22 23:00", "2026-03-01 23:00"),
        ),
        (
            schedule("week", at_hour=6, on_weekday=6),
            "2026-03-29 12:00",
            "2026-04-05 04:00",
            ("2026-03-28 23:00", "2026-04-04 22:00"),
        ),
    ],
)
def test_when_it_runs_and_what_it_covers(row: ExportSchedule, after: str, runs: str, covers: tuple[str, str]) -> None:
    moment = first_run(row, after=at(after))
    assert moment == at(runs)
    assert covered(row, at=moment) == span(*covers)


@pytest.mark.parametrize("zone", [MADRID, SANTIAGO, KOLKATA, LORD_HOWE, "UTC"])
@pytest.mark.parametrize(
    ("every", "choices"),
    [
        ("hour", {}),
        *(("day", {"at_hour": hour}) for hour in (0, 2, 3, 23)),
        *(("week", {"at_hour": hour, "on_weekday": day}) for hour, day in ((0, 6), (23, 5), (6, 0))),
    ],
)
def test_a_years_spans_share_no_moment_and_leave_no_gap(zone: str, every: str, choices: dict[str, int]) -> None:
    row = schedule(every, zone, **choices)
    moment = first_run(row, after=at("2026-01-01 10:10"))
    last = covered(row, at=moment)
    while moment < at("2026-12-31 00:00"):
        following = first_run(row, after=moment)
        assert following > moment
        this = covered(row, at=following)
        assert this.start == last.end, (moment, following)
        assert this.start < this.end <= following
        moment, last = following, this


def test_a_run_that_is_late_covers_what_it_would_have_covered() -> None:
    row = schedule("hour")
    assert covered(row, at=at("2026-03-02 13:00")) == covered(row, at=at("2026-03-02 13:00") + timedelta(seconds=59))
    assert covered(row, at=at("2026-03-02 13:00")).end - covered(row, at=at("2026-03-02 13:00")).start == HOUR
