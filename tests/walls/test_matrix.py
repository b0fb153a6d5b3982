"""Every route × role × workspace, generated from the URL conf. Refusals change nothing; no word of another workspace is told."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from tests.factories import Cast, browser_of, everything_in
from tests.keeping import kept_in_a_file, one_of
from tests.walls.permissions import API, OUTSIDE, PAGES
from tests.walls.routes import Route, all_routes
from tests.walls.walking import address, api_routes, ask, filled, form_of, pages, settled, told
from tests.walls.world import World, cast_and_world
from workspaces.scope import workspace_scope

METHODS = ("GET", "POST")
# What a right answers besides success: a form that is not valid, a state that does not allow it, a file that is not there yet.
LET_IN = {200, 201, 202, 204, 302, 303, 400, 405, 409, 410, 412, 413, 422}
WRONG_STATE_MAY_BE_404 = {
    "import_errors_csv",
    "import_result_csv",
    "api_import_errors",
    "api_import_result",
    "import_undo_csv",
    "api_import_undo_file",
    "export_download",
    "api_export_download",
}
# Everybody has some of their own; the world's is the owner's.
OF_ONE_PERSON = {
    "notification",
    "notification_archive",
    "notification_unarchive",
    "custom_inbox_edit",
    "custom_inbox_delete",
}


made = kept_in_a_file(cast_and_world)


@pytest.fixture
def house(made: tuple[Cast, World], db: None, settings: Settings) -> tuple[Cast, World]:
    settings.USERSESSIONS_TRACK_ACTIVITY = (
        False  # the sign-in's row is no workspace's, and is written with each request
    )
    return one_of(made)


@pytest.fixture
def cast(house: tuple[Cast, World]) -> Cast:
    return house[0]


@pytest.fixture
def world(house: tuple[Cast, World]) -> World:
    return house[1]


def test_every_route_stands_in_the_table_and_every_row_of_the_table_is_a_route() -> None:
    outside = {route.name for route in all_routes() if not route.is_of_a_workspace and not route.is_api}
    outside |= {route.name for route in all_routes() if route.is_api and route.name in OUTSIDE}
    assert {route.name for route in pages()} == set(PAGES)
    assert {route.name for route in api_routes()} == set(API)
    assert outside == set(OUTSIDE)


def snapshot(cast: Cast) -> dict[str, Any]:
    rows = {}
    for workspace in (cast.acme, cast.globex):
        with workspace_scope(workspace.pk):
            rows[workspace.name] = everything_in(workspace)
    return rows


def walk_pages(world: World, letter: str) -> Iterator[tuple[Route, str, HttpResponseBase]]:
    client = settled(world.people[letter], world.acme)
    for route in pages():
        for method in METHODS:
            yield (
                route,
                method,
                ask(client, method, address(route, world.acme), body=form_of(route, method, world.acme)),
            )


@pytest.mark.parametrize("letter", ["O", "M", "R", "A"])
def test_each_role_gets_into_its_own_pages_and_no_others(world: World, letter: str) -> None:
    wrong = []
    refused: dict[str, set[int]] = {}
    for route, method, response in walk_pages(world, letter):
        status = response.status_code
        if told(response):
            wrong.append(f"{method} {route.name}: tells of Globex")
        if route.name in OF_ONE_PERSON and letter != "O":
            if status not in (404, 405):
                wrong.append(f"{method} {route.name}: {status} for {letter}, whose it is not")
        elif letter in PAGES[route.name]:
            if status not in LET_IN and not (status == 404 and route.name in WRONG_STATE_MAY_BE_404):
                wrong.append(f"{method} {route.name}: {status} for {letter}, who may")
        else:
            refused.setdefault(route.name, set()).add(status)
    wrong += [
        f"{name}: {sorted(seen)} for {letter}, who may not"
        for name, seen in refused.items()
        if not ({403} <= seen <= {403, 405})
    ]
    assert wrong == []


@pytest.mark.parametrize("letter", ["O", "M", "R", "A"])
def test_to_nobody_from_outside_does_a_workspace_exist(world: World, cast: Cast, letter: str, *, is_long: bool) -> None:
    """Each role asks for each route, by GET and POST in turns, and in a long run by both.

    Whether there is a workspace that nobody is let into matters less: it is asked for every third time.
    """
    client = settled(world.people[letter], world.acme)
    before = snapshot(cast)
    wrong = []
    for number, route in enumerate(pages(), "OMRA".index(letter)):
        for method in METHODS if is_long else METHODS[number % 2 :][:1]:
            workspaces = [world.globex.workspace_id, 2**40][: 2 if is_long or number % 3 == 0 else 1]
            for workspace_id in workspaces:
                answer = ask(client, method, address(route, world.globex, workspace_id=workspace_id), take_back=False)
                if answer.status_code != 404 or told(answer):
                    wrong.append(f"{method} {route.name} in {workspace_id}: {answer.status_code}, told {told(answer)}")
    assert wrong == []
    assert snapshot(cast) == before


def test_an_id_of_another_workspace_is_as_absent_as_any_other(world: World, cast: Cast) -> None:
    client = settled(world.people["O"], world.acme)
    before = snapshot(cast)
    wrong = []
    for route in pages():
        if not route.names_things:
            continue
        for method in METHODS:
            where = address(route, world.globex, workspace_id=world.acme.workspace_id)
            response = ask(client, method, where, body=form_of(route, method, world.globex), take_back=False)
            if response.status_code not in (404, 405) or told(response):
                wrong.append(f"{method} {route.name}: {response.status_code}, told {told(response)}")
    assert wrong == []
    assert snapshot(cast) == before


def test_an_anonymous_visitor_is_sent_to_log_in(world: World, cast: Cast) -> None:
    client = browser_of(None)
    before = snapshot(cast)
    for route in pages():
        for method in METHODS:
            response = ask(client, method, address(route, world.acme), take_back=False)
            assert response.status_code == 302, route.name
            assert response.headers["Location"].startswith("/account/login"), route.name
    assert snapshot(cast) == before


def test_pages_outside_of_workspaces_ask_who_it_is(world: World) -> None:
    client = browser_of(None)
    further = {"secret": "x" * 40, "uidb36": "1", "key": "set-password"}
    for route in all_routes():
        if OUTSIDE.get(route.name) == "person":
            where = reverse(route.name, kwargs={part: further[part] for part in route.parts})
            for method in METHODS:
                response = ask(client, method, where)
                assert response.status_code in (302, 405), route.name
                if response.status_code == 302:
                    target = response.headers["Location"]
                    assert target.startswith(("/account/login", reverse("account_security"))), (route.name, target)


def test_each_token_does_what_its_scope_says(world: World) -> None:
    client = Client()
    wrong = []
    for route in api_routes():
        where = address(route, world.acme)
        for method, (needed, body) in API[route.name].items():
            for scope, token in world.tokens.items():
                cache.clear()  # rates have tests of their own
                response = ask(client, method, where, body=filled(body, world.acme), token=token)
                status = response.status_code
                if told(response):
                    wrong.append(f"{method} {route.name} as {scope}: tells of Globex")
                may = status in LET_IN - {405} or (status == 404 and route.name in WRONG_STATE_MAY_BE_404)
                if scope == needed and not may:
                    wrong.append(f"{method} {route.name} as {scope}: {status}, though it may")
                if scope != needed and status != 403:
                    wrong.append(f"{method} {route.name} as {scope}: {status}, though it may not")
    assert wrong == []


def test_a_token_reaches_nothing_of_another_workspace(world: World, cast: Cast) -> None:
    client = Client()
    before = snapshot(cast)
    wrong = []
    for route in api_routes():
        for method, (needed, body) in API[route.name].items():
            cache.clear()
            where = address(route, world.globex)
            response = ask(client, method, where, body=filled(body, world.globex), token=world.tokens[needed])
            names_things = route.names_things or body != filled(body, world.globex)
            if told(response) and not (route.name == "api_space_tags" and response.status_code == 404):
                wrong.append(f"{method} {route.name}: tells of Globex")
            if names_things and response.status_code not in (404, 400):
                wrong.append(f"{method} {route.name}: {response.status_code}")
    assert wrong == []
    assert snapshot(cast) == before


def test_without_a_token_the_api_tells_nothing(world: World, cast: Cast) -> None:
    client = Client()
    before = snapshot(cast)
    for route in api_routes():
        for method in API[route.name]:
            cache.clear()
            for header in ({}, {"Authorization": "Bearer tert_nonsense"}, {"Authorization": "Basic eDp5"}):
                response = client.generic(
                    method, address(route, world.acme), b"{}", content_type="application/json", headers=header
                )
                assert response.status_code == 401, (method, route.name)
                assert response.json()["code"] == 401
    assert snapshot(cast) == before
