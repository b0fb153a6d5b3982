"""The days that a report is about: presets, whole days of a zone, their buckets, and the period that it is compared with."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from reports.definitions.ranges import start_of
from reports.errors import RangeNotValid

MOST_DAYS = 1_098  # three years
MOST_DAYS_BY_HOUR = 7
MOST_DAYS_BY_DAY = 366
HOUR = timedelta(hours=1)
QUARTER = timedelta(minutes=15)


class Preset(StrEnum):
    """Ranges by name; the values are the public API's."""

    TODAY = "today"
    YESTERDAY = "yesterday"
    LAST_7 = "last_7_days"
    LAST_14 = "last_14_days"
    LAST_30 = "last_30_days"
    THIS_MONTH = "this_month"
    LAST_MONTH = "last_month"


class Frequency(StrEnum):
    """How long the buckets of a chart over time are."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of a chart over time: its first moment, the first one after it, and the day it begins on."""

    start: datetime
    end: datetime
    day: date
    last_day: date


@dataclass(frozen=True)
class Period:
    """Whole days of a zone, both included."""

    first: date
    last: date
    zone: ZoneInfo
    frequency: Frequency

    @cached_property
    def start(self) -> datetime:
        return start_of(self.first, self.zone)

    @cached_property
    def end(self) -> datetime:
        """The first moment after it."""
        return start_of(self.last + timedelta(days=1), self.zone)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @cached_property
    def preceding(self) -> "Period":
        """The period of as many days right before, in the same frequency."""
        length = timedelta(days=self.days)
        return Period(self.first - length, self.last - length, self.zone, self.frequency)

    @cached_property
    def buckets(self) -> tuple[Bucket, ...]:
        """Its buckets in order, without gaps; those at its ends may be cut."""
        if self.frequency is Frequency.HOUR:
            return tuple(self._hours())
        firsts = [self.first]
        while (following := self._next_first(firsts[-1])) <= self.last:
            firsts.append(following)
        ends = [*firsts[1:], self.last + timedelta(days=1)]
        return tuple(
            Bucket(start_of(first, self.zone), start_of(end, self.zone), first, end - timedelta(days=1))
            for first, end in zip(firsts, ends, strict=True)
        )

    @cached_property
    def buckets_before(self) -> tuple[Bucket, ...]:
        """The stretches of the preceding period that its buckets are compared with: as many days earlier as it is long.

        Weeks and months of the calendar would be cut elsewhere there. Hours are those of the preceding days' own clocks.
        """
        if self.frequency is Frequency.HOUR:
            return self.preceding.buckets
        length = timedelta(days=self.days)
        return tuple(
            Bucket(
                start_of(bucket.day - length, self.zone),
                start_of(bucket.last_day + timedelta(days=1) - length, self.zone),
                bucket.day - length,
                bucket.last_day - length,
            )
            for bucket in self.buckets
        )

    def _next_first(self, day: date) -> date:
        if self.frequency is Frequency.WEEK:
            return day + timedelta(days=7 - day.weekday())
        if self.frequency is Frequency.MONTH:
            return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        return day + timedelta(days=1)

    def _hours(self) -> list[Bucket]:
        """Return the hours that a clock on the wall shows: where clocks go back one comes twice, each with its own rows.

        Where they shift by half an hour, one is shorter: it ends with the shift.
        """
        moments: list[datetime] = []
        moment, shown = self.start, None
        while moment < self.end:
            local = moment.astimezone(self.zone)
            if (local.hour, local.utcoffset()) != shown:
                shown = (local.hour, local.utcoffset())
                moments.append(moment)
            moment += QUARTER
        ends = [*moments[1:], self.end]
        days = [start.astimezone(self.zone).date() for start in moments]
        return [Bucket(start, end, day, day) for start, end, day in zip(moments, ends, days, strict=True)]


def preset_days(preset: Preset, *, today: date) -> tuple[date, date]:
    """Return the first and last day of a preset; those that go on end with today."""
    yesterday = today - timedelta(days=1)
    first_of_month = today.replace(day=1)
    last_of_previous = first_of_month - timedelta(days=1)
    return {
        Preset.TODAY: (today, today),
        Preset.YESTERDAY: (yesterday, yesterday),
        Preset.LAST_7: (today - timedelta(days=6), today),
        Preset.LAST_14: (today - timedelta(days=13), today),
        Preset.LAST_30: (today - timedelta(days=29), today),
        Preset.THIS_MONTH: (first_of_month, today),
        Preset.LAST_MONTH: (last_of_previous.replace(day=1), last_of_previous),
    }[preset]


def frequencies_of(days: int) -> tuple[Frequency, ...]:
    """Return the frequencies in which so many days can be shown, the finest first."""
    found = []
    if days <= MOST_DAYS_BY_HOUR:
        found.append(Frequency.HOUR)
    if days <= MOST_DAYS_BY_DAY:
        found.append(Frequency.DAY)
    return (*found, Frequency.WEEK, Frequency.MONTH)


def usual_frequency(days: int) -> Frequency:
    """Return the frequency of a range for which none was chosen."""
    if days <= 1:
        return Frequency.HOUR
    if days <= 45:
        return Frequency.DAY
    return Frequency.WEEK if days <= 190 else Frequency.MONTH


def period_of(first: date, last: date, *, zone: ZoneInfo, frequency: Frequency | None = None) -> Period:
    """Return a period; a frequency too fine for it gives way to the usual one.

    Raises RangeNotValid when it ends before it begins, is longer than three years, or lies outside the calendar.
    """
    if last < first:
        raise RangeNotValid(field="to")
    days = (last - first).days + 1
    if days > MOST_DAYS or not date(2000, 1, 1) <= first or last.year > 9000:
        raise RangeNotValid(field="from")
    chosen = frequency if frequency in frequencies_of(days) else None
    return Period(first, last, zone, chosen or usual_frequency(days))


def today_in(zone: ZoneInfo, *, now: datetime) -> date:
    """Return which day it is in a zone."""
    return now.astimezone(UTC).astimezone(zone).date()
