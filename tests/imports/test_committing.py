import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from contacts.actions import (
    add_contact,
    add_contact_field,
    delete_contact,
    delete_contact_field,
    seed_contact_settings,
    set_stage,
    tag_contact,
    untag_contact,
    update_contact,
)
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues
from contacts.models import Contact, ContactLogEntry, ContactTag, LifecycleStage, Tag
from contacts.models.contact import Source
from imports import files
from imports.actions import ColumnChoice, commit_import, committing, validate_import, write_import, writing
from imports.actions.cancelling import cancel_import
from imports.models import ContactImport, ImportChunk, State
from tests.factories import NOON, Cast, a_member, everything_in
from tests.imports.steps import a_csv, clock, imported, now, reviewed, rows_of, uploaded, written
from workspaces.actions import remove_member
from workspaces.actors import Actor
from workspaces.models import EventRecord, Workspace
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

THREE = a_csv("Name,Phone", "Cleo,+34600123456", "Ada,+34600123457", "Bo,+34600123458")


def names_in(workspace: Workspace) -> list[str]:
    with workspace_scope(workspace.pk):
        return list(Contact.objects.in_workspace(workspace.pk).order_by("pk").values_list("first_name", flat=True))


def what_stands_in(workspace: Workspace) -> dict[str, list[Any]]:
    """Return contacts, tags, log and events of contacts, without ids, moments, and who imported."""
    with workspace_scope(workspace.pk):
        places = {pk: place for place, pk in enumerate(_ids(Contact, workspace))}
        tags = dict(Tag.objects.in_workspace(workspace.pk).values_list("pk", "name"))
        stages = dict(LifecycleStage.objects.in_workspace(workspace.pk).values_list("pk", "name"))
        contacts = Contact.objects.in_workspace(workspace.pk).order_by("pk").values()
        own = {"id", "workspace_id", "created_at", "updated_at", "stage_id", "source"}
        links = (
            ContactTag.objects.in_workspace(workspace.pk)
            .order_by("contact_id", "tag__name")
            .values_list("contact_id", "tag_id")
        )
        lines = (
            ContactLogEntry.objects.in_workspace(workspace.pk)
            .order_by("pk")
            .values_list("kind", "contact_id", "contact_name")
        )
        return {
            "contacts": [
                {key: value for key, value in row.items() if key not in own} | {"stage": stages.get(row["stage_id"])}
                for row in contacts
            ],
            "tags": sorted(tags.values()),
            "links": [(places[contact], tags[tag]) for contact, tag in links],
            "log": [(kind, places[contact], name) for kind, contact, name in lines],
            "events": sorted(
                json.dumps([event.type, event.version, places[event.subject_id], _plain(event.data, tags, stages)])
                for event in EventRecord.objects.in_workspace(workspace.pk).filter(subject_kind="contact")
            ),
        }


def _ids(model: type[Contact], workspace: Workspace) -> list[int]:
    return list(model.objects.in_workspace(workspace.pk).order_by("pk").values_list("pk", flat=True))


def _plain(data: dict[str, Any], tags: dict[int, str], stages: dict[int, str]) -> dict[str, Any]:
    plain = {key: value for key, value in sorted(data.items()) if key not in {"import_id", "source"}}
    for key in plain.keys() & {"added", "removed"}:
        plain[key] = [tags[tag] for tag in plain[key]]
    for key in plain.keys() & {"old", "new"}:
        plain[key] = stages.get(plain[key])
    return plain | {"keys": sorted(data)}


def prepared(actor: Actor) -> None:
    """Two contacts to be updated, with fields and tags, the same in both workspaces."""
    with workspace_scope(actor.workspace_id):
        seed_contact_settings(actor=actor, at=NOON)
        for name, kind in (("City", "text"), ("Orders", "number"), ("Member", "checkbox")):
            add_contact_field(actor=actor, name=name, kind=kind, at=NOON)
        first: ContactValues = {
            "first_name": "Old", "last_name": "Name", "phone": "+34600000001", "email": "old@example.com",
            "custom": {"city": "Vigo", "orders": 3},
        }  # fmt: skip
        add_contact(actor=actor, values=first, tags=("vip", "stays"), source=Source.IMPORT, at=NOON)
        add_contact(actor=actor, values={"first_name": "Same", "phone": "+34600000002"}, source=Source.IMPORT, at=NOON)


