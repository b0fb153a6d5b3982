"""Telling the person who asked for an export how it ended, in the transaction that ends it."""

from datetime import datetime

from exports.models import Export
from workspaces.actions import News, notify
from workspaces.actors import Actor


def tell_requester(row: Export, *, kind: str, at: datetime) -> None:
    """Make the notification of an export that has just ended; a token that asked for it is told nothing.

    A schedule's files are told of only when they fail: its maker would get 24 a day.
    """
    if row.requested_by_id is None or (row.schedule_id is not None and kind == "exports.completed"):
        return
    facts = {
        "dataset": row.dataset,
        "rows": row.rows or 0,
        "size_bytes": row.size_bytes or 0,
        "error_code": row.error_code,
        "send_error": row.send_error,
    }
    news = News(kind=kind, subject_kind="export", subject_id=row.pk, facts=facts)
    actor = Actor.system(workspace_id=row.workspace_id)
    notify(actor=actor, user_id=row.requested_by_id, news=news, by_mail=True, at=at)
