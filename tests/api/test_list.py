"""POST /contact/list: paging, search and filters, over the wire."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from contacts import actions
from contacts.identifiers import Identifier
from tests.api.conftest import Caller, add
from tests.factories import NOON, Cast
from workspaces.scope import workspace_scope

ADD_MANY = """
INSERT INTO contacts_contact (workspace_id, first_name, last_name, phone, phone_e164, phone_match_key, email, email_key,
    language, country, picture_url, is_blocked, custom, source, is_open, version, created_at, updated_at)
SELECT %(workspace_id)s, 'First ' || n, 'Last', '', '', '', 'p' || n || '@example.com', 'p' || n || '@example.com',
    '', '', '', false, '{}', 'api', false, 1, %(at)s, %(at)s
  FROM generate_series(1, %(number)s) AS n"""


def add_many(cast: Cast, number: int) -> None:
    """Add contacts with one statement, as thousands of calls would take minutes."""
    with workspace_scope(cast.acme.pk), connection.cursor() as cursor:
        cursor.execute(ADD_MANY, {"workspace_id": cast.acme.pk, "number": number, "at": NOON})
        cursor.execute("ANALYZE contacts_contact") if number > 1_000 else None


def ids(answer: Any) -> list[int]:
    return [item["id"] for item in answer.json["items"]]


def test_an_empty_list_has_this_form(api: Caller) -> None:
    assert api.post("/contact/list", {}).json == {"items": [], "pagination": {"next": "", "previous": ""}}


@pytest.mark.parametrize(
    "body",
    [
        None,
        {},
        {"search": "", "timezone": "utc", "filter": {"$or": []}},
        {"search": None, "timezone": "Europe/Madrid", "filter": {"$and": []}},
        {"filter": None, "timezone": None},
        {"workspace_id": 1, "accountId": 2, "filter": {}},
    ],
)
def test_nothing_asked_lists_everybody_newest_first_ten_at_a_time(api: Caller, cast: Cast, body: Any) -> None:
    add_many(cast, 12)
    answer = api.post("/contact/list", body)
    assert answer.status == 200, answer.text
    assert len(ids(answer)) == 10
    assert ids(answer) == sorted(ids(answer), reverse=True)


def test_an_item_is_the_contact_itself(api: Caller) -> None:
    api.post("/space/custom_field", {"name": "Plan", "dataType": "text"})
    contact_id = add(api, "email:cleo@example.com", custom_fields=[{"name": "Plan", "value": "A"}])
    api.post(f"/contact/id:{contact_id}/tag", ["vip", "Ama"])
    assert api.post("/contact/list", {}).json["items"] == [api.get(f"/contact/id:{contact_id}").json]


def test_the_addresses_of_pages_lead_through_the_whole_list_and_back(api: Caller, cast: Cast) -> None:
    add_many(cast, 25)
    first = api.post("/contact/list?limit=10", {})
    assert first.json["pagination"]["previous"] == ""
    address = first.json["pagination"]["next"]
    parts = urlsplit(address)
    assert (parts.scheme, parts.netloc, parts.path) == ("http", "testserver", "/v2/contact/list")
    assert parse_qs(parts.query) == {"limit": ["10"], "cursorId": [str(ids(first)[-1])]}
    second = api.post(address, {})
    third = api.post(second.json["pagination"]["next"], {})
    assert third.json["pagination"]["next"] == ""
    seen = ids(first) + ids(second) + ids(third)
    assert len(seen) == len(set(seen)) == 25
    back = api.post(third.json["pagination"]["previous"], {})
    assert ids(back) == ids(second)
    assert int(parse_qs(urlsplit(third.json["pagination"]["previous"]).query)["cursorId"][0]) == -ids(third)[0]
    beginning = api.post(back.json["pagination"]["previous"], {})
    assert ids(beginning) == ids(first)
    assert beginning.json["pagination"]["previous"] == ""


def test_rows_that_come_and_go_meanwhile_neither_repeat_nor_skip_others(api: Caller, cast: Cast) -> None:
    add_many(cast, 30)
    before = set(ids(api.post("/contact/list?limit=100", {})))
    seen: list[int] = []
    gone: set[int] = set()
    address = "/contact/list?limit=7"
    while address:
        answer = api.post(address, {})
        seen += ids(answer)
        address = answer.json["pagination"]["next"]
        add_many(cast, 3)
        for contact_id in (ids(answer)[0], ids(answer)[-1]):  # the cursor's own row among them
            api.delete(f"/contact/id:{contact_id}")
            gone.add(contact_id)
    assert len(seen) == len(set(seen))
    assert set(seen) == before
    assert gone <= before


def test_a_cursor_beyond_the_end_is_an_empty_page_with_a_way_back(api: Caller, cast: Cast) -> None:
    add_many(cast, 3)
    answer = api.post("/contact/list?cursorId=1", {})
    assert (answer.status, answer.json["items"], answer.json["pagination"]["next"]) == (200, [], "")
    assert api.post("/contact/list?cursorId=0", {}).json["items"] != []
    assert api.post("/contact/list?cursorId=-9223372036854775807", {}).json["items"] != []


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("cleo", {"cleo"}),
        ("DUAR", {"cleo"}),
        ("Cleo Duarte", {"cleo"}),
        ("eo@exam", {"cleo"}),
        ("600123", {"cleo"}),
        ("example.com", {"cleo", "dan"}),
        ("nobody", set()),
        ("100%", set()),
    ],
)
def test_a_search_finds_part_of_name_email_or_phone(api: Caller, search: str, found: set[str]) -> None:
    known = {
        "cleo": add(api, "email:cleo@example.com", lastName="Duarte", phone="+34600123456"),
        "dan": add(api, "email:dan@example.com", firstName="Dan"),
    }
    assert set(ids(api.post("/contact/list", {"search": search}))) == {known[name] for name in found}


def test_filters_join_and_nest(api: Caller, cast: Cast) -> None:
    api.post("/space/custom_field", {"name": "Seats", "slug": "seats", "dataType": "number"})
    first = add(api, "email:a@example.com", language="es", custom_fields=[{"name": "seats", "value": 5}])
    second = add(api, "email:b@example.com", language="en", custom_fields=[{"name": "seats", "value": 50}])
    third = add(api, "email:c@example.com")
    api.post(f"/contact/id:{first}/tag", ["vip"])
    with workspace_scope(cast.acme.pk):
        actions.assign_contact(actor=cast.ada, contact=Identifier.of(third), user_id=cast.ben_user.pk, at=NOON)

    def kept(condition: Any, **body: Any) -> list[int]:
        answer = api.post("/contact/list", {"filter": condition, "timezone": "UTC", **body})
        assert answer.status == 200, answer.text
        return sorted(ids(answer))

    def where(field: str | None, operator: str, value: Any = None, category: str = "contactField") -> dict[str, Any]:
        return {"category": category, "field": field, "operator": operator, "value": value}

    spanish = where("language", "isEqualTo", "es")
    many = where("seats", "isGreaterThan", "10")
    vip = where(None, "hasAnyOf", ["VIP"], "contactTag")
    assert kept({"$and": [spanish]}) == [first]
    assert kept({"$and": [spanish, many]}) == []
    assert kept({"$or": [spanish, many]}) == [first, second]
    assert kept({"$and": [{"$or": [spanish, many]}, vip]}) == [first]
    assert kept({"$and": [where(None, "hasNoneOf", ["vip"], "contactTag")]}) == [second, third]
    assert kept({"$and": [where("seats", "doesNotExist")]}) == [third]
    assert kept({"$and": [where("seats", "isBetween", {"from": "1", "to": "10"})]}) == [first]
    assert kept({"$and": [where("assigneeUserId", "isEqualTo", str(cast.ben_user.pk))]}) == [third]
    assert kept({"$and": [spanish]}, search="example") == [first]
    assert kept({"$and": [where("createdAt", "isTimestampAfter", "2020-01-01")]}) == [first, second, third]


@pytest.mark.parametrize(
    "condition",
    [
        [],
        "all",
        5,
        {"$xor": []},
        {"$and": {}},
        {"$and": [1]},
        {"$and": [], "$or": []},
        {"$and": [{"category": "contactField", "field": "nope", "operator": "exists", "value": None}]},
        {"$and": [{"category": "contactField", "field": "email", "operator": "likes", "value": "a"}]},
        {"$and": [{"category": "contactField", "field": "createdAt", "operator": "isTimestampAfter", "value": "soon"}]},
        {
            "$and": [
                {
                    "category": "contactField",
                    "field": "createdAt",
                    "operator": "isTimestampAfter",
                    "value": "0000-01-01",
                }
            ]
        },
        {"$and": [{"category": "weather", "field": "x", "operator": "exists", "value": None}]},
    ],
)
def test_a_filter_that_cannot_be_is_refused_with_its_place(api: Caller, condition: Any) -> None:
    answer = api.post("/contact/list", {"filter": condition})
    assert (answer.status, answer.code) == (400, "contacts.filter_not_valid"), answer.text
    assert str(answer.field).startswith("filter")


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Etc/GMT+12"])
def test_the_first_and_the_last_year_do_no_harm(api: Caller, year: str, zone: str) -> None:
    for operator, value in (("isTimestampAfter", f"{year}-01-01"), ("isTimestampBefore", f"{year}-12-31")):
        condition = {"category": "contactField", "field": "createdAt", "operator": operator, "value": value}
        assert api.post("/contact/list", {"timezone": zone, "filter": {"$and": [condition]}}).status in {200, 400}


@pytest.mark.parametrize("zone", ["Nowhere/At_All", "../../etc/passwd", "GMT+25", "x" * 65])
def test_an_unknown_time_zone_is_refused(api: Caller, zone: str) -> None:
    answer = api.post("/contact/list", {"timezone": zone})
    assert (answer.status, answer.field) == (400, "timezone")


def test_another_workspace_sees_none_of_them(api: Caller, globex: Caller, cast: Cast) -> None:
    add_many(cast, 3)
    contact_id = add(globex, "email:gina@example.com")
    assert ids(globex.post("/contact/list", {})) == [contact_id]
    assert ids(globex.post("/contact/list", {"search": "First"})) == []


def queries_of(caller: Caller, path: str, body: Any = None, method: str = "POST") -> int:
    caller.send(method, path, body)  # caches of the process are filled, the use of the token is noted
    with CaptureQueriesContext(connection) as queries:
        assert caller.send(method, path, body).status == 200
    return len(queries)


def test_a_page_of_twenty_costs_as_many_queries_as_a_page_of_one(api: Caller, cast: Cast) -> None:
    def costs() -> dict[str, int]:
        return {
            "list": queries_of(api, "/contact/list?limit=100", {}),
            "search": queries_of(api, "/contact/list?limit=100", {"search": "example"}),
            "users": queries_of(api, "/space/user?limit=100", method="GET"),
            "fields": queries_of(api, "/space/custom_field?limit=100", method="GET"),
        }

    def one_more(number: int) -> None:
        contact_id = add(api, f"email:n{number}@example.com")
        api.post(f"/contact/id:{contact_id}/tag", ["vip", f"t{number}"])
        api.post("/space/custom_field", {"name": f"Field {number}", "dataType": "text"})
        with workspace_scope(cast.acme.pk):
            actions.assign_contact(actor=cast.ada, contact=Identifier.of(contact_id), user_id=cast.ben_user.pk, at=NOON)

    one_more(0)
    with_one = costs()
    for number in range(1, 20):
        one_more(number)
    assert costs() == with_one
    assert max(with_one.values()) <= 20, with_one


def test_depth_costs_nothing(api: Caller, cast: Cast) -> None:
    add_many(cast, 20_000)
    newest = ids(api.post("/contact/list?limit=1", {}))[0]

    def statements(path: str) -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            answer = api.post(path, {})
        assert len(ids(answer)) == 100
        return [
            query["sql"]
            for query in queries
            if "contacts_contact" in query["sql"] and query["sql"].startswith("SELECT")
        ]

    api.post("/contact/list?limit=100", {})
    shallow = statements(f"/contact/list?limit=100&cursorId={newest}")
    deep = statements(f"/contact/list?limit=100&cursorId={newest - 19_000}")
    assert len(shallow) == len(deep)
    for statement in deep:
        with workspace_scope(cast.acme.pk), connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + statement)
            plan = cursor.fetchone()[0]
        assert rows_read(plan if isinstance(plan, list) else json.loads(plan)) <= 1_000, plan


def rows_read(plan: Any) -> float:
    """Return the most rows that any step of a plan looked at."""
    if isinstance(plan, list):
        return max((rows_read(part) for part in plan), default=0)
    own: float = plan.get("Actual Rows", 0) * plan.get("Actual Loops", 1) + plan.get("Rows Removed by Filter", 0)
    return max([own, *(rows_read(plan[key]) for key in ("Plan", "Plans") if key in plan)])