def test_the_import_writes_what_the_one_row_actions_write(cast: Cast) -> None:
    header = "First name,Last name,Phone,E-mail,Country,Language,Stage,Tags,City,Orders,Member"
    content = a_csv(
        header,
        "New,,+34600000001,,,es,Customer,stays; fresh,,4,sí",
        "Same,,+34600000002,,ES,,,,,,",
        "Zoë,Marín,+60123456789,zoe@example.com,MY,en,Customer,vip; fresh,Cuzco,2.5,no",
        '"O""Neill, ""Bo""",,+5215512345678,,,,,,"Two\nlines",,',
    )
    prepared(cast.gus)
    row = imported(cast.gus, content)
    assert (row.imported, row.updated, row.skipped, row.failed) == (2, 1, 1, 0)

    prepared(cast.ada)
    with workspace_scope(cast.acme.pk):
        ada, at = cast.ada, NOON
        one = Identifier.parse("phone:+34600000001")
        # Country follows no phone in an update, and the file's empty cells empty what stands there.
        changed: ContactValues = {
            "first_name": "New", "last_name": "", "phone": "+34600000001", "email": "", "country": "", "language": "es",
            "custom": {"city": None, "orders": 4, "member": True},
            "stage_id": LifecycleStage.objects.get(name="Customer", workspace=cast.acme).pk,
        }  # fmt: skip
        update_contact(actor=ada, contact=one, values=changed, at=at, source=Source.IMPORT)
        second: ContactValues = {
            "first_name": "Zoë", "last_name": "Marín", "phone": "+60123456789", "email": "zoe@example.com", "country": "MY",
            "language": "en", "custom": {"city": "Cuzco", "orders": 2.5, "member": False}, "stage_id": changed["stage_id"],
        }  # fmt: skip
        add_contact(actor=ada, values=second, tags=("vip", "fresh"), source=Source.IMPORT, at=at)
        third: ContactValues = {
            "first_name": 'O"Neill, "Bo"', "last_name": "", "phone": "+5215512345678", "country": "",
            "custom": {"city": "Two\nlines"},
        }  # fmt: skip
        add_contact(actor=ada, values=third, source=Source.IMPORT, at=at)
        tag_contact(actor=ada, contact=one, names=["stays", "fresh"], at=at)
        untag_contact(actor=ada, contact=one, names=["vip"], at=at)
    ours, theirs = what_stands_in(cast.globex), what_stands_in(cast.acme)
    # Taking tags off and putting others on is one event of an import, and two of the one-row actions.
    assert ours["contacts"] == theirs["contacts"]
    assert ours["links"] == theirs["links"]
    assert ours["tags"] == theirs["tags"]
    assert ours["log"] == theirs["log"]
    assert len(ours["events"]) == len(theirs["events"]) - 1
    missing = [event for event in theirs["events"] if event not in ours["events"]]
    assert all("tags_changed" in event for event in missing)
    assert len(missing) == 2


def test_a_contact_without_country_takes_that_of_its_phone_like_the_one_row_action(cast: Cast) -> None:
    imported(cast.gus, a_csv("Name,Phone", "Cleo,+60123456789", "Bo,+447400123456"))
    with workspace_scope(cast.acme.pk):
        for name, phone in (("Cleo", "+60123456789"), ("Bo", "+447400123456")):
            add_contact(actor=cast.ada, values={"first_name": name, "phone": phone}, source=Source.IMPORT, at=NOON)
    assert what_stands_in(cast.globex) == what_stands_in(cast.acme)


def test_the_log_names_the_import_and_whoever_asked(cast: Cast) -> None:
    row = imported(cast.ada, THREE, tags=["spring"])
    with workspace_scope(cast.acme.pk):
        (line, *_others) = ContactLogEntry.objects.in_workspace(cast.acme.pk).order_by("pk")
        assert (line.source, line.import_id, line.user_id) == ("import", row.pk, cast.ada.id)
        events = EventRecord.objects.in_workspace(cast.acme.pk).filter(
            subject_id=line.contact_id, subject_kind="contact"
        )
        assert [(event.type, event.data["import_id"], event.actor_id) for event in events.order_by("pk")] == [
            ("contacts.contact.added", row.pk, cast.ada.id),
            ("contacts.contact.tags_changed", row.pk, cast.ada.id),
        ]
        told = EventRecord.objects.in_workspace(cast.acme.pk).filter(subject_kind="import", subject_id=row.pk)
        assert list(told.order_by("pk").values_list("type", flat=True)) == [
            "imports.import.started", "imports.import.confirmed", "imports.import.completed",
        ]  # fmt: skip


def test_the_result_file_has_every_row_as_it_was(cast: Cast) -> None:
    content = (
        "\ufeffName;Phone;Note\r\n"
        '"Cleo";+34600123456;"a ""quoted"" text"\r\n'
        "Ada;12;\r\n"
        'Bo;+34600123458;"two\r\nlines"\r\n'
        "ragged\r\n"
    ).encode()
    row = imported(cast.ada, content)
    with files.open_stored(row.result_key) as file:
        result = file.read()
    originals = content.decode("utf-8-sig").split("\r\n")
    assert result.startswith("\ufeffName;Phone;Note;Import Status;Errors\r\n".encode())
    lines = result.decode("utf-8-sig").split("\r\n")
    assert lines[1] == originals[1] + ";Imported;"
    assert lines[2].startswith(originals[2] + ";Error;Phone: ")
    assert lines[3:5] == [originals[3], originals[4] + ";Imported;"]
    assert lines[5].startswith("ragged;;;Error;")


