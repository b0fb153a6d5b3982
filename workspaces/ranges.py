"""Parts of a file: players of sound and film ask for them (RFC 9110, section 14), one at a time."""

import re
from dataclasses import dataclass
from typing import BinaryIO

SHAPE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)
BLOCK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from `first` up to and with `last`."""

    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class NoSuchPart(ValueError):
    """The part that is asked for lies behind the file's end."""


def asked_span(header: str, *, size: int) -> Span | None:
    """Return the part that a Range header asks for; None for the whole, as for shapes that we do not serve."""
    match = SHAPE.fullmatch(header.strip())
    if match is None or not any(match.groups()):
        return None
    if not match[1]:  # the last so many bytes
        length = int(match[2])
        if length == 0 or size == 0:
            raise NoSuchPart
        return Span(max(0, size - length), size - 1)
    first = int(match[1])
    last = min(int(match[2]), size - 1) if match[2] else size - 1
    if first >= size:
        raise NoSuchPart
    return Span(first, last) if first <= last else None


class Part:
    """A file that ends where its span ends; what streams it also closes it."""

    def __init__(self, file: BinaryIO, span: Span) -> None:
        file.seek(span.first)
        self._file = file
        self._left = span.size

    def read(self, size: int = BLOCK_BYTES) -> bytes:
        block = self._file.read(min(size if size >= 0 else self._left, self._left))
        self._left -= len(block)
        return block

    def close(self) -> None:
        self._file.close()
