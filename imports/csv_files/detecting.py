"""How a file is to be read: its encoding and its delimiter, detected together and shown to the person."""

import csv
import io
from typing import BinaryIO, NamedTuple

from imports.csv_files.encodings import CHUNK_BYTES, ENCODINGS, decode_head, find_encoding, mark_of, refuse_disguises
from imports.csv_files.limits import DELIMITERS, CsvRefused

SAMPLE_RECORDS = 20


class Detected(NamedTuple):
    encoding: str  # a key of ENCODINGS
    delimiter: str
    has_bom: bool


def detect(file: BinaryIO, *, encoding: str | None = None, delimiter: str | None = None) -> Detected:
    """Tell how a file is read, after looking at every byte; what the person chose is checked, not guessed."""
    found = find_encoding(file, encoding=encoding)
    return Detected(found.encoding, choose_delimiter(found.head, chosen=delimiter), found.has_bom)


def sniff(head: bytes) -> Detected:
    """Tell how a file that begins like this is probably read; only `detect`, which sees all of it, is sure."""
    head = head[:CHUNK_BYTES]
    refuse_disguises(head)
    mark = mark_of(head)
    encoding = mark if mark in ENCODINGS else "utf-8"
    try:
        text = decode_head(head, encoding)  # a character cut at the end of the head is no fault of the file
    except UnicodeDecodeError:
        return detect(io.BytesIO(head))
    return Detected(encoding, choose_delimiter(text), mark == encoding)


def choose_delimiter(head: str, *, chosen: str | None = None) -> str:
    """Find the delimiter under which the header has several cells and most rows as many as the header."""
    if chosen is not None:
        if chosen not in DELIMITERS:
            raise CsvRefused("no_delimiter", reason="unknown_delimiter", name=chosen)
        return chosen
    lines = io.StringIO(head, newline="").readlines()
    if len(lines) > 1 and not lines[-1].endswith(("\n", "\r")):
        lines.pop()  # it may go on after the part that is looked at
    best, best_score = None, (0.0, 1)
    for delimiter in DELIMITERS:
        sizes = _record_sizes(lines, delimiter)
        if sizes and sizes[0] > 1:
            agreeing = sum(size == sizes[0] for size in sizes[1:])
            score = (agreeing / max(1, len(sizes) - 1), sizes[0])
            if best is None or score > best_score:
                best, best_score = delimiter, score
    if best is not None:
        return best
    if any(_rows_have_several_cells(lines, delimiter) for delimiter in DELIMITERS):
        raise CsvRefused("no_delimiter", reason="header_has_none")
    return ","  # one column: nothing stands between the cells


def _record_sizes(lines: list[str], delimiter: str) -> list[int]:
    sizes: list[int] = []
    try:
        for cells in csv.reader(lines, delimiter=delimiter, strict=True):
            if cells:
                sizes.append(len(cells))
            if len(sizes) > SAMPLE_RECORDS:
                break
    except csv.Error:
        pass  # the sample ended amid a quoted cell, or quotes are used otherwise: judged by what came before
    return sizes


def _rows_have_several_cells(lines: list[str], delimiter: str) -> bool:
    rows = _record_sizes(lines, delimiter)[1:]
    return len(rows) > 0 and min(rows) > 1 and min(rows) == max(rows)
