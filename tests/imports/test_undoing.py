from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, close_old_connections, connection, transaction
from django.utils import timezone

from contacts.actions import (
    add_contact,
    add_contact_field,
    delete_contact,
    delete_contact_field,
    delete_stage,
    delete_tag,
    merge_contacts,
    set_stage,
    tag_contact,
    untag_contact,
    update_contact,
)
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import Contact, ContactField, ContactLogEntry, LifecycleStage, Tag
from contacts.models.contact import Source
from imports.actions import (
    ColumnChoice,
    NewField,
    cancel_import,
    commit_import,
    committing,
    revert_import,
    reverting,
    sweep_imports,
    undo_import,
    undoing,
    write_import,
)
from imports.errors import AlreadyRunning, ImportNotFound, NothingToUndo, UndoExpired, WrongState
from imports.models import ContactImport, ImportChunk, State, UndoRemainder
from tests.factories import NOON, Cast, a_member, everything_in
from tests.imports.steps import a_csv, clock, imported, now, reviewed, rows_of, uploaded, written
from tests.imports.test_committing import prepared
from workspaces import jobs
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.errors import PermissionMissing
from workspaces.models import EventRecord, Workspace
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

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


def test_added_contacts_that_somebody_touched_stay_and_are_listed(cast: Cast) -> None:
    lines = [f"C{number},+3460012345{number}" for number in range(8)]
    row = imported(cast.ada, a_csv("Name,Phone", *lines), tags=["spring"])
    with workspace_scope(cast.acme.pk):
        ada, rows = cast.ada, Contact.objects.in_workspace(cast.acme.pk)
        update_contact(actor=ada, contact=phone(1), values={"last_name": "X"}, at=NOON)
        tag_contact(actor=ada, contact=phone(2), names=["vip"], at=NOON)
        rows.filter(phone="+34600123453").update(is_open=True)
        rows.filter(phone="+34600123454").update(last_interaction_at=NOON)
        delete_contact(actor=ada, contact=phone(5), at=NOON)
        six, seven = (rows.get(phone=f"+3460012345{number}").pk for number in (6, 7))
        merge_contacts(actor=ada, primary_id=six, secondary_id=seven, values={}, at=NOON)
    row = undone(cast.ada, row)
    assert (row.state, counts(row)) == (State.UNDONE, (1, 0, 0, 7))
    assert left(row) == [
        (2, "", "touched_since"),
        (3, "", "touched_since"),
        (4, "", "talked_with"),
        (5, "", "talked_with"),
        (6, "", "already_deleted"),
        (7, "", "touched_since"),
        (8, "", "merged"),
    ]
    assert names_in(cast.acme) == ["C1", "C2", "C3", "C4", "C6"]
    with workspace_scope(cast.acme.pk):
        stays = Contact.objects.get(workspace=cast.acme, phone="+34600123451")
        assert [link.tag.name for link in stays.contact_tags.select_related("tag")] == ["spring"]


