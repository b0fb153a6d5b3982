"""A caller of the API, as a program elsewhere would be."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories import Cast, a_token
from workspaces.models import Workspace
from workspaces.scope import workspace_scope


class Caller:
    """Sends JSON with a token, and reads JSON."""

    def __init__(self, token: str | None) -> None:
        self.token = token
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **headers: str) -> "Answer":
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.send("POST", path, body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.send("PUT", path, body, **headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> "Answer":
        return self.send("DELETE", path, body, **headers)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> "Answer":
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token is not None:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        kind = sent.pop("Content-Type", "application/json")
        address = path if path.startswith("http") else f"/v2{path}"
        return Answer(self.client.generic(method, address, raw, content_type=kind, headers=sent))


class Answer:
    """Status, headers and JSON of an answer."""

    def __init__(self, response: Any) -> None:
        self.status: int = response.status_code
        self.headers = response.headers
        self.text: str = response.content.decode()
        self.json: Any = (
            json.loads(self.text) if self.text and "json" in response.headers.get("Content-Type", "") else None
        )

    @property
    def code(self) -> str:
        """The dotted code of the first complaint."""
        return str(self.json["errors"][0]["code"])

    @property
    def field(self) -> str | None:
        """The field of the first complaint."""
        found: str | None = self.json["errors"][0]["field"]
        return found


@pytest.fixture(autouse=True)
def _no_limits(cast: Cast, fresh_cache: None) -> None:
    """Let the tests ask as quickly as they can; those about limits set them again."""
    set_rate(cast.acme, 10_000)
    set_rate(cast.globex, 10_000)


@pytest.fixture
def api(cast: Cast) -> Caller:
    """Acme's program, with all scopes."""
    return Caller(a_token(cast.ada))


@pytest.fixture
def globex(cast: Cast) -> Caller:
    """Globex's program, with all scopes."""
    return Caller(a_token(cast.gus))


@pytest.fixture
def nobody(cast: Cast) -> Caller:
    """A caller without a token."""
    return Caller(None)


def set_rate(workspace: Workspace, rate: int) -> None:
    """Set how many requests a second each token of a workspace may send."""
    with workspace_scope(workspace.pk):
        Workspace.objects.filter(pk=workspace.pk).update(api_rate_per_second=rate)


def add(api: Caller, identifier: str, **fields: Any) -> int:
    """Add a contact over the API and return its id."""
    answer = api.post(f"/contact/{identifier}", {"firstName": "Cleo", **fields})
    assert answer.status == 200, answer.text
    return int(answer.json["contactId"])
