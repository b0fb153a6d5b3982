"""What was tried and what was promised, on disk before anything else happens: a line is read back only after its fsync."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class Journal:
    """A file of JSON lines, written by several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = path.open("ab")
        self._guard = threading.Lock()

    def write(self, **line: object) -> None:
        """Return when the line is on disk."""
        text = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
        with self._guard:
            self._file.write(text)
            self._file.flush()
            os.fsync(self._file.fileno())

    def lines(self) -> Iterator[dict[str, Any]]:
        """Return the lines in the order of their writing."""
        with self.path.open("rb") as lines:
            for line in lines:
                yield json.loads(line)

    def close(self) -> None:
        """End the file."""
        self._file.close()
