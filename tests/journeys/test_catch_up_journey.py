"""The realtime process dies and comes back while messages arrive: the open inbox says so, and catches up by itself."""

import pytest
from playwright.sync_api import Page, expect

from inbox.models import Message
from tests.factories import Cast
from tests.journeys.living import TOMAS, Living, enter, until, wait_for_line
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def arrived(cast: Cast, number: int) -> bool:
    with workspace_scope(cast.acme.pk):
        return Message.objects.in_workspace(cast.acme.pk).count() == number


def test_the_page_catches_up_after_a_gap(cast: Cast, living: Living, page: Page, complaints: list[str]) -> None:
    gateway = living.gateway
    gateway.hears("Where is my charger?")
    until(lambda: arrived(cast, 1))
    enter(page, living.url, cast.ben_user)
    page.goto(f"{living.url}/w/{cast.acme.pk}/inbox/v/all")
    wait_for_line(page)
    thread, rows = page.get_by_role("log"), page.locator("#inbox-rows")
    rows.get_by_role("link", name="Cleo Marín").click()
    expect(thread.get_by_text("Where is my charger?")).to_be_visible()
    address = page.url
    page.locator("#composer-text").fill("One moment")

    living.realtime.kill()
    expect(page.locator("[data-link-state]").first).to_have_text("Reconnecting…")
    expect(page.get_by_text("The connection is gone.")).to_be_visible()
    gateway.hears("Are you there?")
    gateway.hears("Good morning", sender=TOMAS, first_name="Tomás", last_name="Vidal")
    until(lambda: arrived(cast, 3))
    expect(rows.get_by_role("listitem")).to_have_count(1)

    page.evaluate("document.addEventListener('tertulia:catch-up', () => { window.caughtUp = true; })")
    living.realtime.start()
    expect(thread.get_by_text("Are you there?")).to_be_visible(timeout=15_000)
    expect(rows.get_by_text("Tomás Vidal")).to_be_visible()
    expect(rows.get_by_role("link", name="Cleo Marín")).to_contain_text("Draft")
    expect(page.get_by_text("The connection is gone.")).to_be_hidden()
    assert page.evaluate("window.caughtUp")

    # Nobody was disturbed: the same page, the same words, the open row still marked, nothing shown twice.
    assert page.url == address
    expect(page.locator("#composer-text")).to_have_value("One moment")
    expect(rows.get_by_role("link", name="Cleo Marín")).to_have_attribute("aria-current", "true")
    expect(thread.get_by_role("article")).to_have_count(2)
