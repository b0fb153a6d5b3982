"""/v2/export…, field by field."""

from datetime import timedelta
from typing import Any

import pytest

from exports.actions import sweep_exports
from exports.models import Export, State
from tests.exports.calling import Caller, finished, run, said, whole
from tests.exports.steps import clock, contacts, content, now
from tests.factories import NOON, Cast, a_token
from tests.inbox.steps import a_channel
from workspaces.hook_kinds import LoggedEvent, hook_kinds
from workspaces.models import EventRecord, HookDelivery, HookEndpoint, Organization
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache", "noon")]

ALL_FIELDS = {
    "id", "dataset", "state", "from", "to", "timezone", "filters", "channels", "headers", "excel", "format", "gzip",
    "progress", "rows", "size_bytes", "sha256", "requested_by", "requested_at", "deadline_at", "not_before",
    "finished_at", "expires_at", "file_name", "download_url", "error",
}  # fmt: skip


@pytest.fixture
def ada(cast: Cast) -> Caller:
    return Caller(a_token(cast.ada))


@pytest.fixture
def gus(cast: Cast) -> Caller:
    return Caller(a_token(cast.gus))


def test_an_export_by_script_from_request_to_file(cast: Cast, ada: Caller) -> None:
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
    days = {"from": "2026-03-01", "to": "2026-03-02", "timezone": "America/Santiago"}
    more = {"channels": [channel.pk], "filters": {"flows": ["incoming"]}, "headers": "es", "excel": True, "gzip": True}
    answer = ada.ask({"dataset": "messages", **days, **more})
    assert answer.status_code == 202, answer.content
    body = answer.json()
    number = body.pop("id")
    who = body.pop("requested_by")
    assert (who["kind"], who["name"]) == ("token", "Robot")
    assert body == {
        "dataset": "messages",
        "state": "queued",
        **days,
        "filters": {"flows": ["incoming"]},
        "channels": [channel.pk],
        "headers": "es",
        "excel": True,
        "format": "csv",
        "gzip": True,
        "progress": {"rows": 0, "expected": None},
        "rows": None,
        "size_bytes": None,
        "sha256": None,
        "requested_at": "2026-03-02T12:00:00Z",
        "deadline_at": "2026-03-02T12:15:00Z",
        "not_before": None,
        "finished_at": None,
        "expires_at": "2026-03-09T12:00:00Z",
        "file_name": None,
        "download_url": None,
        "error": None,
    }
    assert ada.get(f"/{number}/download").status_code == 404
    row = run(cast, number)
    body = ada.get(f"/{number}").json()
    assert body.keys() == ALL_FIELDS
    assert (body["state"], body["rows"], body["progress"]["rows"]) == ("completed", 0, 0)
    assert (body["size_bytes"], body["sha256"]) == (row.size_bytes, row.sha256)
    assert body["file_name"] == "messages-acme-2026-03-01-2026-03-02-20260302T120000Z.csv.gz"
    assert (body["download_url"], body["finished_at"]) == (f"/v2/export/{number}/download", "2026-03-02T12:00:00Z")
    assert whole(ada.client.get(body["download_url"])) == content(row)


def test_what_is_left_out_is_the_workspaces_zone_english_and_plain_csv(ada: Caller) -> None:
    body = ada.ask().json()
    told = [body[name] for name in ("timezone", "headers", "excel", "format", "gzip", "from", "to", "filters")]
    assert told == ["UTC", "en", False, "csv", False, None, None, {}]


def test_the_list_has_the_newest_first(cast: Cast, ada: Caller) -> None:
    first = run(cast, ada.ask().json()["id"])
    second = ada.ask().json()["id"]
    items = ada.get().json()["items"]
    assert [item["id"] for item in items] == [second, first.pk]
    assert all(item.keys() == ALL_FIELDS for item in items)


