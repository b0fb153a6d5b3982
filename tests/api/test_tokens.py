"""Who gets in: the token, its scopes, and what everybody else is told."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from tests.api.conftest import Caller, add
from tests.factories import NOON, Cast, a_token
from workspaces.actions import create_token, revoke_token
from workspaces.models import ApiToken
from workspaces.scope import workspace_scope
from workspaces.secret_values import new_token

READS = (("GET", "/space/user"), ("GET", "/space/custom_field"), ("GET", "/space/channel"), ("POST", "/contact/list"))


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic YTpi",
        "Token x",
        "Bearer nonsense",
        "Bearer a b c",
        "Bearer \u00e9\u00e9",
        "Bearer (well-formed, and unknown)",
    ],
)
def test_nobody_we_know_gets_401(nobody: Caller, header: str) -> None:
    header = header.replace(
        "(well-formed, and unknown)", new_token()
    )  # fresh here: every process collects the same tests
    answer = nobody.get("/space/user", **({"Authorization": header} if header else {}))
    assert answer.status == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json == {
        "code": 401,
        "message": answer.json["message"],
        "errors": [{"field": None, "code": "workspaces.token_not_valid", "message": answer.json["message"]}],
    }


def test_a_token_ends_when_it_expires_or_is_revoked(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        row, text = create_token(
            actor=cast.ada, name="Brief", scopes=["read"], expires_at=NOON + timedelta(days=30_000), at=NOON
        )
    assert Caller(text).get("/space/user").status == 200
    with workspace_scope(cast.acme.pk):
        ApiToken.objects.filter(pk=row.pk).update(expires_at=NOON - timedelta(days=900))
    assert Caller(text).get("/space/user").status == 401
    with workspace_scope(cast.acme.pk):
        ApiToken.objects.filter(pk=row.pk).update(expires_at=None)
    assert Caller(text).get("/space/user").status == 200
    with workspace_scope(cast.acme.pk):
        revoke_token(actor=cast.ada, token_id=row.pk, at=NOON)
    assert Caller(text).get("/space/user").status == 401


def test_the_scheme_may_be_written_in_any_case(api: Caller) -> None:
    assert Caller(None).get("/space/user", Authorization=f"bearer {api.token}").status == 200
    assert Caller(None).get(f"/space/user?access_token={api.token}").status == 401


def test_the_last_use_is_noted_once_a_minute(cast: Cast) -> None:
    caller = Caller(a_token(cast.ada))

    def noted() -> Any:
        with workspace_scope(cast.acme.pk):
            return ApiToken.objects.get().last_used_at

    assert noted() is None
    with time_machine.travel(NOON, tick=False) as clock:
        caller.get("/space/user")
        assert noted() == NOON
        clock.shift(59)
        caller.get("/space/user")
        assert noted() == NOON
        clock.shift(1)
        caller.get("/contact/id:999999999")  # a refusal is a use as well
        assert noted() == NOON + timedelta(minutes=1)


def test_a_reading_token_writes_nothing(cast: Cast, api: Caller) -> None:
    contact_id = add(api, "email:cleo@example.com")
    other_id = add(api, "email:other@example.com")
    api.post("/space/tag", {"name": "vip"})
    reader = Caller(a_token(cast.ada, scopes=("read",), name="Reader"))
    for method, path in READS:
        assert reader.send(method, path, {} if method == "POST" else None).status == 200
    assert reader.get(f"/contact/id:{contact_id}").status == 200
    for method, path, body in (
        ("POST", "/contact/email:new@example.com", {"firstName": "A"}),
        ("PUT", f"/contact/id:{contact_id}", {"firstName": "A"}),
        ("DELETE", f"/contact/id:{contact_id}", None),
        ("POST", "/contact/create_or_update/email:new@example.com", {"firstName": "A"}),
        ("POST", "/contact/merge", {"contactIds": [contact_id, other_id]}),
        ("POST", f"/contact/id:{contact_id}/tag", ["vip"]),
        ("DELETE", f"/contact/id:{contact_id}/tag", ["vip"]),
        ("POST", f"/contact/id:{contact_id}/lifecycle/update", {"name": None}),
        ("POST", "/space/custom_field", {"name": "A", "dataType": "text"}),
        ("POST", "/space/tag", {"name": "new"}),
        ("PUT", "/space/tag", {"currentName": "vip", "name": "new"}),
        ("DELETE", "/space/tag", {"name": "vip"}),
    ):
        answer = reader.send(method, path, body)
        assert (answer.status, answer.code) == (403, "workspaces.permission_missing"), (method, path, answer.text)
        assert set(answer.json) == {"code", "message", "errors"}


def test_a_writing_token_reads_nothing_but_writes_custom_values(cast: Cast, api: Caller) -> None:
    api.post("/space/custom_field", {"name": "Plan", "dataType": "text"})
    writer = Caller(a_token(cast.ada, scopes=("write",), name="Writer"))
    for method, path in (*READS, ("GET", "/contact/email:cleo@example.com")):
        assert writer.send(method, path, {} if method == "POST" else None).status == 403, path
    contact_id = add(writer, "email:cleo@example.com", custom_fields=[{"name": "Plan", "value": "A"}])
    assert api.get(f"/contact/id:{contact_id}").json["custom_fields"] == [{"name": "Plan", "value": "A"}]
