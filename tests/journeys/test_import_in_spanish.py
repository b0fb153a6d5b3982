"""The wizard in Spanish, on a desk's screen and on a phone's. TERTULIA_PICTURES=folder keeps a picture of each step."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_import_journey import (
    PHONE_WIDTH,
    WORKER_SECONDS,
    House,
    house,  # noqa: F401 - a fixture
    open_when_ready,
    people,  # noqa: F401 - a fixture
    tally,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DESK_WIDTH = {"width": 1440, "height": 900}


@pytest.mark.parametrize("screen", [DESK_WIDTH, PHONE_WIDTH], ids=["desk", "phone"])
def test_importing_in_spanish(
    house: House,  # noqa: F811 - the fixture
    people: Path,  # noqa: F811 - the fixture
    browser: Browser,
    screen: dict[str, int],
) -> None:
    context = browser.new_context(viewport=screen, locale="es-ES")  # type: ignore[arg-type]
    context.set_default_timeout(10_000)
    house.enter(context)
    page = context.new_page()

    open_when_ready(page, f"{house.imports}/new")
    looked_at(page, "upload", screen)
    page.set_input_files("input[type=file]", people)
    page.get_by_role("button", name="Subir y seguir").click()

    expect(page.get_by_text("3 reconocidas por su nombre")).to_be_visible()
    looked_at(page, "map", screen)
    page.get_by_role("button", name="Revisar 2000 filas").click()

    page.wait_for_url("**/review", timeout=WORKER_SECONDS)
    assert tally(page) == {"Agregar": "1997", "Actualizar": "1", "Sin cambios": "0", "Omitir": "0", "Errores": "2"}
    looked_at(page, "review", screen)
    page.get_by_role("button", name="Importar 1998 contactos").click()

    expect(page.get_by_role("heading", name="1998 contactos importados")).to_be_visible(timeout=WORKER_SECONDS)
    looked_at(page, "result", screen)
    page.get_by_role("link", name="Deshacer esta importación").click()
    looked_at(page, "undo", screen)
    page.get_by_role("dialog").locator("button.danger").click()
    expect(page.get_by_role("heading", name="La importación se deshizo")).to_be_visible(timeout=WORKER_SECONDS)
    looked_at(page, "undone", screen)
    context.close()


def looked_at(page: Page, step: str, screen: dict[str, int]) -> None:
    """No page is wider than its screen; keep its picture where somebody asked for pictures."""
    assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"], step
    if folder := os.environ.get("TERTULIA_PICTURES"):
        page.wait_for_timeout(300)
        page.screenshot(path=Path(folder) / f"import-es-{step}-{screen['width']}.png", full_page=True)
