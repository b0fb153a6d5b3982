"""News for the tests about notifications."""

from datetime import datetime

from tests.factories import NOON
from workspaces.actions import News, notify
from workspaces.actors import Actor
from workspaces.models import Notification
from workspaces.scope import workspace_scope


def a_piece_of_news(
    *, number: int = 1, file_name: str = "people.csv", kind: str = "imports.completed", error_code: str = ""
) -> News:
    """Return the news of an import that has ended."""
    counts = {"imported": 17124, "updated": 4218, "skipped": 0, "failed": 406}
    facts = {"file_name": file_name, **counts, "error_code": error_code}
    return News(kind=kind, subject_kind="import", subject_id=number, facts=facts)


def told(
    to: Actor,
    *,
    number: int = 1,
    file_name: str = "people.csv",
    kind: str = "imports.completed",
    by_mail: bool = False,
    at: datetime = NOON,
) -> Notification | None:
    """Tell a member that an import has ended; the scope is opened here."""
    code = "imports.file_lost" if kind == "imports.failed" else ""
    news = a_piece_of_news(number=number, file_name=file_name, kind=kind, error_code=code)
    system = Actor.system(workspace_id=to.workspace_id)
    with workspace_scope(to.workspace_id):
        return notify(actor=system, user_id=to.user_id or 0, news=news, by_mail=by_mail, at=at)
