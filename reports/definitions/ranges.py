"""Ranges: whole days of a zone, both included, as the moments between which they lie."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Span:
    """From a first moment up to, and without, an end."""

    start: datetime
    end: datetime


def day_span(first: date, last: date, zone: ZoneInfo) -> Span | None:
    """Return the span of whole days of a zone; None when it is longer than a year."""
    if last >= a_year_after(first):
        return None
    return Span(start_of(first, zone), start_of(last + timedelta(days=1), zone))


def start_of(day: date, zone: ZoneInfo) -> datetime:
    """Return the first moment of a day; where clocks jump over midnight it is the moment of the jump."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def earliest_day(today: date) -> date:
    """Return the first day that a range may begin with: the same day a year ago."""
    return _moved(today, -1)


def a_year_after(day: date) -> date:
    """Return the same day of the next year; after 29 February it is 1 March."""
    return _moved(day, 1)


def _moved(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)
