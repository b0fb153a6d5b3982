"""Every page in Spanish for a person who chose Spanish, and in English for one who chose English."""

import re
from typing import Any

import pytest
from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from imports.models import State
from tests.factories import Cast, browser_of
from tests.imports.web.conftest import Wizard, wizard_of
from tests.keeping import kept_in_a_file, one_of
from tests.language.reading import ENGLISH, SPANISH, foreign_in, said_by
from tests.walls.permissions import OUTSIDE
from tests.walls.routes import all_routes
from tests.walls.walking import address, pages
from tests.walls.world import World, cast_and_world
from workspaces.actions import invite_member
from workspaces.models import User, Workspace
from workspaces.scope import workspace_scope

PEOPLE = (
    "Nombre,Teléfono,Correo,Ciudad\nCleo,+34600123456,cleo@example.com,Vigo\nTomás,96-CALL-ME,tomas@example.com,\n"
    ",+34600123457,nadie@example.com,\n"
)


FEWER_RIGHTS = ("M", "R", "A")


made = kept_in_a_file(cast_and_world)


@pytest.fixture
def house(made: tuple[Cast, World], db: None, settings: Settings) -> tuple[Cast, World]:
    settings.USERSESSIONS_TRACK_ACTIVITY = (
        False  # written with each request, and read by no page but the one of sign-ins
    )
    return one_of(made)


@pytest.fixture
def cast(house: tuple[Cast, World]) -> Cast:
    return house[0]


@pytest.fixture
def world(house: tuple[Cast, World]) -> World:
    return house[1]


def speaking(user: User, language: str) -> Client:
    """Return the browser of somebody who chose a language."""
    user.language = language
    user.save()
    return browser_of(user)


def page_at(client: Client, where: str) -> HttpResponseBase | None:
    """Get a page; a redirect, a file or an answer without words is none."""
    answer = client.get(where)
    assert answer.status_code < 500, where
    is_page = answer.status_code != 302 and answer.get("Content-Type", "").startswith("text/html")
    return answer if is_page else None


def paths_outside() -> list[str]:
    """Return the pages outside any workspace whose address is always the same."""
    return [
        reverse(route.name)
        for route in all_routes()
        if route.name in OUTSIDE and not route.parts and not route.name.startswith(("api_", "health_"))
    ]


@pytest.mark.parametrize(("language", "foreign"), [("es", ENGLISH), ("en", SPANISH)], ids=["es", "en"])
def test_every_page_speaks_the_language_that_was_chosen(
    cast: Cast, world: World, language: str, foreign: re.Pattern[str]
) -> None:
    client = speaking(cast.ada_user, language)
    seen, wrong = 0, {}
    for where in [*(address(route, world.acme) for route in pages()), *paths_outside()]:
        if (answer := page_at(client, where)) is None:
            continue
        seen += 1
        assert answer["Content-Language"] == language, where
        if said := foreign_in(answer, foreign):
            wrong[where] = said
    assert wrong == {}
    assert seen >= 40


@pytest.mark.parametrize("letter", FEWER_RIGHTS)
def test_pages_are_spanish_for_those_with_fewer_rights(cast: Cast, world: World, letter: str, *, is_long: bool) -> None:
    """Each page is read by one of them, and in a long run by all."""
    client = speaking(world.people[letter], "es")
    routes = pages() if is_long else pages()[FEWER_RIGHTS.index(letter) :: len(FEWER_RIGHTS)]
    answers = {where: page_at(client, where) for where in (address(route, world.acme) for route in routes)}
    wrong = {where: said for where, answer in answers.items() if answer and (said := foreign_in(answer, ENGLISH))}
    assert wrong == {}


def test_who_is_not_logged_in_is_spoken_to_in_the_browsers_language(cast: Cast) -> None:
    client = Client(headers={"Accept-Language": "es-AR,es;q=0.9,en;q=0.5"})
    wrong = {}
    for where in [*paths_outside(), "/nothing-here", "/invitation/" + "x" * 43]:
        if answer := page_at(client, where):
            wrong[where] = foreign_in(answer, ENGLISH)
    assert {where: said for where, said in wrong.items() if said} == {}
    assert len(wrong) >= 8
    assert "Iniciar sesión" in said_by(client.get("/account/login"))


