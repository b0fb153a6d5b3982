from datetime import datetime

from django.db import transaction

from exports.events import ExportDownloaded
from exports.queries import StoredFile, export_for_page, stored_file
from workspaces.actors import Actor
from workspaces.events import record


@transaction.atomic
def begin_download(*, actor: Actor, export_id: int, is_first_part: bool, at: datetime) -> StoredFile:
    """Return the file to hand out, after every check; who took it stands in the event log, once a download and not a part."""
    found = stored_file(actor, export_id, at=at)
    if is_first_part:
        row = export_for_page(actor, export_id)
        record(ExportDownloaded(subject_id=row.pk, dataset=row.dataset), actor=actor, at=at)
    return found
