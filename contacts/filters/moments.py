"""Times in filters: a value names a stretch of time, as long as it was written exactly.

`2026-03-02` is that day, `2026-03-02 10:30` that minute, Unix seconds that second, as the workspace's clocks show them.
"After" means past the stretch's end, "before" ahead of its start, "from … to" both ends included, "is" inside it.
"""

import math
import re
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})").fullmatch
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}"
    r"(?P<seconds>:[0-9]{2}(?P<fraction>\.[0-9]{1,6})?)?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?"
).fullmatch
_SECONDS = re.compile(r"-?[0-9]{1,12}").fullmatch

FIRST_YEAR, LAST_YEAR = 1900, 9998  # with a day to spare for every zone


class Stretch(NamedTuple):
    """From `start` up to, but without, `end`; both in UTC. `day` is the local day on which it begins."""

    start: datetime
    end: datetime
    day: date


def read_stretch(value: object, *, zone: ZoneInfo) -> Stretch | None:
    """Read a day, a minute, an ISO moment or Unix seconds; None when it is none of them."""
    try:
        return _read(value, zone)
    except (ValueError, OverflowError, OSError):
        return None


def read_day(value: object, *, zone: ZoneInfo) -> str | None:
    """Read any of the same forms as the local day that it falls on, written 2026-03-02."""
    stretch = read_stretch(value, zone=zone)
    return None if stretch is None else stretch.day.isoformat()


def _read(value: object, zone: ZoneInfo) -> Stretch | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return _of_seconds(value, zone)
    if isinstance(value, float):
        return _of_seconds(math.floor(value), zone) if math.isfinite(value) else None
    if not isinstance(value, str) or len(value) > 40:
        return None
    text = value.strip()
    if _DAY(text):
        return _of_day(date.fromisoformat(text), zone)
    if _SECONDS(text):
        return _of_seconds(int(text), zone)
    return _of_moment(found, zone) if (found := _MOMENT(text)) else None


def _of_day(day: date, zone: ZoneInfo) -> Stretch | None:
    """From 00:00 to the next 00:00: 23 or 25 hours where clocks change. Where 00:00 is skipped, the day begins after it."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return None
    return Stretch(_midnight(day, zone), _midnight(day + timedelta(days=1), zone), day)


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _of_seconds(seconds: int, zone: ZoneInfo) -> Stretch | None:
    return _within(datetime.fromtimestamp(seconds, UTC), timedelta(seconds=1), zone)


def _of_moment(found: re.Match[str], zone: ZoneInfo) -> Stretch | None:
    length = timedelta(minutes=1)
    if found["seconds"]:
        length = timedelta(microseconds=1) if found["fraction"] else timedelta(seconds=1)
    given = datetime.fromisoformat(found[0].replace(" ", "T"))
    if found["offset"]:
        return _within(given.astimezone(UTC), length, zone)
    # Where clocks go back, a local time comes twice: the stretch reaches from its first beginning to its second end.
    first, second = (given.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    stretch = _within(first, length, zone)
    return stretch and stretch._replace(end=max(first, second) + length)


def _within(start: datetime, length: timedelta, zone: ZoneInfo) -> Stretch | None:
    if not FIRST_YEAR <= start.year <= LAST_YEAR:
        return None
    return Stretch(start, start + length, start.astimezone(zone).date())
