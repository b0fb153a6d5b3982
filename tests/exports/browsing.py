"""Exports as the pages show them: addresses, words, and rows of the history in any state."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

from exports.models import Export, State
from tests.factories import NOON, Cast
from workspaces.actors import Actor
from workspaces.scope import workspace_scope


def at(cast: Cast, path: str = "") -> str:
    """Return an address below the exports of Acme."""
    return f"/w/{cast.acme.pk}/settings/exports{path}"


def text_of(answer: Any) -> str:
    """Return a page's words as they are read."""
    return words_of(answer.content.decode())


def words_of(html: str) -> str:
    """Return the words of a piece of a page."""
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)))


def in_workspace(cast: Cast) -> list[Export]:
    """Return every export of Acme, the oldest first."""
    with workspace_scope(cast.acme.pk):
        return list(Export.objects.in_workspace(cast.acme.pk).order_by("pk"))


def a_row(actor: Actor, **values: Any) -> Export:
    """Put an export of contacts that was cancelled into the history; the values say otherwise."""
    usual = {
        "state": State.CANCELLED,
        "dataset": "contacts",
        "time_zone": "UTC",
        "requested_by_id": actor.user_id,
        "requested_at": NOON,
        "deadline_at": NOON + timedelta(minutes=15),
        "expires_at": NOON + timedelta(days=7),
    }
    with workspace_scope(actor.workspace_id):
        return Export.objects.create(workspace_id=actor.workspace_id, **{**usual, **values})


def a_file(actor: Actor, **values: Any) -> Export:
    """Put an export into the history whose file seems to be there."""
    ready = {"state": State.COMPLETED, "rows": 12_345, "size_bytes": 2_400_000, "sha256": "ab" * 32, "file_key": "none"}
    return a_row(actor, **{**ready, "finished_at": NOON, **values})
