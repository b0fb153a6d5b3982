"""From a figure to the person behind it, and reports that nobody is barred from."""

import pytest
from playwright.sync_api import Page, expect

from tests.factories import Cast
from tests.journeys.living import enter
from tests.journeys.test_inbox_for_everybody import AXE, LOOK
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
    page.get_by_role("checkbox", name="Incoming message").check()
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
    trend.get_by_role("link", name="Table").click()
    expect(trend.get_by_role("row", name="10 Mar 2026 10 Mar 2026 4 0 0")).to_be_visible()
    expect(trend.get_by_role("link", name="Table")).to_be_focused()
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


def test_nobody_is_barred_from_reports_in_either_theme_nor_on_a_phone(page: Page, site: str, cast: Cast) -> None:
    a_shop(cast)
    context = page.context.browser.new_context(  # type: ignore[union-attr]
        bypass_csp=True, reduced_motion="reduce", locale="en", viewport={"width": 1440, "height": 900}
    )
    context.add_init_script(AXE)
    seen = context.new_page()
    enter(seen, site, cast.ada_user)
    found: list[object] = []
    for path in ("conversations", "responses", "users", "conversations/log/closed"):
        for scheme, width in (("light", 1440), ("dark", 360)):
            seen.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            seen.set_viewport_size({"width": width, "height": 900})
            seen.goto(f"{site}/w/{cast.acme.pk}/reports/{path}?{DAYS}&whole=1")
            if "/log/" not in path:
                seen.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
                expect(seen.locator("#log .report-rows")).to_be_visible()
            found += seen.evaluate(LOOK, {} if scheme == "light" else {"runOnly": ["color-contrast"]})
            assert seen.evaluate("document.documentElement.scrollWidth") == width, path
    context.close()
    assert found == []
