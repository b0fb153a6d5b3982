"""A mail in a real browser: its frame shows what was sent, runs nothing, and fetches nothing until somebody asks."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.channels.test_email_pages import a_received_mail
from tests.factories import Cast, browser_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mail_is_read_as_text_then_as_it_was_sent_then_with_its_pictures(page: Page, site: str, cast: Cast) -> None:
    message = a_received_mail(cast)
    cookie = browser_of(cast.ada_user).cookies["tertulia"].value
    page.context.add_cookies([{"name": "tertulia", "value": cookie, "url": site}])
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.abort()

    page.context.route("https://t.test/**", refuse)
    heard: list[str] = []
    page.on("console", lambda line: heard.append(line.text) if "Content Security Policy" in line.text else None)

    page.goto(f"{site}/w/{cast.acme.pk}/inbox/c/{message.contact_id}")
    card = page.locator(f"#message-{message.pk}")
    expect(card.get_by_text("Plain words")).to_be_visible()
    expect(card.get_by_text("quoted words")).to_be_hidden()
    card.get_by_text("As it was sent").click()
    frame = page.frame_locator(f'iframe[name="mail-{message.pk}"]')
    expect(frame.get_by_text("Rich words")).to_be_visible()
    expect(frame.locator('img[src^="data:image/png"]')).to_have_count(1)
    assert frame.get_by_text("Rich words").evaluate("node => getComputedStyle(node).color") == "rgb(255, 0, 0)"
    assert asked == []
    if os.environ.get("TERTULIA_PICTURES"):
        page.screenshot(path=Path(os.environ["TERTULIA_PICTURES"]) / "mail.png")
    with page.expect_request("https://t.test/**"):
        card.get_by_role("link", name="Show pictures").click()
    expect(frame.locator('img[src^="https://t.test"]')).to_have_count(1)
    page.wait_for_timeout(200)  # nothing else is asked for
    assert asked == ["https://t.test/x.gif"]
    assert heard == []