def test_one_at_a_time_the_refusal_names_the_one_that_runs(ada: Caller, gus: Caller) -> None:
    number = ada.ask().json()["id"]
    answer = ada.ask()
    assert said(answer) == (409, "exports.already_running")
    assert answer.json()["running"] == number
    assert "Retry-After" not in answer.headers
    assert gus.ask().status_code == 202
    assert ada.post(f"/{number}/cancel").json()["state"] == "cancelled"
    answer = ada.post(f"/{number}/cancel")
    assert said(answer) == (409, "exports.wrong_state")
    assert answer.json()["state"] == "cancelled"
    assert ada.ask().status_code == 202


def test_after_one_that_took_too_long_the_answer_says_when_to_ask_again(ada: Caller, noon: Any) -> None:
    number = ada.ask().json()["id"]
    noon.move_to(NOON + timedelta(minutes=15))
    sweep_exports(clock=clock(NOON + timedelta(minutes=15)))
    body = ada.get(f"/{number}").json()
    assert (body["state"], body["not_before"]) == ("discarded", "2026-03-02T12:30:00Z")
    assert body["error"]["code"] == "exports.too_long"
    assert body["error"]["message"].startswith("It took longer than 15 minutes")
    answer = ada.ask()
    assert said(answer) == (409, "exports.pausing")
    assert answer.json()["not_before"] == "2026-03-02T12:30:00Z"
    assert 900 <= int(answer.headers["Retry-After"]) <= 901
    noon.move_to(NOON + timedelta(minutes=30))
    assert ada.ask().status_code == 202


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("dataset", {}),
        ("dataset", {"dataset": "nothing"}),
        ("from", {"dataset": "messages", "to": "2026-03-02"}),
        ("to", {"dataset": "messages", "from": "2026-03-02"}),
        ("from", {"dataset": "messages", "from": "02/03/2026", "to": "2026-03-02"}),
        ("to", {"dataset": "messages", "from": "2026-03-02", "to": "2026-03-03"}),
        ("from", {"dataset": "contacts", "from": "2026-03-02", "to": "2026-03-02"}),
        ("timezone", {"dataset": "contacts", "timezone": "Mars/Base"}),
        ("headers", {"dataset": "contacts", "headers": "fr"}),
        ("format", {"dataset": "contacts", "format": "pdf"}),
        ("excel", {"dataset": "contacts", "excel": "perhaps"}),
        ("channels", {"dataset": "messages", "from": "2026-03-01", "to": "2026-03-02", "channels": [123]}),
        ("channels", {"dataset": "contacts", "channels": [1]}),
        ("flows", {"dataset": "messages", "from": "2026-03-01", "to": "2026-03-02", "filters": {"flows": ["up"]}}),
        ("contacts", {"dataset": "contacts", "contacts": {"ids": "all"}}),
    ],
)
def test_a_wrong_request_names_the_field_and_starts_nothing(
    cast: Cast, ada: Caller, field: str, body: dict[str, object]
) -> None:
    answer = ada.ask(body)
    assert answer.status_code == 400, answer.content
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    with workspace_scope(cast.acme.pk):
        assert not Export.objects.in_workspace(cast.acme.pk).exists()


def test_chosen_contacts_alone(cast: Cast, ada: Caller) -> None:
    contacts(cast.ada, "Cleo", "José")
    number = ada.ask({"dataset": "contacts", "contacts": {"all": True, "search": "José"}}).json()["id"]
    assert run(cast, number).rows == 1


