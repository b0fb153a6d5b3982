import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from imports.actions import revert_import, validate_import, write_import
from imports.models import ContactImport
from tests.factories import Cast, a_token
from tests.imports.steps import a_csv, clock, imported
from workspaces.actors import Actor
from workspaces.models import ApiToken
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("fresh_cache")]

FILE = a_csv("Nombre,Teléfono,Etiquetas", "Cleo,+34600123456,vip", "Bad,1,")


class Caller:
    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)

    def upload(self, content: bytes = FILE, *, key: str | None = None, **form: str) -> Any:
        file = SimpleUploadedFile("clientes.csv", content, content_type="text/csv")
        return self.client.post(
            "/v2/import",
            {"file": file, "purpose": "add_and_update", "identifier": "phone", **form},
            headers={} if key is None else {"Idempotency-Key": key},
        )

    def send(self, method: str, path: str, body: object = None) -> Any:
        raw = json.dumps(body) if body is not None else ""
        return self.client.generic(method, f"/v2{path}", raw, content_type="application/json")


@pytest.fixture
def ada(cast: Cast) -> Caller:
    return Caller(a_token(cast.ada))


@pytest.fixture
def gus(cast: Cast) -> Caller:
    return Caller(a_token(cast.gus))


def test_an_import_by_script_from_upload_to_result(cast: Cast, ada: Caller) -> None:
    answer = ada.upload(tags='["primavera"]')
    assert answer.status_code == 201, answer.content
    body = answer.json()
    number = body["id"]
    assert (body["state"], body["rows"], body["tags"], body["file_name"]) == (
        "mapping",
        2,
        ["primavera"],
        "clientes.csv",
    )
    assert [column["suggested_field"] for column in body["columns"]] == ["first_name", "phone", "tags"]
    assert body["columns"][0]["examples"] == ["Cleo", "Bad"]
    assert body["requested_by"]["kind"] == "token"

    columns = [{"column": column["name"], "field": column["suggested_field"]} for column in body["columns"]]
    answer = ada.send("PUT", f"/import/{number}/mapping", {"columns": columns})
    assert (answer.status_code, answer.json()["state"]) == (200, "validating")
    validate_import(workspace_id=cast.acme.pk, import_id=number, clock=clock)
    body = ada.send("GET", f"/import/{number}").json()
    assert (body["state"], body["counts"]) == ("review", {"add": 1, "update": 0, "unchanged": 0, "skip": 0, "error": 1})
    assert body["review_expires_at"].endswith("Z")
    errors = ada.send("GET", f"/import/{number}/errors.csv")
    assert (errors.status_code, errors.headers["Content-Type"]) == (200, "text/csv")
    assert b"".join(errors.streaming_content).startswith("Nombre,Teléfono,Etiquetas,Error\nBad,1,,".encode())
    assert ada.send("GET", f"/import/{number}/result.csv").status_code == 404

    answer = ada.send("POST", f"/import/{number}/commit")
    assert (answer.status_code, answer.json()["state"]) == (200, "committing")
    write_import(workspace_id=cast.acme.pk, import_id=number, clock=clock)
    body = ada.send("GET", f"/import/{number}").json()
    assert (body["state"], body["progress"]) == ("completed", {"done": 2, "total": 2})
    assert body["counts"] == {"imported": 1, "updated": 0, "skipped": 0, "error": 1}
    result = ada.send("GET", f"/import/{number}/result.csv")
    assert b"".join(result.streaming_content).splitlines()[1] == b"Cleo,+34600123456,vip,Imported,"
    again = ada.send("POST", f"/import/{number}/commit")
    assert (again.status_code, again.json()["state"]) == (409, "completed")
    items = ada.send("GET", "/import").json()["items"]
    assert [item["id"] for item in items] == [number]


def test_a_second_upload_is_told_which_import_runs(ada: Caller) -> None:
    first = ada.upload().json()["id"]
    answer = ada.upload()
    assert (answer.status_code, answer.json()["running"]) == (409, first)
    assert answer.json()["errors"][0]["code"] == "imports.already_running"
    assert ada.send("POST", f"/import/{first}/cancel").json()["state"] == "cancelled"
    assert ada.upload().status_code == 201


