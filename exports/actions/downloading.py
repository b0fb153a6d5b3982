from datetime import datetime

from django.db import transaction

from exports.events import ExportDownloaded
from exports.queries import StoredFile, export_for_page, stored_file
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.models import EventRecord


@transaction.atomic
def begin_download(*, actor: Actor, export_id: int, is_first_part: bool, at: datetime) -> StoredFile:
    """Return the file to hand out, after every check.

    Who took it stands in the event log: once a download, and not once a part, but nobody takes parts without having begun.
    """
    found = stored_file(actor, export_id, at=at)
    if is_first_part or not _has_begun(actor, export_id):
        row = export_for_page(actor, export_id)
        record(ExportDownloaded(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return found


def _has_begun(actor: Actor, export_id: int) -> bool:
    of_export = EventRecord.objects.in_workspace(actor.workspace_id).filter(subject_kind="export", subject_id=export_id)
    return of_export.filter(type=ExportDownloaded.type, actor_kind=actor.kind, actor_id=actor.id).exists()
