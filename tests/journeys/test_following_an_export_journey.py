"""Somebody follows an export from the button to the file without loading the page anew, with a real worker; in both languages.

TERTULIA_PICTURES=folder keeps a picture of each step.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.axe import serious_barriers, serious_by_day_and_night
from tests.browsers import lent, wait_for_fragments
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import enter
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MESSAGES = 12
WORKER_SECONDS = 30_000
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in a language."""

    locale: str
    messages: str
    users: str
    header: str
    rows: str
    button: re.Pattern[str]
    begun: str
    completed: str
    download: str
    meaning: str
    means: str


ENGLISH = Words(
    locale="en-GB",
    messages="Messages",
    users="Users",
    header="Date & Time",
    rows=f"{MESSAGES} rows",
    button=re.compile(r"Export about \d+ rows?"),
    begun="The export of Messages has begun.",
    completed="Completed",
    download="Download Messages",
    meaning="Meaning",
    means="When the message",
)
SPANISH = Words(
    locale="es-ES",
    messages="Mensajes",
    users="Usuarios",
    header="Fecha y hora",
    rows=f"{MESSAGES} filas",
    button=re.compile(r"Exportar aproximadamente \d+ filas?"),
    begun="La exportación de Mensajes ha empezado.",
    completed="Completada",
    download="Descargar Mensajes",
    meaning="Significado",
    means="mensaje",
)


@pytest.fixture
def site(cast: Cast, origin: str) -> str:
    """Let a workspace hear some messages, and give the address of its pages."""
    with workspace_scope(cast.acme.pk):
        channel, at = a_channel(cast.ada), timezone.now()
        for number in range(MESSAGES):
            hears(cast.ada, channel, f"¿Dónde está mi pedido {number}?", at=at)
    return origin


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_an_export_is_followed_to_its_file(site: str, cast: Cast, browser: Browser, words: Words) -> None:
    complaints: list[str] = []
    with lent(browser, viewport=DESK, locale=words.locale) as context:
        page = context.new_page()
        page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        enter(page, site, cast.ada_user)
        page.goto(f"{site}/w/{cast.acme.pk}/settings/exports")
        wait_for_fragments(page)
        chooses(page, words)
        asks_and_follows(page, words)
        downloads(page, words)
        assert complaints == []
        bars_nobody(page, words)


def chooses(page: Page, words: Words) -> None:
    """One set of data, then another; the page follows."""
    sets = page.locator(".export-sets")
    sets.get_by_role("link", name=re.compile(f"^{words.users}")).click()
    expect(page).to_have_url(re.compile("dataset=users"))
    expect(page.locator("#export-form h2")).to_have_text(words.users)
    sets.get_by_role("link", name=re.compile(rf"^{words.messages}\s*14")).click()
    expect(page).to_have_url(re.compile("dataset=messages"))
    expect(page.locator("#export-columns")).to_contain_text(words.header)


def asks_and_follows(page: Page, words: Words) -> None:
    """The button tells of rows, the card ends by itself, and the history beside it has the file."""
    expect(page.locator("#export-button")).to_have_text(words.button)
    pictured(page, "ask", words)
    lines = page.locator("#export-history tbody tr")
    earlier = lines.count()
    page.locator("#export-button button").click()
    expect(page.locator(".toast")).to_contain_text(words.begun)
    page.evaluate("window.stayed = true")
    pictured(page, "running", words)
    expect(lines).to_have_count(earlier + 1)
    expect(lines.first).to_contain_text(words.completed, timeout=WORKER_SECONDS)
    card = page.locator("#export-progress")
    if card.count():  # a quick worker has ended before the page was there
        expect(card).to_contain_text(words.rows)
    expect(page.locator("#export-button")).to_have_text(words.button)
    assert page.evaluate("window.stayed") is True, "the page was loaded anew"
    pictured(page, "done", words)


def downloads(page: Page, words: Words) -> None:
    """The file is the one whose checksum the export's page shows."""
    line = page.locator("#export-history tbody tr").first
    with page.expect_download() as download:
        line.get_by_role("link", name=words.download).click()
    content = download.value.path().read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + words.header.encode())
    assert content.count(b"\r\n") == MESSAGES + 1
    line.get_by_role("link", name=words.messages, exact=True).click()
    expect(page.locator("#export-sum")).to_have_text(hashlib.sha256(content).hexdigest())
    pictured(page, "one", words)
    page.go_back()
    page.locator("#export-columns").get_by_role("link", name=words.meaning).click()
    expect(page.locator("#export-columns [aria-current]")).to_have_text(words.meaning)
    expect(page.locator("#export-columns tbody")).to_contain_text(words.means)


def bars_nobody(page: Page, words: Words) -> None:
    """No page is wider than a phone, and axe finds nothing serious by day or by night."""
    page.locator(".export-filters summary").click()
    assert serious_by_day_and_night(page) == []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        pictured(page, theme, words)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    pictured(page, "phone", words)
    page.locator("#export-history tbody a").first.click()
    expect(page.locator("#export-sum")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert serious_barriers(page) == []
    pictured(page, "phone-one", words)


def pictured(page: Page, step: str, words: Words) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("TERTULIA_PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"export-{words.locale}-{step}.png", full_page=True)
