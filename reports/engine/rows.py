"""The rows behind figures: a log's rows, the latest first, at most 10,000 of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reports.engine.blocks import Column, Log
from reports.engine.reading import Cut, Reading
from reports.engine.statements import before, conditions, fetched, parameters, value_of_row

MOST_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Raw values by column, in the log's order. `count` is how many there are, MOST_ROWS + 1 when there are more."""

    rows: list[tuple[Any, ...]]
    count: int

    @property
    def is_truncated(self) -> bool:
        return self.count > MOST_ROWS


def log_rows(log: Log, reading: Reading, *, cut: Cut | None = None, first: int = 0, most: int = MOST_ROWS) -> Rows:
    """Return rows of a log from number `first` on, none beyond the ten thousandth."""
    fact = log.fact
    most = min(most, MOST_ROWS - first)
    metrics = [column.metric for column in log.columns if column.metric is not None]
    statement = (
        f"{before(reading, [*metrics, *([cut.metric] if cut and cut.metric else [])])}"  # noqa: S608 - texts of the catalogue
        f"SELECT {', '.join(_sql(column, reading) for column in log.columns)} FROM {fact.source} {log.joins}"
        f" WHERE {conditions(reading, fact, cut=cut)}"
        f" ORDER BY {fact.moment} DESC, {fact.id} DESC LIMIT %(most)s OFFSET %(first)s"
    )
    given = parameters(reading, cut=cut) | {"first": first, "most": max(0, most)}
    return Rows(fetched(reading, statement, given), log_count(log, reading, cut=cut))


def _sql(column: Column, reading: Reading) -> str:
    return column.sql if column.metric is None else value_of_row(column.metric, reading)


def log_count(log: Log, reading: Reading, *, cut: Cut | None = None) -> int:
    """Return how many rows a log has, MOST_ROWS + 1 when there are more."""
    fact = log.fact
    statement = (
        f"{before(reading, [cut.metric] if cut and cut.metric else [])}"  # noqa: S608 - texts of the catalogue
        f"SELECT count(*) FROM (SELECT 1 FROM {fact.source} WHERE {conditions(reading, fact, cut=cut)} LIMIT %(most)s) s"
    )
    rows = fetched(reading, statement, parameters(reading, cut=cut) | {"most": MOST_ROWS + 1})
    count: int = rows[0][0]
    return count


def is_applicable(log: Log, reading: Reading) -> bool:
    """Tell whether every chosen filter can narrow the log."""
    return not reading.not_applicable(log.fact)


def column_values(rows: Sequence[tuple[Any, ...]], number: int) -> set[Any]:
    """Return the different values of a column that are there."""
    return {row[number] for row in rows if row[number] is not None}
