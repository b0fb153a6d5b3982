"""When a schedule runs next, and which span it then covers: whole hours, days or weeks of its zone that have just ended.

Spans follow each other: the next begins where one ends, whatever clocks do. Where they jump by half an hour a span may be
half an hour longer than another.
"""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from exports.models import ExportSchedule
from reports.definitions.ranges import Span, start_of

Every = ExportSchedule.Every
# Offsets of zones are multiples of it, and so are their whole hours as moments.
QUARTER = timedelta(minutes=15)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


def first_run(schedule: ExportSchedule, *, after: datetime) -> datetime:
    """Return the first moment later than `after` at which a schedule runs."""
    zone = ZoneInfo(schedule.time_zone)
    if schedule.every == Every.HOUR:
        return _hour_after(after, zone)
    day = after.astimezone(zone).date()
    step = 1 if schedule.every == Every.DAY else 7
    if schedule.every == Every.WEEK:
        day -= timedelta(days=(day.weekday() - schedule.on_weekday) % 7)
    while (moment := datetime.combine(day, time(schedule.at_hour), tzinfo=zone).astimezone(UTC)) <= after:
        day += timedelta(days=step)
    return moment


def covered(schedule: ExportSchedule, *, at: datetime) -> Span:
    """Return the span of the run that is due at a moment: the hour, day or seven days that had ended by then."""
    zone = ZoneInfo(schedule.time_zone)
    if schedule.every == Every.HOUR:
        end = _hour_until(at, zone)
        return Span(_hour_until(end - QUARTER, zone), end)
    last = at.astimezone(zone).date()
    days = 1 if schedule.every == Every.DAY else 7
    return Span(start_of(last - timedelta(days=days), zone), start_of(last, zone))


def _hour_after(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the first moment after another at which a zone's clocks show a whole hour."""
    found = _quarter(moment) + QUARTER
    while found.astimezone(zone).minute:
        found += QUARTER
    return found


def _hour_until(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the last moment, this one included, at which a zone's clocks show a whole hour."""
    found = _quarter(moment)
    while found.astimezone(zone).minute:
        found -= QUARTER
    return found


def _quarter(moment: datetime) -> datetime:
    """Return the quarter of an hour that a moment lies in, in UTC."""
    return moment.astimezone(UTC) - (moment - EPOCH) % QUARTER
