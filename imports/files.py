"""Files of imports in the store: what was uploaded, rows with errors, results. Reached outside of any transaction."""

from collections.abc import Collection
from typing import IO, BinaryIO, cast
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage

from workspaces.files import folder_of, keys_in, new_key
from workspaces.jobs import assert_no_open_transaction


def new_upload_key(workspace_id: int) -> str:
    """Return the key under which an upload will be kept."""
    return new_key(workspace_id=workspace_id, kind="imports", ending="csv")


def product_key(*, workspace_id: int, import_id: int, token: UUID, product: str) -> str:
    """Return the key of what a worker makes; it holds the worker's token, so that no two workers share one."""
    return f"{_folder(workspace_id, import_id)}/{token.hex}-{product}.csv"


def keep(key: str, content: IO[bytes]) -> None:
    """Publish a file under its key, whole or not at all."""
    assert_no_open_transaction()
    content.seek(0)
    stored = default_storage.save(key, File(content))
    if stored != key:  # the key is taken: a key is random, or made by the holder of a lease
        default_storage.delete(stored)
        raise FileExistsError(key)


def open_stored(key: str) -> BinaryIO:
    """Open a stored file for reading from its beginning; raise FileNotFoundError."""
    assert_no_open_transaction()
    return cast("BinaryIO", default_storage.open(key, "rb"))


def forget(*keys: str) -> None:
    """Delete files; keys that are empty or gone are passed over."""
    assert_no_open_transaction()
    for key in keys:
        if key:
            default_storage.delete(key)


def forget_strays(*, workspace_id: int, import_id: int, keep: Collection[str] = ()) -> None:
    """Delete what workers that came to a bad end published, or half published, for an import; for when nobody works on it."""
    assert_no_open_transaction()
    forget(*(key for key in keys_in(_folder(workspace_id, import_id)) if key not in keep))


def _folder(workspace_id: int, import_id: int) -> str:
    return f"{folder_of(workspace_id=workspace_id, kind='imports')}/{import_id}"
