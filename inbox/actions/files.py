"""The files library: what people put there for snippets and messages."""

from datetime import datetime
from functools import partial
from typing import IO

from django.db import transaction

from inbox import file_types
from inbox.file_errors import FileTypeNotAllowed, StoredFileNotFound
from inbox.file_store import forget_file, store_bytes
from inbox.models import Attachment, Snippet, StoredFile
from inbox.settings_errors import FileInUse
from inbox.settings_events import FileChanged
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope

LONGEST_NAME = 255


def add_to_library(*, actor: Actor, name: str, data: bytes | IO[bytes], at: datetime) -> StoredFile:
    """Store a file and show it in the library; it opens scopes of its own, because storing reaches the store."""
    actor.require(Permission.FILE_MANAGE)
    row = store_bytes(
        workspace_id=actor.workspace_id, name=name, data=data, uploaded_by_id=actor.user_id, in_library=True, at=at
    )
    with workspace_scope(actor.workspace_id):
        record(FileChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def rename_file(*, actor: Actor, file_id: int, name: str, at: datetime) -> StoredFile:
    """Rename a file; its ending says what it is, so that it stays."""
    row = file_for_update(actor, file_id)
    wanted = text_of(file_types.plain_name(name), field="name", most=LONGEST_NAME)
    ending = file_types.ending_of(row.name)
    if ending and not file_types.ending_of(wanted):
        wanted = text_of(f"{wanted}.{ending}", field="name", most=LONGEST_NAME)
    if file_types.ending_of(wanted) != ending:
        raise FileTypeNotAllowed(name=wanted, field="name")
    if wanted != row.name:
        changes: dict[str, list[object]] = {"name": [row.name, wanted]}
        row.name = wanted
        row.save(update_fields=["name"])
        record(FileChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


@transaction.atomic
def delete_file(*, actor: Actor, file_id: int, at: datetime) -> None:
    """Delete a file that nothing points to; the bytes go once that is certain.

    The row is locked first: a snippet locks it too before it points to it, and a message's foreign key does.
    """
    row = file_for_update(actor, file_id)
    messages = Attachment.objects.in_workspace(actor.workspace_id).filter(file_id=file_id).count()
    snippets = Snippet.objects.in_workspace(actor.workspace_id).filter(file_ids__contains=[file_id]).count()
    if messages or snippets:
        raise FileInUse(name=row.name, messages=messages, snippets=snippets)
    key, name = row.key, row.name
    StoredFile.objects.in_workspace(actor.workspace_id).filter(pk=file_id)._raw_delete(using="default")  # noqa: SLF001
    record(FileChanged(subject_id=file_id, act="deleted", changes={"name": [name, ""]}), actor=actor, at=at)
    transaction.on_commit(partial(forget_file, key), robust=True)


def file_for_update(actor: Actor, file_id: int) -> StoredFile:
    """Lock a file of the library."""
    actor.require(Permission.FILE_MANAGE)
    rows = StoredFile.objects.in_workspace(actor.workspace_id).filter(in_library=True, pk=file_id)
    row = rows.select_for_update(of=("self",)).first()
    if row is None:
        raise StoredFileNotFound
    return row
