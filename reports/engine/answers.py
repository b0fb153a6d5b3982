"""What blocks answer: plain values for pages, CSV and API, made inside `report_scope`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from reports.definitions.filters import Filter
from reports.engine.blocks import Block, Breakdown, Figures, Heat, Roster, Spread, Trend, metrics_of
from reports.engine.facts import Dimension, Fact, Figure, Metric, Sort
from reports.engine.periods import Bucket
from reports.engine.reading import Reading
from reports.engine.statements import counted, grouped, value_of

HOUR = timedelta(hours=1)
NONE = Figure(None, 0)


class State(StrEnum):
    """Whether a block has something to show, and why not."""

    READY = "ready"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A metric over the buckets of the period, and of the preceding one where it is compared."""

    metric: Metric
    figures: tuple[Figure, ...]
    previous: tuple[Figure, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows with one value of a dimension, which is None for rows without one, and their figures by metric."""

    value: Any
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A metric of the period and of the preceding one."""

    metric: Metric
    figure: Figure
    previous: Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a block answers. `left_out` are its metrics that the chosen filters do not apply to; `unfit` are those filters."""

    block: Block
    state: State
    unfit: tuple[Filter, ...] = ()
    left_out: tuple[Metric, ...] = ()
    cards: tuple[Card, ...] = ()
    buckets: tuple[Bucket, ...] = ()
    lines: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    more: int = 0  # parts that are not shown
    total: Figure = NONE  # of all parts that are counted
    heat: tuple[tuple[int, ...], ...] = ()  # weekday × hour
    classes: tuple[int, ...] = ()  # rows per class of a spread


def answer(block: Block, reading: Reading) -> Answer:
    """Answer one block."""
    metrics = metrics_of(block)
    fit = [metric for metric in metrics if not reading.not_applicable(metric.fact)]
    unfit = tuple(sorted({name for metric in metrics for name in reading.not_applicable(metric.fact)}))
    left_out = tuple(metric for metric in metrics if metric not in fit)
    leads = isinstance(block, Breakdown | Heat | Spread)  # without its first metric it says nothing
    if not fit or (leads and metrics[0] not in fit):
        return Answer(block=block, state=State.NOT_APPLICABLE, unfit=unfit)
    return replace(_answered(block, fit, reading), unfit=unfit, left_out=left_out)


def _answered(block: Block, metrics: Sequence[Metric], reading: Reading) -> Answer:
    if isinstance(block, Figures):
        return _cards(block, metrics, reading)
    if isinstance(block, Trend):
        return _trend(block, metrics, reading)
    if isinstance(block, Breakdown):
        return _breakdown(block, metrics, reading)
    if isinstance(block, Heat):
        return _heat(block, reading)
    if isinstance(block, Spread):
        return _spread(block, reading)
    return _roster(block, metrics, reading)


def _by_fact(metrics: Iterable[Metric], reading: Reading) -> list[list[Metric]]:
    """Return the metrics as statements compute them together: those of one fact, different values apart from times."""
    computed = [counted(each, reading) for each in metrics]
    with_times = {metric.fact.key for metric in computed if metric.sort is Sort.MEAN}
    facts: dict[tuple[str, bool], list[Metric]] = {}
    for metric in computed:
        is_apart = metric.sort is Sort.DISTINCT and metric.fact.key in with_times
        facts.setdefault((metric.fact.key, is_apart), []).append(metric)
    return list(facts.values())


def preceding(reading: Reading) -> Reading:
    """Return the same question about the preceding period."""
    return replace(reading, period=reading.period.preceding)


def totals(metrics: Iterable[Metric], reading: Reading, *, has_percentiles: bool = True) -> dict[str, Figure]:
    """Return the figures of metrics over the whole period."""
    found: dict[str, Figure] = {}
    for of_fact in _by_fact(metrics, reading):
        for group in grouped(reading, of_fact, has_percentiles=has_percentiles):
            found |= group.figures
    return found


def _cards(block: Figures, metrics: Sequence[Metric], reading: Reading) -> Answer:
    now, before = totals(metrics, reading), totals(metrics, preceding(reading), has_percentiles=False)
    cards = tuple(Card(metric=metric, figure=now[metric.key], previous=before[metric.key]) for metric in metrics)
    return Answer(block=block, state=State.READY, cards=cards)


def _trend(block: Trend, metrics: Sequence[Metric], reading: Reading) -> Answer:
    buckets = reading.period.buckets
    lines = _lines(metrics, reading, buckets)
    previous: dict[str, tuple[Figure, ...]] = {}
    if block.compares:
        previous = _lines(metrics, preceding(reading), reading.period.buckets_before, has_percentiles=False)
    found = tuple(
        Line(metric=metric, figures=lines[metric.key], previous=previous.get(metric.key)) for metric in metrics
    )
    has_rows = any(figure.count for line in found for figure in line.figures)
    return Answer(block=block, state=State.READY if has_rows else State.NO_DATA, buckets=buckets, lines=found)


def _lines(
    metrics: Sequence[Metric], reading: Reading, buckets: Sequence[Bucket], *, has_percentiles: bool = True
) -> dict[str, tuple[Figure, ...]]:
    figures = {metric.key: [_none(metric)] * len(buckets) for metric in metrics}
    for of_fact in _by_fact(metrics, reading):
        for group in grouped(reading, of_fact, buckets=buckets, has_percentiles=has_percentiles):
            for key, figure in group.figures.items():
                figures[key][group.keys[0]] = figure
    return {key: tuple(line) for key, line in figures.items()}


def _none(metric: Metric) -> Figure:
    """Return the figure of no rows: a count is 0, a mean is unknown."""
    return NONE if metric.sort is Sort.MEAN else Figure(0, 0)


def has_percentiles(block: Breakdown | Roster, reading: Reading) -> bool:
    """Tell whether a block parts so short a period that medians and 90th percentiles are worked out."""
    return block.percentile_days is None or reading.period.days <= block.percentile_days


def _breakdown(block: Breakdown, metrics: Sequence[Metric], reading: Reading) -> Answer:
    parts = _parts(metrics, block.dimension, reading, has_percentiles=has_percentiles(block, reading))
    lead = block.metric.key
    if not block.keeps_empty:
        parts = [part for part in parts if part.value is not None]
    parts = [part for part in parts if part.figures[lead].count]
    if block.fastest_first:
        parts.sort(key=lambda part: (part.figures[lead].value or 0.0, -part.figures[lead].count, str(part.value)))
    else:
        parts.sort(key=lambda part: (-(part.figures[lead].value or 0.0), -part.figures[lead].count, str(part.value)))
    return Answer(
        block=block,
        state=State.READY if parts else State.NO_DATA,
        parts=tuple(parts[: block.most]),
        more=max(0, len(parts) - block.most),
        total=_total(block.metric, parts),
    )


def _total(metric: Metric, parts: Sequence[Part]) -> Figure:
    """Return what shares are of; a mean of means would be none."""
    if metric.sort is not Sort.COUNT:
        return NONE
    count = sum(part.figures[metric.key].count for part in parts)
    return Figure(count, count)


def _parts(
    metrics: Sequence[Metric], dimension: Dimension, reading: Reading, *, has_percentiles: bool = True
) -> list[Part]:
    found: dict[Any, dict[str, Figure]] = {}
    for of_fact in _by_fact(metrics, reading):
        by = [of_fact[0].fact.dimensions[dimension.key]]
        for group in grouped(reading, of_fact, by=by, has_percentiles=has_percentiles):
            value = group.keys[0] if group.keys[0] != "" else None
            found.setdefault(value, {}).update(group.figures)
    return [
        Part(value=value, figures={metric.key: figures.get(metric.key, _none(metric)) for metric in metrics})
        for value, figures in found.items()
    ]


def _roster(block: Roster, metrics: Sequence[Metric], reading: Reading) -> Answer:
    usable = [metric for metric in metrics if block.dimension.key in metric.fact.dimensions]
    parts = _parts(usable, block.dimension, reading, has_percentiles=has_percentiles(block, reading))
    parts = [part for part in parts if part.value is not None]
    parts = [part for part in parts if any(figure.count for figure in part.figures.values())]
    return Answer(block=block, state=State.READY if parts else State.NO_DATA, parts=tuple(parts))


def _heat(block: Heat, reading: Reading) -> Answer:
    cells = [[0] * 24 for _ in range(7)]
    for group in grouped(reading, [block.metric], by=[_hour_of(block.metric.fact, reading)]):
        local = group.keys[0].astimezone(reading.period.zone)
        cells[local.weekday()][local.hour] += group.figures[block.metric.key].count
    has_rows = any(map(any, cells))
    return Answer(
        block=block, state=State.READY if has_rows else State.NO_DATA, heat=tuple(tuple(row) for row in cells)
    )


def _hour_of(fact: Fact, reading: Reading) -> str:
    """Return the SQL of the moment at which a row's hour began; where clocks shift by parts of an hour, its quarter."""
    period = reading.period
    offsets = {bucket.start.astimezone(period.zone).utcoffset() or timedelta() for bucket in period.buckets}
    parts = {-offset % HOUR for offset in (*offsets, period.end.astimezone(period.zone).utcoffset() or timedelta())}
    step = "1 hour" if len(parts) == 1 else "15 minutes"
    origin = (
        f"2000-01-01 00:{int(parts.pop().total_seconds()) // 60:02}+00" if len(parts) == 1 else "2000-01-01 00:00+00"
    )
    return f"date_bin('{step}', {fact.moment}, '{origin}'::timestamptz)"


def _spread(block: Spread, reading: Reading) -> Answer:
    metric = counted(block.metric, reading)
    found = grouped(
        reading,
        [replace(metric, sort=Sort.COUNT)],
        by=[f"width_bucket({value_of(metric, reading)}::float8, ARRAY[{', '.join(map(str, block.edges))}]::float8[])"],
    )
    classes = [0] * (len(block.edges) + 1)
    for group in found:
        if group.keys[0] is not None:
            classes[group.keys[0]] += group.figures[metric.key].count
    return Answer(block=block, state=State.READY if any(classes) else State.NO_DATA, classes=tuple(classes))
