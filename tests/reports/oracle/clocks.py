"""Days, hours and working hours as a clock on the wall shows them, asked every quarter of an hour."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import accumulate
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)
DAY = timedelta(days=1)
MILLISECOND = timedelta(milliseconds=1)
Spot = tuple[object, ...]  # what names a bucket
Stretches = Sequence[Sequence[tuple[int, int]]]  # of seven days, Monday first: minutes of opening and closing


@cache
def first_moment(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment at which clocks show a day."""
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) - DAY
    while moment.astimezone(zone).date() < day:
        moment += QUARTER
    return moment


def spot_of(moment: datetime, zone: ZoneInfo, frequency: str) -> Spot:
    """Return the hour, day, week or month of a moment; an hour that clocks show twice is two."""
    shown = moment.astimezone(zone)
    if frequency == "hour":
        return shown.date(), shown.hour, shown.utcoffset()
    return spot_of_day(shown.date(), frequency)


def spot_of_day(day: date, frequency: str) -> Spot:
    """Return the day, week or month of a day."""
    if frequency == "week":
        return (day - day.weekday() * DAY,)
    return (day.replace(day=1),) if frequency == "month" else (day,)


def spots(first: date, last: date, zone: ZoneInfo, frequency: str) -> dict[Spot, datetime]:
    """Return the buckets of whole days in order, each with its first moment."""
    found: dict[Spot, datetime] = {}
    if frequency == "hour":
        moment = first_moment(first, zone)
        while moment.astimezone(zone).date() <= last:
            found.setdefault(spot_of(moment, zone, frequency), moment)
            moment += QUARTER
    else:
        for number in range((last - first).days + 1):
            moment = first_moment(first + number * DAY, zone)
            found.setdefault(spot_of(moment, zone, frequency), moment)
    return found


def elapsed(start: datetime, end: datetime) -> float:
    """Return the milliseconds between two moments."""
    return (end - start) / MILLISECOND


def working_time(
    stretches: Stretches, zone: ZoneInfo, first: date, last: date
) -> Callable[[datetime, datetime], float]:
    """Return what counts the working milliseconds between two moments of the days given."""
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    count = (last - first).days * 96
    works = [_works(stretches, (begin + number * QUARTER).astimezone(zone)) for number in range(count)]
    worked = [0, *accumulate(works)]

    def until(moment: datetime) -> float:
        number = (moment - begin) // QUARTER
        rest = (moment - begin - number * QUARTER) / MILLISECOND if works[number] else 0.0
        return worked[number] * (QUARTER / MILLISECOND) + rest

    return lambda start, end: until(end) - until(start)


def _works(stretches: Stretches, shown: datetime) -> bool:
    minutes = shown.hour * 60 + shown.minute
    return any(opens <= minutes < closes for opens, closes in stretches[shown.weekday()])
