"""The command palette from the keyboard: to a message by its words, and to a page by its name."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import Cast
from tests.inbox.steps import a_channel, hears
from tests.journeys.living import enter
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_message_and_a_page_are_found_by_their_words(
    cast: Cast, site: str, page: Page, complaints: list[str]
) -> None:
    with workspace_scope(cast.acme.pk):
        asked = hears(cast.ada, a_channel(cast.ada), "Has the charger a UK plug?")
    enter(page, site, cast.ada_user)
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    found = page.locator("#palette-results")
    page.keyboard.press("/")
    page.keyboard.type("charger")
    expect(found.get_by_text("Messages", exact=True)).to_be_visible()
    expect(found.get_by_role("link", name="Has the charger a UK plug?")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/w/{cast.acme.pk}/inbox/**/c/{asked.contact_id}*")

    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    page.keyboard.press("/")
    with page.expect_response("**/search?q=topics"):
        page.keyboard.type("topics")
    expect(found.get_by_role("link", name="Settings / Data import")).to_have_count(0)
    expect(found.get_by_role("link", name="Settings / Topics")).to_have_count(1)
