"""Stored files: bytes under a name that we made, published at once or not at all."""

import os
import secrets
from glob import escape
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage


def new_key(*, workspace_id: int, kind: str, ending: str) -> str:
    """Return an unguessable storage key: `ws/<workspace>/<kind>/<128 random bits>.<ending>`."""
    return f"ws/{workspace_id}/{kind}/{secrets.token_hex(16)}.{ending}"


class LocalFiles(FileSystemStorage):
    """Local disk; a file appears under its name whole and synced, or not at all.

    Django's own storage writes under the final name, so that a killed process leaves half a file there.
    """

    def delete(self, name: str) -> None:
        """Delete a file, and what a killed process left of it under a temporary name."""
        super().delete(name)
        final = Path(self.path(name))
        for half in final.parent.glob(f".{escape(final.name)}.*.tmp"):
            half.unlink(missing_ok=True)

    def _save(self, name: str, content: "File[bytes] | IO[bytes]") -> str:  # type: ignore[override]
        final = Path(self.path(name))
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary = final.with_name(f".{final.name}.{secrets.token_hex(4)}.tmp")
        try:
            with temporary.open("xb") as out:
                content.seek(0)
                while chunk := content.read(1 << 20):
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            temporary.rename(final)
        finally:
            temporary.unlink(missing_ok=True)
        folder = os.open(final.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return name
