"""Times in filters: how long a written time lasts, also on the days on which clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contacts.filters.moments import read_day, read_stretch

MADRID = "Europe/Madrid"


def stretch(value: object, zone: str = MADRID) -> tuple[str, str]:
    found = read_stretch(value, zone=ZoneInfo(zone))
    assert found is not None
    return found.start.isoformat().removesuffix("+00:00"), found.end.isoformat().removesuffix("+00:00")


@pytest.mark.parametrize(
    ("value", "zone", "start", "end"),
    [
        ("2026-03-02", "UTC", "2026-03-02T00:00:00", "2026-03-03T00:00:00"),
        (" 2026-03-02 ", MADRID, "2026-03-01T23:00:00", "2026-03-02T23:00:00"),
        ("2026-03-29", MADRID, "2026-03-28T23:00:00", "2026-03-29T22:00:00"),  # 23 hours
        ("2026-10-25", MADRID, "2026-10-24T22:00:00", "2026-10-25T23:00:00"),  # 25 hours
        ("2026-09-05", "America/Santiago", "2026-09-05T04:00:00", "2026-09-06T04:00:00"),
        ("2026-09-06", "America/Santiago", "2026-09-06T04:00:00", "2026-09-07T03:00:00"),  # 00:00 is skipped
        ("2026-11-01", "America/Havana", "2026-11-01T04:00:00", "2026-11-02T05:00:00"),  # 00:00 comes twice
        ("2026-03-02 10:30", MADRID, "2026-03-02T09:30:00", "2026-03-02T09:31:00"),
        ("2026-03-02T10:30:15", MADRID, "2026-03-02T09:30:15", "2026-03-02T09:30:16"),
        (
            "2026-10-25 02:30",
            MADRID,
            "2026-10-25T00:30:00",
            "2026-10-25T01:31:00",
        ),  # twice: from the first to the second
        ("2026-03-29 02:30", MADRID, "2026-03-29T01:30:00", "2026-03-29T01:31:00"),  # skipped: read as 03:30
        ("2026-03-02T10:30Z", MADRID, "2026-03-02T10:30:00", "2026-03-02T10:31:00"),
        ("2026-03-02T10:30:00-05:00", MADRID, "2026-03-02T15:30:00", "2026-03-02T15:30:01"),
        ("2026-03-02 10:30:00.250+0100", MADRID, "2026-03-02T09:30:00.250000", "2026-03-02T09:30:00.250001"),
        (1772443800, MADRID, "2026-03-02T09:30:00", "2026-03-02T09:30:01"),
        ("1772443800", MADRID, "2026-03-02T09:30:00", "2026-03-02T09:30:01"),
        (1772443800.9, MADRID, "2026-03-02T09:30:00", "2026-03-02T09:30:01"),
        (-1, "UTC", "1969-12-31T23:59:59", "1970-01-01T00:00:00"),
    ],
)
def test_a_written_time_lasts_as_long_as_it_was_written(value: object, zone: str, start: str, end: str) -> None:
    assert stretch(value, zone) == (start, end)


@pytest.mark.parametrize(
    "value",
    [
        None, True, "", "tomorrow", "2026-02-30", "2026-13-01", "0001-01-01", "9999-12-31", "1899-12-31", "26-03-02",
        "2026-03-02T", "2026-03-02T24:01", "2026-03-02T10:30+99:99", "2026/03/02", "２０２６-03-02", [], {}, 10**18, -(10**18),
        float("nan"), float("inf"), 1e300, "1" * 50, "9999-12-31T23:59:59-12:00", "2026-03-02 10:30\n;",
    ],
)  # fmt: skip
def test_what_is_no_time(value: object) -> None:
    assert read_stretch(value, zone=ZoneInfo("Pacific/Kiritimati")) is None


def test_the_day_of_a_moment_is_the_local_one() -> None:
    assert read_day("2026-03-01T23:30:00Z", zone=ZoneInfo(MADRID)) == "2026-03-02"
    assert read_day("2026-03-02", zone=ZoneInfo("Pacific/Kiritimati")) == "2026-03-02"
    assert read_day("nonsense", zone=ZoneInfo(MADRID)) is None


@given(
    day=st.dates(min_value=date(1900, 1, 2), max_value=date(2100, 1, 1)),
    zone=st.sampled_from(
        [MADRID, "America/Santiago", "America/Havana", "Asia/Beirut", "Pacific/Apia", "Africa/Cairo", "UTC"]
    ),
)
def test_days_follow_one_another_without_gap_and_overlap(day: date, zone: str) -> None:
    if zone == "Pacific/Apia" and day.isoformat() in {"2011-12-29", "2011-12-30"}:
        return  # the day that Samoa left out
    first, second = (read_stretch(each.isoformat(), zone=ZoneInfo(zone)) for each in (day, day + timedelta(days=1)))
    assert first is not None
    assert second is not None
    assert first.end == second.start
    assert timedelta(hours=22) < first.end - first.start < timedelta(hours=26)
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert first.start <= noon < first.end
