"""Every figure of every report leads to its rows: over a history with every corner, the log behind it has as many as it counts."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from reports.catalogue import REPORTS
from reports.definitions.working_time import working_points
from reports.engine.answers import State, answer, totals
from reports.engine.blocks import Block, Breakdown, Heat, Log, Report, Spread, Trend, metrics_of
from reports.engine.facts import Figure, Metric, Sort
from reports.engine.filters import choices_of
from reports.engine.periods import Frequency, Period, period_of
from reports.engine.reading import Cut, Reading
from reports.engine.rows import is_applicable, log_count
from reports.engine.scope import report_scope
from tests.exports.history import History
from workspaces.working_hours import WorkingHours

OFFICE = WorkingHours.of([[[540, 1020]]] * 5 + [[], []])
FIRST, LAST = date(2026, 2, 27), date(2026, 4, 8)
ZONES = ("Europe/Madrid", "Asia/Kolkata")


def a_period(zone: str, frequency: Frequency = Frequency.DAY) -> Period:
    return period_of(FIRST, LAST, zone=ZoneInfo(zone), frequency=frequency)


def readings(history: History, using: str) -> Iterator[Reading]:
    """Yield the whole history in two zones, in elapsed time and in working hours."""
    for zone in ZONES:
        period = a_period(zone)
        points = working_points(hours=OFFICE, time_zone=period.zone, first=period.preceding.start, last=period.end)
        for working in (None, points):
            yield Reading(actor=history.ada, using=using, period=period, working=working)


def narrowed(reading: Reading, report: Report) -> Iterator[Reading]:
    """Yield the reading with each filter of a report alone, set to the first half of what it offers."""
    for name in report.filters:
        offered = choices_of(name, workspace_id=reading.actor.workspace_id, using=reading.using)
        values = tuple(choice.value for choice in offered[: (len(offered) + 1) // 2])
        if values:
            yield replace(reading, filters={name: values})  # type: ignore[dict-item]


def logged(report: Report) -> dict[str, Metric]:
    """Return the metrics of a report that lead to a log, by their keys."""
    every = [metric for block in report.blocks.values() for metric in metrics_of(block)]
    return {metric.key: metric for metric in every if metric.log}


def assert_traced(report: Report, reading: Reading) -> int:
    """Every metric has as many rows as its log shows for it; return how many there are in all."""
    metrics = [metric for metric in logged(report).values() if not reading.not_applicable(metric.fact)]
    found = totals(metrics, reading)
    for metric in metrics:
        log = report.logs_by_key[metric.log]
        assert is_applicable(log, reading), (report.key, metric.key)
        rows = log_count(log, reading, cut=Cut(metric=metric))
        told = (report.key, metric.key, dict(reading.filters), reading.working is not None)
        if metric.sort is Sort.DISTINCT:
            assert found[metric.key].count <= rows, told
        else:
            assert found[metric.key].count == rows, told
    return sum(figure.count for figure in found.values())


def every_figure_is_traced(history: History) -> None:
    """Every figure has as many rows as the log behind it."""
    seen: dict[str, int] = {}
    with report_scope(history.workspace_id) as using:
        for reading in readings(history, using):
            for key, report in REPORTS.items():
                seen[key] = seen.get(key, 0) + assert_traced(report, reading)
        for key, report in REPORTS.items():
            for narrow in narrowed(reading, report):
                seen[key] += assert_traced(report, narrow)
    assert {key for key, count in seen.items() if count < 100} <= {"logs", "leaderboard", "broadcasts"}, seen


def every_block_adds_up(history: History) -> None:
    """The parts of every block add up to its figure."""
    with report_scope(history.workspace_id) as using:
        for reading in readings(history, using):
            for report in REPORTS.values():
                for block in report.blocks.values():
                    assert_adds_up(block, reading, (report.key, block.key))


def assert_adds_up(block: Block, reading: Reading, told: tuple[str, str]) -> None:
    """Classes, parts, cells and buckets of a block have as many rows as its metric."""
    if isinstance(block, Breakdown):
        block = replace(block, most=1_000_000, keeps_empty=True)
    shown = answer(block, reading)
    assert shown.state is not State.NOT_APPLICABLE
    whole = totals(metrics_of(block), reading)
    if isinstance(block, Spread):
        assert sum(shown.classes) == whole[block.metric.key].count, told
        edges = (None, *block.edges, None)
        for number, count in enumerate(shown.classes):
            cut = Cut(metric=block.metric, at_least=edges[number], below=edges[number + 1])
            assert log_count(_log(block.metric), reading, cut=cut) == count, (*told, number)
    if isinstance(block, Heat):
        assert sum(map(sum, shown.heat)) == whole[block.metric.key].count, told
        busiest = max((count, day, hour) for day, hours in enumerate(shown.heat) for hour, count in enumerate(hours))
        if block.metric.log:
            cut = Cut(metric=block.metric, weekday=busiest[1], hour=busiest[2])
            assert log_count(_log(block.metric), reading, cut=cut) == busiest[0], told
    if isinstance(block, Breakdown) and block.metric.sort is not Sort.DISTINCT:
        assert_same([part.figures for part in shown.parts], whole, block.metric, told)
        if block.metric.sort is Sort.COUNT:
            assert shown.total == whole[block.metric.key], told
    if isinstance(block, Trend):
        for line in shown.lines:
            if line.metric.sort is not Sort.DISTINCT:
                figures = [{line.metric.key: figure} for figure in line.figures]
                assert_same(figures, whole, line.metric, told)


def assert_same(
    parts: Sequence[Mapping[str, Figure]], whole: Mapping[str, Figure], metric: Metric, told: tuple[str, str]
) -> None:
    """The parts have the rows of the whole, and their weighted mean is the whole's, where a row counts once."""
    figures = [part[metric.key] for part in parts]
    assert sum(figure.count for figure in figures) == whole[metric.key].count, told
    if metric.sort is Sort.MEAN and not metric.ratio and whole[metric.key].count:
        weighed = sum((figure.value or 0) * figure.count for figure in figures) / whole[metric.key].count
        assert weighed == pytest.approx(whole[metric.key].value), told


def _log(metric: Metric) -> Log:
    """Return the log that a metric leads to."""
    for report in REPORTS.values():
        if metric.key in logged(report) and logged(report)[metric.key] is metric:
            return report.logs_by_key[metric.log]
    raise LookupError(metric.key)
