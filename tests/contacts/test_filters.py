"""Filters over contacts: every operator on every kind of field, empty values, days in the workspace's zone."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contacts.actions import add_contact, add_contact_field, create_tag, set_stage
from contacts.filters import OPERATORS_OF, Filter, Kind, Operator, filter_fields, parse_filter
from contacts.identifiers import Identifier
from contacts.models import Contact, LifecycleStage
from contacts.models.contact import Source
from contacts.queries import contact_fields, visible_contacts
from tests.casting import the_cast
from tests.factories import NOON, Cast
from tests.keeping import kept_in_a_file, one_of
from workspaces.scope import workspace_scope

MADRID = ZoneInfo("Europe/Madrid")


def an_acme() -> Cast:
    """Ada knows: Ana (much is known), Bo (little), Cy (other values), and Dee, of whom there is an e-mail only."""
    cast = the_cast()
    with workspace_scope(cast.acme.pk):
        actor = cast.ada
        for name, kind in {
            "Size": "number", "Since": "date", "Opens": "time", "Vip": "checkbox", "Bike": "text", "2024": "text",
        }.items():  # fmt: skip
            add_contact_field(actor=actor, name=name, kind=kind, at=NOON)
        add_contact_field(actor=actor, name="Model", kind="list", allowed_values=["Brisa", "Alba"], at=NOON)
        if not LifecycleStage.objects.in_workspace(cast.acme.pk).filter(name="Customer").exists():
            LifecycleStage.objects.create(workspace_id=cast.acme.pk, name="Customer")
        rows: list[tuple[Any, list[str]]] = [
            (
                {
                    "first_name": "Ana", "last_name": "Núñez", "phone": "+5215512345678", "email": "Ana@Example.com",
                    "language": "es", "country": "MX", "picture_url": "https://example.com/a.png", "is_blocked": True,
                    "assignee_id": cast.ben_user.pk,
                    "custom": {
                        "size": 5, "since": "2026-03-02", "opens": "09:30", "vip": True, "bike": "Red", "2024": "yes",
                        "model": "Brisa",
                    },
                },
                ["VIP", "Workshop"],
            ),
            ({"first_name": "Bo", "custom": {"size": 10.5, "since": "2026-03-03", "opens": "10:00:30", "vip": False}}, ["vip"]),
            ({"first_name": "Cy", "language": "en", "country": "ES", "assignee_id": cast.max_user.pk, "custom": {"size": -3, "bike": "blue"}}, []),
            ({"email": "dee@example.com"}, ["Press"]),
        ]  # fmt: skip
        for number, (values, tags) in enumerate(rows):
            add_contact(
                actor=actor,
                values=values,
                tags=tags,
                source=Source.USER,
                at=datetime(2026, 3, 1 + number, 22, 59, 30, tzinfo=UTC),
            )
        ana = Contact.objects.get(first_name="Ana")
        set_stage(actor=actor, contact=Identifier.of(ana.pk), name="customer", at=NOON)
        Contact.objects.filter(pk=ana.pk).update(is_open=True, last_interaction_at=datetime(2026, 3, 2, tzinfo=UTC))
    return cast


acme = kept_in_a_file(an_acme)


@pytest.fixture
def people(acme: Cast, db: None) -> Iterator[Cast]:
    """Stand in Acme, where Ada knows four people."""
    with workspace_scope(acme.acme.pk):
        yield one_of(acme)


def read(cast: Cast, body: object, zone: ZoneInfo = MADRID) -> Filter | None:
    return parse_filter(body, fields=contact_fields(cast.ada), zone=zone)


def matching(cast: Cast, body: object, zone: ZoneInfo = MADRID) -> str:
    found = read(cast, body, zone)
    assert found is not None
    again = read(cast, found.to_json(), zone)
    assert again == found, "the canonical form reads as the same filter"
    assert found.describe()
    rows = found.apply(visible_contacts(cast.ada), workspace_id=cast.acme.pk)
    return "".join(sorted(row.first_name[:1] or "D" for row in rows))


def one(field: str, operator: str, value: object = None, category: str = "contactField") -> dict[str, list[object]]:
    return {"$and": [{"category": category, "field": field, "operator": operator, "value": value}]}


MATCHES: list[tuple[str, str, object, str]] = [
    ("firstName", "isEqualTo", " aNA ", "A"),
    ("firstName", "isNotEqualTo", "ana", "BCD"),
    ("firstName", "exists", None, "ABC"),
    ("firstName", "doesNotExist", None, "D"),
    ("firstName", "hasAnyOf", ["ana", "BO"], "AB"),
    ("firstName", "hasAnyOf", "ana", "A"),
    ("firstName", "hasNoneOf", ["ana", "BO"], "CD"),
    ("lastName", "isEqualTo", "NÚÑEZ", "A"),
    ("name", "isEqualTo", "ana nunez", "A"),
    ("name", "isEqualTo", "dee@example.com", "D"),
    ("name", "isNotEqualTo", "ana nunez", "BCD"),
    ("name", "exists", None, "ABC"),
    ("name", "doesNotExist", None, "D"),
    ("phone", "isEqualTo", "+52 55 1234 5678", "A"),
    ("phone", "isNotEqualTo", "+525512345678", "BCD"),
    ("phone", "isEqualTo", "nonsense", ""),
    ("phone", "exists", None, "A"),
    ("phone", "doesNotExist", None, "BCD"),
    ("phone", "hasAnyOf", ["+525512345678", "x"], "A"),
    ("phone", "hasNoneOf", ["+525512345678", "x"], "BCD"),
    ("email", "isEqualTo", "ANA@example.COM", "A"),
    ("email", "isNotEqualTo", "ana@example.com", "BCD"),
    ("email", "exists", None, "AD"),
    ("email", "hasNoneOf", ["dee@example.com"], "ABC"),
    ("language", "isEqualTo", "ES", "A"),
    ("language", "doesNotExist", None, "BD"),
    ("countryCode", "isEqualTo", "mx", "A"),
    ("countryCode", "hasAnyOf", ["España", "MX"], "AC"),
    ("countryCode", "hasNoneOf", ["ES", "MX"], "BD"),
    ("profilePic", "exists", None, "A"),
    ("isBlocked", "isEqualTo", True, "A"),
    ("isBlocked", "isEqualTo", "false", "BCD"),
    ("isBlocked", "isNotEqualTo", True, "BCD"),
    ("status", "isEqualTo", "open", "A"),
    ("status", "isEqualTo", "close", "BCD"),
    ("status", "isNotEqualTo", "open", "BCD"),
    ("assigneeUserId", "exists", None, "AC"),
    ("assigneeUserId", "doesNotExist", None, "BD"),
    # Created on 1, 2, 3 and 4 March at 22:59:30 UTC: 23:59:30 in Madrid.
    ("createdAt", "isTimestampAfter", "2026-03-02", "CD"),
    ("createdAt", "isTimestampBefore", "2026-03-02", "A"),
    ("createdAt", "isTimestampBetween", {"from": "2026-03-02", "to": "2026-03-03"}, "BC"),
    ("createdAt", "isEqualTo", "2026-03-02", "B"),
    ("createdAt", "isNotEqualTo", "2026-03-02", "ACD"),
    ("createdAt", "isTimestampAfter", "2026-03-02 23:59", "CD"),
    ("createdAt", "isTimestampAfter", "2026-03-02 23:58", "BCD"),
    ("createdAt", "isTimestampBefore", "2026-03-02 23:59", "A"),
    ("createdAt", "isEqualTo", "2026-03-02T22:59:30Z", "B"),
    ("createdAt", "isTimestampAfter", "2026-03-02T23:59:29+01:00", "BCD"),
    ("createdAt", "isTimestampAfter", 1772492370, "CD"),
    ("createdAt", "isTimestampBefore", "1772492370", "A"),
    ("createdAt", "isTimestampBetween", {"from": 1772492370, "to": 1772492370.5}, "B"),
    ("createdAt", "exists", None, "ABCD"),
    ("lastInteractionTime", "exists", None, "A"),
    ("lastInteractionTime", "isTimestampBefore", "2026-03-03", "A"),
    ("lastInteractionTime", "isNotEqualTo", "2026-03-02", "BCD"),
    ("size", "isEqualTo", 5.0, "A"),
    ("size", "isEqualTo", "5", "A"),
    ("size", "isNotEqualTo", 5, "BCD"),
    ("size", "isGreaterThan", 5, "B"),
    ("size", "isLessThan", 5, "C"),
    ("size", "isBetween", {"from": -3, "to": 5}, "AC"),
    ("size", "hasAnyOf", [5, 10.5], "AB"),
    ("size", "hasNoneOf", [5, 10.5], "CD"),
    ("size", "exists", None, "ABC"),
    ("size", "doesNotExist", None, "D"),
    ("since", "isEqualTo", "2026-03-02", "A"),
    ("since", "isNotEqualTo", "2026-03-02", "BCD"),
    ("since", "isTimestampAfter", "2026-03-02", "B"),
    ("since", "isTimestampBefore", "2026-03-03", "A"),
    ("since", "isTimestampBetween", {"from": "2026-03-02", "to": "2026-03-03"}, "AB"),
    ("since", "isEqualTo", "2026-03-01T23:30:00Z", "A"),
    ("opens", "isEqualTo", "09:30:00", "A"),
    ("opens", "isGreaterThan", "10:00", "B"),
    ("opens", "isLessThan", "10:00", "A"),
    ("opens", "isBetween", {"from": "09:30", "to": "10:00:30"}, "AB"),
    ("opens", "doesNotExist", None, "CD"),
    ("vip", "isEqualTo", True, "A"),
    ("vip", "isEqualTo", False, "B"),
    ("vip", "isNotEqualTo", True, "BCD"),
    ("vip", "exists", None, "AB"),
    ("bike", "isEqualTo", "RED", "A"),
    ("bike", "isNotEqualTo", "red", "BCD"),
    ("bike", "hasNoneOf", ["red", "blue"], "BD"),
    ("bike", "exists", None, "AC"),
    ("2024", "isEqualTo", "YES", "A"),
    ("2024", "doesNotExist", None, "BCD"),
    ("model", "isEqualTo", "brisa", "A"),
    ("model", "hasNoneOf", ["Brisa"], "BCD"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "operator", "value", "expected"), MATCHES)
def test_who_matches(people: Cast, field: str, operator: str, value: object, expected: str) -> None:
    assert matching(people, one(field, operator, value)) == expected


def test_each_operator_of_the_table_is_among_the_cases_above() -> None:
    tried = {operator for _field, operator, _value, _expected in MATCHES}
    assert tried | {"hasAllOf"} == set(Operator)
    assert {operator for operators in OPERATORS_OF.values() for operator in operators} == set(Operator)


TAGS: list[tuple[str, object, str]] = [
    ("hasAnyOf", ["vip"], "AB"),
    ("hasAnyOf", "VIP", "AB"),
    ("hasAnyOf", ["WORKSHOP", "press"], "AD"),
    ("hasAnyOf", ["nobody has this"], ""),
    ("hasAllOf", ["vip", "Workshop"], "A"),
    ("hasAllOf", ["vip", "VIP"], "AB"),
    ("hasAllOf", ["vip", "nobody has this"], ""),
    ("hasAllOf", ["vip", "Workshop", "press", "unused"], ""),
    ("hasNoneOf", ["vip"], "CD"),
    ("hasNoneOf", ["nobody has this"], "ABCD"),
    ("exists", None, "ABD"),
    ("doesNotExist", None, "C"),
]


@pytest.mark.parametrize(("operator", "value", "expected"), TAGS)
def test_tags_by_name_in_any_case(people: Cast, operator: str, value: object, expected: str) -> None:
    create_tag(actor=people.ada, name="Unused", at=NOON)
    assert matching(people, one("", operator, value, category="contactTag")) == expected


def test_many_tags_at_once(people: Cast) -> None:
    names = ["a", "b", "c", "d", "e"]
    add_contact(actor=people.ada, values={"first_name": "Eve"}, tags=names, source=Source.USER, at=NOON)
    add_contact(actor=people.ada, values={"first_name": "Fay"}, tags=names[1:], source=Source.USER, at=NOON)
    assert matching(people, one("", "hasAllOf", names, category="contactTag")) == "E"


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("isEqualTo", "CUSTOMER", "A"),
        ("isNotEqualTo", "customer", "BCD"),
        ("hasAnyOf", ["customer", "unknown"], "A"),
        ("hasNoneOf", ["customer"], "BCD"),
        ("exists", None, "A"),
        ("doesNotExist", None, "BCD"),
    ],
)
def test_lifecycle_stages_by_name(people: Cast, operator: str, value: object, expected: str) -> None:
    assert matching(people, {"$and": [{"category": "lifecycle", "operator": operator, "value": value}]}) == expected


def test_the_assignee_is_named_by_id(people: Cast) -> None:
    ben, nobody = people.ben_user.pk, people.gus_user.pk
    assert matching(people, one("assigneeUserId", "isEqualTo", ben)) == "A"
    assert matching(people, one("assigneeUserId", "isEqualTo", str(ben))) == "A"
    assert matching(people, one("assigneeUserId", "isNotEqualTo", ben)) == "BCD"
    assert matching(people, one("assigneeUserId", "hasAnyOf", [ben, nobody])) == "A"
    assert matching(people, one("assigneeUserId", "hasNoneOf", [ben, nobody])) == "BCD"


def test_groups_nest(people: Cast) -> None:
    def named(name: str) -> dict[str, object]:
        return {"category": "contactField", "field": "firstName", "operator": "isEqualTo", "value": name}

    tagged = {"category": "contactTag", "operator": "hasAnyOf", "value": ["vip"]}
    assert matching(people, {"$or": [named("Ana"), named("Cy")]}) == "AC"
    assert matching(people, {"$and": [{"$or": [named("Ana"), named("Cy")]}, tagged]}) == "A"
    assert matching(people, {"$or": [{"$and": [named("Bo"), tagged]}, named("Cy"), {"$and": []}]}) == "BC"


@pytest.mark.parametrize("body", [None, {}, {"$and": []}, {"$or": [{"$and": []}, {}]}])
def test_no_condition_is_no_filter(people: Cast, body: object) -> None:
    assert read(people, body) is None


def test_a_filter_tells_itself_in_words(people: Cast) -> None:
    found = read(
        people,
        {
            "$and": [
                one("countryCode", "hasAnyOf", ["ES", "FR"])["$and"][0],
                {
                    "$or": [
                        one("size", "isBetween", {"from": 1, "to": 2})["$and"][0],
                        one("vip", "isEqualTo", True)["$and"][0],
                    ]
                },
            ]
        },
    )
    assert found is not None
    assert found.describe() == "Country is any of “ES”, “FR” and (Size is between 1 – 2 or Vip is yes)"
    assert found.condition_count == 3


def test_a_stored_value_of_another_type_breaks_no_comparison(people: Cast) -> None:
    Contact.objects.filter(first_name="Cy").update(custom={"size": "large", "since": 7, "opens": [], "vip": "maybe"})
    assert matching(people, one("size", "isGreaterThan", 1)) == "AB"
    assert matching(people, one("since", "isTimestampAfter", "2020-01-01")) in {"AB", "ABC"}
    assert matching(people, one("vip", "isNotEqualTo", True)) == "BCD"


def test_the_builder_is_offered_every_field_once(people: Cast) -> None:
    offered = filter_fields(contact_fields(people.ada))
    keys = [(field.category, field.key) for field in offered]
    assert len(keys) == len(set(keys))
    assert {field.kind for field in offered} == set(Kind)
    assert all(field.operators for field in offered)
