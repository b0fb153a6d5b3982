"""Small steps of the tests of undoing: an import is undone, and what stands afterwards."""

from typing import Any

import pytest

from contacts.identifiers import Identifier
from contacts.models import Contact, ContactLogEntry, LifecycleStage, Tag
from imports.actions import (
    revert_import,
    reverting,
    undo_import,
    undoing,
)
from imports.models import ContactImport, ImportChunk, UndoRemainder
from tests.imports.steps import a_csv, clock, now
from workspaces.actors import Actor
from workspaces.models import EventRecord, Workspace
from workspaces.scope import workspace_scope

THREE = a_csv("Name,Phone", "Cleo,+34600123456", "Ada,+34600123457", "Bo,+34600123458")
MANY = a_csv(
    "First name,Last name,Phone,E-mail,Country,Language,Stage,Tags,City,Orders,Member",
    "New,,+34600000001,,,es,Customer,stays; fresh,,4,sí",
    "Same,,+34600000002,,ES,,,,,,",
    "Zoë,Marín,+60123456789,zoe@example.com,MY,en,Customer,vip; fresh,Cuzco,2.5,no",
)


def undone(actor: Actor, row: ContactImport) -> ContactImport:
    with workspace_scope(actor.workspace_id):
        undo_import(actor=actor, import_id=row.pk, at=clock())
    revert_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock)
    return now(row)


def counts(row: ContactImport) -> tuple[int, int, int, int]:
    return row.undo_deleted, row.undo_restored, row.undo_partly, row.undo_kept


def left(row: ContactImport) -> list[tuple[int, str, str]]:
    with workspace_scope(row.workspace_id):
        lines = UndoRemainder.objects.in_workspace(row.workspace_id).filter(contact_import_id=row.pk)
        return list(lines.order_by("row_no", "id").values_list("row_no", "field", "reason"))


def contact_of(workspace: Workspace, phone: str) -> Contact:
    with workspace_scope(workspace.pk):
        return Contact.objects.get(workspace=workspace, phone=phone)


def tags_of(contact: Contact) -> list[str]:
    with workspace_scope(contact.workspace_id):
        return sorted(link.tag.name for link in contact.contact_tags.select_related("tag"))


def names_in(workspace: Workspace) -> list[str]:
    with workspace_scope(workspace.pk):
        return list(Contact.objects.in_workspace(workspace.pk).order_by("pk").values_list("first_name", flat=True))


def phone(number: int) -> Identifier:
    return Identifier.parse(f"phone:+3460012345{number}")


def contacts_without_history(workspace: Workspace) -> dict[str, list[Any]]:
    """Return what contacts and links are, without what tells that something happened to them."""
    stands = what_stands(workspace)
    contacts = [{key: value for key, value in row.items() if key != "version"} for row in stands["contacts"]]
    return {"contacts": contacts, "links": stands["links"]}


def what_stands(workspace: Workspace) -> dict[str, list[Any]]:
    """Return contacts, links, log and events without moments; ids of contacts, deleted ones too, count from the first."""
    with workspace_scope(workspace.pk):
        log = ContactLogEntry.objects.in_workspace(workspace.pk).order_by("pk")
        first = log.values_list("contact_id", flat=True)[0]
        tags = dict(Tag.objects.in_workspace(workspace.pk).values_list("pk", "name"))
        stages = dict(LifecycleStage.objects.in_workspace(workspace.pk).values_list("pk", "name"))
        own = {"id", "workspace_id", "created_at", "updated_at", "stage_id", "source"}
        events = EventRecord.objects.in_workspace(workspace.pk).filter(subject_kind="contact").order_by("pk")
        contacts = Contact.objects.in_workspace(workspace.pk).order_by("pk")
        return {
            "contacts": [
                {key: value for key, value in contact.items() if key not in own} | {"stage": stages.get(contact["stage_id"])}
                for contact in contacts.values()
            ],
            "links": [
                sorted(link.tag.name for link in contact.contact_tags.select_related("tag")) for contact in contacts
            ],
            "log": [(line.kind, line.contact_id - first, line.contact_name, line.source) for line in log],
            "events": sorted(
                (event.type, event.version, event.subject_id - first, _told(event.data, tags, stages)) for event in events
            ),
        }  # fmt: skip


def _told(data: dict[str, Any], tags: dict[int, str], stages: dict[int, str]) -> str:
    plain = {key: value for key, value in data.items() if key not in {"import_id", "source"}}
    for key in plain.keys() & {"added", "removed"}:
        plain[key] = [tags[tag] for tag in plain[key]]
    for key in plain.keys() & {"old", "new"}:
        plain[key] = stages.get(plain[key])
    if "changes" in plain:
        plain["changes"] = dict(sorted(plain["changes"].items()))
    return str([sorted(plain.items(), key=str), sorted(data)])


def halted_after(monkeypatch: pytest.MonkeyPatch, first_rows: set[int]) -> Any:
    """Let workers die right before they commit a chunk that begins at one of these rows."""
    real = reverting.revert_chunk

    def dies(row: ContactImport, chunk: ImportChunk, *given: Any, **named: Any) -> None:
        real(row, chunk, *given, **named)
        if chunk.first_row in first_rows:
            raise MemoryError

    monkeypatch.setattr(undoing, "revert_chunk", dies)
    return real