def test_a_deleted_field_touches_no_contact(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        field = add_contact_field(actor=cast.ada, name="City", kind="text", at=NOON)
    row = imported(cast.ada, a_csv("Name,Phone,City", "Cleo,+34600123456,Vigo", "Bo,+34600123457,Lugo"))
    with workspace_scope(cast.acme.pk):
        delete_contact_field(actor=cast.ada, field_id=field.pk, at=clock())
        tag_contact(actor=cast.ada, contact=phone(7), names=["vip"], at=clock())
    row = undone(cast.ada, row)
    assert (counts(row), left(row)) == ((1, 0, 0, 1), [(2, "", "touched_since")])


def test_values_that_changed_since_stay_and_the_others_go_back(cast: Cast) -> None:
    prepared(cast.ada)
    row = imported(cast.ada, MANY)
    assert (row.imported, row.updated) == (1, 1)
    with workspace_scope(cast.acme.pk):
        ada, one = cast.ada, Identifier.parse("phone:+34600000001")
        values: ContactValues = {"first_name": "Mine", "language": "", "custom": {"orders": 5}}
        update_contact(actor=ada, contact=one, values=values, at=NOON)
        set_stage(actor=ada, contact=one, name=None, at=NOON)
        untag_contact(actor=ada, contact=one, names=["fresh"], at=NOON)
        tag_contact(actor=ada, contact=one, names=["fresh"], at=NOON)
        delete_tag(actor=ada, tag="vip", at=NOON)
        city = ContactField.objects.get(workspace=cast.acme, slug="city")
        delete_contact_field(actor=ada, field_id=city.pk, at=clock())
    row = undone(cast.ada, row)
    contact = contact_of(cast.acme, "+34600000001")
    assert (contact.first_name, contact.last_name, contact.email) == ("Mine", "Name", "old@example.com")
    assert (contact.custom, contact.stage_id, contact.language) == ({"orders": 5}, None, "")
    assert tags_of(contact) == ["fresh", "stays"]
    assert (row.state, counts(row)) == (State.UNDONE, (1, 0, 1, 0))
    assert left(row) == [
        (1, "custom.city", "field_gone"),
        (1, "custom.orders", "value_changed_since"),
        (1, "first_name", "value_changed_since"),
        (1, "tags", "tag_gone"),
        (1, "tags", "tag_set_since"),
    ]


def test_a_field_of_the_same_name_made_since_gets_no_old_value(cast: Cast) -> None:
    prepared(cast.ada)
    row = imported(cast.ada, a_csv("Phone,Name,Orders", "+34600000001,Old,"))
    with workspace_scope(cast.acme.pk):
        orders = ContactField.objects.get(workspace=cast.acme, slug="orders")
        delete_contact_field(actor=cast.ada, field_id=orders.pk, at=clock())
        add_contact_field(actor=cast.ada, name="Orders", kind="text", at=clock())
    row = undone(cast.ada, row)
    assert (counts(row), left(row)) == ((0, 0, 0, 1), [(1, "custom.orders", "field_gone")])
    assert contact_of(cast.acme, "+34600000001").custom == {"city": "Vigo"}


def test_a_stage_that_is_gone_does_not_come_back(cast: Cast) -> None:
    prepared(cast.ada)
    with workspace_scope(cast.acme.pk):
        one = Identifier.parse("phone:+34600000001")
        set_stage(actor=cast.ada, contact=one, name="Customer", at=NOON)
        stage = LifecycleStage.objects.get(workspace=cast.acme, name="Customer")
    row = imported(cast.ada, a_csv("Phone,Name,Stage", "+34600000001,Old,"))
    with workspace_scope(cast.acme.pk):
        delete_stage(actor=cast.ada, stage_id=stage.pk, at=clock())
    row = undone(cast.ada, row)
    assert (counts(row), left(row)) == ((0, 0, 0, 1), [(1, "lifecycle", "stage_gone")])


def test_updated_contacts_that_are_gone_are_listed(cast: Cast) -> None:
    prepared(cast.ada)
    row = imported(cast.ada, a_csv("Phone,Name", "+34600000001,A", "+34600000002,B"))
    with workspace_scope(cast.acme.pk):
        first, second = Contact.objects.in_workspace(cast.acme.pk).order_by("pk").values_list("pk", flat=True)
        merge_contacts(actor=cast.ada, primary_id=first, secondary_id=second, values={}, at=NOON)
    row = undone(cast.ada, row)
    assert (counts(row), left(row)) == ((0, 1, 0, 1), [(2, "", "merged")])
    assert contact_of(cast.acme, "+34600000001").first_name == "Old"


def test_new_fields_and_tags_stay(cast: Cast) -> None:
    row = reviewed(
        cast.ada,
        uploaded(cast.ada, a_csv("Name,Phone,Shoe", "Cleo,+34600123456,38"), tags=["spring"]),
        [
            ColumnChoice("Name", "first_name"),
            ColumnChoice("Phone", "phone"),
            ColumnChoice("Shoe", None, new_field=NewField("Shoe", "number")),
        ],
    )
    row = undone(cast.ada, written(cast.ada, row))
    assert counts(row) == (1, 0, 0, 0)
    with workspace_scope(cast.acme.pk):
        assert list(Tag.objects.in_workspace(cast.acme.pk).values_list("name", flat=True)) == ["spring"]
        assert list(ContactField.objects.in_workspace(cast.acme.pk).values_list("slug", flat=True)) == ["shoe"]


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


def halted_after(monkeypatch: pytest.MonkeyPatch, first_rows: set[int]) -> Any:
    """Let workers die right before they commit a chunk that begins at one of these rows."""
    real = reverting.revert_chunk

    def dies(row: ContactImport, chunk: ImportChunk, *given: Any, **named: Any) -> None:
        real(row, chunk, *given, **named)
        if chunk.first_row in first_rows:
            raise MemoryError

    monkeypatch.setattr(undoing, "revert_chunk", dies)
    return real


def test_a_worker_that_dies_amid_chunks_repeats_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.max, import_id=row.pk, at=clock())
    real = halted_after(monkeypatch, {2})
    with pytest.raises(MemoryError):
        revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.lease_token, row.progress_done, row.progress_total, row.undo_error_code) == (
        State.UNDOING, None, 1, 3, "imports.unexpected",
    )  # fmt: skip
    assert (names_in(cast.acme), counts(row)) == (["Cleo", "Ada"], (1, 0, 0, 0))
    monkeypatch.setattr(undoing, "revert_chunk", real)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, counts(row), row.undo_error_code, names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), "", [])
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before
        assert ContactLogEntry.objects.in_workspace(cast.acme.pk).filter(kind="deleted").count() == 3


