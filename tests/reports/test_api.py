"""Reports as programs read them: raw values with their names beside, the same figures as on the pages."""

from typing import Any

import pytest
import time_machine

from reports.catalogue import REPORTS
from reports.engine import rows
from tests.api.conftest import Caller
from tests.factories import Cast, a_token
from tests.reports.shopping import MINUTE, SECOND, Shop
from workspaces.models import Workspace
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_cache")]
DAYS = "from=2026-03-09&to=2026-03-12"
NONE = {"value": 0, "median": None, "p90": None, "rows": 0}


@pytest.fixture
def cast(shop: Shop) -> Cast:
    return shop.cast


@pytest.fixture
def api(cast: Cast) -> Caller:
    """A program of Acme that may read, and nothing else."""
    with workspace_scope(cast.acme.pk):
        Workspace.objects.filter(pk=cast.acme.pk).update(api_rate_per_second=10_000)
    return Caller(a_token(cast.ada, scopes=("read",)))


def body(api: Caller, path: str, query: str = DAYS) -> dict[str, Any]:
    answer = api.get(f"/report/{path}?{query}")
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def by_key(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {item["key"]: item for item in items}


def test_the_list_names_every_report_with_its_filters_and_logs(api: Caller) -> None:
    items = api.get("/report").json["items"]
    assert [item["key"] for item in items] == list(REPORTS)
    contacts = by_key(items)["contacts"]
    assert contacts["filters"] == ["channels", "users", "sources", "contacts"]
    assert contacts["logs"] == [
        {"key": "added", "title": "Contacts added"},
        {"key": "connected", "title": "Contacts connected"},
        {"key": "deleted", "title": "Contacts deleted"},
        {"key": "merged", "title": "Contacts merged"},
    ]


def test_a_report_has_its_question_figures_series_and_tables(shop: Shop, api: Caller) -> None:
    found = body(api, "contacts")
    question = {name: found[name] for name in list(found)[:8]}
    assert question == {
        "report": "contacts",
        "title": "Contacts",
        "from": "2026-03-09",
        "to": "2026-03-12",
        "timezone": "UTC",
        "frequency": "day",
        "compared_with": {"from": "2026-03-05", "to": "2026-03-08"},
        "in_working_hours": False,
    }
    figures = by_key(found["figures"])
    assert {name: figure["value"] for name, figure in figures.items()} == {
        "added": 4,
        "connected": 4,
        "deleted": 0,
        "merged": 0,
    }
    assert (figures["added"]["unit"], figures["added"]["previous"]) == ("number", NONE)
    assert figures["added"]["definition"].startswith("Contacts that were added in the period")
    added = by_key(found["series"])["added_trend"]
    assert [point["values"]["added"] for point in added["points"]] == [0, 4, 0, 0]
    assert added["points"][1] == {
        "from": "2026-03-10T00:00:00Z",
        "to": "2026-03-11T00:00:00Z",
        "values": {"added": 4},
        "medians": {},
        "p90s": {},
        "previous": {"added": 0},
    }
    assert by_key(found["tables"])["connected_by_channel"] == {
        "key": "connected_by_channel",
        "title": "Connected by channel",
        "state": "ready",
        "not_applicable": [],
        "columns": [
            {"key": "value", "title": "Code", "kind": "code"},
            {"key": "channel", "title": "Channel", "kind": "text"},
            {"key": "connected", "title": "Connected", "kind": "number"},
            {"key": "share", "title": "Share", "kind": "share"},
        ],
        "rows": [
            {"value": shop.line.pk, "channel": "Shop line", "connected": 3, "share": 0.75},
            {"value": shop.night.pk, "channel": "Night line", "connected": 1, "share": 0.25},
        ],
    }


def test_times_are_milliseconds_with_median_and_ninetieth_percentile(shop: Shop, api: Caller) -> None:
    first = by_key(body(api, "responses")["figures"])["first_response_time"]
    assert first["value"] == (250 + 1_800 + 20) * SECOND / 3
    assert (first["median"], first["p90"], first["rows"]) == (250 * SECOND, 1_490 * SECOND, 3)
    assert first["unit"] == "milliseconds"
    with workspace_scope(shop.cast.acme.pk):
        Workspace.objects.filter(pk=shop.cast.acme.pk).update(working_hours=[[[540, 780]]] * 7)  # 09:00 to 13:00
    working = body(api, "responses", f"{DAYS}&time=working")
    assert working["in_working_hours"] is True
    assert by_key(working["figures"])["first_response_time"]["value"] == (250 + 0 + 20) * SECOND / 3


def test_a_log_has_raw_values_with_names_beside_and_the_rows_of_one_metric(shop: Shop, api: Caller) -> None:
    found = body(api, "conversations/log/closed")
    assert [item["conversation_id"] for item in found["items"]] == [
        shop.number(name) for name in ("Cleo again", "Dario", "Eva", "Cleo")
    ]
    last = found["items"][-1]
    assert {name: last[name] for name in ("closed_at", "opened_channel", "opened_channel_name", "category")} == {
        "closed_at": "2026-03-10T12:20:00Z",
        "opened_channel": shop.line.pk,
        "opened_channel_name": "Shop line",
        "category": "Order status",
    }
    assert (last["resolution_time"], last["closed_by_user_name"]) == (20 * MINUTE, "Ben Tanaka")
    by_nobody = found["items"][2]
    assert by_nobody["closed_by_user"] is None
    assert "closed_by_user_name" not in by_nobody
    assert (by_nobody["closed_source"], by_nobody["closed_source_name"]) == ("auto_close", "Closed after inactivity")
    assert found["truncated"] is False
    answered = body(api, "responses/log/responses", f"{DAYS}&metric=first_response_time")
    assert len(answered["items"]) == 3


def test_filters_narrow_and_come_back_and_lists_may_have_commas(shop: Shop, api: Caller) -> None:
    found = body(api, "conversations", f"{DAYS}&channels={shop.line.pk},{shop.night.pk}&contact_types=new")
    assert found["filters"] == {"channels": [shop.line.pk, shop.night.pk], "contact_types": ["new"]}
    assert by_key(found["figures"])["opened"]["value"] == 4
    unfit = by_key(body(api, "contacts", f"{DAYS}&channels={shop.line.pk}")["tables"])["added_by_source"]
    assert (unfit["state"], unfit["not_applicable"], unfit["rows"]) == ("not_applicable", ["channels"], [])


def test_days_are_those_of_the_time_zone_that_is_asked_for(shop: Shop, api: Caller) -> None:
    found = body(api, "conversations", "from=2026-03-10&to=2026-03-10&timezone=Pacific/Auckland")
    assert (found["timezone"], found["frequency"]) == ("Pacific/Auckland", "hour")
    points = by_key(found["series"])["opened_trend"]["points"]
    assert (points[0]["from"], points[-1]["to"], len(points)) == ("2026-03-09T11:00:00Z", "2026-03-10T11:00:00Z", 24)
    assert by_key(found["figures"])["opened"]["value"] == 0
    later = body(api, "conversations", "from=2026-03-11&to=2026-03-11&timezone=Pacific/Auckland")
    assert by_key(later["figures"])["opened"]["value"] == 5  # 09:00 of the 11th is still their 11th


def test_a_log_of_more_rows_than_are_given_says_so(shop: Shop, api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    found = body(api, "conversations/log/opened")
    assert [item["conversation_id"] for item in found["items"]] == [shop.number("Cleo again"), shop.number("Fay")]
    assert found["truncated"] is True


@pytest.mark.parametrize(
    ("path", "status", "code", "field"),
    [
        ("contacts?from=2026-02-30", 400, "reports.range_not_valid", "from"),
        ("contacts?from=2026-03-02&to=2026-03-01", 400, "reports.range_not_valid", "to"),
        ("contacts?from=1999-12-31&to=2000-01-02", 400, "reports.range_not_valid", "from"),
        ("contacts?timezone=Mars/Olympus", 400, "reports.filter_not_valid", "timezone"),
        ("contacts?sources=nobody", 400, "reports.filter_not_valid", "sources"),
        ("contacts?users=99999999", 400, "reports.filter_not_valid", "users"),
        ("contacts?contacts=Cleo", 400, "reports.filter_not_valid", "contacts"),
        ("contacts?categories=Refund", 400, "reports.filter_not_valid", "categories"),
        ("contacts/log/deleted?users=1", 400, "reports.filter_not_valid", "users"),
        ("contacts/log/added?cut_from=x", 400, "reports.filter_not_valid", "cut_from"),
        ("nowhere", 404, "reports.report_not_found", None),
        ("contacts/log/nowhere", 404, "reports.report_not_found", None),
    ],
)
def test_what_cannot_be_asked_is_refused_by_the_name_of_the_field(
    api: Caller, path: str, status: int, code: str, field: str | None
) -> None:
    answer = api.get(f"/report/{path}")
    assert (answer.status, answer.code, answer.field) == (status, code, field)


def test_only_the_scope_read_reads_reports_and_only_of_its_own_workspace(shop: Shop, api: Caller) -> None:
    for path in ("/report", "/report/contacts", "/report/contacts/log/added"):
        refused = Caller(a_token(shop.cast.ada, scopes=("write", "export"))).get(path)
        assert (refused.status, refused.code) == (403, "workspaces.permission_missing")
        assert Caller(None).get(path).status == 401
    other = Caller(a_token(shop.cast.gus, scopes=("read",)))
    assert [figure["value"] for figure in body(other, "contacts")["figures"]] == [0, 0, 0, 0]
    strange = other.get(f"/report/contacts?{DAYS}&channels={shop.line.pk}")
    assert (strange.status, strange.field) == (400, "channels")


def test_hours_that_are_still_to_come_are_unknown(shop: Shop, api: Caller) -> None:
    with time_machine.travel("2026-03-12T09:30:00Z", tick=False):
        found = body(api, "contacts", "range=today&frequency=hour")
    points = by_key(found["series"])["overview_trend"]["points"]
    assert [point["values"]["added"] for point in points] == [0] * 10 + [None] * 14
