"""What undoing leaves alone: what somebody touched since, and what is gone."""

import pytest

from contacts.actions import (
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
from contacts.models import Contact, ContactField, LifecycleStage, Tag
from imports.actions import (
    ColumnChoice,
    NewField,
)
from imports.models import State
from tests.factories import NOON, Cast
from tests.imports.steps import a_csv, clock, imported, reviewed, uploaded, written
from tests.imports.test_committing import prepared
from tests.imports.undo_steps import MANY, contact_of, counts, left, names_in, phone, tags_of, undone
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


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
