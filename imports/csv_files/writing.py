"""Cells of our own beside the original ones: result and error files repeat a record's text and add to it."""

import codecs
import re
from collections.abc import Iterable

from contacts.values import guard

_CODECS = {"utf-8": "utf-8", "utf-16": "utf-16-le", "windows-1252": "cp1252", "latin-1": "latin-1"}
_MARKS = {"utf-8": codecs.BOM_UTF8, "utf-16": codecs.BOM_UTF16_LE}
_HALF = re.compile(r"[\ud800-\udfff]")


def quote(cell: str, delimiter: str) -> str:
    """Write one cell as RFC 4180 says, in quotes only where it needs them."""
    if '"' in cell or delimiter in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def write_record(cells: Iterable[str], *, delimiter: str) -> str:
    """Write a record, without its line end."""
    text = delimiter.join(quote(cell, delimiter) for cell in cells)
    return text or '""'  # one empty cell would be an empty line, which is no record


def append_cells(raw: str, cells: Iterable[str], *, delimiter: str, missing: int = 0) -> str:
    """Put cells of ours, guarded, after a record's original text.

    A record with fewer cells than the header gets `missing` empty ones first, so that ours stand under their names.
    """
    added = "".join(delimiter + quote(guard(cell), delimiter) for cell in cells)
    return f"{raw}{delimiter * missing}{added}"


def byte_order_mark(encoding: str) -> bytes:
    """Tell what a file in this encoding begins with, if it is to have a mark; UTF-16 cannot do without."""
    return _MARKS.get(encoding, b"")


def encode(text: str, *, encoding: str) -> bytes:
    """Write in the encoding of the file that was read: its own text comes out as it was, byte for byte.

    What that encoding cannot hold can only be text of ours, and becomes a question mark.
    """
    codec = _CODECS[encoding]
    if encoding in _MARKS and _HALF.search(text):
        return text.encode(codec, "surrogatepass")
    return text.encode(codec, "replace")
