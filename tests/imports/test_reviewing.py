import pytest

from contacts.actions import add_contact, add_contact_field, merge_contacts
from contacts.inputs import ContactValues
from contacts.models import Contact, Tag
from contacts.models.contact import Source
from imports.actions import ColumnChoice, NewField, back_to_mapping, cancel_import, save_mapping
from imports.errors import MappingNotValid, WrongState
from imports.models import ContactImport, State
from imports.queries import error_lines, error_rows_page, field_names
from imports.row_errors import ERROR_TEXTS
from tests.factories import NOON, Cast, everything_in
from tests.imports.steps import a_csv, clock, now, reviewed, rows_of, uploaded
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


def a_contact(actor: Actor, values: ContactValues, tags: tuple[str, ...] = ()) -> Contact:
    with workspace_scope(actor.workspace_id):
        return add_contact(actor=actor, values=values, tags=tags, source=Source.USER, at=NOON)


def fields_for_errors(actor: Actor) -> None:
    kinds = (
        ("Amount", "number"), ("Day", "date"), ("Hour", "time"), ("Site", "url"), ("Member", "checkbox"), ("Size", "list"),
    )  # fmt: skip
    with workspace_scope(actor.workspace_id):
        for name, kind in kinds:
            allowed = ("S", "M") if kind == "list" else ()
            add_contact_field(actor=actor, name=name, kind=kind, allowed_values=allowed, at=NOON)


HEADER = "Name,Phone,E-mail,Country,Language,Stage,Tags,Amount,Day,Hour,Site,Member,Size"
BROKEN = {
    "missing_name": ",+34600000001,,,,,,,,,,,",
    "missing_identifier": "Ada,,,,,,,,,,,,",
    "invalid_phone": "Ada,nobody,,,,,,,,,,,",
    "invalid_email": "Ada,+34600000002,ada@,,,,,,,,,,",
    "invalid_country": "Ada,+34600000003,,Atlantis,,,,,,,,,",
    "invalid_language": "Ada,+34600000004,,,Klingon,,,,,,,,",
    "invalid_lifecycle": "Ada,+34600000005,,,,Nowhere,,,,,,,",
    "too_many_tags": "Ada,+34600000006,,,,," + ";".join(f"t{n}" for n in range(51)) + ",,,,,,",
    "invalid_number": 'Ada,+34600000007,,,,,,"1,5",,,,,',
    "invalid_date": "Ada,+34600000008,,,,,,,31/12/2024,,,,",
    "invalid_time": "Ada,+34600000009,,,,,,,,25:00,,,",
    "invalid_url": "Ada,+34600000010,,,,,,,,,example,,",
    "invalid_checkbox": "Ada,+34600000011,,,,,,,,,,perhaps,",
    "not_in_list": "Ada,+34600000012,,,,,,,,,,,XL",
    "duplicate_in_file": "Ada,+34600000013,,,,,,,,,,,",
    "ambiguous_in_workspace": "Ada,+34600000014,,,,,,,,,,,",
    "value_too_long": "Ada" * 100 + ",+34600000015,,,,,,,,,,,",
    "wrong_number_of_columns": "Ada,+34600000016",
    "invalid_text": "A\x01da,+34600000017,,,,,,,,,,,",
}


def test_every_row_error_is_found_and_told(cast: Cast) -> None:
    fields_for_errors(cast.ada)
    twins = [a_contact(cast.ada, {"first_name": "Twin", "phone": "+34600000014"}) for _ in range(2)]
    lines = [*BROKEN.values(), BROKEN["duplicate_in_file"]]
    row = reviewed(cast.ada, uploaded(cast.ada, a_csv(HEADER, *lines)))
    assert (row.state, row.with_errors, row.to_add) == (State.REVIEW, len(lines), 0)
    with workspace_scope(cast.acme.pk):
        told = error_rows_page(cast.ada, row.pk, most=100)
    found = {one.row_no: [error.code for error in one.errors] for one in told}
    expected = [[code] for code in BROKEN] + [["duplicate_in_file"]]
    assert [found[number] for number in range(1, len(lines) + 1)] == expected
    by_code = {one.errors[0].code: one for one in told}
    assert f"{twins[0].pk}, {twins[1].pk}" in by_code["ambiguous_in_workspace"].errors[0].text
    assert str(list(BROKEN).index("duplicate_in_file") + 1) in by_code["duplicate_in_file"].errors[0].text
    assert by_code["invalid_number"].errors[0].column == "Amount"
    assert {line.code for line in error_lines(row)} == set(BROKEN)
    records = rows_of(row.errors_key)
    assert records[0][-1] == "Error"
    assert len(records) == len(lines) + 1
    assert all(record[-1] for record in records)


