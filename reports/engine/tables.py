"""Every answer as a table: what stands behind a chart, in a CSV file, and in the API's answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.engine.answers import Answer, Part, has_percentiles
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Heat, Log, Roster, Spread, Trend
from reports.engine.facts import Figure, Metric, Naming, Sort, Words
from reports.engine.names import names_of, teams_of_people
from reports.engine.reading import Reading
from reports.engine.words import word

NAMED = {Cell.PERSON: Naming.PEOPLE, Cell.TEAM: Naming.TEAMS, Cell.CHANNEL: Naming.CHANNELS}


@dataclass(frozen=True, slots=True)
class Head:
    """A column: a stable key, its words, and what its cells are."""

    key: str
    title: Words
    cell: Cell


@dataclass(frozen=True, slots=True)
class Table:
    """Raw values by column; a cell that is named (Cell.PERSON, …) holds its name."""

    heads: tuple[Head, ...]
    rows: list[tuple[Any, ...]]


def table_of(answer: Answer, reading: Reading) -> Table:
    """Return an answer's table. Runs inside `report_scope`."""
    make: Mapping[type, Callable[[Answer, Reading], Table]] = {
        Figures: _cards,
        Trend: _trend,
        Breakdown: _breakdown,
        Roster: _roster,
        Heat: _heat,
        Spread: _spread,
    }
    return make[type(answer.block)](answer, reading)


def unit_cell(metric: Metric) -> Cell:
    """Return what a metric's value is in a table."""
    return Cell.MILLISECONDS if metric.is_time else Cell.NUMBER


def _metric_heads(metrics: Sequence[Metric], *, has_percentiles: bool = True) -> list[Head]:
    heads = []
    for metric in metrics:
        heads.append(Head(metric.key, metric.title, unit_cell(metric)))
        if metric.sort is Sort.MEAN and has_percentiles:
            heads += [
                Head(f"{metric.key}_median", _("%(metric)s, median") % {"metric": metric.title}, unit_cell(metric)),
                Head(
                    f"{metric.key}_p90", _("%(metric)s, 90th percentile") % {"metric": metric.title}, unit_cell(metric)
                ),
            ]
    return heads


def _metric_cells(
    metrics: Sequence[Metric], figures: Mapping[str, Figure], *, has_percentiles: bool = True
) -> list[float | None]:
    cells: list[float | None] = []
    for metric in metrics:
        figure = figures[metric.key]
        cells.append(figure.value)
        if metric.sort is Sort.MEAN and has_percentiles:
            cells += [figure.median, figure.p90]
    return cells


def _cards(answer: Answer, _reading: Reading) -> Table:
    heads = (
        Head("metric", _("Metric"), Cell.TEXT),
        Head("value", _("Value"), Cell.FIGURE),
        Head("median", _("Median"), Cell.FIGURE),
        Head("p90", _("90th percentile"), Cell.FIGURE),
        Head("previous", _("Preceding period"), Cell.FIGURE),
        Head("rows", _("Rows"), Cell.NUMBER),
    )
    rows: list[tuple[Any, ...]] = []
    for card in answer.cards:
        figure, cell = card.figure, unit_cell(card.metric)
        values = (figure.value, figure.median, figure.p90, card.previous.value)
        rows.append((str(card.metric.title), *((cell, value) for value in values), figure.count))
    return Table(heads, rows)


def _trend(answer: Answer, reading: Reading) -> Table:
    by_hour = reading.period.frequency == "hour"
    metrics = [line.metric for line in answer.lines]
    compared = [line for line in answer.lines if line.previous is not None]
    heads = (
        Head("from", _("From"), Cell.MOMENT if by_hour else Cell.DAY),
        Head("to", _("To"), Cell.MOMENT if by_hour else Cell.DAY),
        *_metric_heads(metrics),
        *(
            Head(
                f"{line.metric.key}_previous",
                _("%(metric)s, preceding period") % {"metric": line.metric.title},
                unit_cell(line.metric),
            )
            for line in compared
        ),
    )
    rows: list[tuple[Any, ...]] = []
    for number, bucket in enumerate(answer.buckets):
        ends = (bucket.start, bucket.end) if by_hour else (bucket.day, bucket.last_day)
        figures = {line.metric.key: line.figures[number] for line in answer.lines}
        before = [
            line.previous[number].value if line.previous and number < len(line.previous) else None for line in compared
        ]
        rows.append((*ends, *_metric_cells(metrics, figures), *before))
    return Table(heads, rows)


def part_names(answer: Answer, reading: Reading) -> Mapping[Any, str]:
    """Return the words of the parts' values; rows without a value are called as the dimension says."""
    block = answer.block
    if not isinstance(block, Breakdown | Roster):
        return {}
    values = [part.value for part in answer.parts]
    names = names_of(block.dimension.naming, values, workspace_id=reading.actor.workspace_id, using=reading.using)
    return {**names, None: str(block.dimension.empty)}


