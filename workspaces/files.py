"""Stored files: bytes under a name that we made, published at once or not at all."""

import os
import secrets
from glob import escape
from pathlib import Path
from typing import IO

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage

ALL = "ws"


def new_key(*, workspace_id: int, kind: str, ending: str) -> str:
    """Return an unguessable storage key: `ws/<workspace>/<kind>/<128 random bits>.<ending>`."""
    return f"{folder_of(workspace_id=workspace_id, kind=kind)}/{secrets.token_hex(16)}.{ending}"


def folder_of(*, workspace_id: int, kind: str) -> str:
    """Return the folder in which a workspace's files of one kind are."""
    return f"{ALL}/{workspace_id}/{kind}"


def workspaces_with_files() -> list[int]:
    """Return the ids of workspaces that have a folder, of deleted ones too."""
    return sorted(int(name) for name in _listed(ALL)[0] if name.isdigit())


def keys_in(folder: str) -> list[str]:
    """Return the keys in a folder, with what killed processes left half written there."""
    return [f"{folder}/{name}" for name in _listed(folder)[1] if name]


def _listed(folder: str) -> tuple[list[str], list[str]]:
    try:
        return default_storage.listdir(folder)
    except FileNotFoundError:
        return [], []


class SpooledFile(File):  # type: ignore[type-arg]  # Django takes no parameter at run time
    """A finished file on this machine's disk that is to be stored: where the store is the same disk, it is only renamed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(path.open("rb"), name=path.name)

    def sync(self) -> None:
        """Have what was written on the disk."""
        os.fsync(self.fileno())


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
        if isinstance(content, SpooledFile) and _are_on_one_disk(content.path, final.parent):
            content.sync()
            content.path.rename(final)
            _sync(final.parent)
            return name
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
        _sync(final.parent)
        return name


def _are_on_one_disk(one: Path, other: Path) -> bool:
    return one.stat().st_dev == other.stat().st_dev


def _sync(folder_path: Path) -> None:
    folder = os.open(folder_path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
