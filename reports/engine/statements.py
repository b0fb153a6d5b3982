"""From metrics to SQL: one statement for all metrics of one fact, parted by whatever is asked.

Names and expressions come from the catalogue, values are parameters. Days and hours are parted by the moments at which they
begin, not by taking the clock of each row: that is several times cheaper, and right where clocks change.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections

from reports.definitions.conditions import milliseconds, seen
from reports.definitions.filters import ID_FILTERS
from reports.definitions.working_time import WORKING_TIME, working_milliseconds
from reports.engine import aggregates
from reports.engine.facts import Fact, Figure, Metric, Sort
from reports.engine.periods import Bucket, Frequency
from reports.engine.reading import Cut, Reading


@dataclass(frozen=True, slots=True)
class Group:
    """One row of an answer: by what it is parted, and the figures in it by metric."""

    keys: tuple[Any, ...]
    figures: Mapping[str, Figure]


def grouped(
    reading: Reading,
    metrics: Sequence[Metric],
    *,
    by: Sequence[str] = (),
    buckets: Sequence[Bucket] | None = None,
    has_percentiles: bool = True,
) -> list[Group]:
    """Return the figures of metrics of one fact, parted by SQL expressions of it; without any there is one group.

    buckets: part them by these first, counted from 0; they follow each other without gaps and lie in the reading's period.
    """
    fact = metrics[0].fact
    by_hour = (buckets is not None and reading.period.frequency is Frequency.HOUR) or any(
        fact.moment in key for key in by
    )
    tallied = _is_tallied(reading, fact, metrics, by_hour=by_hour)
    keys = [_bucket_of(fact, tallied=tallied), *by] if buckets is not None else list(by)
    source = fact.tally.source if tallied and fact.tally else fact.source
    where = conditions(reading, fact, tallied=tallied)
    if metrics[0].condition and len({metric.condition for metric in metrics}) == 1:
        # What all of them ask for chooses the index as well.
        where += f" AND ({metrics[0].condition})"
        metrics = [replace(metric, condition="") for metric in metrics]
    rows_from = f"{source} WHERE {where}"
    if tallied:
        statement = aggregates.tallied(metrics, fact.moment.partition(".")[0], keys, rows_from)
    else:
        values = [value_of(metric, reading) for metric in metrics]
        statement = before(reading, metrics) + aggregates.Aggregates(
            metrics, values, has_percentiles=has_percentiles
        ).select(keys, rows_from)
    given = parameters(reading)
    if buckets is not None:
        given["bounds"] = [bucket.day if tallied else bucket.start for bucket in buckets]
    rows = fetched(reading, statement, given)
    return [_group(row, metrics, keys=len(keys), is_bucketed=buckets is not None) for row in rows]


def fetched(reading: Reading, statement: str, given: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement on the reading's connection and return its rows."""
    with connections[reading.using].cursor() as cursor:
        cursor.execute(statement, given)
        return list(cursor.fetchall())


def conditions(reading: Reading, fact: Fact, *, cut: Cut | None = None, tallied: bool = False) -> str:
    """Return what rows of a fact must meet: workspace, period, filters, visibility, and the cut."""
    kept = []
    if not tallied:  # a tally's source holds only what it is asked for
        kept += [
            f"{fact.workspace} = %(workspace_id)s",
            f"{fact.moment} >= %(range_from)s AND {fact.moment} < %(range_to)s",
        ]
        if fact.same_moment and _uses(reading, fact, fact.same_moment.partition(".")[0]):
            kept.append(f"{fact.same_moment} >= %(range_from)s AND {fact.same_moment} < %(range_to)s")
    if fact.condition:
        kept.append(f"({fact.condition})")
    for name in reading.filters:
        array = f"%({name.value})s::{'bigint' if name in ID_FILTERS else 'text'}[]"
        kept.append(f"{fact.filters[name]} = ANY({array})")
    if reading.seen_assignees is not None:
        kept.append(seen(fact.contact))
    if cut is not None:
        kept += _cut(reading, fact, cut)
    return " AND ".join(kept) or "true"


def _uses(reading: Reading, fact: Fact, alias: str) -> bool:
    return any(f"{alias}." in fact.filters[name] for name in reading.filters)


