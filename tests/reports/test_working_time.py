import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from reports.definitions.working_time import WORKING_TIME, Points, working_milliseconds, working_points
from workspaces.working_hours import Stretch, WorkingHours

MINUTE = timedelta(minutes=1)
MICROSECOND = timedelta(microseconds=1)
HOUR_MS = 3_600_000
MADRID, LORD_HOWE = ZoneInfo("Europe/Madrid"), ZoneInfo("Australia/Lord_Howe")
ALWAYS = WorkingHours.of([[[0, 1440]]] * 7)
OFFICE = WorkingHours.of([[[540, 1020]]] * 5 + [[], []])  # 09:00–17:00, Monday to Friday
# A zone and the middle of eight days: where it has changes of the clock, one of them.
PLACES = [
    ("Europe/Madrid", "2026-03-29T01:00Z"),  # 02:00 becomes 03:00
    ("Europe/Madrid", "2026-10-25T01:00Z"),  # 03:00 becomes 02:00
    ("America/Santiago", "2026-04-05T03:00Z"),  # 24:00 becomes 23:00
    ("America/Santiago", "2026-09-06T04:00Z"),  # 24:00 becomes 01:00
    ("Australia/Lord_Howe", "2026-04-04T15:00Z"),  # 02:00 becomes 01:30
    ("Australia/Lord_Howe", "2026-10-03T15:30Z"),  # 02:00 becomes 02:30
    ("Asia/Kolkata", "2026-05-14T07:20Z"),
    ("UTC", "2026-12-31T23:59Z"),
]