def test_an_unknown_contact_id_is_an_error(cast: Cast) -> None:
    known = a_contact(cast.ada, {"first_name": "Cleo"})
    other = a_contact(cast.gus, {"first_name": "Elsewhere"})
    content = a_csv("Contact ID,Name", f"{known.pk},Cleopatra", f"{other.pk},Stolen", "12x,Nobody")
    row = reviewed(cast.ada, uploaded(cast.ada, content, purpose="update_existing", identifier="contact_id"))
    assert (row.to_update, row.with_errors) == (1, 2)
    assert row.error_summary[0]["code"] == "invalid_contact_id"


def test_every_code_has_a_test() -> None:
    assert set(ERROR_TEXTS) == {*BROKEN, "invalid_contact_id"}


def test_one_row_can_carry_several_errors(cast: Cast) -> None:
    row = reviewed(cast.ada, uploaded(cast.ada, a_csv("Name,Phone,E-mail", "Ada,x,y")))
    with workspace_scope(cast.acme.pk):
        (told,) = error_rows_page(cast.ada, row.pk)
    assert [error.code for error in told.errors] == ["invalid_phone", "invalid_email"]


def test_a_review_writes_nothing_but_itself(cast: Cast) -> None:
    a_contact(cast.ada, {"first_name": "Cleo", "phone": "+34600123456"})
    row = uploaded(cast.ada, a_csv("Name,Phone,Tags", "Cleopatra,+34600123456,new", "Ada,+34600123457,new"))
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
    row = reviewed(cast.ada, row)
    assert (row.to_add, row.to_update) == (1, 1)
    with workspace_scope(cast.acme.pk):
        after = everything_in(cast.acme)
        assert Tag.objects.in_workspace(cast.acme.pk).count() == 0
    del before["imports_contactimport"], after["imports_contactimport"]
    assert after == before


@pytest.mark.parametrize(
    ("purpose", "counts"),
    [
        ("add_new", (1, 0, 0, 2, 0)),
        ("update_existing", (0, 1, 1, 1, 0)),
        ("add_and_update", (1, 1, 1, 0, 0)),
        ("add_all", (3, 0, 0, 0, 0)),
    ],
)
def test_the_purpose_decides_what_becomes_of_rows(cast: Cast, purpose: str, counts: tuple[int, ...]) -> None:
    a_contact(cast.ada, {"first_name": "Cleo", "phone": "+34600123456"})
    a_contact(cast.ada, {"first_name": "Same", "phone": "+34600123457"})
    content = a_csv("Name,Phone", "Cleopatra,+34600123456", "Same,+34600123457", "New,+34600123458")
    identifier = "" if purpose == "add_all" else "phone"
    row = reviewed(cast.ada, uploaded(cast.ada, content, purpose=purpose, identifier=identifier))
    assert (row.to_add, row.to_update, row.unchanged, row.to_skip, row.with_errors) == counts


def test_exact_and_normalized_matching(cast: Cast) -> None:
    a_contact(cast.ada, {"first_name": "Cleo", "phone": "+525512345678"})
    content = a_csv("Name,Phone", "Cleopatra,+5215512345678")
    assert reviewed(cast.ada, uploaded(cast.ada, content)).to_add == 1
    cancel(cast)
    row = reviewed(cast.ada, uploaded(cast.ada, content, matching="normalized"))
    assert (row.to_update, row.matched_by_normalization) == (1, 1)
    a_contact(cast.ada, {"first_name": "Dora", "email": "Dora@Example.com"})
    cancel(cast)
    content = a_csv("Name,E-mail", "Theodora,dora@example.com")
    assert reviewed(cast.ada, uploaded(cast.ada, content, identifier="email")).to_add == 1
    cancel(cast)
    row = reviewed(cast.ada, uploaded(cast.ada, content, identifier="email", matching="normalized"))
    assert (row.to_update, row.matched_by_normalization) == (1, 1)


