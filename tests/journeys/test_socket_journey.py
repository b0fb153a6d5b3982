"""A page's line in a real browser: it hears, it catches up after each gap, it says how it stands, and presence is chosen."""

import time

import pytest
from django.db import connection
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from contacts.actions import add_contact
from contacts.models.contact import Source
from tests.factories import NOON, Cast, browser_of
from tests.realtime import RealtimeProcess, let_pages_reach
from workspaces.actions import create_away_state
from workspaces.models import Presence
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LISTEN = """
window.heard = [];
for (const name of ["changed", "catch-up", "typing", "viewing", "presence", "link"])
  document.addEventListener(`tertulia:${name}`, (event) => window.heard.push([name, event.detail]));
"""


@pytest.fixture(autouse=True)
def _line(realtime: RealtimeProcess, settings: Settings) -> None:
    let_pages_reach(realtime, settings)


def enter(page: Page, site: str, cast: Cast) -> None:
    cookie = browser_of(cast.ada_user).cookies["tertulia"].value
    page.context.add_cookies([{"name": "tertulia", "value": cookie, "url": site}])
    page.add_init_script(LISTEN)


def wait_for(page: Page, condition: str, *, within: float = 5) -> None:
    until = time.monotonic() + within
    while not page.evaluate(f"window.heard.some(([name, detail]) => {condition})"):
        assert time.monotonic() < until, page.evaluate("window.heard")
        page.wait_for_timeout(100)


def test_a_page_hears_catches_up_and_comes_back_by_itself(
    page: Page, site: str, realtime: RealtimeProcess, cast: Cast, complaints: list[str]
) -> None:
    enter(page, site, cast)
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    wait_for(page, 'name === "link" && detail.state === "live"')
    wait_for(page, 'name === "catch-up"')
    with workspace_scope(cast.acme.pk):
        contact = add_contact(actor=cast.ada, values={"first_name": "Cleo"}, source=Source.USER, at=NOON)
    wait_for(page, f'name === "changed" && detail.contacts.includes({contact.pk})')
    page.evaluate("window.heard.length = 0")
    realtime.kill()
    wait_for(page, 'name === "link" && detail.state === "connecting"')
    realtime.start()
    wait_for(page, 'name === "link" && detail.state === "live"', within=20)
    wait_for(page, 'name === "catch-up"')
    page.evaluate("window.heard.length = 0")
    page.context.set_offline(offline=True)
    wait_for(page, 'name === "link" && detail.state === "offline"')
    page.context.set_offline(offline=False)
    wait_for(page, 'name === "link" && detail.state === "live"')
    wait_for(page, 'name === "catch-up"')


def test_presence_is_chosen_in_the_account_menu(
    page: Page, site: str, realtime: RealtimeProcess, cast: Cast, complaints: list[str]
) -> None:
    with workspace_scope(cast.acme.pk):
        create_away_state(actor=cast.ada, name="Lunch", at=NOON)
    enter(page, site, cast)
    page.goto(f"{site}/w/{cast.acme.pk}/contacts")
    expect(page.locator(".side [data-own-presence]")).to_have_attribute("title", "Online")
    wait_for(page, 'name === "link" && detail.state === "live"')
    page.locator(".side .me").click()
    menu = page.locator("#account-menu")
    expect(menu.get_by_role("button", name="Busy")).to_have_count(0)
    menu.get_by_role("button", name="Lunch").click()
    expect(menu.get_by_role("button", name="Lunch")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".side [data-own-presence]")).to_have_attribute("title", "Lunch")
    wait_for(page, f'name === "presence" && detail.members.includes({cast.ada_user.pk})')
    connection.close()
    with workspace_scope(cast.acme.pk):
        assert Presence.objects.get(user_id=cast.ada_user.pk).choice == "busy"
    page.goto(f"{site}/account/profile")
    form = page.locator("#account-menu [data-presence-switch]")
    expect(form).to_have_attribute("action", f"/w/{cast.acme.pk}/presence")
