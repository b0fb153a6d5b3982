"""From the rows of a COPY to a finished file in the spool: line ends, byte order mark, gzip, checksum; never the whole in memory."""

import hashlib
import zlib
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GZIP = 31  # zlib's window bits that write gzip's own frame
LINES_AT_ONCE = 512


class CsvFile:
    """A CSV file that grows row by row. Lines end as RFC 4180 says; `check` is called now and then, and may raise."""

    def __init__(self, path: Path, *, for_excel: bool, is_gzipped: bool, check: Callable[[], None]) -> None:
        self.rows = 0
        self.size_bytes = 0
        self._file = path.open("xb")
        self._hash = hashlib.sha256()
        self._packer = zlib.compressobj(1, zlib.DEFLATED, GZIP) if is_gzipped else None
        self._lines: list[bytes] = []
        self._check = check
        if for_excel:
            self._put(BYTE_ORDER_MARK)

    def head(self, line: str) -> None:
        """Write the line of the headers."""
        self._put(line.encode() + b"\r\n")

    def write(self, row: bytes) -> None:
        """Take a row as PostgreSQL writes it, ended by a line feed."""
        self._lines.append(row[:-1])
        if len(self._lines) == LINES_AT_ONCE:
            self._flush()

    def finish(self) -> str:
        """Write what is left and return the checksum of the file."""
        self._flush()
        if self._packer is not None:
            self._append(self._packer.flush())
        self._file.flush()
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def _flush(self) -> None:
        if not self._lines:
            return
        self._check()
        self._put(b"\r\n".join(self._lines) + b"\r\n")
        self.rows += len(self._lines)
        self._lines.clear()

    def _put(self, block: bytes) -> None:
        self._append(block if self._packer is None else self._packer.compress(block))

    def _append(self, block: bytes) -> None:
        self._file.write(block)
        self._hash.update(block)
        self.size_bytes += len(block)


def checksum(path: Path) -> tuple[int, str]:
    """Return the size and SHA-256 of a finished file."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
        return file.tell(), found.hexdigest()
