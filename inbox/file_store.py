"""Files of the inbox: bytes in the store under a key of ours, and one row that says what they are and whose.

A file is reached only through its row: pages by `inbox.queries.files`, other sides by a signed address that lives shortly.
"""

import hashlib
from datetime import datetime, timedelta
from typing import IO, BinaryIO, cast

from django.conf import settings
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from inbox import file_types
from inbox.file_errors import (
    FileIsEmpty,
    FileNotWhatItSays,
    FileTooLarge,
    FileTypeNotAllowed,
    PictureNotReadable,
    PictureTooLarge,
)
from inbox.models import StoredFile
from inbox.pictures import rewritten
from workspaces.files import folder_of, keys_in, new_key
from workspaces.jobs import assert_no_open_transaction
from workspaces.scope import workspace_scope

LARGEST_UPLOAD_BYTES = 20 * 1024 * 1024
LARGEST_RECEIVED_BYTES = 40 * 1024 * 1024
SIGNED_FOR = timedelta(hours=1)  # a provider fetches at once, or after some retries of ours
KIND = "files"  # the folder's name
_SALT = "inbox.file"


def store_bytes(
    *,
    workspace_id: int,
    name: str,
    data: bytes | IO[bytes],
    uploaded_by_id: int | None = None,
    in_library: bool = False,
    as_received: bool = False,
    at: datetime,
) -> StoredFile:
    """Keep a file and write its row, in a scope of its own; call it outside of any transaction.

    as_received: it came from a contact and must not be lost, so up to 40 MB of any type are kept, the unknown as opaque bytes;
    an upload of our own people is refused instead (`inbox.file_errors`), from 20 MB on or when name and content disagree.
    """
    assert_no_open_transaction()
    content = _read(data, most=LARGEST_RECEIVED_BYTES if as_received else LARGEST_UPLOAD_BYTES)
    kept_name = file_types.plain_name(name)
    found = file_types.type_of(kept_name, content)
    width = height = None
    if found is not None and found.media_type in {kind.media_type for kind in file_types.PICTURES.values()}:
        try:
            content, width, height = rewritten(content, media_type=found.media_type, name=kept_name)
        except (PictureNotReadable, PictureTooLarge):
            if not as_received:
                raise
            found = None
    if found is None and not as_received:
        raise (FileNotWhatItSays if file_types.is_known(kept_name) else FileTypeNotAllowed)(name=kept_name)
    if found is not None and not file_types.ending_of(kept_name):
        kept_name = f"{kept_name}.{found.ending}"
    key = new_key(workspace_id=workspace_id, kind=KIND, ending=found.ending if found else "bin")
    default_storage.save(key, ContentFile(content))
    row = StoredFile(
        workspace_id=workspace_id,
        key=key,
        name=kept_name,
        media_type=found.media_type if found else file_types.OPAQUE,
        kind=found.kind if found else "file",
        size_bytes=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        width=width,
        height=height,
        in_library=in_library,
        uploaded_by_id=uploaded_by_id,
        created_at=at,
    )
    try:
        with workspace_scope(workspace_id):
            row.save()
    except BaseException:
        default_storage.delete(key)
        raise
    return row


def open_file(key: str) -> BinaryIO:
    """Open a stored file's bytes, outside of any transaction; raise FileNotFoundError."""
    assert_no_open_transaction()
    return cast("BinaryIO", default_storage.open(key, "rb"))


def forget_file(key: str) -> None:
    """Delete bytes whose row is gone, outside of any transaction."""
    assert_no_open_transaction()
    default_storage.delete(key)


def stored_keys(workspace_id: int) -> set[str]:
    """Return the keys of all bytes that the inbox stored for a workspace, whether they have a row or not."""
    assert_no_open_transaction()
    return set(keys_in(folder_of(workspace_id=workspace_id, kind=KIND)))


def stored_at(key: str) -> datetime:
    """Return when bytes were stored."""
    assert_no_open_transaction()
    return default_storage.get_modified_time(key)


def public_address(*, workspace_id: int, file_id: int) -> str:
    """Return an address at which whoever holds it may fetch one file for an hour: for networks that take files by address."""
    signed = signing.dumps([workspace_id, file_id], salt=_SALT, compress=False)
    return f"{settings.BASE_URL}{reverse('file_for_provider', args=[signed])}"


def file_of_address(signed: str) -> tuple[int, int] | None:
    """Return workspace and file that an address was signed for; None when it was not, or its hour is over."""
    try:
        workspace_id, file_id = signing.loads(signed, salt=_SALT, max_age=SIGNED_FOR)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return int(workspace_id), int(file_id)


def _read(data: bytes | IO[bytes], *, most: int) -> bytes:
    if isinstance(data, bytes):
        content = data
    else:
        data.seek(0)
        content = data.read(most + 1)
    if len(content) > most:
        raise FileTooLarge(megabytes=most // (1024 * 1024))
    if not content:
        raise FileIsEmpty
    return content
