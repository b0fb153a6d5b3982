"""A manager's morning in Spanish: a saved inbox, the filter, words of a message, two closed at once, closing notes required."""

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from inbox.actions.closing_notes import add_closing_category
from inbox.models import ClosingMode, Conversation, CustomInbox, Status
from inbox.queries.behaviour import settings_of
from tests.browsers import DESK, lent
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import TOMAS, enter
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PEOPLE = ((TOMAS, "¿Venden paraguas rojos?"), ("+34600111222", "Mi factura"), ("+34600111333", "Gracias por todo"))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    with lent(browser, viewport=DESK["viewport"], locale="es-ES") as context:
        yield context.new_page()


@pytest.fixture
def home(cast: Cast, site: str, page: Page) -> str:
    """Three people have written; Max is signed in."""
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        for sender, text in PEOPLE:
            hears(cast.ada, channel, text, sender=sender, at=timezone.now())
        add_closing_category(actor=cast.ada, name="Entregas", at=timezone.now())
    enter(page, site, cast.max_user)
    return f"{site}/w/{cast.acme.pk}"


def test_a_saved_inbox_with_a_condition(page: Page, home: str, cast: Cast, complaints: list[str]) -> None:
    page.goto(f"{home}/inbox/v/all")
    page.get_by_role("link", name="Nueva bandeja guardada").click()
    page.get_by_label("Nombre", exact=True).fill("Paraguas")
    page.get_by_label("Campo", exact=True).select_option("phone")
    page.get_by_label("Comparación").wait_for()
    page.get_by_label("Valor").fill(TOMAS)
    page.get_by_role("button", name="Guardar la bandeja").click()
    expect(page.get_by_role("heading", name="Paraguas")).to_be_visible()
    rows = page.locator("#inbox-rows").get_by_role("listitem")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("paraguas rojos")
    expect(page.locator("#nav-inboxes").get_by_role("link", name="Paraguas")).to_be_visible()
    with workspace_scope(cast.acme.pk):
        assert CustomInbox.objects.get().owner_id == cast.max_user.pk


def test_filter_search_and_many_at_once(page: Page, home: str, cast: Cast, complaints: list[str]) -> None:
    page.goto(f"{home}/inbox/v/all")
    rows = page.locator("#inbox-rows").get_by_role("listitem")
    expect(rows).to_have_count(3)
    page.keyboard.press("f")
    page.get_by_label("Mostrar").select_option(label="Sin leer")
    page.wait_for_url("**only=unread*")
    expect(rows).to_have_count(3)

    page.get_by_role("link", name="Buscar mensajes").click()
    page.get_by_role("searchbox").press_sequentially("FACTU")
    found = page.locator("#found").get_by_role("link")
    expect(found).to_have_count(1)
    expect(found.locator("mark")).to_have_text("factu")  # what was typed, not the whole word
    found.click()
    expect(page.get_by_role("log").get_by_text("Mi factura")).to_be_visible()

    page.locator("#thread-title").focus()
    for key in "jxkx":
        page.keyboard.press(key)
    bar = page.get_by_role("toolbar")
    expect(bar).to_contain_text("2")
    bar.get_by_role("button", name="Cerrar", exact=True).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Categoría").select_option("Entregas")
    dialog.get_by_role("button", name="Cerrar 2 conversaciones").click()
    expect(page.get_by_text("2 conversaciones cerradas.")).to_be_visible()
    expect(rows).to_have_count(1)
    with workspace_scope(cast.acme.pk):
        assert Conversation.objects.filter(status=Status.RESOLVED, closed_category="Entregas").count() == 2


def test_closing_notes_are_required(page: Page, home: str, cast: Cast, complaints: list[str]) -> None:
    page.goto(f"{home}/settings/closing-notes")
    page.get_by_label("Exigir categoría y resumen").check()
    page.get_by_role("button", name="Guardar los ajustes").click()
    page.get_by_role("link", name="Agregar categoría").click()
    page.get_by_role("dialog").get_by_label("Nombre").fill("Facturas")
    page.get_by_role("dialog").locator("button[type=submit]").click()
    expect(page.locator("#categories-card").get_by_text("Facturas", exact=True)).to_be_visible()
    with workspace_scope(cast.acme.pk):
        assert settings_of(cast.acme.pk).closing_mode == ClosingMode.ALL

    page.goto(f"{home}/inbox/v/all")
    page.locator("#inbox-rows [data-row-link]").first.click()
    expect(page.locator("#thread-title")).to_be_focused()
    page.keyboard.press("e")
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Categoría").select_option("Facturas")
    dialog.get_by_role("button", name="Cerrar la conversación").click()
    expect(dialog.get_by_label("Resumen")).to_be_visible()
    dialog.get_by_label("Resumen").fill("Se envió la copia")
    dialog.get_by_role("button", name="Cerrar la conversación").click()
    expect(page.locator("#thread-head")).to_contain_text("Cerrada")