def cancel(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        running = ContactImport.objects.in_workspace(cast.acme.pk).order_by("-pk")[0]
        cancel_import(actor=cast.ada, import_id=running.pk, at=clock())


def test_effects_and_examples_say_what_each_field_gets_changes_and_loses(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        add_contact_field(actor=cast.ada, name="City", kind="text", at=NOON)
    values: ContactValues = {"first_name": "Cleo", "phone": "+34600123456", "custom": {"city": "Vigo"}}
    cleo = a_contact(cast.ada, values, tags=("vip",))
    content = a_csv("Name,Phone,E-mail,City,Tags", "Cleopatra,+34600123456,c@e.com,,", "New,+34600123457,,Lugo,b")
    row = reviewed(cast.ada, uploaded(cast.ada, content))
    assert row.effects == {
        "first_name": {"gets": 1, "changes": 1, "loses": 0},
        "phone": {"gets": 1, "changes": 0, "loses": 0},
        "email": {"gets": 1, "changes": 0, "loses": 0},
        "city": {"gets": 1, "changes": 0, "loses": 1},
        "tags": {"gets": 1, "changes": 0, "loses": 1},
    }
    assert row.values_lost == 1
    shown = {example["field"]: (example["before"], example["after"], example["kind"]) for example in row.examples}
    assert shown == {
        "first_name": ("Cleo", "Cleopatra", "changes"),
        "email": ("", "c@e.com", "gets"),
        "city": ("Vigo", "", "loses"),
        "tags": ("vip", "", "loses"),
    }
    assert {example["contact_id"] for example in row.examples} == {cleo.pk}


RULES = {
    "nothing mapped": [],
    "no name": [ColumnChoice("B", "phone")],
    "no identifier": [ColumnChoice("A", "first_name")],
    "a field twice": [ColumnChoice("A", "first_name"), ColumnChoice("B", "phone"), ColumnChoice("C", "phone")],
    "an unknown field": [ColumnChoice("A", "first_name"), ColumnChoice("B", "phone"), ColumnChoice("C", "shoe_size")],
    "an unknown column": [ColumnChoice("Z", "first_name"), ColumnChoice("B", "phone")],
    "both names": [ColumnChoice("A", "first_name"), ColumnChoice("B", "phone"), ColumnChoice("C", "full_name")],
    "the ID beside another identifier": [
        ColumnChoice("A", "first_name"), ColumnChoice("B", "phone"), ColumnChoice("C", "contact_id"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("rule", RULES)
def test_a_mapping_that_breaks_a_rule_is_refused(cast: Cast, rule: str) -> None:
    row = uploaded(cast.ada, a_csv("A,B,C", "1,2,3"))
    with workspace_scope(cast.acme.pk), pytest.raises(MappingNotValid):
        save_mapping(actor=cast.ada, import_id=row.pk, columns=RULES[rule], at=clock())
    assert now(row).state == State.MAPPING


def test_a_column_can_create_a_field_and_going_back_keeps_the_mapping(cast: Cast) -> None:
    row = uploaded(cast.ada, a_csv("Name,Phone,Shoe size", "Cleo,+34600123456,38"))
    columns = [
        ColumnChoice("Name", "first_name"),
        ColumnChoice("Phone", "phone", do_not_overwrite=True),
        ColumnChoice("Shoe size", new_field=NewField("Shoe size", "number")),
    ]
    row = reviewed(cast.ada, row, columns)
    assert [column["field"] for column in row.columns] == ["first_name", "phone", "shoe_size"]
    with workspace_scope(cast.acme.pk):
        assert field_names(cast.ada)["shoe_size"] == "Shoe size"
        row = back_to_mapping(actor=cast.ada, import_id=row.pk, at=clock())
    assert row.state == State.MAPPING
    assert [(column["field"], column["do_not_overwrite"]) for column in row.columns] == [
        ("first_name", False),
        ("phone", True),
        ("shoe_size", False),
    ]
    assert [column["automatic"] for column in row.columns] == [True, True, False]


def test_a_finished_import_takes_no_mapping(cast: Cast) -> None:
    row = uploaded(cast.ada, a_csv("Name,Phone", "Cleo,+34600123456"))
    cancel(cast)
    with workspace_scope(cast.acme.pk), pytest.raises(WrongState) as refused:
        save_mapping(actor=cast.ada, import_id=row.pk, columns=[], at=clock())
    assert refused.value.facts == {"state": "cancelled"}


def test_a_merged_contact_is_no_longer_found(cast: Cast) -> None:
    kept = a_contact(cast.ada, {"first_name": "Cleo", "phone": "+34600123456"})
    gone = a_contact(cast.ada, {"first_name": "Cleo", "phone": "+34600123456"})
    with workspace_scope(cast.acme.pk):
        merge_contacts(actor=cast.ada, primary_id=kept.pk, secondary_id=gone.pk, values={}, at=NOON)
    row = reviewed(cast.ada, uploaded(cast.ada, a_csv("Name,Phone", "Cleopatra,+34600123456")))
    assert (row.to_update, row.with_errors) == (1, 0)