def test_refused_forms_say_why_in_spanish(cast: Cast, world: World) -> None:
    client = speaking(cast.ada_user, "es")
    inside = f"/w/{cast.acme.pk}"
    contact = f"{inside}/contacts/{world.acme.ids['contact_id']}"
    forms: dict[str, dict[str, object]] = {
        "/account/profile": {"first_name": "x" * 200, "language": "xx", "theme": "purple"},
        "/account/password": {"oldpassword": "wrong", "password1": "password", "password2": "passwor"},
        f"{inside}/settings/general": {"name": "", "time_zone": "Mars/Base", "api_rate_per_second": "1000"},
        f"{inside}/settings/users/invite": {"email": "not-an-address", "role": "king"},
        f"{inside}/settings/teams/new": {"name": ""},
        f"{inside}/settings/tokens/new": {"name": "", "scopes": "all"},
        f"{inside}/settings/fields/new": {"name": "", "kind": "colour"},
        f"{inside}/settings/tags/new": {"name": ""},
        f"{inside}/contacts/new": {"first_name": "", "phone": "96-CALL-ME", "email": "not-an-address"},
        f"{contact}/fields/email/save": {"value": "not-an-address"},
        f"{contact}/fields/phone/save": {"value": "96-CALL-ME"},
    }
    for where, body in forms.items():
        answer: Any = client.post(where, body)
        assert answer.status_code in {200, 422}, (where, answer.status_code)
        assert foreign_in(answer, ENGLISH) == [], where


@pytest.mark.parametrize("act", ["assign", "tag", "untag", "stage", "delete"])
def test_the_questions_before_an_act_on_many_are_spanish(cast: Cast, world: World, act: str) -> None:
    client = speaking(cast.ada_user, "es")
    chosen = [world.acme.ids["contact_id"], world.acme.ids["other_id"]]
    answer: Any = client.post(f"/w/{cast.acme.pk}/contacts/bulk", {"act": act, "chosen": chosen})
    assert answer.status_code == 200
    assert foreign_in(answer, ENGLISH) == []
    assert any("2 contactos" in text for text in said_by(answer))


def test_each_step_of_an_import_is_spanish(cast: Cast) -> None:
    speaking(cast.ada_user, "es")
    wizard = wizard_of(cast.acme, cast.ada_user)
    assert foreign_in(wizard.upload(b"\x00\x01", name="picture.png"), ENGLISH) == []
    row = wizard.uploaded(PEOPLE)
    _steps_are_spanish(wizard, f"/{row.pk}/map")
    wizard.map(row, "first_name", "phone", "email", "")
    _steps_are_spanish(wizard, f"/{row.pk}/checking")
    wizard.check()
    _steps_are_spanish(wizard, f"/{row.pk}/review", "/new", "")
    wizard.commit(wizard.row())
    _steps_are_spanish(wizard, f"/{row.pk}/running", "")
    wizard.write()
    for state in (State.COMPLETED, State.CANCELLED, State.EXPIRED, State.FAILED):
        wizard.change(state=state)
        _steps_are_spanish(wizard, f"/{row.pk}/result", "")


def _steps_are_spanish(wizard: Wizard, *paths: str) -> None:
    for path in paths:
        answer = wizard.client.get(wizard.address(path), follow=True)
        assert answer.status_code in {200, 409}, path
        assert foreign_in(answer, ENGLISH) == [], path


@pytest.mark.parametrize(("language", "foreign"), [("es", ENGLISH), ("en", SPANISH)], ids=["es", "en"])
def test_an_invitation_is_written_in_the_workspaces_language(
    cast: Cast, language: str, foreign: re.Pattern[str], django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True), workspace_scope(cast.acme.pk):
        assert Workspace.objects.filter(pk=cast.acme.pk).update(language=language)
        invite_member(actor=cast.ada, email="nia@example.com", role="agent", at=timezone.now())
    _is_written_in(foreign)


def test_mail_about_the_account_is_spanish(cast: Cast) -> None:
    client = Client(headers={"Accept-Language": "es"})
    client.post("/account/password/reset", {"email": "ada@example.com"})
    client.post("/account/password/reset", {"email": "nobody@example.com"})
    assert len(mail.outbox) == 2
    _is_written_in(ENGLISH)


def _is_written_in(foreign: re.Pattern[str]) -> None:
    assert mail.outbox
    for one in mail.outbox:
        html = [str(content) for content, _kind in getattr(one, "alternatives", [])]
        for text in (str(one.subject), str(one.body), *html):
            assert foreign_in(text, foreign) == [], text
