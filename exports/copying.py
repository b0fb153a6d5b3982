"""One statement copies a data set out, on a connection whose transaction is the file's snapshot and knows its workspace."""

import json
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils.translation import override

from contacts.models import Contact
from exports.catalogue.columns import Column
from exports.catalogue.datasets import Dataset
from exports.parameters import Reading, parameters_of
from exports.sql import copied, header_line, statement

# Moments are written in the file's zone, durations as H:MM:SS. Rows come from an index in their order rather than sorted. A join
# loops only where the data set says so (LATERAL): tables without statistics yet, such as new tags, made the planner loop over
# 1,400 of them for each of 100,000 messages, in 4.4 s instead of 0.6.
SETTINGS = """
SELECT set_config('TimeZone', %s, true), set_config('IntervalStyle', 'sql_standard', true),
       set_config('random_page_cost', '1.1', true), set_config('enable_nestloop', 'off', true)"""


class Sink(Protocol):
    """Takes the rows of a COPY: one call a row, ended by a line feed, as libpq hands them out."""

    def write(self, row: bytes) -> object: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A file about to be read: its columns, and the SELECT with its values bound."""

    columns: tuple[Column, ...]
    header: str
    select: str


def prepare(
    cursor: Any, dataset: Dataset, reading: Reading, *, time_zone: str, header_language: str, is_guarded: bool
) -> Prepared:
    """Bind a data set to one reading, in the open scope; the cursor may be another connection's. The transaction's time zone becomes the file's."""
    cursor.execute(SETTINGS, [time_zone])
    with override(header_language):
        columns = dataset.columns_in(reading.actor.workspace_id)
    narrowed = ""
    parameters = parameters_of(reading)
    if reading.contacts is not None:
        narrowed = f" AND {_chosen(cursor, reading.contacts)}"
    select = statement(dataset, columns, is_guarded=is_guarded, narrowed=narrowed)
    return Prepared(
        columns=columns,
        header=header_line(columns, header_language),
        select=_mogrified(cursor, select, parameters),
    )


def expected_rows(cursor: Any, prepared: Prepared) -> int:
    """Return how many rows the planner guesses; nothing is read."""
    cursor.execute("EXPLAIN (FORMAT JSON) " + prepared.select.replace("%", "%%"), [])
    (plan,) = cursor.fetchone()
    read = json.loads(plan) if isinstance(plan, str) else plan
    return int(read[0]["Plan"]["Plan Rows"])


def copy_out(cursor: Any, prepared: Prepared, sink: Sink) -> None:
    """Write every row to the sink, as the SELECT orders them."""
    _driver(cursor).copy_expert(copied(prepared.select), sink)


def _chosen(cursor: Any, contacts: QuerySet[Contact]) -> str:
    """Return the condition that a contact is among those chosen."""
    try:
        chosen, values = contacts.values("pk").order_by().query.sql_with_params()
    except EmptyResultSet:  # the ORM has no SQL for what it knows to be nobody
        return "false"
    return "c.id IN (" + _mogrified(cursor, chosen, values).replace("%", "%%") + ")"


def _mogrified(cursor: Any, statement_text: str, values: Any) -> str:
    bound: bytes = _driver(cursor).mogrify(statement_text, values)
    return bound.decode()


def _driver(cursor: Any) -> Any:
    """Return the driver's own cursor under Django's."""
    return getattr(cursor, "cursor", cursor)