def test_another_workspaces_imports_are_not_there(ada: Caller, gus: Caller) -> None:
    number = ada.upload().json()["id"]
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "/mapping", {"columns": [{"column": "Nombre", "field": "first_name"}]}),
        ("POST", "/commit", None),
        ("POST", "/cancel", None),
        ("GET", "/errors.csv", None),
        ("GET", "/result.csv", None),
    ):
        answer = gus.send(method, f"/import/{number}{path}", body)
        assert (answer.status_code, answer.json()["code"]) == (404, 404)
    assert gus.send("GET", "/import").json()["items"] == []
    assert ada.send("GET", f"/import/{number}").json()["state"] == "mapping"


def test_reading_tokens_may_not_import(cast: Cast) -> None:
    reader = Caller(a_token(cast.ada, scopes=("read",)))
    assert reader.upload().status_code == 403
    assert reader.send("GET", "/import").status_code == 403


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"PK\x03\x04....", 400, "imports.not_csv"),
        (b"A,B\n" + b"x" * (20 * 1024 * 1024), 413, "imports.file_too_large"),
        (b"A,A\n1,2\n", 400, "imports.bad_header"),
    ],
)
def test_a_bad_file_is_answered_in_the_usual_form(ada: Caller, content: bytes, status: int, code: str) -> None:
    answer = ada.upload(content)
    assert (answer.status_code, answer.json()["code"]) == (status, status)
    assert answer.json()["errors"][0]["code"] == code
    assert ada.send("GET", "/import").json()["items"] == []


def test_a_form_without_a_file_or_with_odd_tags_is_refused(ada: Caller) -> None:
    answer = ada.client.post("/v2/import", {"purpose": "add_all"})
    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "imports.upload_missing")
    assert ada.upload(tags="vip").json()["errors"][0]["field"] == "tags"
    assert ada.send("POST", "/import", {"purpose": "add_all"}).status_code == 415


def test_an_upload_with_the_same_key_starts_one_import(ada: Caller) -> None:
    first = ada.upload(key="monday")
    again = ada.upload(key="monday")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Idempotency-Replayed"] == "true"
    other_file, other_form = (
        ada.upload(a_csv("Nombre", "Dan"), key="monday"),
        ada.upload(key="monday", matching="exact", tags='["a"]'),
    )
    for answer in (other_file, other_form):
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (409, "workspaces.idempotency_key_reused")
    ada.send("POST", f"/import/{first.json()['id']}/cancel")
    assert ada.upload(key="monday").content == first.content
    assert len(ada.send("GET", "/import").json()["items"]) == 1


def test_a_refused_upload_can_be_sent_again_with_its_key(ada: Caller) -> None:
    assert ada.upload(b"", key="monday").status_code == 400
    assert ada.upload(key="monday").status_code == 201


def test_an_import_is_undone_by_script(cast: Cast, ada: Caller) -> None:
    with workspace_scope(cast.acme.pk):
        robot = Actor.token(token_id=ApiToken.objects.get().pk, workspace_id=cast.acme.pk, scopes=["read", "write"])
    number = imported(robot, FILE).pk
    assert ada.send("GET", f"/import/{number}").json()["undo"] is None
    assert ada.send("GET", f"/import/{number}/undo.csv").status_code == 404
    answer = ada.send("POST", f"/import/{number}/undo")
    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["state"], body["progress"]) == ("undoing", {"done": 0, "total": 1})
    assert (body["undo"]["deleted"], body["undo"]["finished_at"], body["undo"]["error"]) == (0, None, None)
    answer = ada.send("POST", f"/import/{number}/undo")
    assert (answer.status_code, answer.json()["state"]) == (409, "undoing")
    revert_import(workspace_id=cast.acme.pk, import_id=number, clock=clock)
    body = ada.send("GET", f"/import/{number}").json()
    assert (body["state"], body["counts"]["imported"], body["undo"]["deleted"], body["undo"]["kept"]) == (
        "undone", 1, 1, 0,
    )  # fmt: skip
    listed = b"".join(ada.send("GET", f"/import/{number}/undo.csv").streaming_content)
    assert listed == b"Row,Contact ID,Contact,What,Reason,Explanation\r\n"


def test_undoing_after_seven_days_is_gone_and_of_another_workspace_not_there(
    cast: Cast, ada: Caller, gus: Caller
) -> None:
    row = imported(cast.ada, FILE)
    assert gus.send("POST", f"/import/{row.pk}/undo").status_code == 404
    assert gus.send("GET", f"/import/{row.pk}/undo.csv").status_code == 404
    with workspace_scope(cast.acme.pk):
        ContactImport.objects.in_workspace(cast.acme.pk).update(result_expires_at=clock())
    answer = ada.send("POST", f"/import/{row.pk}/undo")
    assert answer.status_code == 410
    assert "7 days" in answer.json()["message"]
