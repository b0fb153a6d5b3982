"""The dashboard of somebody who keeps it open: it fills itself, nothing jumps, and nobody is barred from it."""

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, Request, expect

from contacts.actions import add_contact
from contacts.models.contact import Source
from inbox.models import Conversation
from tests.axe import serious_by_day_and_night
from tests.browsers import DESK, lent
from tests.factories import Cast
from tests.inbox.rows import a_row
from tests.journeys.living import TOMAS, Living, enter, until, wait_for_line
from workspaces.actions import choose_presence
from workspaces.scope import workspace_scope

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def figure(page: Page, name: str) -> Any:
    return page.locator(f"[data-figure={name}]")


def test_a_message_counts_without_a_reload_and_what_is_pointed_at_stays(
    page: Page, living: Living, cast: Cast, complaints: list[str]
) -> None:
    at = timezone.now()
    with workspace_scope(cast.acme.pk):
        first = a_row(cast.ada, "First", assignee_id=cast.ben_user.pk, last_activity_at=at, waiting_since=at)
    enter(page, living.url, cast.ada_user)
    page.goto(f"{living.url}/w/{cast.acme.pk}/inbox")
    page.keyboard.press("g")
    page.keyboard.press("d")
    page.wait_for_url("**/dashboard")
    wait_for_line(page)
    asked: list[str] = []
    page.on("request", lambda one: _note(one, asked))
    expect(figure(page, "open")).to_have_text("1")

    rows = page.locator("#dash-list tbody tr")
    page.locator("#dash-team").get_by_role("link", name="1 open, Ben Tanaka").focus()
    living.gateway.hears("Where is my parcel?")
    expect(figure(page, "open")).to_have_text("2")
    expect(figure(page, "unassigned")).to_have_text("1")
    expect(rows.first).to_contain_text("Cleo Marín")
    expect(page.locator("#dash-activity")).to_contain_text("Cleo Marín opened a conversation")
    with workspace_scope(cast.acme.pk):
        choose_presence(actor=cast.ben, choice="online", away_state_id=None, at=timezone.now())
    expect(page.locator("#dash-team")).to_contain_text("Online")
    expect(page.locator("#dash-team a:focus")).to_have_attribute("aria-label", "1 open, Ben Tanaka")

    rows.nth(1).hover()
    living.gateway.hears("And mine?", sender=TOMAS, first_name="Tomás", last_name="Iriarte")
    expect(figure(page, "open")).to_have_text("3")
    expect(rows).to_have_count(2)
    page.mouse.move(5, 5)
    expect(rows.first).to_contain_text("Tomás Iriarte")
    assert 2 <= len(asked) <= 8

    page.locator("[data-figure=unassigned]").click()
    expect(rows).to_have_count(2)
    rows.first.get_by_role("link").click()
    page.wait_for_url("**/inbox/v/unassigned/c/*")
    with workspace_scope(cast.acme.pk):
        assert Conversation.objects.in_workspace(cast.acme.pk).filter(pk=first.pk, status="new").exists()


def _note(request: Request, asked: list[str]) -> None:
    if "/dashboard/now" in request.url:
        asked.append(request.url)


def test_a_hidden_page_asks_nothing_and_catches_up_when_it_is_seen(page: Page, living: Living, cast: Cast) -> None:
    enter(page, living.url, cast.ada_user)
    page.goto(f"{living.url}/w/{cast.acme.pk}/dashboard")
    wait_for_line(page)
    expect(figure(page, "open")).to_have_text("0")
    page.wait_for_timeout(2500)
    asked: list[str] = []
    page.on("request", lambda one: _note(one, asked))
    page.evaluate(HIDE, True)
    living.gateway.hears("Anybody there?")
    until(lambda: _count(cast) == 1)
    page.wait_for_timeout(2500)
    assert asked == []
    page.evaluate(HIDE, False)
    expect(figure(page, "open")).to_have_text("1")


HIDE = """(hidden) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def _count(cast: Cast) -> int:
    with workspace_scope(cast.acme.pk):
        return Conversation.objects.in_workspace(cast.acme.pk).count()


def test_nothing_serious_bars_anybody_and_nothing_scrolls_sideways(
    browser: Browser, living: Living, cast: Cast
) -> None:
    at = timezone.now()
    with workspace_scope(cast.acme.pk):
        for number in range(20):
            a_row(
                cast.ada,
                f"Maximiliana-Konstantina von Hohenzollern {number}",
                assignee_id=cast.ben_user.pk if number % 2 else None,
                last_activity_at=at,
                waiting_since=at if number % 3 else None,
            )
        for name in ("One", "Other"):
            values: Any = {"first_name": name, "email": "same@example.com"}
            add_contact(actor=cast.ada, values=values, source=Source.USER, at=at)
    living.gateway.hears("Hello")
    until(lambda: _count(cast) == 21)
    found = []
    with lent(browser, **DESK) as context:
        page = context.new_page()
        enter(page, living.url, cast.ada_user)
        page.goto(f"{living.url}/w/{cast.acme.pk}/dashboard")
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            found += serious_by_day_and_night(page)
            assert page.evaluate("document.documentElement.scrollWidth") == width
    assert found == []
