"""Asking routes as somebody, with a workspace's things in the address, and taking back whatever the answer wrote."""

import json
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.factories import browser_of
from tests.walls.permissions import FORMS, OUTSIDE
from tests.walls.routes import Route, all_routes
from tests.walls.world import CANARY, Things
from workspaces.models import User


def pages() -> list[Route]:
    """Return the routes of pages inside a workspace."""
    return [route for route in all_routes() if route.is_of_a_workspace]


def api_routes() -> list[Route]:
    """Return the routes of the public API that need a token."""
    return [route for route in all_routes() if route.is_api and route.name not in OUTSIDE]


def settled(user: User, things: Things) -> Client:
    """Return the browser of somebody who has opened a page before, so that no further page notes the sign-in and the visit anew."""
    client = browser_of(user)
    assert client.get(reverse("notifications", args=[things.workspace_id])).status_code == 200
    return client


def address(route: Route, things: Things, *, workspace_id: int | None = None) -> str:
    """Return the route's address with a workspace's things in it."""
    known = {**things.ids, "workspace_id": workspace_id or things.workspace_id}
    return reverse(route.name, kwargs={part: known[part] for part in route.parts})


def form_of(route: Route, method: str, things: Things) -> Any:
    """Return the form that a page's POST needs, with a workspace's things in it."""
    return filled(FORMS.get(route.name, {}), things) if method == "POST" else None


def ask(
    client: Client, method: str, where: str, *, body: Any = None, token: str | None = None, take_back: bool = True
) -> HttpResponseBase:
    """Ask, and take back whatever the answer wrote, where the test has a transaction around it."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    kind = "application/x-www-form-urlencoded"
    data = b"" if token else urlencode(body or {}).encode()
    if token:
        kind = "multipart/form-data; boundary=x" if isinstance(body, str) else "application/json"
        data = b"" if body is None or isinstance(body, str) else json.dumps(body).encode()
    before = transaction.savepoint() if take_back else None
    try:
        response: HttpResponseBase = client.generic(method, where, data, content_type=kind, headers=headers)
        return response
    finally:
        if before:
            transaction.savepoint_rollback(before)


def text_of(response: HttpResponseBase) -> str:
    """Return everything that an answer says, headers too."""
    content = b"".join(iter(response))
    return content.decode("utf-8", "replace") + str(sorted(response.headers.items()))


def told(response: HttpResponseBase) -> bool:
    """Tell whether an answer says a word of Globex."""
    return CANARY.lower() in text_of(response).lower()


def filled(body: Any, things: Things) -> Any:
    """Return a body with a workspace's things in the places that are named."""
    if isinstance(body, dict):
        return {key: filled(value, things) for key, value in body.items()}
    if isinstance(body, list):
        return [filled(value, things) for value in body]
    if isinstance(body, str) and body.startswith("{"):
        return things.ids[body.strip("{}")]
    return body
