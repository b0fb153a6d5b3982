"""From a data set to one statement: every cell is written by PostgreSQL, formula guard and time zone included.

Measured against plain COPY of the raw columns in bench/export.py. docs/EXPORTS.md says how values are written.
"""

from collections.abc import Sequence

from exports.catalogue.columns import GUARDED, Column, Kind
from exports.catalogue.datasets import Dataset, Family

# A spreadsheet program takes a cell that begins so for a formula: tab, carriage return, +, -, =, @. The empty text's 0 shares the
# test: ascii() is by far the cheapest one.
LEADS = "0, 9, 13, 43, 45, 61, 64"
WHOLE_NUMBER = "'^\\+[1-9][0-9]{1,14}$'"


def statement(dataset: Dataset, columns: Sequence[Column], *, is_guarded: bool, narrowed: str = "") -> str:
    """Return the SELECT of a file's rows, its cells as text; `narrowed` is one more condition."""
    raw = ", ".join(f"{column.sql} AS c{number}" for number, column in enumerate(columns))
    cells = ", ".join(
        _cell(column, f"r.c{number}", dataset.family, is_guarded=is_guarded) for number, column in enumerate(columns)
    )
    # The inner query gives raw values once; OFFSET 0 keeps the planner from writing an expression out twice in a cell.
    return (
        f"{dataset.before}\nSELECT {cells} FROM (SELECT {raw} FROM {dataset.source}{narrowed}"  # noqa: S608 - fixed text; values are parameters
        f" ORDER BY {dataset.order_by} OFFSET 0) r"
    )


def copied(select: str) -> str:
    """Return the COPY of a SELECT: comma-separated, quoted as RFC 4180 says; empty cells are empty."""
    return f"COPY ({select}) TO STDOUT (FORMAT csv, ENCODING 'UTF8')"


def header_line(columns: Sequence[Column], language: str) -> str:
    """Return the first line of a file, without its end."""
    return ",".join(_quoted(column.header_in(language)) for column in columns)


def _cell(column: Column, value: str, family: Family, *, is_guarded: bool) -> str:  # noqa: PLR0911 - one line for each kind
    if column.kind is Kind.DATETIME:
        if family is Family.WORKSPACE:  # the transaction's time zone is the file's
            return f"date_trunc('second', {value})::timestamp"
        return f"to_char({value}, 'YYYY-MM-DD\"T\"HH24:MI:SSTZH:TZM')"
    if column.kind is Kind.SECONDS:
        return f"{_seconds(value)}::bigint"
    if column.kind is Kind.HMS:
        return f"CASE WHEN {value} < 500 THEN '0:00:00' ELSE make_interval(secs => {_seconds(value)})::text END"
    if column.kind is Kind.BOOLEAN:
        return f"CASE WHEN {value} THEN 'true' WHEN NOT {value} THEN 'false' END"
    if column.kind in {Kind.ID, Kind.INTEGER, Kind.NUMBER}:
        return value
    if column.kind not in GUARDED:
        return f"nullif({value}, '')" if column.may_be_empty else value
    if not is_guarded:
        return f"nullif({value}, '')"
    guarded = f"WHEN {value} <> '' THEN '''' || {value}"
    if column.kind is Kind.PHONE or column.may_hold_phone:
        guarded = f"WHEN {value} ~ {WHOLE_NUMBER} THEN {value} {guarded}"
    return f"CASE WHEN ascii({value}) IN ({LEADS}) THEN CASE {guarded} END ELSE {value} END"


def _seconds(milliseconds: str) -> str:
    """Return whole seconds, halves up."""
    return f"floor(({milliseconds} + 500) / 1000.0::float8)"


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(sign in text for sign in ',"\r\n') else text
