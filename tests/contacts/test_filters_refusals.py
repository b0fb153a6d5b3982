"""Filters that are refused: each names its place and its fix, whatever somebody sends (catalogue case 22)."""

import json
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts.actions import add_contact, add_contact_field
from contacts.errors import FilterNotValid
from contacts.filters import MOST_CONDITIONS, Operator, parse_filter
from contacts.models.contact import Source
from contacts.queries import contact_fields, visible_contacts
from tests.factories import NOON, Cast
from workspaces.scope import workspace_scope

UTC_ZONE = ZoneInfo("UTC")
FINE = {"category": "contactField", "field": "firstName", "operator": "isEqualTo", "value": "Ana"}


def nested(depth: int) -> dict[str, object]:
    body: dict[str, object] = dict(FINE)
    for _level in range(depth):
        body = {"$and": [body]}
    return body


REFUSED: list[tuple[object, str]] = [
    ([], "filter"),
    ("x", "filter"),
    (5, "filter"),
    ({"$nor": []}, "filter"),
    ({"$and": [], "$or": []}, "filter"),
    (FINE, "filter"),
    ({"$and": {}}, "filter.$and"),
    ({"$and": None}, "filter.$and"),
    ({"$and": ["x"]}, "filter.$and[0]"),
    ({"$and": [FINE, None]}, "filter.$and[1]"),
    ({"$or": [FINE, {**FINE, "category": "contacts"}]}, "filter.$or[1].category"),
    ({"$or": [{"field": "firstName"}]}, "filter.$or[0].category"),
    ({"$and": [{**FINE, "field": "first_name"}]}, "filter.$and[0].field"),
    ({"$and": [{**FINE, "field": None}]}, "filter.$and[0].field"),
    ({"$and": [{**FINE, "field": ["firstName"]}]}, "filter.$and[0].field"),
    ({"$and": [{**FINE, "operator": "contains"}]}, "filter.$and[0].operator"),
    ({"$and": [{**FINE, "operator": {}}]}, "filter.$and[0].operator"),
    ({"$and": [{**FINE, "operator": "isGreaterThan"}]}, "filter.$and[0].operator"),
    ({"$and": [{**FINE, "value": None}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": ""}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": ["Ana"]}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": True}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": "a\0b"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": "\ud800"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "value": "x" * 10_001}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "operator": "hasAnyOf", "value": []}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "operator": "hasAnyOf", "value": ["a", 5.5, {}]}]}, "filter.$and[0].value[2]"),
    ({"$and": [{**FINE, "operator": "hasAnyOf", "value": ["a"] * 100_000}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "countryCode", "value": "Atlantis"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "isBlocked", "value": "perhaps"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "status", "value": "snoozed"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "assigneeUserId", "value": 2**63}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "assigneeUserId", "value": -1}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "assigneeUserId", "value": True}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "createdAt", "value": "2026-02-30"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "createdAt", "value": "9999-12-31"}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "createdAt", "value": 10**30}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "createdAt", "value": float("nan")}]}, "filter.$and[0].value"),
    ({"$and": [{**FINE, "field": "createdAt", "value": "2026-03-02T25:00"}]}, "filter.$and[0].value"),
    (
        {"$and": [{**FINE, "field": "createdAt", "operator": "isTimestampBetween", "value": "2026-03-02"}]},
        "filter.$and[0].value",
    ),
    (
        {"$and": [{**FINE, "field": "createdAt", "operator": "isTimestampBetween", "value": {"from": "2026-03-02"}}]},
        "filter.$and[0].value",
    ),
    (
        {"$and": [{**FINE, "field": "createdAt", "operator": "isTimestampBetween", "value": {"from": 1, "to": []}}]},
        "filter.$and[0].value.to",
    ),
    (
        {
            "$and": [
                {
                    **FINE,
                    "field": "createdAt",
                    "operator": "isTimestampBetween",
                    "value": {"from": "2026-03-03", "to": "2026-03-02"},
                }
            ]
        },
        "filter.$and[0].value",
    ),
    ({"$and": [{"category": "contactTag", "operator": "isEqualTo", "value": "vip"}]}, "filter.$and[0].operator"),
    ({"$and": [FINE] * (MOST_CONDITIONS + 1)}, "filter.$and"),
    ({"$and": [{"$or": [FINE] * 30}, {"$or": [FINE] * 30}]}, "filter.$and[1].$or[20]"),
    (nested(6), "filter.$and[0].$and[0].$and[0].$and[0].$and[0].$and"),
]


@pytest.mark.parametrize(("body", "place"), REFUSED)
def test_a_refusal_names_its_place_and_its_fix(body: object, place: str) -> None:
    with pytest.raises(FilterNotValid) as refusal:
        parse_filter(body, fields=[], zone=UTC_ZONE)
    assert refusal.value.field == place
    assert refusal.value.status == 400
    assert refusal.value.message.endswith(".")
    assert len(refusal.value.message) < 500
    refusal.value.message.encode()


