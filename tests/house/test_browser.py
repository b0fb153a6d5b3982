import pytest
from playwright.sync_api import Page


@pytest.mark.browser
@pytest.mark.slow
def test_the_browser_of_the_tests_shows_a_page(page: Page) -> None:
    page.set_content("<title>Tertulia</title><p>Hola</p>")
    assert page.title() == "Tertulia"
    assert page.inner_text("p") == "Hola"
