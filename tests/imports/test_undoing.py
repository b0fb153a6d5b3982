"""Undoing an import: every contact is as it was, and the log says why."""

import pytest

from contacts.actions import (
    add_contact,
    delete_contact,
    tag_contact,
    untag_contact,
    update_contact,
)
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import ContactLogEntry
from contacts.models.contact import Source
from imports.actions import (
    cancel_import,
    commit_import,
    committing,
    write_import,
)
from imports.models import State
from tests.factories import NOON, Cast
from tests.imports.steps import a_csv, clock, imported, now, reviewed, rows_of, uploaded
from tests.imports.test_committing import prepared
from tests.imports.undo_steps import (
    MANY,
    THREE,
    contact_of,
    contacts_without_history,
    counts,
    left,
    names_in,
    undone,
    what_stands,
)
from workspaces.models import EventRecord, Workspace
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def test_after_undoing_every_contact_is_as_it_was(cast: Cast) -> None:
    prepared(cast.ada)
    before = contacts_without_history(cast.acme)
    row = imported(cast.ada, MANY, tags=["import-1"])
    assert (row.imported, row.updated, row.skipped) == (1, 2, 0)
    assert contacts_without_history(cast.acme) != before
    row = undone(cast.ada, row)
    assert (row.state, counts(row), left(row)) == (State.UNDONE, (1, 2, 0, 0), [])
    assert contacts_without_history(cast.acme) == before
    old = contact_of(cast.acme, "+34600000001")
    assert (old.email, old.email_key, old.phone_e164, old.phone_match_key) == (
        "old@example.com", "old@example.com", "+34600000001", "+34600000001",
    )  # fmt: skip
    assert (old.custom, old.stage_id) == ({"city": "Vigo", "orders": 3}, None)


def test_phones_and_emails_go_back_with_their_keys(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(default_country="ES")
        values: ContactValues = {"first_name": "Cleo", "phone": "600 12 34 56", "email": "Cleo@Example.com"}
        contact = add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON)
    content = a_csv("Contact ID,Name,Phone,E-mail", f"{contact.pk},Cleo,+5215512345678,new@example.com")
    row = imported(cast.ada, content, purpose="update_existing", identifier="contact_id")
    assert contact_of(cast.acme, "+5215512345678").email_key == "new@example.com"
    undone(cast.ada, row)
    again = contact_of(cast.acme, "600 12 34 56")
    for column in ("phone", "phone_e164", "phone_match_key", "email", "email_key", "first_name"):
        assert getattr(again, column) == getattr(contact, column)


def test_undoing_writes_what_the_one_row_actions_write(cast: Cast) -> None:
    both = (cast.gus, cast.ada)
    rows = []
    for actor in both:
        prepared(actor)
        rows.append(imported(actor, MANY))
    undone(cast.gus, rows[0])
    with workspace_scope(cast.acme.pk):
        ada, at, source = cast.ada, NOON, Source.IMPORT_UNDO
        delete_contact(actor=ada, contact=Identifier.parse("phone:+60123456789"), at=at, source=source)
        first: ContactValues = {
            "first_name": "Old", "last_name": "Name", "email": "old@example.com", "language": "", "stage_id": None,
            "country": "ES", "custom": {"city": "Vigo", "orders": 3, "member": None},
        }  # fmt: skip
        one = Identifier.parse("phone:+34600000001")
        update_contact(actor=ada, contact=one, values=first, at=at, source=source)
        tag_contact(actor=ada, contact=one, names=["vip"], at=at)
        untag_contact(actor=ada, contact=one, names=["fresh"], at=at)
    ours, theirs = what_stands(cast.globex), what_stands(cast.acme)
    assert ours["contacts"] == theirs["contacts"]
    assert ours["links"] == theirs["links"]
    assert ours["log"] == theirs["log"]
    ours_only = [event for event in ours["events"] if event not in theirs["events"]]
    theirs_only = [event for event in theirs["events"] if event not in ours["events"]]
    # Putting tags on and taking others off is one event of undoing, and two of the one-row actions.
    assert [kind for kind, *_rest in ours_only] == ["contacts.contact.tags_changed"]
    assert [kind for kind, *_rest in theirs_only] == ["contacts.contact.tags_changed"] * 2


def test_log_and_events_name_undoing_and_the_import(cast: Cast) -> None:
    prepared(cast.ada)
    row = undone(cast.max, imported(cast.ada, MANY))
    with workspace_scope(cast.acme.pk):
        line = ContactLogEntry.objects.get(workspace=cast.acme, kind="deleted")
        assert (line.contact_name, line.source, line.import_id, line.user_id) == (
            "Zoë Marín", "import_undo", row.pk, cast.max.id,
        )  # fmt: skip
        events = EventRecord.objects.in_workspace(cast.acme.pk)
        of_undoing = events.filter(data__source="import_undo").exclude(type="contacts.contact.deleted")
        assert {(event.data["import_id"], event.actor_id) for event in of_undoing} == {(row.pk, cast.max.id)}
        deleted = events.get(type="contacts.contact.deleted")
        assert (deleted.subject_id, deleted.data, deleted.actor_id) == (
            line.contact_id, {"source": "import_undo"}, cast.max.id,
        )  # fmt: skip
        told = events.filter(subject_kind="import", subject_id=row.pk).order_by("-pk")[:2]
        assert [(event.type, event.data) for event in told] == [
            ("imports.import.undone", {"deleted": 1, "restored": 1, "partly": 0, "kept": 0}),
            ("imports.import.undo_requested", {"imported": 1, "updated": 1}),
        ]


def test_undone_and_imported_again_is_as_imported_once(cast: Cast) -> None:
    row = undone(cast.ada, imported(cast.ada, THREE, tags=["spring"]))
    assert names_in(cast.acme) == []
    again = imported(cast.ada, THREE, tags=["spring"])
    assert (again.imported, names_in(cast.acme)) == (3, ["Cleo", "Ada", "Bo"])
    assert now(row).state == State.UNDONE
    assert counts(undone(cast.ada, again)) == (3, 0, 0, 0)


def test_an_import_that_was_cancelled_amid_its_rows_can_be_undone(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())

    def cancelled_between_chunks() -> None:
        with workspace_scope(cast.acme.pk):
            cancel_import(actor=cast.ada, import_id=row.pk, at=clock())

    monkeypatch.setattr(committing, "analyze_contacts", cancelled_between_chunks)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (now(row).state, now(row).result_key, names_in(cast.acme)) == (State.CANCELLED, "", ["Cleo"])
    row = undone(cast.ada, row)
    assert (row.state, counts(row), names_in(cast.acme)) == (State.UNDONE, (1, 0, 0, 0), [])
    assert [record[-2] for record in rows_of(row.result_key)][1:] == ["Imported", "Skipped", "Skipped"]
