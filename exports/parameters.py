"""What the SQL of data sets may name, and where its values come from. Read in the scope of the workspace."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from contacts.models import Contact
from reports.definitions.filters import Filter
from reports.definitions.seeing import seen_assignees
from workspaces.actors import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """For whom, of when, and what: everything that decides a file's rows beside the data set."""

    actor: Actor
    export_at: datetime
    range_from: datetime | None = None
    range_to: datetime | None = None
    filters: Mapping[str, list[int] | list[str]] = field(default_factory=dict)
    contacts: QuerySet[Contact] | None = None  # the data set of contacts, narrowed to a selection
    shows_content: bool = False


def parameters_of(reading: Reading) -> dict[str, object]:
    """Return the SQL parameters of a reading.

    workspace_id, export_at, range_from, range_to (the first moment after the range), every filter by its name (NULL where
    none is chosen), seen_assignees (ids of people, or NULL for all contacts), conversation_urls (the address before a
    conversation's id), shows_content.
    """
    chosen: dict[str, object] = {each.value: reading.filters.get(each.value) or None for each in Filter}
    return {
        **chosen,
        "workspace_id": reading.actor.workspace_id,
        "export_at": reading.export_at,
        "range_from": reading.range_from,
        "range_to": reading.range_to,
        "seen_assignees": seen_assignees(reading.actor),
        "conversation_urls": f"{settings.BASE_URL.rstrip('/')}/w/{reading.actor.workspace_id}/c/",
        "shows_content": reading.shows_content,
    }
