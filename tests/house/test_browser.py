import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsers import lent

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_browser_of_the_tests_shows_a_page(page: Page) -> None:
    page.set_content("<title>Tertulia</title><p>Hola</p>")
    assert page.title() == "Tertulia"
    assert page.inner_text("p") == "Hola"


def test_a_context_that_is_lent_again_knows_of_nothing(browser: Browser) -> None:
    given: set[BrowserContext] = set()
    for _time in range(2):
        with lent(browser, locale="eo") as context:
            given.add(context)
            assert context.cookies() == []
            page = context.new_page()
            page.route("**/*", lambda route: route.fulfill(body="<p>Hola</p>", content_type="text/html"))
            page.goto("http://127.0.0.1:9/")
            assert page.evaluate("[localStorage.length, sessionStorage.length, navigator.onLine]") == [0, 0, True]
            page.evaluate("document.cookie = localStorage.here = sessionStorage.here = 'a=1'")
            assert context.cookies() != []
            context.route("**/*", lambda route: route.abort())
            context.set_offline(True)
    assert len(given) == 1


def test_a_context_whose_clock_a_test_holds_is_not_lent_again(browser: Browser) -> None:
    with lent(browser, locale="eo") as held:
        held.new_page().clock.install()
    with lent(browser, locale="eo") as context:
        assert context is not held
