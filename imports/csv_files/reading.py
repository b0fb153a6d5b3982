"""Records of a CSV file in a stream: never more than one of them in memory, however the file is made.

The rules of quoting are those of RFC 4180, strictly. A wholly empty line is not a row, neither counted nor an error,
but as many empty lines as rows are let through at most. Quotes that do not fit refuse the file with the line where
they opened, because from there on nobody can tell which text belongs to which row.
"""

import csv
import io
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, NoReturn

from imports.csv_files.encodings import ENCODINGS
from imports.csv_files.limits import (
    DELIMITERS,
    LONGEST_CELL,
    LONGEST_LINE,
    LONGEST_RECORD,
    MOST_COLUMNS,
    MOST_ROWS,
    CsvRefused,
)

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]").search
_QUOTED = re.compile(r'"(?:[^"]+|"")*+"(?!")').match
_LINE_END = re.compile(r"\r\n|\r|\n")


class Record(NamedTuple):
    number: int  # of the data row, from 1
    cells: list[str]
    raw: str  # the record as it stands in the file, without its line end
    error: str | None  # a row error's code
    line: int  # the physical line where it begins, from 1


class CsvFile(NamedTuple):
    header: list[str]  # trimmed
    raw_header: str
    line_end: str  # of the header, which the rest of the file very likely has too
    records: Iterator[Record]


def read_records(file: BinaryIO, *, encoding: str, delimiter: str) -> Iterator[Record]:
    """Read the data rows of a file; encoding and delimiter are those that `inspect` found or the person chose."""
    yield from open_csv(file, encoding=encoding, delimiter=delimiter).records


def open_csv(file: BinaryIO, *, encoding: str, delimiter: str) -> CsvFile:
    """Read the header and make ready to read the rows."""
    if encoding not in ENCODINGS:
        raise CsvRefused("undecodable", reason="unknown_encoding", name=encoding)
    if delimiter not in DELIMITERS:
        raise CsvRefused("no_delimiter", reason="unknown_delimiter", name=delimiter)
    file.seek(0)
    lines = _Lines(file, encoding, delimiter)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    first = _next(reader, lines)
    if first is None:
        raise CsvRefused("no_rows", reason="empty_file")
    raw, line_end = _without_line_end(lines.taken)
    return CsvFile(check_header(first), raw, line_end or "\n", _rows(reader, lines, len(first)))


def check_header(cells: list[str]) -> list[str]:
    """Trim the header's cells; each must have a name of its own."""
    if not any(cell.strip() for cell in cells):
        raise CsvRefused("bad_header", reason="missing")
    if len(cells) > MOST_COLUMNS:
        raise CsvRefused("bad_header", reason="too_many_columns", limit=MOST_COLUMNS)
    header: list[str] = []
    seen = set()
    for column, cell in enumerate(cells, start=1):
        name = cell.strip()
        if not name:
            raise CsvRefused("bad_header", reason="empty_name", column=column)
        if name in seen:
            raise CsvRefused("bad_header", reason="duplicate_name", name=name[:100], column=column)
        if len(name) > LONGEST_CELL:
            raise CsvRefused("bad_header", reason="name_too_long", column=column)
        if _UNFIT(name):
            raise CsvRefused("bad_header", reason="unfit_characters", column=column)
        seen.add(name)
        header.append(name)
    return header


class _Lines:
    """Hands physical lines to the csv module one by one, and keeps those of the record that it is reading."""

    def __init__(self, file: BinaryIO, encoding: str, delimiter: str) -> None:
        codec, errors = ENCODINGS[encoding]
        self.encoding = encoding
        self.delimiter = delimiter
        self.text = io.TextIOWrapper(io.BufferedReader(_Source(file), 65_536), codec, errors, newline="")
        self.taken: list[str] = []
        self.held = 0  # characters taken
        self.number = 0  # of the last line handed out

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        # Two more than the limit, so that a line of just that length comes with its end.
        try:
            line = self.text.readline(LONGEST_LINE + 2)
        except UnicodeError as error:
            raise CsvRefused("undecodable", reason="bad_bytes", line=self.number + 1) from error
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) > LONGEST_LINE and len(line.rstrip("\r\n")) > LONGEST_LINE:
            self._refuse_long(line)
        self.held = self.held + len(line) if self.taken else len(line)
        if self.held > LONGEST_RECORD:
            raise CsvRefused("not_csv", reason="record_too_long", line=self.number - len(self.taken))
        self.taken.append(line)
        return line

    def _refuse_long(self, line: str) -> None:
        if self.taken:
            self.refuse_quotes()
        if self.number == 1 and line.count(self.delimiter) >= MOST_COLUMNS:
            raise CsvRefused("bad_header", reason="too_many_columns", limit=MOST_COLUMNS)
        raise CsvRefused("not_csv", reason="line_too_long", line=self.number, limit=LONGEST_LINE)

    def refuse_quotes(self) -> NoReturn:
        """Name the line where the cell that does not end, or ends wrongly, began."""
        reason, lines_before = _wrong_quote("".join(self.taken), self.delimiter)
        first = self.number - len(self.taken) + 1
        raise CsvRefused("not_csv", reason=reason, line=first + lines_before)


class _Source(io.RawIOBase):
    """Lends a file to the text layer, which would otherwise close it; any object with `read` will do."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self.file.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _rows(reader: Iterator[list[str]], lines: _Lines, columns: int) -> Iterator[Record]:
    number = blank = 0
    taken = lines.taken
    while True:
        taken.clear()
        cells = _next(reader, lines)
        if cells is None:
            return
        if not cells:
            blank += 1
            if blank > MOST_ROWS:
                raise CsvRefused("too_many_rows", reason="empty_lines", limit=MOST_ROWS)
            continue
        number += 1
        if number > MOST_ROWS:
            raise CsvRefused("too_many_rows", limit=MOST_ROWS)
        raw, _ = _without_line_end(taken)
        line = lines.number - len(taken) + 1
        yield Record(number, cells, raw, _error(cells, raw, columns), line)


def _error(cells: list[str], raw: str, columns: int) -> str | None:
    is_unfit = _UNFIT(raw) is not None
    if is_unfit and "\0" in raw:
        raise CsvRefused("undecodable", reason="nul")
    if len(cells) != columns:
        del cells[MOST_COLUMNS + 1 :]
        return "wrong_number_of_columns"
    if len(raw) > LONGEST_CELL and max(map(len, cells)) > LONGEST_CELL:
        return "value_too_long"
    return "invalid_text" if is_unfit else None


def _next(reader: Iterator[list[str]], lines: _Lines) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        lines.refuse_quotes()


def _wrong_quote(text: str, delimiter: str) -> tuple[str, int]:
    """Go through the cells as the csv module does, to the one whose quotes do not fit: its fault and its line from 0."""
    cell_end = re.compile(rf"[{re.escape(delimiter)}\r\n]")
    at = 0
    while at < len(text):
        if text[at] == '"':
            closed = _QUOTED(text, at)
            if closed is None or (closed.end() < len(text) and not cell_end.match(text, closed.end())):
                before = len(_LINE_END.findall(text, 0, at))
                return ("unclosed_quote" if closed is None else "text_after_quote"), before
            at = closed.end()
        found = cell_end.search(text, at)
        at = found.end() if found else len(text)
    return "unclosed_quote", 0


def _without_line_end(lines: list[str]) -> tuple[str, str]:
    text = lines[0] if len(lines) == 1 else "".join(lines)
    if text.endswith("\r\n"):
        return text[:-2], "\r\n"
    last = text[-1:]
    return (text[:-1], last) if last in {"\n", "\r"} else (text, "")
