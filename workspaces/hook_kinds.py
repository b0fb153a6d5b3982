"""What outgoing webhooks tell: each app says in its `hooks.py` which of its events are public, and how they are worded."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

TEST = "test"
# Where a thing came from, as endpoints can choose; an event without a source passes every choice.
SOURCES: dict[str, str | Promise] = {
    "user": _("A person of the team"),
    "contact": _("The contact"),
    "incoming_message": _("An incoming message"),
    "echo_message": _("A message sent in the network’s own app"),
    "api": _("The API"),
    "import": _("An import"),
    "import_undo": _("Undoing an import"),
    "workflow": _("A workflow"),
    "broadcast": _("A broadcast"),
    "bot": _("A bot"),
    "system": _("The product itself"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedEvent:
    """A row of the event log, as the builders of bodies get it."""

    id: int
    workspace_id: int
    type: str
    occurred_at: datetime
    actor_kind: str
    actor_id: int | None
    subject_id: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HookKind:
    """A public event. build: what stands in its body beside type and id, read in the scope of the workspace."""

    event_type: str
    title: str | Promise
    build: Callable[[LoggedEvent], dict[str, object]]


@cache
def hook_kinds() -> dict[str, HookKind]:
    """Return every kind by the type of its event in the log; the settings list the tables."""
    found: dict[str, HookKind] = {}
    for table in settings.HOOK_KINDS:
        found.update(import_string(table))
    return found


def event_choices() -> dict[str, str | Promise]:
    """Return the public events with their titles, each once."""
    return {kind.event_type: kind.title for kind in hook_kinds().values()}
