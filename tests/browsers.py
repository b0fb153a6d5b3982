"""A real browser for the tests that ask for `browser`: Debian's or anybody's Chromium, driven by Playwright."""

import os
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give a headless Chromium; without one the test is skipped with a loud line, or fails where it is required.

    TERTULIA_CHROMIUM names a browser; TERTULIA_BROWSER=required is what .ci/run sets.
    """
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Playwright's loop runs in this thread; the tests use the database
    with sync_playwright() as playwright:
        found = chromium() or playwright.chromium.executable_path
        if not Path(found).exists():
            refuse()
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page in a context of its own, as wide as a desk's screen."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en")
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def chromium() -> str | None:
    """Return the path of a Chromium on this machine."""
    chosen = os.environ.get("TERTULIA_CHROMIUM")
    return chosen or next((path for path in map(shutil.which, NAMES) if path), None)


def refuse() -> None:
    """Fail or skip for want of a browser."""
    sentence = "no Chromium here: install Debian's package chromium or name one in TERTULIA_CHROMIUM"
    if os.environ.get("TERTULIA_BROWSER") == "required":
        pytest.fail(sentence)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"BROWSER TESTS SKIPPED, {sentence}", stacklevel=1)
    pytest.skip(sentence)