def test_counts_must_add_up_before_an_import_is_completed(cast: Cast) -> None:
    row = imported(cast.ada, THREE)
    with workspace_scope(cast.acme.pk), pytest.raises(IntegrityError), transaction.atomic():
        ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk).update(imported=2)


def test_a_job_that_is_run_twice_does_nothing_twice(cast: Cast) -> None:
    row = written(cast.ada, reviewed(cast.ada, uploaded(cast.ada, THREE)))
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    for job in (validate_import, write_import):
        job(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    with workspace_scope(cast.acme.pk):
        assert everything_in(cast.acme) == before


def test_a_worker_that_dies_amid_chunks_repeats_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    real = writing.write_chunk

    def dies_at_the_second(*given: Any, first_row: int, **named: Any) -> None:
        real(*given, first_row=first_row, **named)
        if first_row == 2:
            raise MemoryError

    monkeypatch.setattr(committing, "write_chunk", dies_at_the_second)
    with pytest.raises(MemoryError):
        write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.lease_token, row.progress_done, row.error_code) == (
        State.COMMITTING, None, 1, "imports.unexpected",
    )  # fmt: skip
    assert names_in(cast.acme) == ["Cleo"]
    monkeypatch.setattr(committing, "write_chunk", real)
    with connection.cursor() as cursor:  # what a crash of the server does to unlogged tables
        cursor.execute("DELETE FROM imports_stagedrow")
        cursor.execute("DELETE FROM imports_plannedrow")
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.imported) == (State.COMPLETED, 3)
    assert names_in(cast.acme) == ["Cleo", "Ada", "Bo"]
    assert [record[-2] for record in rows_of(row.result_key)] == ["Import Status", "Imported", "Imported", "Imported"]


def test_whoever_lost_the_lease_writes_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    real = writing.write_chunk

    def frozen_past_its_lease(given: ContactImport, lease: Any, sql: Any, *, first_row: int, **named: Any) -> None:
        real(given, lease, sql, first_row=first_row, **named)
        if first_row == 1:
            others = ContactImport.objects.in_workspace(cast.acme.pk).filter(pk=row.pk)
            others.update(lease_token="00000000-0000-4000-8000-000000000000")

    monkeypatch.setattr(committing, "write_chunk", frozen_past_its_lease)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    assert names_in(cast.acme) == ["Cleo"]
    assert (now(row).state, now(row).progress_done) == (State.COMMITTING, 1)