def test_after_three_attempts_the_import_is_what_it_was_and_can_be_undone_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    rung: list[str] = []
    monkeypatch.setattr(jobs, "ring", lambda job, *, workspace_id, import_id: rung.append(job.value))
    real = halted_after(monkeypatch, {2})
    for _attempt in range(3):
        sweep_imports(clock=lambda: timezone.now() + timedelta(seconds=11))
        with pytest.raises(MemoryError):
            revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
        if now(row).attempt == 3:
            break
    assert rung == ["imports.undo"] * len(rung) != []
    sweep_imports(clock=lambda: timezone.now() + timedelta(seconds=11))
    row = now(row)
    assert (row.state, row.undo_error_code, row.progress_done) == (State.COMPLETED, "imports.attempts_spent", 1)
    assert uploaded(cast.ada, THREE).is_active  # the place is free again
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=row.pk + 1, at=clock())
    monkeypatch.setattr(undoing, "revert_chunk", real)
    row = undone(cast.ada, row)
    assert (row.state, counts(row), names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), [])


def test_whoever_lost_the_lease_takes_nothing_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    real = reverting.revert_chunk

    def frozen_past_its_lease(given: ContactImport, chunk: ImportChunk, *others: Any, **named: Any) -> None:
        real(given, chunk, *others, **named)
        rows = ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk)
        rows.update(lease_token="00000000-0000-4000-8000-000000000000")

    monkeypatch.setattr(undoing, "revert_chunk", frozen_past_its_lease)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (names_in(cast.acme), now(row).state, now(row).progress_done) == (["Cleo", "Ada"], State.UNDOING, 1)


def test_two_workers_take_each_chunk_back_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())

    def work() -> None:
        try:
            revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
        finally:
            close_old_connections()
            connection.close()

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert (now(row).state, counts(now(row)), names_in(cast.acme)) == (State.UNDONE, (3, 0, 0, 0), [])
    with workspace_scope(cast.acme.pk):
        assert ContactLogEntry.objects.in_workspace(cast.acme.pk).filter(kind="deleted").count() == 3


