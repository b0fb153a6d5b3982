"""Excel's own format, for what fits: ids and phones stay text, numbers are numbers, nothing is ever a formula."""

import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from xlsxwriter.exceptions import FileSizeError

from exports.catalogue.columns import NUMBERS, Column, Kind
from exports.catalogue.datasets import Family
from exports.formats.fitting import NotFitting

MOST_ROWS = 1_048_576  # of a sheet, the header among them
LONGEST_TEXT = 32_767
CHECK_EACH = 1_000
TOO_MANY_ROWS = "exports.too_many_rows_for_excel"

LONGEST_FIELD = 1 << 30


@contextmanager
def long_fields() -> Iterator[None]:
    """Let the csv module read fields of any length: PostgreSQL wrote these. Its limit is the process's, and guards imports after us."""
    before = csv.field_size_limit(LONGEST_FIELD)
    try:
        yield
    finally:
        csv.field_size_limit(before)


def to_xlsx(
    source: Path, target: Path, *, columns: Sequence[Column], family: Family, check: Callable[[], None]
) -> None:
    """Write a CSV file as a sheet, row by row; raise NotFitting when Excel could not hold it whole."""
    with TemporaryDirectory(dir=target.parent, prefix=f"{target.name}-") as parts:
        book = xlsxwriter.Workbook(
            str(target),
            {
                "constant_memory": True,
                "tmpdir": parts,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        # Date-times of the other family carry an offset, which a cell's date cannot.
        date_format = moment if family is Family.WORKSPACE else None
        try:
            _fill(sheet, source, columns, bold, date_format, check)
        except BaseException:
            sheet.row_data_fh.close()  # the book is not closed, which would pack what is thrown away
            raise
        sheet.freeze_panes(1, 0)
        try:
            book.close()
        except FileSizeError:  # above 4 GB, which only a file of very many rows reaches
            raise NotFitting(TOO_MANY_ROWS) from None


def _fill(
    sheet: Any,
    source: Path,
    columns: Sequence[Column],
    bold: object,
    date_format: object | None,
    check: Callable[[], None],
) -> None:
    with long_fields(), source.open(encoding="utf-8", newline="") as lines:
        for number, cells in enumerate(csv.reader(lines)):
            if number == MOST_ROWS:
                raise NotFitting(TOO_MANY_ROWS)
            if number % CHECK_EACH == 0:
                check()
            for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
                if number == 0:
                    sheet.write_string(number, place, cell, bold)
                elif cell:
                    _write(sheet, number, place, cell, column.kind, date_format)


def _write(sheet: Any, row: int, place: int, cell: str, kind: Kind, date_format: object | None) -> None:
    if kind in NUMBERS:
        sheet.write_number(row, place, float(cell))
    elif kind is Kind.BOOLEAN:
        sheet.write_boolean(row, place, cell == "true")
    elif kind is Kind.DATETIME and date_format is not None:
        sheet.write_datetime(row, place, datetime.fromisoformat(cell), date_format)
    elif _is_too_long(cell):
        raise NotFitting("exports.text_too_long_for_excel")
    else:
        sheet.write_string(row, place, cell.replace("\r\n", "\n").replace("\r", "\n"))  # a sheet's only line break


def _is_too_long(cell: str) -> bool:
    """Tell whether Excel, which counts an emoji as two characters, finds a text too long."""
    return len(cell) > LONGEST_TEXT // 2 and len(cell.encode("utf-16-le")) // 2 > LONGEST_TEXT