def test_a_repeated_key_gets_the_first_answer_and_makes_one_file(cast: Cast, ada: Caller) -> None:
    first = ada.ask(key="nightly-1")
    again = ada.ask(key="nightly-1")
    assert (again.status_code, again.json()) == (202, first.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    other = ada.ask({"dataset": "users"}, key="nightly-1")
    assert other.status_code in (409, 422)
    with workspace_scope(cast.acme.pk):
        assert Export.objects.in_workspace(cast.acme.pk).count() == 1


def test_the_catalogue_has_every_data_set_and_column(ada: Caller) -> None:
    items = ada.get("/datasets").json()["items"]
    assert len(items) == 17
    assert sum(len(item["columns"]) for item in items) == 288
    named = {item["key"]: item for item in items}
    messages = named["messages"]
    assert messages["title"] == {"en": "Messages", "es": "Mensajes"}
    assert (messages["family"], messages["range_rule"], messages["needs_range"]) == ("workspace", "instant", True)
    assert {"name": "channels", "values": None} in messages["filters"]
    assert {"name": "flows", "values": ["incoming", "outgoing"]} in messages["filters"]
    assert named["contacts"]["has_contact_fields"] is True
    assert named["users"]["has_contact_fields"] is False
    columns = [column for item in items for column in item["columns"]]
    for column in columns:
        assert column.keys() == {"key", "header", "type", "values", "may_be_empty", "meaning", "example"}
        assert column["header"].keys() == {"en", "es"}
        assert column["type"] != "enum" or column["values"]
        assert column["meaning"].endswith(".")


def test_an_export_of_another_workspace_is_as_absent_as_any_other(cast: Cast, ada: Caller, gus: Caller) -> None:
    row = finished(cast, ada)
    for path in (f"/{row.pk}", f"/{row.pk}/download", f"/{2**40}", f"/{2**70}"):
        answer = gus.get(path)
        assert said(answer) == (404, "exports.export_not_found"), path
    assert gus.post(f"/{row.pk}/cancel").status_code == 404
    assert gus.get().json()["items"] == []
    assert now(row).state == State.COMPLETED


def test_a_token_without_the_scope_and_a_plan_without_exports_are_refused(cast: Cast, ada: Caller) -> None:
    row = finished(cast, ada)
    reader = Caller(a_token(cast.ada, scopes=("read", "write")))
    for answer in (
        reader.ask(),
        reader.get(),
        reader.get("/datasets"),
        reader.get(f"/{row.pk}"),
        reader.get(f"/{row.pk}/download"),
        reader.post(f"/{row.pk}/cancel"),
    ):
        assert answer.status_code == 403, answer.content
    Organization.objects.update(may_export_data=False)
    answer = ada.ask()
    assert said(answer) == (403, "exports.plan")


def test_webhooks_hear_of_files_and_of_failures(cast: Cast, ada: Caller) -> None:
    with workspace_scope(cast.acme.pk):
        HookEndpoint.objects.create(
            workspace_id=cast.acme.pk,
            url="https://hooks.example/",
            sealed_keys="",
            events=["export.completed", "export.failed"],
            created_at=NOON,
        )
    done = finished(cast, ada)
    lost = ada.ask().json()["id"]
    Organization.objects.update(may_export_data=False)
    assert run(cast, lost).error_code == "exports.plan"
    with workspace_scope(cast.acme.pk):
        told = list(HookDelivery.objects.in_workspace(cast.acme.pk).order_by("pk"))
        bodies = [_told(each.event_id) for each in told]
    assert [each.event_type for each in told] == ["export.completed", "export.failed"]
    assert bodies[0]["export"] == {
        "id": done.pk, "state": "completed", "dataset": "contacts", "rows": 2, "size_bytes": done.size_bytes,
        "sha256": done.sha256,
    }  # fmt: skip
    assert bodies[1]["export"] == {"id": lost, "state": "failed", "dataset": "contacts", "error": "exports.plan"}


def _told(event_id: int | None) -> dict[str, object]:
    event = EventRecord.objects.get(pk=event_id or 0)
    logged = LoggedEvent(
        id=event.pk,
        workspace_id=event.workspace_id,
        type=event.type,
        occurred_at=event.occurred_at,
        actor_kind=event.actor_kind,
        actor_id=event.actor_id,
        subject_id=event.subject_id,
        data=event.data,
    )
    return hook_kinds()[event.type].build(logged)
