"""From a figure to the person behind it, and reports that nobody is barred from."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.axe import serious_barriers, serious_by_night
from tests.browsers import DESK, lent
from tests.factories import Cast
from tests.journeys.living import enter
from tests.reports.shopping import a_shop

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAYS = "from=2026-03-09&to=2026-03-12"


def test_a_figure_is_traced_from_the_chart_to_the_contact(
    page: Page, site: str, cast: Cast, complaints: list[str]
) -> None:
    a_shop(cast)
    enter(page, site, cast.ada_user)
    page.goto(f"{site}/w/{cast.acme.pk}/reports/contacts")
    expect(page.locator("#block-overview")).to_contain_text("Added")

    page.get_by_role("button", name="Last 30 days").click()
    page.get_by_label("First day").fill("2026-03-09")
    page.get_by_label("Last day").fill("2026-03-12")
    page.locator("#report-frequency").select_option("day")
    page.locator("#report-range").get_by_role("button", name="Show").click()
    page.wait_for_url("**/reports/contacts?**from=2026-03-09**")
    expect(page.get_by_role("button", name="9–12 Mar")).to_be_visible()
    assert "range=" not in page.url

    page.keyboard.press("f")
    page.get_by_role("link", name="Source", exact=True).click()
    expect(page.get_by_role("checkbox", name="Import", exact=True)).to_be_visible()
    page.get_by_role("checkbox", name="Incoming message", exact=True).check()
    page.keyboard.press("Enter")
    page.wait_for_url("**sources=incoming_message**")
    expect(page.get_by_role("button", name="Source is any of Incoming message")).to_be_visible()

    page.get_by_role("button", name="How Added is counted").first.click()
    expect(page.locator("#about-added")).to_contain_text("counted once each at the moment when they came to be")
    page.keyboard.press("Escape")
    expect(page.locator("#about-added")).to_be_hidden()

    trend = page.locator("#block-overview_trend")
    slots = trend.locator(".chart-areas > *")
    slots.first.focus()
    page.keyboard.press("ArrowRight")
    expect(trend.locator(".chart-tip")).to_contain_text("Tuesday 10 March")
    expect(trend.locator(".chart-tip")).to_contain_text("Added4")
    trend.get_by_role("link", name="Table", exact=True).click()
    expect(trend.get_by_role("row", name="10 Mar 2026 4 0 0")).to_be_visible()
    expect(trend.get_by_role("link", name="Table", exact=True)).to_be_focused()
    trend.get_by_role("link", name="Chart", exact=True).click()
    trend.locator(".chart-areas > a").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/log/added?**")
    expect(page.get_by_text("The rows behind: Added · 10 Mar 2026")).to_be_visible()
    expect(page.locator(".report-rows tbody tr")).to_have_count(4)
    page.locator(".report-rows").get_by_role("link").first.click()
    page.wait_for_url("**/contacts/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cleo Marín")
    page.go_back()
    page.go_back()
    expect(page.get_by_role("button", name="Source is any of Incoming message")).to_be_visible()

    page.keyboard.press("f")
    page.get_by_role("link", name="Contact", exact=True).click()
    page.get_by_role("combobox", name="Find contacts by name or ID").press_sequentially("Cleo")
    expect(page.get_by_role("option", name="Cleo Marín").first).to_be_visible()
    for key in ("ArrowDown", "ArrowUp", "Enter", "Escape", "Tab", "Enter"):  # the arrows stay in the list of contacts
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Contact is any of Cleo Marín")).to_be_visible()


def test_nobody_is_barred_from_reports_in_either_theme_nor_on_a_phone(browser: Browser, site: str, cast: Cast) -> None:
    a_shop(cast)
    found: list[object] = []
    with lent(browser, **DESK) as context:
        page = context.new_page()
        enter(page, site, cast.ada_user)
        for path in ("conversations", "responses", "users", "conversations/log/closed"):
            page.set_viewport_size({"width": 1440, "height": 900})
            page.goto(f"{site}/w/{cast.acme.pk}/reports/{path}?{DAYS}&whole=1")
            if "/log/" not in path:
                page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
                expect(page.locator("#log .report-rows")).to_be_visible()
            found += serious_barriers(page)
            assert page.evaluate("document.documentElement.scrollWidth") == 1440, path
            page.set_viewport_size({"width": 360, "height": 900})
            found += serious_by_night(page)
            assert page.evaluate("document.documentElement.scrollWidth") == 360, path
    assert found == []
