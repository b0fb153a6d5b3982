"""What the running server answers is what the OpenAPI document says, route by route."""

import re
from typing import Any

import pytest

from tests.api.conftest import Answer, Caller, add
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from workspaces.api.docs import openapi_document
from workspaces.scope import workspace_scope

TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def test_every_route_answers_as_it_is_documented(cast: Cast, api: Caller, document: dict[str, Any]) -> None:
    cleo, dan = add(api, "email:cleo@example.com", phone="+34600123456"), add(api, "email:dan@example.com")
    twin = add(api, "email:twin@example.com", phone="+34600123456")
    seen = set()

    def check(method: str, path: str, body: Any = None) -> Answer:
        answer = api.send(method, path, body)
        route = route_of(path.partition("?")[0], method.lower(), document)
        response = document["paths"][route][method.lower()]["responses"][str(answer.status)]
        conforms(answer.json, response["content"]["application/json"]["schema"], document, where=f"{method} {path}")
        seen.add((route, method.lower()))
        return answer

    field = check("POST", "/space/custom_field", {"name": "Plan", "dataType": "list", "allowedValues": ["A"]})
    check("GET", f"/space/custom_field/{field.json['id']}")
    check("GET", "/space/custom_field")
    user = check("GET", "/space/user").json["items"][0]
    check("GET", f"/space/user/{user['id']}")
    check("GET", "/space/user/999999999")
    check("GET", "/space/channel")
    check("POST", "/space/tag", {"name": "vip"})
    check("PUT", "/space/tag", {"currentName": "vip", "emoji": "⭐"})
    check("POST", f"/contact/id:{cleo}/tag", ["vip"])
    check("PUT", f"/contact/id:{cleo}", {"custom_fields": [{"name": "Plan", "value": "A"}]})
    check("GET", f"/contact/id:{cleo}")
    check("GET", "/contact/id:x")
    check("GET", "/contact/phone:+34600123456")
    check("POST", "/contact/email:eve@example.com", {"firstName": "Eve"})
    check("POST", "/contact/email:eve@example.com", {"firstName": "Eve"})
    check("POST", "/contact/create_or_update/email:eve@example.com", {"firstName": "Eve"})
    check("GET", f"/contact/id:{cleo}/channels")
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ada, a_channel(cast.ada), contact_id=cleo, sender="elsewhere", identity="")
    check("GET", f"/contact/id:{cleo}/channels")
    check("GET", f"/space/channel/{asked.channel_id}/template")
    check("GET", "/space/closing_notes")
    sent = check("POST", f"/contact/id:{cleo}/message", {"message": {"type": "text", "text": "Hi"}})
    check("POST", f"/contact/id:{cleo}/message", {"message": {"type": "text"}})
    check("GET", f"/contact/id:{cleo}/message/{sent.json['messageId']}")
    check("GET", f"/contact/id:{cleo}/message/1")
    check("GET", f"/contact/id:{cleo}/message/list")
    check("POST", f"/contact/id:{cleo}/comment", {"text": "A note"})
    check("POST", f"/contact/id:{cleo}/conversation/assignee", {"assignee": user["id"]})
    check("POST", f"/contact/id:{cleo}/conversation/status", {"status": "close"})
    check("POST", f"/contact/id:{cleo}/conversation/status", {"status": "close"})
    check("POST", f"/contact/id:{cleo}/lifecycle/update", {"name": None})
    check("POST", "/contact/list?limit=2", {})
    check("POST", "/contact/list?limit=0", {})
    check("DELETE", f"/contact/id:{cleo}/tag", ["vip"])
    check("DELETE", "/space/tag", {"name": "vip"})
    check("POST", "/contact/merge", {"contactIds": [cleo, dan]})
    check("DELETE", f"/contact/id:{twin}")
    ours = {
        (path, method)
        for path, methods in document["paths"].items()
        for method in methods
        if path.startswith(("/v2/contact", "/v2/space"))
    }
    assert seen == ours


def route_of(path: str, method: str, document: dict[str, Any]) -> str:
    """Return the documented path that an address belongs to; a fixed one before one with places."""
    fitting: list[str] = [
        route
        for route, methods in document["paths"].items()
        if method in methods and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", route), f"/v2{path}")
    ]
    return min(fitting, key=lambda route: route.count("{"))


def conforms(value: Any, schema: dict[str, Any], document: dict[str, Any], *, where: str) -> None:
    """Fail unless a value has the documented shape, with every member named and none missing."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return conforms(value, document["components"]["schemas"][name], document, where=where)
    if "oneOf" in schema:
        chosen = next(one for one in schema["oneOf"] if (one.get("type") == "null") == (value is None))
        return conforms(value, chosen, document, where=where)
    if "enum" in schema:
        assert value in schema["enum"], where
    kinds = schema.get("type", [])
    kinds = [kinds] if isinstance(kinds, str) else kinds
    if kinds:
        allowed = tuple(TYPES[kind] for kind in kinds)
        assert isinstance(value, allowed), f"{where}: {value!r} is not {kinds}"
        assert not isinstance(value, bool) or "boolean" in kinds, where
    if isinstance(value, dict) and "properties" in schema:
        extra = {"contactIds"} if "errors" in schema["properties"] else set()  # stands beside code and message
        assert set(schema.get("required", ())) <= set(value) - extra <= set(schema["properties"]), where
        for key in set(value) - extra:
            conforms(value[key], schema["properties"][key], document, where=f"{where} {key}")
    if isinstance(value, list):
        for item in value:
            conforms(item, schema["items"], document, where=f"{where} []")
    return None