def _breakdown(answer: Answer, reading: Reading) -> Table:
    block = answer.block
    assert isinstance(block, Breakdown)  # noqa: S101 - chosen by its type
    metrics = [metric for metric in (block.metric, *block.beside) if metric not in answer.left_out]
    with_percentiles = has_percentiles(block, reading)
    names = part_names(answer, reading)
    heads = [
        Head("value", _("Code"), Cell.CODE),
        Head(block.dimension.key, block.dimension.title, Cell.TEXT),
        *_metric_heads(metrics, has_percentiles=with_percentiles),
    ]
    # A number of different values has neither: parts can share a value, and more rows than values are behind it.
    sort = block.metric.sort
    if sort is Sort.COUNT:
        heads.append(Head("share", _("Share"), Cell.SHARE))
    elif sort is Sort.MEAN:
        heads.append(Head("rows", _("Rows"), Cell.NUMBER))
    rows: list[tuple[Any, ...]] = []
    for part in answer.parts:
        figure = part.figures[block.metric.key]
        cells = _metric_cells(metrics, part.figures, has_percentiles=with_percentiles)
        if sort is Sort.COUNT:
            cells.append(_share(figure, answer.total))
        elif sort is Sort.MEAN:
            cells.append(figure.count)
        rows.append((part.value, names[part.value], *cells))
    return Table(tuple(heads), rows)


def _share(figure: Figure, total: Figure) -> float | None:
    return figure.count / total.count if total.count else None


def _roster(answer: Answer, reading: Reading) -> Table:
    block = answer.block
    assert isinstance(block, Roster)  # noqa: S101 - chosen by its type
    metrics = [metric for metric in block.metrics if answer.parts and metric.key in answer.parts[0].figures]
    names = part_names(answer, reading)
    teams = teams_of_people(workspace_id=reading.actor.workspace_id, using=reading.using) if block.beside else {}
    heads = [Head("value", _("Code"), Cell.CODE), Head(block.dimension.key, block.dimension.title, Cell.TEXT)]
    if block.beside:
        heads.append(Head("team", _("Team"), Cell.TEXT))
    with_percentiles = has_percentiles(block, reading)
    heads += _metric_heads(metrics, has_percentiles=with_percentiles)

    def row(part: Part) -> tuple[Any, ...]:
        beside = [teams.get(part.value, "")] if block.beside else []
        cells = _metric_cells(metrics, part.figures, has_percentiles=with_percentiles)
        return (part.value, names[part.value], *beside, *cells)

    return Table(tuple(heads), sorted(map(row, answer.parts), key=lambda cells: str(cells[1]).casefold()))


def _heat(answer: Answer, _reading: Reading) -> Table:
    heads = (
        Head("weekday", _("Weekday"), Cell.WEEKDAY),
        Head("hour", _("Hour"), Cell.HOUR),
        Head("count", _("Rows"), Cell.NUMBER),
    )
    rows: list[tuple[Any, ...]] = [
        (weekday, hour, count) for weekday, hours in enumerate(answer.heat) for hour, count in enumerate(hours)
    ]
    return Table(heads, rows)


def _spread(answer: Answer, _reading: Reading) -> Table:
    block = answer.block
    assert isinstance(block, Spread)  # noqa: S101 - chosen by its type
    heads = (
        Head("at_least", _("At least"), Cell.MILLISECONDS),
        Head("below", _("Below"), Cell.MILLISECONDS),
        Head("count", _("Rows"), Cell.NUMBER),
        Head("share", _("Share"), Cell.SHARE),
    )
    edges = (0, *block.edges, None)
    total = sum(answer.classes)
    rows: list[tuple[Any, ...]] = [
        (edges[number], edges[number + 1], count, count / total if total else None)
        for number, count in enumerate(answer.classes)
    ]
    return Table(heads, rows)


def log_table(log: Log, rows: Sequence[tuple[Any, ...]], reading: Reading, *, keeps_codes: bool = False) -> Table:
    """Return a log's rows with the names of people, teams and channels in place of their ids, and words in place of codes unless
    they are kept, as in files. Runs inside `report_scope`.
    """
    named = [
        _named(column, number, rows, reading, keeps_codes=keeps_codes) for number, column in enumerate(log.columns)
    ]
    shown = [tuple(name(value) for name, value in zip(named, row, strict=True)) for row in rows]
    return Table(tuple(Head(column.key, column.title, column.cell) for column in log.columns), shown)


def _named(
    column: Column, number: int, rows: Sequence[tuple[Any, ...]], reading: Reading, *, keeps_codes: bool
) -> Callable[[Any], Any]:
    called = str if keeps_codes else word
    if column.cell is Cell.WORD:
        return lambda code: called(code) if code else ""
    if column.cell is Cell.SENDER:
        return lambda sender: sender[0] or called(sender[1])
    naming = NAMED.get(column.cell)
    if naming is None:
        return lambda value: value
    values = {row[number] for row in rows}
    names = names_of(naming, values, workspace_id=reading.actor.workspace_id, using=reading.using)
    return lambda value: names.get(value, "")
