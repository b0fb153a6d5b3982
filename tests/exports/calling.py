"""Asking the API for exports as a program does."""

import json
from typing import Any

from django.test import Client

from exports.actions import run_export
from exports.models import Export
from tests.exports.steps import clock, contacts
from tests.factories import Cast
from workspaces.scope import workspace_scope

BODY = {"dataset": "contacts"}


class Caller:
    """A program with a token."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)

    def ask(self, body: object = BODY, *, key: str | None = None) -> Any:
        headers = {} if key is None else {"Idempotency-Key": key}
        return self.client.post("/v2/export", json.dumps(body), content_type="application/json", headers=headers)

    def get(self, path: str = "", **headers: str) -> Any:
        return self.client.get(f"/v2/export{path}", headers={name.replace("_", "-"): headers[name] for name in headers})

    def post(self, path: str) -> Any:
        return self.client.post(f"/v2/export{path}", content_type="application/json")


def run(cast: Cast, number: int) -> Export:
    """Let a worker make the file."""
    run_export(workspace_id=cast.acme.pk, export_id=number, clock=clock())
    with workspace_scope(cast.acme.pk):
        return Export.objects.in_workspace(cast.acme.pk).get(pk=number)


def finished(cast: Cast, ada: Caller) -> Export:
    """Ask for two contacts, and let a worker make the file."""
    contacts(cast.ada, "Cleo", "José")
    return run(cast, ada.ask().json()["id"])


def said(answer: Any) -> tuple[int, str]:
    """Return the status and the code of a refusal."""
    (error,) = answer.json()["errors"]
    return answer.status_code, error["code"]


def whole(answer: Any) -> bytes:
    """Read a streamed answer to its end."""
    return b"".join(answer.streaming_content)
