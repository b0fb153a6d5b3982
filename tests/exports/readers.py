"""Exported files read by other people's programs, every cell written again as our CSV has it."""

import csv
import io
from collections.abc import Iterable, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pandas as pd

from exports.catalogue.columns import NUMBERS, Column, Kind
from exports.catalogue.datasets import Family

Lines = list[list[str]]
LEADS = frozenset("=+-@\t\r")


def lines_of(plain: bytes) -> Lines:
    """Read a CSV file with Python's own reader."""
    return list(csv.reader(io.StringIO(plain.decode("utf-8-sig"), newline="")))


def without_guard(lines: Lines, columns: Sequence[Column]) -> Lines:
    """Return a file's lines as sheets and Parquet carry them: without apostrophes, numbers as Python writes them."""
    header, *rows = lines
    return [header, *([_unguarded(cell, column) for cell, column in zip(row, columns, strict=True)] for row in rows)]


def with_line_feeds(lines: Lines) -> Lines:
    """Return lines with the one line break that a sheet knows."""
    return [[cell.replace("\r\n", "\n").replace("\r", "\n") for cell in line] for line in lines]


def csv_by_pandas(path: str) -> Lines:
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    return [[*frame.columns], *(list(row) for row in frame.itertuples(index=False, name=None))]


def csv_by_duckdb(path: str) -> Lines:
    with duckdb.connect() as database:
        found = database.execute("SELECT * FROM read_csv(?, all_varchar = true, header = true, quote = '\"')", [path])
        names = [name for name, *_ in found.description]
        return [names, *([cell or "" for cell in row] for row in found.fetchall())]


def sheet_by_openpyxl(path: str, columns: Sequence[Column], family: Family, zone: ZoneInfo) -> Lines:
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        header, *rows = book.worksheets[0].iter_rows(max_col=len(columns), values_only=True)
    return [[str(cell) for cell in header], *_written(rows, columns, family, zone)]


def sheet_by_pandas(path: str, columns: Sequence[Column], family: Family, zone: ZoneInfo) -> Lines:
    frame = pd.read_excel(path, dtype=object, keep_default_na=False)
    rows = ([None if cell == "" else cell for cell in row] for row in frame.itertuples(index=False, name=None))
    return [[*frame.columns], *_written(rows, columns, family, zone)]


def parquet_by_duckdb(path: str, columns: Sequence[Column], family: Family, zone: ZoneInfo) -> Lines:
    with duckdb.connect() as database:
        table = database.sql("SELECT * FROM read_parquet(?)", params=[path]).to_arrow_table()
    rows = zip(*(column.to_pylist() for column in table.columns), strict=True)
    return [table.column_names, *_written(rows, columns, family, zone)]


def parquet_by_pandas(path: str, columns: Sequence[Column], family: Family, zone: ZoneInfo) -> Lines:
    frame = pd.read_parquet(path, dtype_backend="pyarrow")
    rows = ([None if cell is pd.NA else cell for cell in row] for row in frame.itertuples(index=False, name=None))
    return [[*frame.columns], *_written(rows, columns, family, zone)]


def _unguarded(cell: str, column: Column) -> str:
    if column.kind is Kind.NUMBER and cell:
        return str(float(cell))
    return cell[1:] if cell[:1] == "'" and cell[1:2] in LEADS else cell


def _written(rows: Iterable[Sequence[Any]], columns: Sequence[Column], family: Family, zone: ZoneInfo) -> Lines:
    return [[_cell(value, column, family, zone) for value, column in zip(row, columns, strict=True)] for row in rows]


def _cell(value: Any, column: Column, family: Family, zone: ZoneInfo) -> str:
    """Write a typed cell as CSV has it; a type that it should not have shows as it is, and so differs."""
    if value is None or value is pd.NaT:
        return ""
    if column.kind is Kind.BOOLEAN and isinstance(value, bool):
        return "true" if value else "false"
    if column.kind is Kind.DATETIME and isinstance(value, datetime):
        if family is Family.WORKSPACE:
            return value.strftime("%Y-%m-%d %H:%M:%S")
        return value.astimezone(zone).isoformat(timespec="seconds")
    if column.kind in NUMBERS and isinstance(value, int | float):
        return str(float(value)) if column.kind is Kind.NUMBER else str(int(value))
    return value if isinstance(value, str) else repr(value)
