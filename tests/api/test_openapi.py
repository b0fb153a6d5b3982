"""The OpenAPI document: a reviewed snapshot, complete, and true to what the routes answer."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver

from config import api_urls
from tests.api.conftest import Caller
from workspaces.api.docs import openapi_document

SNAPSHOT = Path(__file__).resolve().parent.parent / "snapshots" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return openapi_document()


def test_the_document_is_the_reviewed_snapshot(document: dict[str, Any]) -> None:
    text = json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS") == "1":
        SNAPSHOT.write_text(text, encoding="utf-8")
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == json.loads(text), (
        "The API changed. Review it, then run the test again with UPDATE_SNAPSHOTS=1."
    )


def test_it_is_served_without_a_token(nobody: Caller, document: dict[str, Any]) -> None:
    answer = nobody.get("/openapi.json")
    assert answer.status == 200
    assert answer.json == document
    assert answer.json["openapi"].startswith("3.1.")


def test_every_route_and_method_is_in_it(document: dict[str, Any]) -> None:
    documented = {(path, method) for path, methods in document["paths"].items() for method in methods}
    routed = set()
    for address, view in routes(api_urls.urlpatterns, "/v2/"):
        view_class = getattr(view, "view_class", None) or getattr(view, "cls", None)
        if view_class is None or getattr(view_class, "schema", None) is None:
            continue
        routed |= {(address, method) for method in METHODS if hasattr(view_class, method)}
    assert documented == routed


def test_every_operation_says_who_may_what_it_answers_and_how_it_refuses(document: dict[str, Any]) -> None:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            where = f"{method} {path}"
            assert operation["operationId"], where
            assert operation["summary"], where
            assert operation["security"] == [{"bearer": []}], where
            assert {"401", "403", "429"} <= set(operation["responses"]), where
            for status, response in operation["responses"].items():
                assert "X-RateLimit-Limit" in response["headers"], where
                if status >= "400":
                    shape = response["content"]["application/json"]["schema"]
                    assert shape == {"$ref": "#/components/schemas/ProblemBody"}, where


def test_its_references_all_lead_somewhere(document: dict[str, Any]) -> None:
    for reference in references(document):
        target: Any = document
        for step in reference.removeprefix("#/").split("/"):
            target = target[step]


def routes(patterns: list[Any], prefix: str) -> list[tuple[str, Any]]:
    """Return address and view of every route, with OpenAPI's braces around what varies."""
    found: list[tuple[str, Any]] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found.extend(routes(pattern.url_patterns, prefix + str(pattern.pattern)))
        elif isinstance(pattern, URLPattern) and pattern.name != "api_unknown":
            address = prefix + str(pattern.pattern)
            for kind in ("str", "int", "path", "uuid"):
                address = address.replace(f"<{kind}:", "{")
            found.append((address.replace(">", "}"), pattern.callback))
    return found


def references(part: Any) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [found for value in part.values() for found in references(value)]
    if isinstance(part, list):
        return [found for value in part for found in references(value)]
    return []


def test_a_delete_that_needs_a_body_says_so(document: dict[str, Any]) -> None:
    with_body = {
        path
        for path, methods in document["paths"].items()
        if methods.get("delete", {}).get("requestBody", {}).get("required")
    }
    assert with_body == {"/v2/contact/{identifier}/tag", "/v2/space/tag"}


def test_null_fits_one_schema_only(document: dict[str, Any]) -> None:
    """A validator counts: of `oneOf`, exactly one fits."""

    def ambiguous(part: Any) -> bool:
        if isinstance(part, dict):
            return {} in part.get("oneOf", []) or any(map(ambiguous, part.values()))
        return isinstance(part, list) and any(map(ambiguous, part))

    assert not ambiguous(document)


def test_an_upload_is_a_file_and_not_the_address_of_one(document: dict[str, Any]) -> None:
    assert document["components"]["schemas"]["UploadInput"]["properties"]["file"]["format"] == "binary"


def test_no_type_is_named_twice(document: dict[str, Any]) -> None:
    def types(part: Any) -> list[list[str]]:
        if isinstance(part, dict):
            own = [part["type"]] if isinstance(part.get("type"), list) else []
            return own + [found for value in part.values() for found in types(value)]
        return [found for value in part for found in types(value)] if isinstance(part, list) else []

    assert all(len(set(named)) == len(named) for named in types(document))
