"""The file store, as every app reaches it: outside of any transaction, a file whole under its key or not there."""

from typing import Any, BinaryIO, cast

from django.core.files.storage import default_storage

from workspaces.jobs import assert_no_open_transaction


def store(key: str, content: Any) -> None:
    """Put a file of Django's under a key that nobody else can have; raise OSError when it is taken or the store refuses."""
    assert_no_open_transaction()
    try:
        stored = default_storage.save(key, content)
    except OSError:
        raise
    except Exception as error:  # a store has errors of its own, such as S3's client
        raise OSError(f"the store refused the file: {type(error).__name__}") from error
    if stored != key:
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
