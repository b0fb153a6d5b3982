"""Files without a row: a worker that lost its lease died between publishing and deleting, or its export was cancelled meanwhile."""

from datetime import datetime, timedelta
from functools import partial

from django.db.models import Q

from exports import files
from exports.models import ACTIVE_STATES, Export
from workspaces.files import workspaces_with_files
from workspaces.jobs import Clock
from workspaces.scope import workspace_scope
from workspaces.sweeps import each_apart

WAITED_FOR = timedelta(seconds=files.STRAY_AFTER_SECONDS)


def delete_stray_exports(*, clock: Clock) -> None:
    """Delete published files that no row names, in every workspace's folder; those of exports under way are let be.

    The spool is swept with them: the sweep of rows may run on another machine than the workers that make files.
    """
    files.forget_old_spool()
    delete = partial(_delete_in, oldest=clock() - WAITED_FOR)
    each_apart([(number,) for number in workspaces_with_files()], delete, sweep="delete_stray_exports")


def _delete_in(workspace_id: int, *, oldest: datetime) -> None:
    published = files.published(workspace_id)  # asked first: a file that comes after it is not looked at
    if not published:
        return
    with workspace_scope(workspace_id):
        rows = Export.objects.in_workspace(workspace_id).filter(Q(state__in=ACTIVE_STATES) | ~Q(file_key=""))
        kept = {row.pk: row for row in rows.only("state", "file_key")}
    for export_id, keys in published.items():
        row = kept.get(export_id)
        if row is None or not row.is_active:
            strays = [(key, oldest) for key in keys if row is None or key != row.file_key]
            each_apart(strays, files.forget_if_older, sweep="delete_stray_exports")