def parameters(reading: Reading, *, cut: Cut | None = None) -> dict[str, object]:
    """Return the parameters that statements name."""
    period = reading.period
    start, end = period.start, period.end
    if cut is not None:
        start, end = max(start, cut.start or start), min(end, cut.end or end)
    given: dict[str, object] = {
        "workspace_id": reading.actor.workspace_id,
        "range_from": start,
        "range_to": end,
        "first_day": period.first,
        "last_day": period.last,
        "time_zone": period.zone.key,
        "seen_assignees": reading.seen_assignees,
        **{name.value: list(values) for name, values in reading.filters.items()},
    }
    if cut is not None:
        given |= {
            "weekday": cut.weekday,
            "hour": cut.hour,
            "at_least": cut.at_least,
            "below": cut.below,
            "part_value": cut.value,
        }
    if reading.working is not None:
        given |= reading.working.parameters()
    return given


def value_of(metric: Metric, reading: Reading) -> str:
    """Return the SQL of a metric's value of one row."""
    if metric.span is None:
        return metric.value
    return working_milliseconds(*metric.span) if reading.working is not None else milliseconds(*metric.span)


def counted(metric: Metric, reading: Reading) -> Metric:
    """Return the metric that is computed: in working hours some have another one in their place."""
    return metric.working if metric.working is not None and reading.working is not None else metric


def value_of_row(metric: Metric, reading: Reading) -> str:
    """Return the SQL of a metric's value of one row of its log; NULL where the row is not one of the metric's."""
    chosen = counted(metric, reading)
    value = chosen.row or value_of(chosen, reading)
    return f"CASE WHEN {metric.condition} THEN {value} END" if metric.condition else value


def _is_tallied(reading: Reading, fact: Fact, metrics: Sequence[Metric], *, by_hour: bool) -> bool:
    return (
        fact.tally is not None
        and reading.has_tallies
        and not by_hour
        and reading.seen_assignees is None
        and set(reading.filters) <= fact.tally.filters
        and all(metric.sort is Sort.COUNT for metric in metrics)
    )


def before(reading: Reading, metrics: Sequence[Metric]) -> str:
    """Return the WITH clause that values of metrics need."""
    needs = reading.working is not None and any(metric.span or metric.working or metric.row for metric in metrics)
    return f"WITH {WORKING_TIME}\n" if needs else ""


def _bucket_of(fact: Fact, *, tallied: bool) -> str:
    alias = fact.moment.partition(".")[0]
    if tallied:
        return f"width_bucket({alias}.day, %(bounds)s::date[])"
    return f"width_bucket({fact.moment}, %(bounds)s::timestamptz[])"


def _group(row: tuple[Any, ...], metrics: Sequence[Metric], *, keys: int, is_bucketed: bool) -> Group:
    figures: dict[str, Figure] = {}
    at = keys
    for metric in metrics:
        if metric.sort is Sort.MEAN:
            mean, count, percentiles = row[at : at + 3]
            median, p90 = percentiles or (None, None)
            figures[metric.key] = Figure(_number(mean), count, _number(median), _number(p90))
            at += 3
        else:
            figures[metric.key] = Figure(row[at], row[at])
            at += 1
    parted = (row[0] - 1, *row[1:keys]) if is_bucketed else row[:keys]
    return Group(parted, figures)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)


def _cut(reading: Reading, fact: Fact, cut: Cut) -> list[str]:
    kept = []
    if cut.weekday is not None:
        kept.append(f"extract(isodow FROM {fact.moment} AT TIME ZONE %(time_zone)s) = %(weekday)s + 1")
    if cut.hour is not None:
        kept.append(f"extract(hour FROM {fact.moment} AT TIME ZONE %(time_zone)s) = %(hour)s")
    if cut.part:
        value = f"({fact.dimensions[cut.part]})::text"
        kept.append(f"{value} = %(part_value)s" if cut.value is not None else f"coalesce({value}, '') = ''")
    if cut.metric is not None:
        kept += rows_of(cut.metric, reading, cut)
    return kept


def rows_of(metric: Metric, reading: Reading, cut: Cut) -> list[str]:
    """Return the conditions that a row is one of those behind a metric."""
    kept = [f"({metric.condition})"] if metric.condition else []
    if metric.sort is Sort.MEAN:
        value = value_of_row(metric, reading)
        kept.append(f"{value} IS NOT NULL")
        if cut.at_least is not None:
            kept.append(f"{value} >= %(at_least)s")
        if cut.below is not None:
            kept.append(f"{value} < %(below)s")
    return kept
