"""The two walls, each with the other one taken away; and both away, to see that these tests can fail."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from tests.factories import Cast, browser_of
from tests.walls.permissions import API
from tests.walls.tearing import without_filters, without_policies
from tests.walls.walking import address, api_routes, ask, filled, pages, told
from tests.walls.world import World, a_world

pytestmark = pytest.mark.django_db(transaction=True)
# Answers that name what was asked for, and so repeat the canary that the question itself held.
REPEATS_THE_QUESTION = {"api_space_tags"}


@pytest.fixture
def world(cast: Cast, settings: Settings) -> World:
    settings.USERSESSIONS_TRACK_ACTIVITY = (
        False  # the sign-in's row is no workspace's, and is written with each request
    )
    return a_world(cast)


def leaks(world: World, *, of: frozenset[str] = frozenset()) -> Iterator[str]:
    """Walk all that reads, as Acme's owner and with Acme's token: its own addresses, then with ids of Globex in them.

    of: names of the routes to walk; none means all.
    """
    owner, program = browser_of(world.people["O"]), Client()
    for route in pages():
        if of and route.name not in of:
            continue
        own = ask(owner, "GET", address(route, world.acme), take_back=False)
        if told(own):
            yield f"{route.name} tells"
        if route.names_things:
            foreign = ask(
                owner, "GET", address(route, world.globex, workspace_id=world.acme.workspace_id), take_back=False
            )
            if foreign.status_code not in (404, 405) or told(foreign):
                yield f"{route.name} opens what is not there: {foreign.status_code}"
    for search in ("canary", "globex", "ca"):
        for where in (
            f"/w/{world.acme.workspace_id}/contacts?q={search}",
            f"/w/{world.acme.workspace_id}/search?q={search}",
        ):
            if "canaryglobex" in ask(owner, "GET", where, take_back=False).content.decode().lower():  # type: ignore[attr-defined]
                yield f"{where} tells"
    for route in api_routes():
        if of and route.name not in of:
            continue
        for method, (scope, body) in API[route.name].items():
            if scope != "read" and method != "GET":
                continue
            cache.clear()
            token = world.tokens[scope]
            own = ask(
                program, method, address(route, world.acme), body=filled(body, world.acme), token=token, take_back=False
            )
            if told(own):
                yield f"{method} {route.name} tells"
            if route.names_things:
                where = address(route, world.globex)
                foreign = ask(program, method, where, body=filled(body, world.globex), token=token, take_back=False)
                if foreign.status_code != 404 or told(foreign):
                    yield f"{method} {route.name} opens what is not there: {foreign.status_code}"


def test_the_codes_own_filters_hold_without_policies(world: World, owner_dsn: str) -> None:
    with without_policies(owner_dsn):
        assert list(leaks(world)) == []


def test_the_policies_hold_without_the_codes_own_filters(world: World) -> None:
    with without_filters():
        assert list(leaks(world)) == []


def test_without_both_walls_this_walk_sees_the_leak(world: World, owner_dsn: str) -> None:
    with without_policies(owner_dsn), without_filters():
        seen = list(leaks(world, of=frozenset({"contact", "contacts", "api_contact_list"})))
    assert "contact opens what is not there: 200" in seen
    assert "contacts tells" in seen
    assert "POST api_contact_list tells" in seen
