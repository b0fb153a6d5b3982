"""How many rows a request would give: the planner's guess, without reading any."""

import logging
from datetime import datetime
from typing import Any

from django.db import DatabaseError, transaction

from exports.actions.asking import ExportRequest, checked_request, selection_of
from exports.copying import expected_rows, prepare
from exports.parameters import Reading
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.queries import own_workspace

logger = logging.getLogger(__name__)


def estimated_rows(cursor: Any, actor: Actor, request: ExportRequest, *, at: datetime) -> int | None:
    """Return the planner's guess, in the open scope; None when the request breaks a rule or nobody can tell."""
    try:
        checked = checked_request(actor, request, at=at)
        contacts = None
        if request.contacts is not None:
            contacts = selection_of(request.contacts, own_workspace(actor)).contacts(actor)
        reading = Reading(
            actor=actor,
            export_at=at,
            range_from=checked.span.start if checked.span else None,
            range_to=checked.span.end if checked.span else None,
            filters=checked.filters,
            contacts=contacts,
        )
        with transaction.atomic():
            prepared = prepare(
                cursor, checked.dataset, reading, time_zone=checked.time_zone, header_language="en", is_guarded=True
            )
            rows = expected_rows(cursor, prepared)
            transaction.set_rollback(
                True
            )  # what `prepare` set is the file's: the request goes on with its own time zone
        return rows
    except DomainError:
        return None
    except DatabaseError:
        logger.exception("no estimate of %s", request.dataset)
        return None
