"""A person takes data out, in a real browser, with a real web server and a real worker; in English and in Spanish.

TERTULIA_PICTURES=folder keeps a picture of each page, light, dark and on a phone.
"""

import hashlib
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from exports.models import ExportSchedule
from tests.factories import Cast, a_cast, browser_of
from tests.inbox.steps import a_channel, hears
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

WORKER_SECONDS = 30_000
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js")
SERIOUS = (
    "axe.run().then((result) => result.violations.filter((one) => ['serious', 'critical'].includes(one.impact))"
    ".map((one) => [one.id, one.help, one.nodes[0].html]))"
)
MESSAGES = 40
SCREENS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say in one language."""

    locale: str
    messages: str
    users: str
    export: str
    download: str
    header: str
    meaning: str
    new_schedule: str
    name: str
    make: str
    none_yet: str


ENGLISH = Words(
    locale="en-GB", messages="Messages", users="Users", export="Export about", download="Download", header="Date & Time",
    meaning="Meaning", new_schedule="New schedule", name="Name", make="Make the schedule", none_yet="No runs yet",
)  # fmt: skip
SPANISH = Words(
    locale="es-ES", messages="Mensajes", users="Usuarios", export="Exportar aproximadamente", download="Descargar",
    header="Fecha y hora", meaning="Significado", new_schedule="Nueva programación", name="Nombre",
    make="Crear la programación", none_yet="Todavía no hay ejecuciones",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """Where the servers answer, whose workspace it is, and the cookie of a person who is logged in."""

    origin: str
    cast: Cast
    cookie: str

    @property
    def exports(self) -> str:
        return f"{self.origin}/w/{self.cast.acme.pk}/settings/exports"

    def enter(self, browser: Browser, **options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(10_000)
        context.add_cookies([{"name": "tertulia", "value": self.cookie, "url": self.origin}])
        return context


@pytest.fixture
def house(transactional_db: None, origin: str) -> House:
    """Let contacts write to Acme today."""
    cast = a_cast()
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        for number in range(MESSAGES):
            hears(cast.ada, channel, f"Hola, ¿cómo está el pedido {number}?", at=timezone.now())
    cookie = browser_of(cast.ada_user).cookies["tertulia"].value
    return House(origin=origin, cast=cast, cookie=cookie)


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_messages_leave_as_a_file_that_is_what_the_page_says(house: House, browser: Browser, words: Words) -> None:
    complaints: list[str] = []
    context = house.enter(browser, viewport=SCREENS["desk"], locale=words.locale)
    page = context.new_page()
    page.on("console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_when_ready(page, house.exports)

    sets = page.locator(".export-sets")
    sets.get_by_role("link", name=re.compile(f"^{words.users}")).click()
    expect(page).to_have_url(re.compile("dataset=users"))
    expect(page.locator("#export-form h2")).to_have_text(words.users)
    sets.get_by_role("link", name=re.compile(rf"^{words.messages}\s*14")).click()
    expect(page.locator("#export-columns")).to_contain_text(words.header)
    page.locator("#export-columns").get_by_role("link", name=words.meaning).click()
    expect(page.locator("#export-columns [aria-current]")).to_have_text(words.meaning)

    button = page.locator("#export-button button")
    expect(button).to_contain_text(re.compile(rf"{words.export} \d+"))
    button.click()
    line = page.locator("#export-history tbody tr").first
    line.get_by_role("link", name=words.download).wait_for(timeout=WORKER_SECONDS)
    with page.expect_download() as download:
        line.get_by_role("link", name=words.download).click()
    content = download.value.path().read_bytes()
    rows = content.decode("utf-8-sig").split("\r\n")
    assert rows[0].startswith(words.header)
    assert len(rows) == MESSAGES + 2
    line.get_by_role("link", name=words.messages).first.click()
    expect(page.locator("#export-sum")).to_have_text(hashlib.sha256(content).hexdigest())
    assert complaints == []
    context.close()


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_a_schedule_is_made(house: House, browser: Browser, words: Words) -> None:
    context = house.enter(browser, viewport=SCREENS["desk"], locale=words.locale)
    page = context.new_page()
    open_when_ready(page, f"{house.exports}/schedules")
    page.get_by_role("link", name=words.new_schedule).first.click()
    page.get_by_label(words.name, exact=True).fill("Cada noche")
    page.locator("[name=dataset]").select_option("messages")
    expect(page.locator("#schedule-filters [name=flows]").first).to_be_attached()
    page.locator("#schedule-filters summary").click()
    page.locator("[name=flows][value=incoming]").check()
    expect(page.locator(".schedule-sftp")).to_be_hidden()
    page.locator("[name=destination][value=sftp]").check()
    expect(page.locator(".schedule-sftp")).to_be_visible()
    page.locator("[name=destination][value=history]").check()
    page.locator("[name=every]").select_option("week")
    page.locator("[name=on_weekday]").select_option("4")
    page.get_by_role("button", name=words.make).click()
    expect(page.locator("h1")).to_contain_text("Cada noche")
    expect(page.get_by_text(words.none_yet)).to_be_visible()
    with workspace_scope(house.cast.acme.pk):
        row = ExportSchedule.objects.in_workspace(house.cast.acme.pk).get()
    assert (row.dataset, row.every, row.on_weekday, row.filters) == ("messages", "week", 4, {"flows": ["incoming"]})
    context.close()


@pytest.mark.parametrize(
    ("words", "screen", "theme"), [(ENGLISH, "desk", "light"), (SPANISH, "phone", "dark")], ids=["desk", "phone"]
)
def test_the_pages_fit_and_are_accessible(
    house: House, browser: Browser, words: Words, screen: str, theme: Any
) -> None:
    with workspace_scope(house.cast.acme.pk):
        schedule = ExportSchedule.objects.create(
            workspace_id=house.cast.acme.pk, name="Weekly resolutions", dataset="resolved_conversations", every="week",
            time_zone="Europe/Madrid", next_at=timezone.now(), created_by_id=house.cast.ada_user.pk,
            created_at=timezone.now(), destination="sftp", settings={"host": "files.example.com", "username": "robot"},
            trouble="exports.requester_not_allowed", is_on=False,
        )  # fmt: skip
    context = house.enter(browser, viewport=SCREENS[screen], locale=words.locale, color_scheme=theme)
    page = context.new_page()
    pages = {
        "exports": "",
        "datasets": "/datasets",
        "schedules": "/schedules",
        "schedule": f"/schedules/{schedule.pk}",
        "schedule-form": f"/schedules/{schedule.pk}/edit",
    }
    for name, path in pages.items():
        open_when_ready(page, f"{house.exports}{path}")
        page.wait_for_load_state("networkidle")
        if folder := os.environ.get("TERTULIA_PICTURES"):
            picture = f"{name}-{words.locale[:2]}-{screen}-{theme}.png"
            page.screenshot(path=Path(folder) / picture, full_page=name != "datasets")
        assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["width"], name
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(SERIOUS) == [], name
    context.close()


def open_when_ready(page: Page, address: str) -> None:
    """Go to an address; the web server may still be starting."""
    for _try in range(100):
        try:
            page.goto(address)
        except Exception:  # noqa: BLE001 - Playwright's word for "connection refused"
            time.sleep(0.2)
        else:
            return
    pytest.fail("The web server did not start.")
