"""In which encoding a file is written: judged by the whole of it, since one late byte decides."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from imports.csv_files.limits import LARGEST_FILE_BYTES, CsvRefused

# What the person can choose, with Python's codec and what it does with errors. Halves of characters (lone surrogates)
# are let through where the encoding can hold them: they are an error of their row, not of the file.
ENCODINGS = {
    "utf-8": ("utf-8-sig", "surrogatepass"),
    "utf-16": ("utf-16", "surrogatepass"),
    "windows-1252": ("cp1252", "strict"),
    "latin-1": ("latin-1", "strict"),
}
CHUNK_BYTES = 65_536

# What is often given the name of a CSV file, by its first bytes.
_DISGUISES = (
    (b"PK\x03\x04", "zip"),  # every .xlsx and .ods too
    (b"\x1f\x8b", "gzip"),
    (b"%PDF", "pdf"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"BZh", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"\xfd7zXZ", "archive"),
    (b"\x7fELF", "program"),
    (b"{\\rtf", "rtf"),
    (b"SQLite format 3", "database"),
)
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|svg)", re.IGNORECASE).match

_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = bytes(range(0x80, 0x100))
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]").search


class FoundEncoding(NamedTuple):
    encoding: str  # a key of ENCODINGS
    has_bom: bool
    head: str  # the beginning of the text, without its byte order mark
    size_bytes: int


def find_encoding(file: BinaryIO, *, encoding: str | None = None) -> FoundEncoding:
    """Look at every byte; what the person chose is checked, not guessed."""
    if encoding is not None and encoding not in ENCODINGS:
        raise CsvRefused("undecodable", reason="unknown_encoding", name=encoding)
    head = next(chunks(file), b"")
    refuse_disguises(head)
    mark = mark_of(head)
    if encoding == "utf-16" and mark != "utf-16":
        raise CsvRefused("undecodable", reason="no_byte_order_mark")
    if encoding is None and mark == "utf-32":
        raise CsvRefused("undecodable", reason="utf_32")
    wanted = encoding or mark or "utf-8"
    try:
        size_bytes = _check(file, wanted)
    except CsvRefused as refused:
        if refused.reason != "bad_bytes" or encoding or mark:
            raise
        wanted, size_bytes = _older_encoding(file, refused)
    return FoundEncoding(wanted, mark == wanted, decode_head(head, wanted), size_bytes)


def chunks(file: BinaryIO) -> Iterator[bytes]:
    """Read a file from its beginning in pieces, and stop at the limit whatever size it was said to have."""
    file.seek(0)
    size = 0
    while chunk := file.read(CHUNK_BYTES):
        size += len(chunk)
        if size > LARGEST_FILE_BYTES:
            raise CsvRefused("file_too_large", limit=LARGEST_FILE_BYTES + 1)
        yield chunk


def refuse_disguises(head: bytes) -> None:
    """Refuse what has the name of a CSV file and the content of another kind."""
    for beginning, kind in _DISGUISES:
        if head.startswith(beginning):
            raise CsvRefused("not_csv", reason=kind)
    if _MARKUP(head[:512]):
        raise CsvRefused("not_csv", reason="markup")
    if head.startswith(b"MZ") and b"\0" in head:
        raise CsvRefused("not_csv", reason="program")


def mark_of(head: bytes) -> str | None:
    """Read the byte order mark."""
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8"
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else None


def decode_head(head: bytes, encoding: str) -> str:
    """Decode a beginning, leaving out the character that its end may have cut."""
    codec, errors = ENCODINGS[encoding]
    return codecs.getincrementaldecoder(codec)(errors).decode(head)


def _check(file: BinaryIO, encoding: str) -> int:
    codec, errors = ENCODINGS[encoding]
    decoder = codecs.getincrementaldecoder(codec)(errors)
    size, lines = 0, 1
    try:
        for chunk in chunks(file):
            if encoding != "utf-16" and (at := chunk.find(b"\0")) >= 0:
                raise CsvRefused("undecodable", reason="nul", line=lines + chunk.count(b"\n", 0, at))
            text = decoder.decode(chunk)
            if encoding == "utf-16" and (at := text.find("\0")) >= 0:
                raise CsvRefused("undecodable", reason="nul", line=lines + text.count("\n", 0, at))
            size += len(chunk)
            lines += text.count("\n")
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        lines += error.object.count(b"\n", 0, error.start)
        raise CsvRefused("undecodable", reason="bad_bytes", line=lines) from error
    return size


def _older_encoding(file: BinaryIO, refused: CsvRefused) -> tuple[str, int]:
    """Choose between the one-byte encodings; the second decodes anything, so what is chosen is always shown.

    A file that is UTF-8 in part (two files joined, or one cut amid a character) would come out garbled in both, so it
    is refused with the line where it stops being UTF-8.
    """
    size = multibyte = within = high = 0
    fits = True
    for chunk in chunks(file):
        if b"\0" in chunk:
            raise CsvRefused("undecodable", reason="nul")
        size += len(chunk)
        high += len(chunk) - len(chunk.translate(None, _HIGH))
        sequences = _MULTIBYTE.findall(chunk)
        multibyte += len(sequences)
        within += sum(map(len, sequences))
        fits = fits and _NOT_IN_CP1252(chunk) is None
    if multibyte and 2 * multibyte >= high - within:
        raise refused
    return ("windows-1252" if fits else "latin-1"), size
