"""A person brings a file in, in a real browser, with a real web server and a real worker; in Spanish, too.

TERTULIA_PICTURES=folder keeps a picture of each step in Spanish.
"""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from contacts.actions import add_contact
from contacts.models.contact import Source
from tests.browsers import DESK, lent, width_at
from tests.factories import NOON, a_cast, browser_of
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROWS = 1_300
PHONE: Any = {"width": 390, "height": 844}
WORKER_SECONDS = 30_000


@dataclass(frozen=True, slots=True)
class House:
    """Where the servers answer, and the cookie of a person who is logged in."""

    origin: str
    workspace_id: int
    cookie: str

    @property
    def imports(self) -> str:
        return f"{self.origin}/w/{self.workspace_id}/settings/imports"

    def enter(self, context: BrowserContext) -> None:
        context.add_cookies([{"name": "tertulia", "value": self.cookie, "url": self.origin}])


@pytest.fixture
def house(transactional_db: None, origin: str) -> House:
    """Let Acme know one Cleo already."""
    cast = a_cast()
    with workspace_scope(cast.acme.pk):
        values = {"first_name": "Cleo", "phone": "+34 600 100 000", "email": "cleo@old.example"}
        add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON)  # type: ignore[arg-type]
    cookie = browser_of(cast.ada_user).cookies["tertulia"].value
    return House(origin=origin, workspace_id=cast.acme.pk, cookie=cookie)


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """Write a file: one contact that is here already, two rows that cannot be read, the others new."""
    lines = ["Nombre;Teléfono;Correo;Cliente desde"]
    for number in range(ROWS):
        phone = "96-CALL-ME" if number in {7, 1_204} else f"+34600{100_000 + number}"
        lines.append(f"Persona {number};{phone};persona{number}@example.com;2026-01-{number % 28 + 1:02d}")
    path = tmp_path / "clientes.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_a_file_is_uploaded_mapped_reviewed_and_imported(house: House, people: Path, page: Page) -> None:
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    house.enter(page.context)
    page.goto(house.imports)
    page.get_by_role("link", name="Import contacts").click()
    page.set_input_files("input[type=file]", people)
    page.get_by_role("button", name="Upload and go on").click()

    expect(page.get_by_text("3 recognised by their names")).to_be_visible()
    page.wait_for_load_state()  # a list can be typed into once the scripts are there
    since = page.get_by_role("combobox", name="Field for Cliente desde")
    since.fill("Create")
    since.press("Enter")
    page.get_by_label("Type").locator("visible=true").select_option("date")
    page.get_by_role("button", name="Check 1,300 rows").click()

    page.wait_for_url("**/review", timeout=WORKER_SECONDS)
    assert tally(page) == {"Add": "1,297", "Update": "1", "Unchanged": "0", "Skip": "0", "Errors": "2"}
    page.get_by_role("link", name="Show rows").click()
    expect(page.locator("#error-rows")).to_contain_text("1,205")
    page.get_by_role("button", name="Import 1,298 contacts").click()

    expect(page.get_by_role("heading", name="1,298 contacts imported")).to_be_visible(timeout=WORKER_SECONDS)
    expect(page).to_have_url(re.compile("/result$"))
    assert tally(page) == {"Added": "1,297", "Updated": "1", "Skipped": "0", "Errors": "2"}
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the result file").click()
    result = download.value.path().read_text(encoding="utf-8").splitlines()
    assert download.value.suggested_filename == "clientes-result.csv"
    assert len(result) == ROWS + 1
    assert result[1].endswith(";2026-01-01;Updated;")

    page.get_by_role("link", name="Undo this import").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1,297 of 1,297 added contacts are deleted")
    expect(dialog.get_by_role("link", name="Keep the import")).to_be_focused()
    dialog.get_by_role("button", name="Undo it for 1,298 contacts").click()
    expect(page.get_by_role("heading", name="The import was undone")).to_be_visible(timeout=WORKER_SECONDS)
    expect(page.get_by_text("1,298 of 1,298 contacts are as before").first).to_be_visible()
    expect(page.get_by_text("Nothing: every contact is as before.")).to_be_visible()
    assert complaints == []


def test_the_wizard_works_without_scripts_on_a_phone(house: House, people: Path, browser: Browser) -> None:
    with lent(browser, java_script_enabled=False, viewport=PHONE, locale="en") as context:
        house.enter(context)
        page = context.new_page()
        page.goto(f"{house.imports}/new")
        page.set_input_files("input[type=file]", people)
        page.get_by_role("button", name="Upload and go on").click()
        page.get_by_role("button", name="Check 1,300 rows").click()
        refresh_until(page, "review")
        page.get_by_role("button", name="Import 1,298 contacts").click()
        refresh_until(page, "result")
        expect(page.get_by_role("heading", name="1,298 contacts imported")).to_be_visible()


def test_importing_in_spanish(house: House, people: Path, browser: Browser) -> None:
    with lent(browser, viewport=PHONE, locale="es-ES") as context:
        house.enter(context)
        page = context.new_page()

        page.goto(f"{house.imports}/new")
        fits(page, "upload")
        page.set_input_files("input[type=file]", people)
        page.get_by_role("button", name="Subir y seguir").click()

        expect(page.get_by_text("3 reconocidas por su nombre")).to_be_visible()
        fits(page, "map")
        page.get_by_role("button", name="Revisar 1300 filas").click()

        page.wait_for_url("**/review", timeout=WORKER_SECONDS)
        assert tally(page) == {"Agregar": "1297", "Actualizar": "1", "Sin cambios": "0", "Omitir": "0", "Errores": "2"}
        fits(page, "review")
        page.get_by_role("button", name="Importar 1298 contactos").click()

        expect(page.get_by_role("heading", name="1298 contactos importados")).to_be_visible(timeout=WORKER_SECONDS)
        fits(page, "result")
        page.get_by_role("link", name="Deshacer esta importación").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        fits(page, "undo")
        page.get_by_role("dialog").locator("button.danger").click()
        expect(page.get_by_role("heading", name="La importación se deshizo")).to_be_visible(timeout=WORKER_SECONDS)
        fits(page, "undone")


def fits(page: Page, step: str) -> None:
    """A page is as wide as its screen, at a desk and on a phone; keep its pictures where somebody asked for pictures."""
    for screen in (DESK["viewport"], PHONE):
        assert width_at(page, **screen) <= screen["width"], (step, screen)
        if folder := os.environ.get("TERTULIA_PICTURES"):
            page.wait_for_timeout(300)
            page.screenshot(path=Path(folder) / f"import-es-{step}-{screen['width']}.png", full_page=True)


def refresh_until(page: Page, step: str) -> None:
    """Follow the link that stands in for polling where there are no scripts."""
    for _try in range(100):
        if page.url.endswith(f"/{step}"):
            return
        time.sleep(0.3)
        page.get_by_role("link", name="Refresh").click()
    pytest.fail(f"The import did not come to its {step}.")


def tally(page: Page) -> dict[str, str]:
    """Return the counts that the page shows, by name."""
    names, values = page.locator(".tally .name").all_inner_texts(), page.locator(".tally .value").all_inner_texts()
    return dict(zip(names, values, strict=True))