def test_the_deepest_and_the_longest_that_fit() -> None:
    assert parse_filter(nested(5), fields=[], zone=UTC_ZONE)
    assert parse_filter({"$or": [FINE] * MOST_CONDITIONS}, fields=[], zone=UTC_ZONE)


def test_very_deep_nesting_is_refused_and_not_followed() -> None:
    with pytest.raises(FilterNotValid):
        parse_filter(nested(100_000), fields=[], zone=UTC_ZONE)


# What scanners send, in every place of a condition.
INJECTIONS = [
    "' OR '1'='1", "'; DROP TABLE contacts_contact; --", "1) OR 1=1--", '" OR ""="', "1 UNION SELECT NULL,NULL--",
    "admin'/*", "') OR pg_sleep(5)--", "%' AND 1=CAST((SELECT version()) AS int) AND '%'='", "\\", "\\'", "%%", "%s", "%(x)s",
    "{0}", "${7*7}", "$1", "custom->>'a'", "id__gt", "workspace_id", "__class__", "\x1a", "1e309", "-0", "0x10", "NaN",
    "';SELECT pg_read_file('/etc/passwd')--", "a' || (SELECT current_user) || '", "?", "??", "@>", "{}", "[]", "null", "٣",
]  # fmt: skip
FIELDS = [
    "firstName",
    "name",
    "phone",
    "email",
    "createdAt",
    "isBlocked",
    "size",
    "since",
    "opens",
    "vip",
    "bike",
    "site",
    "mail",
    "model",
]


@pytest.fixture
def typed(cast: Cast) -> Any:
    """Every type of custom field, and a contact."""
    with workspace_scope(cast.acme.pk):
        kinds = {
            "size": "number",
            "since": "date",
            "opens": "time",
            "vip": "checkbox",
            "bike": "text",
            "site": "url",
            "mail": "email",
        }
        for name, kind in kinds.items():
            add_contact_field(actor=cast.ada, name=name, slug=name, kind=kind, at=NOON)
        add_contact_field(actor=cast.ada, name="model", kind="list", allowed_values=["x"], at=NOON)
        add_contact(
            actor=cast.ada, values={"first_name": "Ana", "custom": {"bike": "red"}}, source=Source.USER, at=NOON
        )
        yield cast


def harmless(cast: Cast, body: object) -> None:
    """Refused, or answered by the database: nothing else may come of it."""
    try:
        found = parse_filter(body, fields=contact_fields(cast.ada), zone=UTC_ZONE)
    except FilterNotValid as refusal:
        json.dumps([refusal.field, refusal.message]).encode()
        return
    if found is not None:
        assert len(found.apply(visible_contacts(cast.ada), workspace_id=cast.acme.pk)) <= 1
        found.describe().encode()


def test_injections_are_values_like_others(typed: Cast, *, is_long: bool) -> None:
    for number, text in enumerate(INJECTIONS):
        for key in ("category", "field", "operator"):
            harmless(typed, {"$and": [{**FINE, key: text}]})
        harmless(typed, {text: [FINE]})
        pairs = [*product(FIELDS, ("isEqualTo", "isNotEqualTo", "hasAnyOf", "isGreaterThan", "isTimestampAfter"))]
        for field, operator in pairs if is_long else pairs[number % 4 :: 4]:
            harmless(typed, {"$and": [{**FINE, "field": field, "operator": operator, "value": text}]})
        harmless(typed, {"$and": [{"category": "contactTag", "operator": "hasAllOf", "value": [text]}]})
        harmless(typed, {"$and": [{"category": "lifecycle", "operator": "isEqualTo", "value": text}]})


ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | st.sampled_from(["2026-03-02", "09:30", "ES"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["from", "to", "x"]), inner, max_size=2)
    ),
    max_leaves=4,
)
CONDITIONS = st.fixed_dictionaries(
    {
        "category": st.sampled_from(["contactField", "contactTag", "lifecycle"]) | ANYTHING,
        "field": st.sampled_from([*FIELDS, "assigneeUserId", "status", "language", "lastInteractionTime"]) | ANYTHING,
        "operator": st.sampled_from(list(Operator)) | ANYTHING,
        "value": ANYTHING,
    }
)
TREES = st.recursive(
    CONDITIONS | ANYTHING,
    lambda inner: st.dictionaries(st.sampled_from(["$and", "$or"]), st.lists(inner, max_size=3), max_size=2),
    max_leaves=5,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=TREES)
def test_whatever_is_sent_is_refused_or_answered(typed: Cast, body: object) -> None:
    harmless(typed, body)
