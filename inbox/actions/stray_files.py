"""Bytes without a row: a process that died between storing a file and writing its row left them, or between deleting the two."""

from datetime import datetime, timedelta

from inbox.file_store import forget_file, stored_at, stored_keys
from inbox.models import StoredFile
from workspaces.files import workspaces_with_files
from workspaces.jobs import Clock
from workspaces.scope import workspace_scope
from workspaces.sweeps import each_apart

# Far longer than anybody takes from storing a file to committing its row.
WAITED_FOR = timedelta(days=1)


def delete_stray_files(*, clock: Clock) -> None:
    """Delete what nothing speaks of and nobody is about to speak of, in every workspace's folder."""
    oldest = clock() - WAITED_FOR

    def delete_in(workspace_id: int) -> None:
        keys = [(key, oldest) for key in sorted(_without_row(workspace_id))]
        each_apart(keys, _delete_if_old, sweep="delete_stray_files")

    each_apart([(number,) for number in workspaces_with_files()], delete_in, sweep="delete_stray_files")


def _without_row(workspace_id: int) -> set[str]:
    """Return the keys that no row names. The store is asked first: a file that comes after it is not looked at."""
    keys = stored_keys(workspace_id)
    with workspace_scope(workspace_id):
        rows = StoredFile.objects.in_workspace(workspace_id).values_list("key", flat=True)
        keys.difference_update(rows.iterator())
    return keys


def _delete_if_old(key: str, oldest: datetime) -> None:
    if stored_at(key) < oldest:
        forget_file(key)
