"""Files of imports in the store: what was uploaded, rows with errors, results. Reached outside of any transaction."""

from collections.abc import Collection
from typing import IO
from uuid import UUID

from django.core.files.base import File

from workspaces.files import folder_of, keys_in, new_key
from workspaces.store import forget, open_stored, store

__all__ = ["forget", "open_stored"]


def new_upload_key(workspace_id: int) -> str:
    """Return the key under which an upload will be kept."""
    return new_key(workspace_id=workspace_id, kind="imports", ending="csv")


def product_key(*, workspace_id: int, import_id: int, token: UUID, product: str) -> str:
    """Return the key of what a worker makes; it holds the worker's token, so that no two workers share one."""
    return f"{_folder(workspace_id, import_id)}/{token.hex}-{product}.csv"


def keep(key: str, content: IO[bytes]) -> None:
    """Publish a file under its key, whole or not at all; a key is random, or made by the holder of a lease."""
    content.seek(0)
    store(key, File(content))


def forget_strays(*, workspace_id: int, import_id: int, keep: Collection[str] = ()) -> None:
    """Delete what workers that came to a bad end published, or half published, for an import; for when nobody works on it."""
    forget(*(key for key in keys_in(_folder(workspace_id, import_id)) if key not in keep))


def _folder(workspace_id: int, import_id: int) -> str:
    return f"{folder_of(workspace_id=workspace_id, kind='imports')}/{import_id}"
