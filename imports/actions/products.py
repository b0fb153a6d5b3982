"""Files that an import makes: the original records, byte for byte, with columns of ours behind them."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any

from django.utils import translation

from imports import files
from imports.csv_files import CsvRefused, Record, append_cells, byte_order_mark, encode, open_csv
from imports.models import ContactImport
from imports.row_errors import row_error_text
from workspaces.leases import CannotGoOn

ROWS_BETWEEN_BEATS = 20_000
_ROWS_ENCODED_AT_ONCE = 1_000

# What stands behind a record, or None to leave the record out.
CellsOf = Callable[[int], tuple[str, ...] | None]


@contextmanager
def product_of(
    row: ContactImport, titles: tuple[str, ...], cells_of: CellsOf, beat: Callable[[], None]
) -> Iterator[IO[bytes]]:
    """Write a file of the import's records to the disk of this machine, in the requester's language.

    beat: called from time to time, to renew the lease.
    """
    with tempfile.TemporaryFile(prefix="tertulia-import-") as out, translation.override(row.language):
        try:
            with files.open_stored(row.file_key) as file:
                _write(row, file, out, titles, cells_of, beat)
        except FileNotFoundError:
            raise CannotGoOn("imports.file_lost") from None
        except CsvRefused:
            raise CannotGoOn("imports.file_changed") from None
        yield out


def errors_text(errors: list[dict[str, Any]], header: list[str]) -> str:
    """Put the errors of a row into one cell, each with the column that it is about."""
    sentences = []
    for error in errors:
        sentence = row_error_text(error["code"], detail=error.get("detail", ""))
        place = error.get("column")
        sentences.append(f"{header[place]}: {sentence}" if place is not None else sentence)
    return " ".join(sentences)


def _write(
    row: ContactImport,
    file: Any,
    out: IO[bytes],
    titles: tuple[str, ...],
    cells_of: CellsOf,
    beat: Callable[[], None],
) -> None:
    opened = open_csv(file, encoding=row.encoding, delimiter=row.delimiter)
    columns = len(opened.header)
    if row.has_byte_order_mark:
        out.write(byte_order_mark(row.encoding))
    lines = [append_cells(opened.raw_header, titles, delimiter=row.delimiter)]
    for record in opened.records:
        cells = cells_of(record.number)
        if cells is not None:
            lines.append(_line(record, cells, columns, row.delimiter))
            if len(lines) >= _ROWS_ENCODED_AT_ONCE:
                out.write(encode(opened.line_end.join(lines) + opened.line_end, encoding=row.encoding))
                lines.clear()
        if record.number % ROWS_BETWEEN_BEATS == 0:
            beat()
    if lines:
        out.write(encode(opened.line_end.join(lines) + opened.line_end, encoding=row.encoding))


def _line(record: Record, cells: tuple[str, ...], columns: int, delimiter: str) -> str:
    return append_cells(record.raw, cells, delimiter=delimiter, missing=max(0, columns - len(record.cells)))
