"""Telling the person who asked for an import how it ended, in the transaction that ends it."""

from datetime import datetime

from imports.models import ContactImport
from workspaces.actions import News, notify
from workspaces.actors import Actor
from workspaces.models import User


def tell_requester(*, workspace_id: int, import_id: int, kind: str, at: datetime) -> None:
    """Make the notification of an import that has just ended; a token that asked for it is told nothing."""
    row = _row(workspace_id, import_id)
    facts = {
        "file_name": row.file_name,
        "imported": row.imported,
        "updated": row.updated,
        "skipped": row.skipped,
        "failed": row.failed,
        "error_code": row.error_code,
    }
    _tell(row, row.requested_by, kind, facts, at=at)


def tell_undo_requester(*, workspace_id: int, import_id: int, kind: str, at: datetime) -> None:
    """Make the notification of an undoing that has just ended, or come to a halt."""
    row = _row(workspace_id, import_id)
    facts = {
        "file_name": row.file_name,
        "deleted": row.undo_deleted,
        "restored": row.undo_restored,
        "partly": row.undo_partly,
        "kept": row.undo_kept,
        "error_code": row.undo_error_code,
    }
    _tell(row, row.undo_requested_by, kind, facts, at=at)


def _row(workspace_id: int, import_id: int) -> ContactImport:
    rows = ContactImport.objects.in_workspace(workspace_id).select_related("requested_by", "undo_requested_by")
    return rows.get(pk=import_id)


def _tell(row: ContactImport, person: User | None, kind: str, facts: dict[str, object], *, at: datetime) -> None:
    if person is None:
        return
    news = News(kind=kind, subject_kind="import", subject_id=row.pk, facts=facts)
    actor = Actor.system(workspace_id=row.workspace_id)
    notify(actor=actor, user_id=person.pk, news=news, by_mail=person.import_mail_on, at=at)
