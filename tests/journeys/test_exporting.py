"""The pages of exports in a real browser: a schedule is made, and each page fits and bars nobody; in English and in Spanish.

TERTULIA_PICTURES=folder keeps a picture of each page, light, dark and on a phone.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, expect

from exports.models import ExportSchedule
from tests.axe import serious_barriers
from tests.browsers import lent, wait_for_fragments
from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import enter
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

MESSAGES = 3
SCREENS = {"desk": {"width": 1440, "height": 900}, "phone": {"width": 390, "height": 844}}


@dataclass(frozen=True, slots=True)
class Words:
    """What the pages say in one language."""

    locale: str
    new_schedule: str
    name: str
    make: str
    none_yet: str


ENGLISH = Words(
    locale="en-GB", new_schedule="New schedule", name="Name", make="Make the schedule", none_yet="No runs yet"
)
SPANISH = Words(
    locale="es-ES",
    new_schedule="Nueva programación",
    name="Nombre",
    make="Crear la programación",
    none_yet="Todavía no hay ejecuciones",
)


@pytest.fixture
def exports(cast: Cast, origin: str) -> str:
    """Let contacts write to Acme today, and give the address of its exports."""
    with workspace_scope(cast.acme.pk):
        channel = a_channel(cast.ada)
        for number in range(MESSAGES):
            hears(cast.ada, channel, f"Hola, ¿cómo está el pedido {number}?", at=timezone.now())
    return f"{origin}/w/{cast.acme.pk}/settings/exports"


@pytest.mark.parametrize("words", [ENGLISH, SPANISH], ids=["en", "es"])
def test_a_schedule_is_made(exports: str, origin: str, cast: Cast, browser: Browser, words: Words) -> None:
    with lent(browser, viewport=SCREENS["desk"], locale=words.locale) as context:
        page = context.new_page()
        enter(page, origin, cast.ada_user)
        page.goto(f"{exports}/schedules")
        page.get_by_role("link", name=words.new_schedule).first.click()
        page.wait_for_url("**/schedules/new")  # a choice counts once the scripts are there
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
    with workspace_scope(cast.acme.pk):
        row = ExportSchedule.objects.in_workspace(cast.acme.pk).get()
    assert (row.dataset, row.every, row.on_weekday, row.filters) == ("messages", "week", 4, {"flows": ["incoming"]})


@pytest.mark.parametrize(
    ("words", "screen", "theme"), [(ENGLISH, "desk", "light"), (SPANISH, "phone", "dark")], ids=["desk", "phone"]
)
def test_the_pages_fit_and_are_accessible(
    exports: str, origin: str, cast: Cast, browser: Browser, words: Words, screen: str, theme: Any
) -> None:
    with workspace_scope(cast.acme.pk):
        schedule = ExportSchedule.objects.create(
            workspace_id=cast.acme.pk, name="Weekly resolutions", dataset="resolved_conversations", every="week",
            time_zone="Europe/Madrid", next_at=timezone.now(), created_by_id=cast.ada_user.pk,
            created_at=timezone.now(), destination="sftp", settings={"host": "files.example.com", "username": "robot"},
            trouble="exports.requester_not_allowed", is_on=False,
        )  # fmt: skip
    pages = {
        "exports": "",
        "datasets": "/datasets",
        "schedules": "/schedules",
        "schedule": f"/schedules/{schedule.pk}",
        "schedule-form": f"/schedules/{schedule.pk}/edit",
    }
    with lent(browser, viewport=SCREENS[screen], locale=words.locale, color_scheme=theme) as context:
        page = context.new_page()
        enter(page, origin, cast.ada_user)
        for name, path in pages.items():
            page.goto(f"{exports}{path}")
            wait_for_fragments(page)
            if folder := os.environ.get("TERTULIA_PICTURES"):
                picture = f"{name}-{words.locale[:2]}-{screen}-{theme}.png"
                page.screenshot(path=Path(folder) / picture, full_page=name != "datasets")
            assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[screen]["width"], name
            assert serious_barriers(page) == [], name
