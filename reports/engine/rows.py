"""The rows behind figures: a log's rows, the latest first, at most 10,000 of them."""

from dataclasses import dataclass
from typing import Any

from reports.definitions.names import CONTACT_NAME
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
    most = max(0, min(most, MOST_ROWS - first))
    is_whole = first == 0 and most == MOST_ROWS
    statement = _statement(log, reading, cut)
    given = parameters(reading, cut=cut) | {"first": first, "most": most + is_whole}
    rows = fetched(reading, statement, given)
    if is_whole:  # one more than is shown says that there are more
        return Rows(rows[:most], len(rows))
    return Rows(rows, log_count(log, reading, cut=cut))


def _statement(log: Log, reading: Reading, cut: Cut | None) -> str:
    """Return the SELECT of a log. Names of contacts come by one look-up for all rows: each by itself takes twice as long."""
    fact = log.fact
    metrics = [column.metric for column in log.columns if column.metric is not None]
    opening = before(reading, [*metrics, *([cut.metric] if cut and cut.metric else [])])
    columns = [_sql(column, reading) for column in log.columns]
    named = {number for number, sql in enumerate(columns) if not sql}
    picked = [f"{sql} AS c{number}" for number, sql in enumerate(columns) if sql]
    if named:
        picked += [f"{fact.contact} AS contact_", f"{fact.moment} AS moment_", f"{fact.id} AS id_"]
    order = f"ORDER BY {fact.moment} DESC, {fact.id} DESC"
    which = f"{conditions(reading, fact, cut=cut)} {order} LIMIT %(most)s OFFSET %(first)s"
    if fact.is_covered and reading.filters:  # the rows themselves are read only for those that are shown
        ids = f"SELECT {fact.id} FROM {fact.source} WHERE {which}"  # noqa: S608 - texts of the catalogue
        which = f"{fact.workspace} = %(workspace_id)s AND {fact.id} = ANY(ARRAY({ids}))"
        which += "" if named else f" {order}"  # with names they are put in order at the end
    page = f"SELECT {', '.join(picked)} FROM {fact.source} {log.joins} WHERE {which}"  # noqa: S608 - the same
    if not named:
        return opening + page
    shown = ", ".join("k.name" if number in named else f"r.c{number}" for number in range(len(columns)))
    return (
        f"{opening.rstrip() + ', ' if opening else 'WITH '}r AS MATERIALIZED ({page}),"  # noqa: S608 - the same
        f" k AS MATERIALIZED (SELECT k.id, {CONTACT_NAME} AS name FROM contacts_contact k"
        " WHERE k.workspace_id = %(workspace_id)s AND k.id = ANY(ARRAY(SELECT contact_ FROM r)))"
        f" SELECT {shown} FROM r LEFT JOIN k ON k.id = r.contact_ ORDER BY r.moment_ DESC, r.id_ DESC"
    )


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
