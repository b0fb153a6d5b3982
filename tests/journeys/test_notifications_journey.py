"""News that comes while a page stands open, in a real browser: the count follows, and the centre is used by keyboard."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.factories import Cast, browser_of
from tests.workspaces.news import told

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE_WIDTH: ViewportSize = {"width": 360, "height": 780}


def enter(page: Page, site: str, cast: Cast) -> None:
    cookie = browser_of(cast.ada_user).cookies["tertulia"].value
    page.context.add_cookies([{"name": "tertulia", "value": cookie, "url": site}])


def test_the_count_follows_while_a_page_is_open(page: Page, site: str, cast: Cast, complaints: list[str]) -> None:
    enter(page, site, cast)
    page.clock.install()
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    count = page.locator("#unseen-side")
    expect(count).to_be_hidden()
    told(cast.ada, number=1)
    page.clock.run_for(31_000)
    expect(count).to_contain_text("1")
    told(cast.ada, number=2, kind="imports.failed")
    page.clock.run_for(31_000)
    expect(count).to_contain_text("2")

    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="people.csv")).to_have_count(2)
    expect(count).to_be_hidden()
    show(page, "notifications-desk")
    page.get_by_role("button", name="Archive: people.csv is imported").click()
    expect(page.get_by_text("Notification archived")).to_be_visible()
    page.get_by_role("link", name="Archived", exact=True).click()
    expect(page.get_by_role("button", name="Move back: people.csv is imported")).to_be_visible()


def test_the_poll_of_a_page_whose_sign_in_has_ended_disturbs_nobody(
    page: Page, site: str, cast: Cast, complaints: list[str]
) -> None:
    enter(page, site, cast)
    page.clock.install()
    page.goto(f"{site}/w/{cast.acme.pk}/contacts/new")
    name = page.get_by_label("First name")
    name.fill("Half writ")
    page.context.clear_cookies()
    with page.expect_response(lambda answer: "/account/login" in answer.url):
        page.clock.run_for(31_000)
    page.clock.run_for(1_000)
    expect(name).to_have_value("Half writ")
    expect(page.locator("[data-fault]")).to_have_count(0)


def test_on_a_phone_it_fits_and_the_bar_leads_there(page: Page, site: str, cast: Cast, complaints: list[str]) -> None:
    enter(page, site, cast)
    told(cast.ada, number=1, file_name="a-very-long-name-of-a-file-without-any-blank-in-it-" * 3 + ".csv")
    told(cast.ada, number=2, kind="imports.failed")
    told(cast.ada, number=3, kind="imports.expired")
    page.set_viewport_size(PHONE_WIDTH)
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    show(page, "notifications-bar")
    page.get_by_role("link", name="Alerts").click()
    expect(page.get_by_role("heading", name="Notifications")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    show(page, "notifications-phone")


def show(page: Page, name: str) -> None:
    """Keep a picture where TERTULIA_PICTURES says."""
    if folder := os.environ.get("TERTULIA_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")
