"""The first look at an uploaded file: every rule that refuses a file as a whole, in one go, before anything is kept."""

from typing import BinaryIO, NamedTuple

from imports.csv_files.detecting import choose_delimiter
from imports.csv_files.encodings import find_encoding
from imports.csv_files.limits import CsvRefused
from imports.csv_files.reading import open_csv

EXAMPLE_ROWS = 5


class Inspection(NamedTuple):
    encoding: str
    delimiter: str
    has_bom: bool
    header: list[str]
    rows: int  # data rows, those with errors included
    examples: list[list[str]]
    size_bytes: int


def inspect(file: BinaryIO, *, encoding: str | None = None, delimiter: str | None = None) -> Inspection:
    """Read a file to its end in bounded memory and tell what it is, or refuse it.

    `encoding` and `delimiter` are given when the person has changed what was detected.
    """
    found = find_encoding(file, encoding=encoding)
    if not found.head.strip():
        raise CsvRefused("no_rows", reason="empty_file")
    delimiter = choose_delimiter(found.head, chosen=delimiter)
    opened = open_csv(file, encoding=found.encoding, delimiter=delimiter)
    rows = 0
    examples: list[list[str]] = []
    for record in opened.records:
        rows = record.number
        if rows <= EXAMPLE_ROWS:
            examples.append(record.cells)
    if not rows:
        raise CsvRefused("no_rows", reason="header_only")
    return Inspection(
        encoding=found.encoding,
        delimiter=delimiter,
        has_bom=found.has_bom,
        header=opened.header,
        rows=rows,
        examples=examples,
        size_bytes=found.size_bytes,
    )
