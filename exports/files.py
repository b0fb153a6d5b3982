"""Files of exports: made in a spool on this machine's disk, published whole under a key that holds the lease's token."""

import shutil
import tempfile
import time
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage

from workspaces.files import SpooledFile, folder_of, keys_in
from workspaces.jobs import assert_no_open_transaction
from workspaces.store import forget, open_stored, store

__all__ = ["forget", "open_stored"]

# A spooled or published file of nobody's lease is a stray only when it is this old: no worker is between making and saying so.
STRAY_AFTER_SECONDS = 3600


def export_key(*, workspace_id: int, export_id: int, token: UUID, ending: str) -> str:
    """Return the key of what the holder of a lease publishes."""
    return f"{_folder(workspace_id, export_id)}/{token.hex}.{ending}"


def token_of(key: str) -> UUID:
    """Return the token in a published file's key."""
    return UUID(hex=key.rpartition("/")[2].partition(".")[0])


def spool_path(*, export_id: int, token: UUID, part: str = "") -> Path:
    """Return where a worker writes before it publishes; on the disk of the file store where that is a local one."""
    folder = spool_folder()
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"export-{export_id}-{token.hex}{part}"


def spool_folder() -> Path:
    """Return the folder of unfinished files."""
    if settings.FILES_DIR:
        return Path(settings.FILES_DIR) / ".spool"
    return Path(tempfile.gettempdir()) / "tertulia-spool"


def publish(key: str, path: Path) -> None:
    """Put a finished file under its key, whole or not at all; the spooled one is gone afterwards. Raises OSError."""
    with SpooledFile(path) as file:
        store(key, file)
    path.unlink(missing_ok=True)


def forget_spooled(*, export_id: int, token: UUID) -> None:
    """Delete what one worker left in the spool."""
    for path in spool_folder().glob(f"export-{export_id}-{token.hex}*"):
        _drop(path)


def forget_old_spool() -> int:
    """Delete what dead workers left in the spool; return how many files."""
    old = [path for path in spool_folder().glob("export-*") if _is_old(path)]
    for path in old:
        _drop(path)
    return len(old)


def forget_strays(*, workspace_id: int, export_id: int, keep: Collection[str] = ()) -> None:
    """Delete what workers that lost their lease published; for when nobody works on the export any more."""
    forget(*(key for key in keys_in(_folder(workspace_id, export_id)) if key not in keep))


def published(workspace_id: int) -> dict[int, list[str]]:
    """Return the keys of what lies in the store, by export; halves that killed workers were storing too."""
    assert_no_open_transaction()
    root = _folder(workspace_id)
    try:
        exports, _ = default_storage.listdir(root)
    except FileNotFoundError:
        return {}
    return {int(name): keys_in(f"{root}/{name}") for name in exports if name.isdigit()}


def forget_if_older(key: str, moment: datetime) -> None:
    """Delete a published file that was stored before a moment."""
    assert_no_open_transaction()
    if default_storage.get_modified_time(key) < moment:
        forget(key)


def _folder(workspace_id: int, export_id: int | None = None) -> str:
    root = folder_of(workspace_id=workspace_id, kind="exports")
    return root if export_id is None else f"{root}/{export_id}"


def _drop(path: Path) -> None:
    """Delete a spooled file, or the folder that an Excel sheet is made in."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_old(path: Path) -> bool:
    try:
        return time.time() - path.stat().st_mtime > STRAY_AFTER_SECONDS
    except FileNotFoundError:
        return False