def test_a_contact_that_changed_since_the_review_is_matched_again(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        gone = add_contact(
            actor=cast.ada, values={"first_name": "Gone", "phone": "+34600123456"}, source=Source.USER, at=NOON
        )
    row = reviewed(
        cast.ada, uploaded(cast.ada, a_csv("Name,Phone", "A,+34600123456", "B,+34600123457", "C,+34600123458"))
    )
    assert (row.to_add, row.to_update) == (2, 1)
    with workspace_scope(cast.acme.pk):
        delete_contact(actor=cast.ada, contact=Identifier.of(gone.pk), at=NOON)
        for phone in ("+34600123457", "+34600123458", "+34600123458"):
            add_contact(actor=cast.ada, values={"first_name": "Came", "phone": phone}, source=Source.USER, at=NOON)
    row = written(cast.ada, row)
    assert (row.imported, row.updated, row.skipped, row.failed) == (1, 1, 0, 1)
    assert [record[-2] for record in rows_of(row.result_key)][1:] == ["Imported", "Updated", "Error"]


def test_a_field_or_stage_that_is_gone_since_the_review_is_left_out(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        seed_contact_settings(actor=cast.ada, at=NOON)
        field = add_contact_field(actor=cast.ada, name="City", kind="text", at=NOON)
    row = reviewed(
        cast.ada, uploaded(cast.ada, a_csv("Name,Phone,City,Stage,Tags", "A,+34600123456,Vigo,Customer,vip"))
    )
    with workspace_scope(cast.acme.pk):
        delete_contact_field(actor=cast.ada, field_id=field.pk, at=NOON)
        LifecycleStage.objects.in_workspace(cast.acme.pk).delete()
        Tag.objects.in_workspace(cast.acme.pk).delete()
    row = written(cast.ada, row)
    assert row.imported == 1
    with workspace_scope(cast.acme.pk):
        contact = Contact.objects.get(workspace=cast.acme)
        assert (contact.custom, contact.stage_id) == ({}, None)
        assert contact.contact_tags.count() == 1


def test_do_not_overwrite_keeps_what_is_there_and_fills_what_is_empty(cast: Cast) -> None:
    prepared(cast.ada)
    content = a_csv(
        "Name,Last name,Phone,E-mail,City,Orders,Tags",
        "New,Other,+34600000001,new@e.com,Lugo,9,fresh",
        "S,X,+34600000002,s@e.com,Rome,,a",
    )
    row = uploaded(cast.ada, content)
    columns = [ColumnChoice(column["name"], column["field"], do_not_overwrite=True) for column in row.columns]
    row = reviewed(cast.ada, row, columns)
    assert (row.to_update, row.values_lost) == (2, 0)
    assert row.effects["city"] == {"gets": 1, "changes": 0, "loses": 0}
    row = written(cast.ada, row)
    with workspace_scope(cast.acme.pk):
        first, second = Contact.objects.in_workspace(cast.acme.pk).order_by("pk")
        assert (first.first_name, first.last_name, first.email) == ("Old", "Name", "old@example.com")
        assert first.custom == {"city": "Vigo", "orders": 3}
        assert {link.tag.name for link in first.contact_tags.all()} == {"vip", "stays", "fresh"}
        assert (second.first_name, second.last_name, second.email, second.email_key) == (
            "Same",
            "X",
            "s@e.com",
            "s@e.com",
        )
        assert second.custom == {"city": "Rome"}


def test_cancelling_keeps_what_is_written_and_says_which(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "CHUNK_ROWS", 1)
    row = reviewed(cast.ada, uploaded(cast.ada, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=cast.ada, import_id=row.pk, at=clock())
    real = writing.analyze_contacts

    def cancelled_between_chunks() -> None:
        real()
        with workspace_scope(cast.acme.pk):
            cancel_import(actor=cast.ada, import_id=row.pk, at=clock())

    monkeypatch.setattr(committing, "analyze_contacts", cancelled_between_chunks)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.imported, row.result_key) == (State.CANCELLED, 1, "")
    assert names_in(cast.acme) == ["Cleo"]
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)  # the bell that cancelling rang
    row = now(row)
    assert [record[-2] for record in rows_of(row.result_key)][1:] == ["Imported", "Skipped", "Skipped"]
    assert row.state == State.CANCELLED


def test_a_requester_who_may_no_longer_import_stops_it(cast: Cast) -> None:
    user, mia = a_member(cast.acme, email="mia@example.com", role="manager")
    row = reviewed(mia, uploaded(mia, THREE))
    with workspace_scope(cast.acme.pk):
        commit_import(actor=mia, import_id=row.pk, at=clock())
        remove_member(actor=cast.ada, user_id=user.pk, at=NOON)
    write_import(workspace_id=cast.acme.pk, import_id=row.pk, clock=clock)
    row = now(row)
    assert (row.state, row.error_code, row.imported) == (State.FAILED, "imports.requester_not_allowed", 0)
    assert names_in(cast.acme) == []


def test_chunks_say_which_contact_each_row_became(cast: Cast) -> None:
    row = imported(cast.ada, a_csv("Name,Phone", "Cleo,+34600123456", "Bad,1"))
    with workspace_scope(cast.acme.pk):
        chunk = ImportChunk.objects.get(workspace=cast.acme, contact_import_id=row.pk)
        contact = Contact.objects.get(workspace=cast.acme)
    assert (chunk.outcomes, chunk.contact_ids, list(chunk.notes)) == ("ae", [contact.pk, 0], ["2"])


def test_the_staging_tables_are_empty_afterwards(cast: Cast) -> None:
    row = imported(cast.ada, THREE, tags=["spring"])
    with connection.cursor() as cursor:
        for table in ("imports_stagedrow", "imports_stagedtagset", "imports_plannedrow"):
            cursor.execute(f"SELECT count(*) FROM {table} WHERE import_id = %s", [row.pk])
            assert cursor.fetchone() == (0,)


def test_setting_a_stage_tells_it_like_the_one_row_action(cast: Cast) -> None:
    for actor in (cast.ada, cast.gus):
        with workspace_scope(actor.workspace_id):
            seed_contact_settings(actor=actor, at=NOON)
            values: ContactValues = {"first_name": "Cleo", "phone": "+34600123456"}
            add_contact(actor=actor, values=values, source=Source.IMPORT, at=NOON)
    imported(cast.gus, a_csv("Name,Phone,Stage", "Cleo,+34600123456,customer"))
    with workspace_scope(cast.acme.pk):
        set_stage(actor=cast.ada, contact=Identifier.parse("phone:+34600123456"), name="Customer", at=NOON)
    assert what_stands_in(cast.globex) == what_stands_in(cast.acme)
