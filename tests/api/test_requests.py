"""What is not a proper request: always JSON in one shape, never a 5xx, never HTML."""

import io
import json
from typing import Any

import pytest
from django.db import DataError, OperationalError

from contacts.api import contact_views
from tests.api.conftest import Caller, add
from tests.factories import Cast


def shaped(answer: Any) -> bool:
    """Tell whether an answer is a refusal in the one shape."""
    body = answer.json
    return (
        set(body) >= {"code", "message", "errors"}
        and body["code"] == answer.status
        and isinstance(body["message"], str)
        and all(set(complaint) == {"field", "code", "message"} for complaint in body["errors"])
    )


HOSTILE = {
    "nothing": b"",
    "half": b'{"firstName": "A',
    "not JSON": b"<xml/>",
    "NaN": b'{"firstName": NaN}',
    "Infinity": b'{"firstName": -Infinity}',
    "huge float": b'{"firstName": 1e999}',
    "5,000 digits": b'{"firstName": ' + b"9" * 5_000 + b"}",
    "65 bits": b'{"firstName": 36893488147419103232}',
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "deep enough": b'{"firstName": ' + b"[" * 40 + b"]" * 40 + b"}",
    "long list": json.dumps({"firstName": "A", "custom_fields": [1] * 100_000}).encode(),
    "many keys": json.dumps({str(number): number for number in range(100_000)}).encode(),
    "NUL": b'{"firstName": "A\\u0000B"}',
    "NUL in a key": b'{"firstName": "A", "custom\\u0000": 1}',
    "lone surrogate": b'{"firstName": "\\ud800"}',
    "raw surrogate": b'{"firstName": "\xed\xa0\x80"}',
    "Latin-1": '{"firstName": "Zoë"}'.encode("latin-1"),
    "UTF-16": '{"firstName": "A"}'.encode("utf-16"),
    "byte order mark": b'\xef\xbb\xbf{"firstName": "A"}',
    "number": b"12",
    "null": b"null",
    "true": b"true",
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_body_is_400(api: Caller, body: bytes) -> None:
    for path in ("/contact/email:a@example.com", "/contact/merge", "/contact/list", "/space/tag"):
        if path == "/contact/list" and body == b"":
            continue  # nothing at all lists everything
        answer = api.post(path, body)
        assert answer.status == 400, (path, answer.text)
        assert shaped(answer)


def test_a_body_of_ten_megabytes_is_413(api: Caller) -> None:
    answer = api.post("/contact/email:a@example.com", b'{"firstName": "' + b"x" * 10_000_000 + b'"}')
    assert (answer.status, answer.code) == (413, "workspaces.body_too_large")
    assert shaped(answer)


def test_another_content_type_is_415(api: Caller) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
    ):
        answer = api.post("/contact/email:a@example.com", b"firstName=A", **{"Content-Type": kind})
        assert (answer.status, answer.code) == (415, "workspaces.media_type_not_supported"), kind
        assert shaped(answer)
    assert api.post("/space/tag", b'{"name": "a"}', **{"Content-Type": "application/json; charset=utf-8"}).status == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PATCH", "/contact/id:1"),
        ("OPTIONS", "/contact/id:1"),
        ("TRACE", "/space/tag"),
        ("GET", "/space/tag"),
        ("POST", "/space/user"),
        ("DELETE", "/contact/merge"),
        ("PUT", "/contact/list"),
        ("POST", "/space/custom_field/1"),
    ],
)
def test_a_method_that_a_route_does_not_take_is_405(api: Caller, method: str, path: str) -> None:
    answer = api.send(method, path)
    assert (answer.status, answer.code) == (405, "workspaces.method_not_allowed")
    assert shaped(answer)
    assert method not in answer.headers["Allow"].split(", ")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/nothing",
        "/contact",
        "/contact/",
        "/contact/id:1/",
        "/space/user/x",
        "/space/user/-1",
        "/CONTACT/id:1",
        "/%00",
    ],
)
def test_an_unknown_address_is_404_as_json(api: Caller, nobody: Caller, path: str) -> None:
    for caller in (api, nobody):
        for method in ("GET", "POST", "DELETE"):
            answer = caller.send(method, path)
            assert (answer.status, answer.code) == (404, "workspaces.address_not_found"), answer.text
            assert shaped(answer)
            assert int(answer.headers["X-RateLimit-Limit"]) > 0


