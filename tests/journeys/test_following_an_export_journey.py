"""Somebody follows an export from the button to the file without loading the page anew, with a real worker; in both languages.

TERTULIA_PICTURES=folder keeps a picture of each step.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import axe_playwright_python
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import enter
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MESSAGES = 30
WORKER_SECONDS = 30_000
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 780}
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
LOOK = """() => axe.run({resultTypes: ["violations"], preload: false}).then((result) => result.violations
  .filter((one) => ["serious", "critical"].includes(one.impact))
  .map((one) => [one.id, one.help, ...one.nodes.slice(0, 3).map((node) => node.html.slice(0, 200))]))"""


@dataclass(frozen=True, slots=True)
class Words:
    """What the page says in a language."""

    locale: str
    messages: str
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


def test_an_export_is_followed_to_its_file(site: str, cast: Cast, browser: Browser) -> None:
    complaints: list[str] = []
    for words in (ENGLISH, SPANISH):
        context = browser.new_context(viewport=DESK, locale=words.locale, reduced_motion="reduce", bypass_csp=True)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        enter(page, site, cast.ada_user)
        open_when_ready(page, f"{site}/w/{cast.acme.pk}/settings/exports?dataset=messages")
        asks_and_follows(page, words)
        downloads(page, words)
        bars_nobody(page, words)
        context.close()
    assert complaints == []


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
    assert content.startswith(b"\xef\xbb\xbf")
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
    page.evaluate(AXE)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        assert page.evaluate(LOOK) == []
        pictured(page, theme, words)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    pictured(page, "phone", words)
    page.locator("#export-history tbody a").first.click()
    expect(page.locator("#export-sum")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(AXE)
    assert page.evaluate(LOOK) == []
    pictured(page, "phone-one", words)


def open_when_ready(page: Page, address: str) -> None:
    """Go to an address; the web server may still be starting."""
    for _try in range(100):
        try:
            page.goto(address)
        except Exception:  # noqa: BLE001 - Playwright's word for "connection refused"
            page.wait_for_timeout(200)
        else:
            return
    pytest.fail("The web server did not start.")


def pictured(page: Page, step: str, words: Words) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("TERTULIA_PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"export-{words.locale}-{step}.png", full_page=True)