def test_a_contact_that_two_chunks_changed_goes_back_both_steps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    with workspace_scope(cast.acme.pk):
        values: ContactValues = {"first_name": "Old", "email": "a@example.com"}
        contact = add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON)
    content = a_csv("Name,E-mail", "First,a@example.com", "Second,b@example.com")
    row = reviewed(cast.ada, uploaded(cast.ada, content, identifier="email"))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())

    def address_changed_between_chunks() -> None:
        with workspace_scope(cast.acme.pk):
            one = Identifier.of(contact.pk)
            update_contact(actor=cast.ada, contact=one, values={"email": "b@example.com"}, at=clock())

    monkeypatch.setattr(committing, "analyze_contacts", address_changed_between_chunks)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert (now(row).updated, names_in(cast.acme)) == (2, ["Second"])
    row = undone(cast.ada, row)
    assert (counts(row), names_in(cast.acme)) == ((0, 2, 0, 0), ["Old"])


def test_another_workspace_is_not_touched_and_its_imports_are_not_there(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    imported(cast.gus, THREE)
    with workspace_scope(cast.globex.pk):
        with pytest.raises(ImportNotFound):
            undo_import(actor=cast.gus, import_id=row.pk, at=clock())
        before = everything_in(cast.globex)
    undone(cast.ada, row)
    with workspace_scope(cast.globex.pk):
        assert everything_in(cast.globex) == before


def test_for_seven_days(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk), pytest.raises(UndoExpired):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock() + timedelta(days=7, seconds=1))
    with workspace_scope(cast.acme.pk):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock() + timedelta(days=6, hours=23))
    assert now(row).state == State.UNDOING


def test_only_an_import_that_wrote_something_and_has_ended_can_be_undone(cast: Cast) -> None:
    row = uploaded(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(WrongState):
            undo_import(actor=cast.ada, import_id=row.pk, at=clock())
        cancel_import(actor=cast.ada, import_id=row.pk, at=clock())
        with pytest.raises(NothingToUndo):
            undo_import(actor=cast.ada, import_id=row.pk, at=clock())
    row = undone(cast.ada, imported(cast.ada, THREE))
    with workspace_scope(cast.acme.pk), pytest.raises(WrongState):
        undo_import(actor=cast.ada, import_id=row.pk, at=clock())


def test_undoing_takes_the_one_place(cast: Cast) -> None:
    first = imported(cast.ada, THREE)
    running = uploaded(cast.ada, THREE)
    with workspace_scope(cast.acme.pk), pytest.raises(AlreadyRunning) as refused:
        undo_import(actor=cast.ada, import_id=first.pk, at=clock())
    assert refused.value.running_id == running.pk
    with workspace_scope(cast.acme.pk):
        cancel_import(actor=cast.ada, import_id=running.pk, at=clock())
        undo_import(actor=cast.ada, import_id=first.pk, at=clock())
    with pytest.raises(AlreadyRunning):
        uploaded(cast.max, THREE)


def test_owners_and_managers_may_undo_and_agents_may_not(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        with pytest.raises(PermissionMissing):
            undo_import(actor=cast.ben, import_id=row.pk, at=clock())
        assert undo_import(actor=cast.max, import_id=row.pk, at=clock()).state == State.UNDOING


def test_a_requester_who_has_left_stops_it(cast: Cast) -> None:
    user, mia = a_member(cast.acme, email="mia@example.com", role="manager")
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk):
        undo_import(actor=mia, import_id=row.pk, at=clock())
        remove_member(actor=cast.ada, user_id=user.pk, at=NOON)
    revert_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.undo_error_code, names_in(cast.acme)) == (
        State.COMPLETED, "imports.requester_not_allowed", ["Cleo", "Ada", "Bo"],
    )  # fmt: skip
    with workspace_scope(cast.acme.pk):
        told = EventRecord.objects.in_workspace(cast.acme.pk).filter(subject_kind="import", subject_id=row.pk)
        assert told.latest("pk").type == "imports.import.undo_failed"
    assert undone(cast.ada, row).state == State.UNDONE


def test_counts_must_add_up_before_an_import_is_undone(cast: Cast) -> None:
    row = undone(cast.ada, imported(cast.ada, THREE))
    with workspace_scope(cast.acme.pk), pytest.raises(IntegrityError), transaction.atomic():
        ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk).update(undo_kept=1)