@pytest.mark.parametrize(
    "identifier",
    [
        "id:",
        "id:x",
        "id:-1",
        "id:1.5",
        "id:١٢",
        "id:" + "9" * 19,
        "id:" + "9" * 5_000,
        "id:9223372036854775808",
        "email:",
        "email:a%00@example.com",
        "email:%ff%fe@example.com",
        "phone:",
        "phone:+",
        "phone:" + "1" * 300,
        "phone:%00",
        "%00",
        "x" * 5_000,
        "id:1%0aid:2",
        "ID:1",
        "list",
    ],
)
def test_a_hostile_identifier_is_400_or_404(api: Caller, identifier: str) -> None:
    for method, body in (("GET", None), ("PUT", {"firstName": "A"}), ("DELETE", None)):
        answer = api.send(method, f"/contact/{identifier}", body)
        assert answer.status in {400, 404, 405}, (method, answer.text)
        assert shaped(answer)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=101",
        "limit=-1",
        "limit=x",
        "limit=1.5",
        "limit=%00",
        "limit=" + "9" * 5000,
        "cursorId=x",
        "cursorId=1.5",
        "cursorId=9223372036854775808",
        "cursorId=%E2%80%8B1",
        "cursorId=" + "9" * 5000,
    ],
)
def test_a_page_that_cannot_be_is_400(api: Caller, query: str) -> None:
    for method, path in (
        ("GET", "/space/user"),
        ("GET", "/space/custom_field"),
        ("GET", "/space/channel"),
        ("POST", "/contact/list"),
    ):
        answer = api.send(method, f"{path}?{query}", {} if method == "POST" else None)
        assert (answer.status, answer.field) == (400, query.split("=", maxsplit=1)[0]), answer.text


def test_every_answer_carries_its_headers(api: Caller, nobody: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    for answer in (
        api.get(f"/contact/id:{contact_id}"),
        api.get("/contact/id:999999999"),
        api.post("/space/tag", b"{"),
        api.get("/nothing"),
        api.send("PATCH", "/space/tag"),
        nobody.get("/space/user"),
    ):
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert "Authorization" in answer.headers["Vary"]
        assert answer.headers["X-Request-Id"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-RateLimit-Limit"].isdecimal()
        assert answer.headers["X-RateLimit-Remaining"].isdecimal()
        assert "Set-Cookie" not in answer.headers


def test_the_accept_header_does_not_matter(api: Caller) -> None:
    answer = api.get("/space/user", Accept="text/html")
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


def test_head_is_get_without_a_body(api: Caller) -> None:
    answer = api.send("HEAD", "/space/user")
    assert (answer.status, answer.text) == (200, "")


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (ValueError("secret detail"), 500, "workspaces.failed"),
        (RecursionError("secret detail"), 500, "workspaces.failed"),
        (OperationalError("secret detail"), 503, "workspaces.unavailable"),
        (DataError("secret detail"), 400, "workspaces.value_not_valid"),
    ],
)
def test_a_failure_of_ours_is_json_too_and_tells_no_detail(
    api: Caller, cast: Cast, monkeypatch: pytest.MonkeyPatch, failure: Exception, status: int, code: str
) -> None:
    def fail(*_args: object, **_kwargs: object) -> None:
        raise failure

    monkeypatch.setattr(contact_views, "contact_for_reading", fail)
    answer = api.get("/contact/id:1")
    assert (answer.status, answer.code) == (status, code)
    assert shaped(answer)
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_the_base_address_itself_is_a_404_like_the_others(api: Caller) -> None:
    answer = api.get("http://testserver/v2")
    assert answer.status == 404
    assert shaped(answer)
    assert "X-RateLimit-Limit" in answer.headers


def posted(api: Caller, stream: io.BytesIO, **headers: str) -> int:
    """Post what a stream holds and return the status."""
    environ: dict[str, Any] = {"wsgi.input": stream, "CONTENT_LENGTH": str(len(stream.getvalue()))}
    return int(
        api.client.generic("POST", "/v2/space/tag", b"", "application/json", headers=headers, **environ).status_code
    )


def test_a_refused_body_is_read_to_its_end(api: Caller) -> None:
    """Or the server closes the connection, and the caller sees a broken pipe instead of the answer."""
    stream = io.BytesIO(b"x" * 3_000_000)
    assert posted(api, stream, Authorization=f"Bearer {api.token}") == 413
    assert stream.tell() == 3_000_000


def test_the_body_of_a_stranger_is_not_read(api: Caller) -> None:
    stream = io.BytesIO(b"x" * 3_000_000)
    assert posted(api, stream) == 401
    assert stream.tell() == 0
