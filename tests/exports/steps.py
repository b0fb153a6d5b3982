"""Small steps of an export's life, each through an action."""

from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage

from contacts.actions import add_contact
from contacts.models.contact import Source
from exports.actions import ExportRequest, request_export, run_export
from exports.models import Export
from tests.factories import NOON
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.scope import workspace_scope


def clock(moment: datetime = NOON) -> Clock:
    """Return a clock that stands still."""
    return lambda: moment


def after(minutes: float = 0, **more: float) -> datetime:
    """Return a moment after NOON."""
    return NOON + timedelta(minutes=minutes, **more)


def contacts(actor: Actor, *names: str) -> None:
    """Add contacts by first name."""
    with workspace_scope(actor.workspace_id):
        for name in names:
            add_contact(actor=actor, values={"first_name": name}, source=Source.USER, at=NOON)


def asked(actor: Actor, *, at: datetime = NOON, dataset: str = "contacts", **choices: Any) -> Export:
    """Ask for a file."""
    with workspace_scope(actor.workspace_id):
        return request_export(actor=actor, request=ExportRequest(dataset=dataset, **choices), at=at)


def made(actor: Actor, *, at: datetime = NOON, **choices: Any) -> Export:
    """Ask for a file and let a worker make it."""
    row = asked(actor, at=at, **choices)
    run_export(workspace_id=actor.workspace_id, export_id=row.pk, clock=clock(at))
    return now(row)


def now(row: Export) -> Export:
    """Return an export as it stands."""
    with workspace_scope(row.workspace_id):
        return Export.objects.in_workspace(row.workspace_id).get(pk=row.pk)


def content(row: Export) -> bytes:
    """Return the bytes of an export's file."""
    with default_storage.open(row.file_key, "rb") as file:
        return bytes(file.read())
