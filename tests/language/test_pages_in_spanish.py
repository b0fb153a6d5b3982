"""Every page in Spanish for a person who chose Spanish, and in English for one who chose English."""

import re
from html.parser import HTMLParser

import pytest
from django.core import mail
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import PASSWORD, Cast, browser_of
from tests.walls.permissions import OUTSIDE
from tests.walls.routes import Route, all_routes
from tests.walls.walking import address, pages
from tests.walls.world import a_world

ENGLISH = re.compile(
    r"\b(Settings|Contacts?|Save|Saved|Cancel|Delete|Add|Added|Import|Imports|Search|Users|Teams?|Members?|Workspaces?"
    r"|Log in|Log out|Password|Name|Description|Email|E-mail|Phone|Country|Language|Tags?|Fields?|Filter|Lifecycle"
    r"|Choose|Write|Show|Edit|Remove|Create|New|Next|Previous|Close|Open|Back|Profile|Security|Empty|Nobody|None"
    r"|Yes|File|Rows?|Columns?|Errors?|Upload|Download|Review|Owner|Manager|Agent|the|and|with|your|you|is|are|of"
    r"|this|that|from|not|was|has|will)\b"
)
SPANISH = re.compile(r"\b(Ajustes|Contactos|Guardar|Cancelar|Eliminar|Agregar|Importar|Buscar|Equipos|que|los|para)\b")
UNREAD = {"script", "style", "code", "pre", "template"}


class Reading(HTMLParser):
    """What a person reads or hears of a page: texts, labels, titles, placeholders."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unread = 0
        self._foreign: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._unread += tag in UNREAD
        self.said += [known[name] or "" for name in ("aria-label", "title", "placeholder", "alt") if name in known]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD

    def handle_data(self, data: str) -> None:
        if not self._unread and data.strip():
            self.said.append(" ".join(data.split()))


def words_of(response: HttpResponseBase, pattern: re.Pattern[str]) -> list[str]:
    """Return what a page says that has one of the words, without names and addresses of things."""
    reading = Reading()
    reading.feed(b"".join(iter(response)).decode())
    return [text for text in reading.said if pattern.search(_without_data(text))]


def _without_data(text: str) -> str:
    for name in ("Acmeword", "Acme Agent", "Rita Restricted", "Acme"):
        text = re.sub(rf"{name}(\.\w+| (stage|field|tag|team|token|value|Number\d))?", "", text)
    return re.sub(r"\S+@\S+|https?://\S+|“[$a-z]+”|\bNumber\d\b", "", text)


def open_page(client: Client, where: str) -> HttpResponseBase | None:
    """Get a page; what is no page of its own (a file, a redirect, a post) is None."""
    response = client.get(where)
    assert response.status_code < 500, where
    is_page = response.status_code != 302 and response.get("Content-Type", "").startswith("text/html")
    return response if is_page else None


def paths_outside() -> list[str]:
    """Return the pages outside any workspace that need nothing in their address."""
    routes: list[Route] = [route for route in all_routes() if route.name in OUTSIDE and not route.parts]
    return [reverse(route.name) for route in routes if not route.is_api and not route.name.startswith("api_")]


@pytest.mark.parametrize(("language", "foreign", "least"), [("es", ENGLISH, 25), ("en", SPANISH, 25)])
def test_every_page_speaks_the_language_that_was_chosen(
    cast: Cast, language: str, foreign: re.Pattern[str], least: int
) -> None:
    world = a_world(cast)
    cast.ada_user.language = language
    cast.ada_user.save()
    client = browser_of(cast.ada_user)
    seen, wrong = 0, []
    for where in [*(address(route, world.acme) for route in pages()), *paths_outside()]:
        if (response := open_page(client, where)) is None:
            continue
        seen += 1
        assert response["Content-Language"] == language, where
        if said := words_of(response, foreign):
            wrong.append(f"{where}: {said}")
    assert wrong == []
    assert seen >= least
