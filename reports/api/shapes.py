"""Reports as the wire shows them: raw values, codes beside their words, moments in UTC, lengths in milliseconds."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any

from reports.engine.answers import Answer, Line, State
from reports.engine.blocks import Cell, Figures, Log, Report, Trend
from reports.engine.facts import Figure, Metric, Sort
from reports.engine.reading import Reading
from reports.engine.rows import Rows
from reports.engine.tables import Table, table_of


def report_body(report: Report, answers: Iterable[Answer], reading: Reading) -> dict[str, object]:
    """Return a report's figures, series and tables. Runs inside `report_scope`."""
    kept = list(answers)
    return {
        "report": report.key,
        "title": str(report.title),
        **_question(reading),
        "figures": [_card(card.metric, card.figure, card.previous) for shown in kept for card in shown.cards],
        "left_out": [
            {"key": metric.key, "title": str(metric.title), "not_applicable": [name.value for name in shown.unfit]}
            for shown in kept
            if isinstance(shown.block, Figures)
            for metric in (shown.left_out or (shown.block.metrics if shown.state is State.NOT_APPLICABLE else ()))
        ],
        "series": [_series(shown) for shown in kept if isinstance(shown.block, Trend)],
        "tables": [_table(shown, reading) for shown in kept if not isinstance(shown.block, Figures | Trend)],
        "logs": [{"key": log.key, "title": str(log.title)} for log in report.logs],
    }


def log_body(log: Log, found: Rows, table: Table, reading: Reading) -> dict[str, object]:
    """Return a log's rows, the latest first: the raw values, and the names of what has one."""
    return {
        "log": log.key,
        "title": str(log.title),
        **_question(reading),
        "columns": _columns(table),
        "items": _items(table.heads, found.rows, table.rows),
        "truncated": found.is_truncated,
    }


def _question(reading: Reading) -> dict[str, object]:
    period = reading.period
    return {
        "from": period.first.isoformat(),
        "to": period.last.isoformat(),
        "timezone": period.zone.key,
        "frequency": period.frequency.value,
        "compared_with": {"from": period.preceding.first.isoformat(), "to": period.preceding.last.isoformat()},
        "in_working_hours": reading.working is not None,
        "filters": {name.value: list(values) for name, values in reading.filters.items()},
    }


def _card(metric: Metric, figure: Figure, previous: Figure) -> dict[str, object]:
    return {
        "key": metric.key,
        "title": str(metric.title),
        "definition": str(metric.definition),
        "unit": metric.unit.value,
        **_figure(figure),
        "previous": _figure(previous),
    }


def _figure(figure: Figure) -> dict[str, object]:
    return {"value": figure.value, "median": figure.median, "p90": figure.p90, "rows": figure.count}


def _series(shown: Answer) -> dict[str, object]:
    points = [
        {
            "from": wire(bucket.start),
            "to": wire(bucket.end),
            "values": {line.metric.key: line.figures[number].value for line in shown.lines},
            "medians": {line.metric.key: line.figures[number].median for line in shown.lines if _is_mean(line)},
            "p90s": {line.metric.key: line.figures[number].p90 for line in shown.lines if _is_mean(line)},
            "previous": {
                line.metric.key: line.previous[number].value if number < len(line.previous) else None
                for line in shown.lines
                if line.previous is not None
            },
        }
        for number, bucket in enumerate(shown.buckets)
    ]
    return {**_head(shown), "points": points}


def _is_mean(line: Line) -> bool:
    return line.metric.sort is Sort.MEAN


def _table(shown: Answer, reading: Reading) -> dict[str, object]:
    if shown.state is State.NOT_APPLICABLE:
        return {**_head(shown), "columns": [], "rows": []}
    table = table_of(shown, reading)
    rows = _items(table.heads, table.rows, table.rows)
    return {**_head(shown), "columns": _columns(table), "rows": rows}


def _head(shown: Answer) -> dict[str, object]:
    block = shown.block
    return {
        "key": block.key,
        "title": str(block.title),
        "state": shown.state.value,
        "not_applicable": [name.value for name in shown.unfit],
    }


def _columns(table: Table) -> list[dict[str, str]]:
    return [{"key": head.key, "title": str(head.title), "kind": head.cell.value} for head in table.heads]


def _items(
    heads: Sequence[Any], raw: Sequence[tuple[Any, ...]], named: Sequence[tuple[Any, ...]]
) -> list[dict[str, Any]]:
    """Return rows by column; where a name took the place of an id or code, it stands beside as `<key>_name`."""
    items = []
    for values, words in zip(raw, named, strict=True):
        item: dict[str, Any] = {}
        for head, value, shown in zip(heads, values, words, strict=True):
            code = value[1] if head.cell is Cell.SENDER else value
            item[head.key] = wire(code)
            if value is not None and shown is not value and shown != code:
                item[f"{head.key}_name"] = shown
        items.append(item)
    return items


def wire(value: Any) -> Any:
    """Return a value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value