class Oracle:
    """Asks the clock on the wall minute by minute, over eight days."""

    def __init__(self, hours: WorkingHours, zone: ZoneInfo, middle: datetime) -> None:
        # Not whole days before: days that are counted from here do not begin where the clock changes.
        self.first = middle.replace(minute=0) - timedelta(days=4, hours=5)
        self.last = self.first + timedelta(days=8)
        count = (self.last - self.first) // MINUTE
        self.works = [self._works(hours, (self.first + n * MINUTE).astimezone(zone)) for n in range(count)]

    @staticmethod
    def _works(hours: WorkingHours, shown: datetime) -> bool:
        minutes = shown.hour * 60 + shown.minute
        return any(part.opens <= minutes < part.closes for part in hours.days[shown.weekday()])

    def milliseconds(self, start: datetime, end: datetime) -> float:
        """Return the working milliseconds of a span inside the eight days."""
        total = timedelta()
        for number in range((start - self.first) // MINUTE, -((self.first - end) // MINUTE)):
            if self.works[number]:
                begins = self.first + number * MINUTE
                total += min(begins + MINUTE, end) - max(begins, start)
        return (total // MICROSECOND) / 1000


def some_hours(chance: random.Random) -> WorkingHours:
    """Return hours with up to four stretches a day, which may touch each other and the ends of the day."""
    days = []
    for _ in range(7):
        marks = sorted(chance.sample(range(0, 1441, 15), 2 * chance.randint(0, 4)))
        if len(marks) > 2 and chance.random() < 0.3:
            marks[1] = marks[2]
        days.append(list(zip(marks[::2], marks[1::2], strict=True)))
    return WorkingHours.of(days)


def some_spans(chance: random.Random, oracle: Oracle) -> Iterator[tuple[datetime, datetime]]:
    whole = (oracle.last - oracle.first) // MICROSECOND
    for number in range(150):
        ends = [oracle.first + chance.randrange(whole + 1) * MICROSECOND for _ in range(2)]
        if number % 3 == 0:  # ends that lie on a quarter of an hour or just beside it
            ends = [
                oracle.first + chance.randrange(768) * 15 * MINUTE + chance.choice((0, 1)) * MICROSECOND for _ in ends
            ]
        yield min(ends), max(ends)
    yield oracle.first, oracle.last
    yield oracle.first, oracle.first


def asked(points: Points, spans: list[tuple[Any, Any]]) -> list[float | None]:
    """Return what PostgreSQL says of each span."""
    sql = (
        f"WITH {WORKING_TIME} SELECT {working_milliseconds('r.starts', 'r.ends')}"
        " FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY r(starts, ends, number) ORDER BY number"
    )
    starts, ends = [span[0] for span in spans], [span[1] for span in spans]
    with connection.cursor() as cursor:
        cursor.execute(sql, {**points.parameters(), "starts": starts, "ends": ends})
        return [row[0] for row in cursor.fetchall()]


def counted(hours: WorkingHours, zone: ZoneInfo, first: str, last: str) -> int:
    """Return the working milliseconds between two moments of the zone's clock, by the points alone."""
    moments = [datetime.fromisoformat(text).replace(tzinfo=zone) for text in (first, last)]
    return working_points(hours=hours, time_zone=zone, first=moments[0], last=moments[1]).milliseconds[-1]


@pytest.mark.parametrize(("zone", "middle"), PLACES)
def test_postgresql_counts_what_a_clock_on_the_wall_says(db: None, zone: str, middle: str, *, is_long: bool) -> None:
    for seed in range(20 if is_long else 1):
        chance = random.Random(f"{zone} {middle} {seed}")
        hours = some_hours(chance)
        oracle = Oracle(hours, ZoneInfo(zone), datetime.fromisoformat(middle))
        points = working_points(hours=hours, time_zone=ZoneInfo(zone), first=oracle.first, last=oracle.last)
        spans = list(some_spans(chance, oracle))
        assert asked(points, spans) == [oracle.milliseconds(*span) for span in spans]


@pytest.mark.parametrize(("zone", "middle"), PLACES)
def test_hours_around_the_clock_equal_the_time_that_passed(db: None, zone: str, middle: str) -> None:
    oracle = Oracle(ALWAYS, ZoneInfo(zone), datetime.fromisoformat(middle))
    points = working_points(hours=ALWAYS, time_zone=ZoneInfo(zone), first=oracle.first, last=oracle.last)
    spans = list(some_spans(random.Random(7), oracle))
    assert asked(points, spans) == [((end - start) // MICROSECOND) / 1000 for start, end in spans]


def test_the_night_and_the_weekend_do_not_count(db: None) -> None:
    friday, monday = datetime(2026, 2, 27, 16, tzinfo=MADRID), datetime(2026, 3, 2, 10, 0, 0, 250_001, tzinfo=MADRID)
    points = working_points(hours=OFFICE, time_zone=MADRID, first=friday, last=monday)
    assert asked(points, [(friday, monday)]) == [2 * HOUR_MS + 250.001]


@pytest.mark.parametrize(
    ("zone", "stretch", "day", "minutes"),
    [
        (MADRID, (60, 240), "2026-03-22", 180),
        (MADRID, (60, 240), "2026-03-29", 120),  # a day of 23 hours
        (MADRID, (60, 240), "2026-10-25", 240),  # a day of 25 hours
        (MADRID, (120, 180), "2026-03-29", 0),  # no clock shows it
        (MADRID, (120, 180), "2026-10-25", 120),  # clocks show it twice
        (MADRID, (150, 180), "2026-10-25", 60),
        (LORD_HOWE, (90, 150), "2026-10-04", 30),
        (LORD_HOWE, (90, 150), "2026-04-05", 90),
    ],
)
def test_a_stretch_over_the_change_of_the_clock_counts_the_moments_that_show_it(
    zone: ZoneInfo, stretch: tuple[int, int], day: str, minutes: int
) -> None:
    sundays = WorkingHours(days=((), (), (), (), (), (), (Stretch(*stretch),)))
    assert counted(sundays, zone, f"{day}T00:00", f"{day}T23:00") == minutes * 60_000


def test_a_clock_that_changes_beside_the_quarters_is_followed_to_the_minute() -> None:
    newfoundland = ZoneInfo("America/St_Johns")  # on 14 March 2010 at 00:01 the clock went on to 01:01
    night = WorkingHours.of([[]] * 6 + [[[0, 60]]])
    assert counted(night, newfoundland, "2010-03-14T00:00", "2010-03-14T03:00") == 60_000
    autumn: list[list[list[int]]] = [
        [],
        [],
        [],
        [],
        [],
        [[1380, 1440]],
        [[0, 60]],
    ]  # on 7 November 2010 at 00:01 back to 23:01
    assert counted(WorkingHours.of(autumn), newfoundland, "2010-11-06T22:00", "2010-11-07T03:00") == 180 * 60_000


def test_points_stand_on_the_quarters_around_the_span_and_never_fall() -> None:
    first, last = datetime(2026, 3, 2, 8, 50, 30, tzinfo=UTC), datetime(2026, 3, 2, 9, 15, 0, 1, tzinfo=UTC)
    points = working_points(hours=OFFICE, time_zone=ZoneInfo("UTC"), first=first, last=last)
    assert (points.first, points.last) == (
        datetime(2026, 3, 2, 8, 45, tzinfo=UTC),
        datetime(2026, 3, 2, 9, 30, tzinfo=UTC),
    )
    assert points.milliseconds == (0, 0, 900_000, 1_800_000)
    assert points.parameters()["working_points"] == "{0,0,900000,1800000,1800000}"
    midnight = datetime(2026, 3, 2, tzinfo=MADRID)
    year = working_points(hours=OFFICE, time_zone=MADRID, first=midnight, last=midnight + timedelta(days=364))
    assert year.milliseconds[-1] == 52 * 5 * 8 * HOUR_MS
    assert all(before <= after for before, after in pairwise(year.milliseconds))


def test_time_outside_the_points_is_not_counted(db: None) -> None:
    first = datetime(2026, 3, 2, tzinfo=UTC)
    points = working_points(hours=ALWAYS, time_zone=ZoneInfo("UTC"), first=first, last=first + timedelta(hours=2))
    early, late = first - timedelta(days=9), first + timedelta(days=9)
    spans = [
        (early, late),
        (early, first + timedelta(hours=1)),
        (points.last, late),
        (early, first),
        ("-infinity", "infinity"),
    ]
    assert asked(points, spans) == [2 * HOUR_MS, HOUR_MS, 0, 0, 2 * HOUR_MS]


def test_a_span_without_one_end_has_no_length(db: None) -> None:
    at = datetime(2026, 3, 2, tzinfo=UTC)
    points = working_points(hours=ALWAYS, time_zone=ZoneInfo("UTC"), first=at, last=at)
    assert asked(points, [(at, None), (None, at), (None, None), (at, at)]) == [None, None, None, 0]


def test_an_end_before_the_start_counts_backwards(db: None) -> None:
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    points = working_points(hours=OFFICE, time_zone=ZoneInfo("UTC"), first=at, last=at + timedelta(hours=1))
    assert asked(points, [(at + timedelta(hours=1), at)]) == [-HOUR_MS]
    with pytest.raises(ValueError, match="is before"):
        working_points(hours=OFFICE, time_zone=ZoneInfo("UTC"), first=at, last=at - MICROSECOND)
