"""From what an address asks to a reading: range, frequency, filters, time zone, working hours. Runs inside `report_scope`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import connections

from reports.definitions.filters import Filter
from reports.definitions.seeing import seen_assignees
from reports.definitions.working_time import working_points
from reports.engine.filters import chosen_values
from reports.engine.periods import Frequency, Period, Preset, period_of, preset_days, today_in
from reports.engine.reading import Reading
from reports.errors import RangeNotValid
from reports.tallies.reading import has_tallies
from workspaces.actors import Actor
from workspaces.working_hours import WorkingHours

# The earliest moment from which a time of these days can run.
EARLIEST = """
SELECT min(opened_at) FROM inbox_conversation WHERE workspace_id = %s AND closed_at >= %s AND closed_at < %s"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What an address says, as text; empty is not said."""

    preset: str = ""
    first: str = ""
    last: str = ""
    frequency: str = ""
    filters: Mapping[Filter, Sequence[str]]
    in_working_hours: bool = False


def period_asked(asked: Asked, *, zone: ZoneInfo, now: datetime) -> Period:
    """Return the period; the last 30 days when nothing is said. Raises RangeNotValid, which names the field."""
    today = today_in(zone, now=now)
    if asked.first or asked.last:
        first = _day(asked.first, field="from") or _day(asked.last, field="to") or today
        last = _day(asked.last, field="to") or max(first, today)
    else:
        known = asked.preset in set(Preset)
        first, last = preset_days(Preset(asked.preset) if known else Preset.LAST_30, today=today)
    frequency = Frequency(asked.frequency) if asked.frequency in set(Frequency) else None
    return period_of(first, last, zone=zone, frequency=frequency)


def _day(text: str, *, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RangeNotValid(field=field) from None


def reading_of(
    asked: Asked,
    *,
    actor: Actor,
    using: str,
    zone: ZoneInfo,
    hours: WorkingHours | None,
    hours_zone: ZoneInfo | None = None,
    now: datetime,
) -> Reading:
    """Return the reading that an address asks for. Raises RangeNotValid and FilterNotValid.

    hours_zone: on whose clock the working hours stand, the workspace's; `zone` where it is left out.
    """
    period = period_asked(asked, zone=zone, now=now)
    filters = {
        name: values
        for name, given in asked.filters.items()
        if (values := chosen_values(name, given, workspace_id=actor.workspace_id, using=using))
    }
    working = None
    if asked.in_working_hours and hours is not None:
        working = working_points(
            hours=hours,
            time_zone=hours_zone or zone,
            first=_earliest(actor.workspace_id, period, using=using),
            last=max(period.end, now),
        )
    return Reading(
        actor=actor,
        using=using,
        period=period,
        filters=filters,
        has_tallies=has_tallies(actor.workspace_id, zone.key, using=using),
        has_working_hours=hours is not None,
        working=working,
        seen_assignees=seen_assignees(actor, using=using),
    )


def _earliest(workspace_id: int, period: Period, *, using: str) -> datetime:
    first = period.preceding.start
    with connections[using].cursor() as cursor:
        cursor.execute(EARLIEST, [workspace_id, first, period.end])
        row = cursor.fetchone()
    moment: datetime | None = row[0] if row else None
    return first if moment is None else min(first, moment)
