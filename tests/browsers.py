"""A real browser for the tests that ask for `browser`: Debian's or anybody's Chromium, driven by Playwright."""

import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DESK: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}, "locale": "en"}
MOST_MILLISECONDS = 10_000

MOST_FREE = 4  # contexts that wait to be lent again: each holds memory

# Contexts that nobody has at the moment, with their options and a session of their empty page; the last used is the last.
_free: WeakKeyDictionary[Browser, list[tuple[str, BrowserContext, CDPSession]]] = WeakKeyDictionary()


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
        expect.set_options(timeout=MOST_MILLISECONDS)
        running = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Give an empty page in a context that knows of nothing, as wide as a desk's screen."""
    with lent(browser, **DESK) as context:
        yield context.new_page()


@contextmanager
def lent(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    """Lend a context that knows of nothing. options: those of `new_context`.

    A context takes as long to start as a page to load, so that one is lent again, emptied of what its last test left; only
    static files stay in its cache. It cannot be emptied of `add_init_script` and `expose_function`: ask the page for those.
    """
    free, key = _free.setdefault(browser, []), json.dumps(options, sort_keys=True)
    at = next((at for at, (of, *_) in enumerate(free) if of == key), None)
    _, context, session = free.pop(at) if at is not None else (key, *_started(browser, options))
    try:
        yield context
    except BaseException:
        context.close()
        raise
    if context.is_closed():
        return
    if context.pages[0].evaluate("'__pwClock' in globalThis"):  # `clock.install` cannot be undone
        context.close()
        return
    _empty(context, session)
    free.append((key, context, session))
    if len(free) > MOST_FREE:
        free.pop(0)[1].close()


def _started(browser: Browser, options: dict[str, Any]) -> tuple[BrowserContext, CDPSession]:
    context = browser.new_context(**options)
    context.set_default_timeout(MOST_MILLISECONDS)
    return context, context.new_cdp_session(context.new_page())  # its empty page keeps the context's processes alive


def _empty(context: BrowserContext, session: CDPSession) -> None:
    for page in context.pages[1:]:
        page.close()
    context.unroute_all()
    context.set_offline(False)
    context.clear_permissions()
    context.clear_cookies()
    session.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})


def wait_for_fragments(page: Page) -> None:
    """Wait until the parts that a page fetches when it is loaded stand in it."""
    page.wait_for_function("() => !document.querySelector('.htmx-request')")


def width_at(page: Page, *, width: int, height: int) -> int:
    """Give a page's window a size, and return how wide the page is in it: more than the window if it scrolls sideways."""
    page.wait_for_load_state()
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))).then(() => null)")
    return int(page.evaluate("document.documentElement.scrollWidth"))


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
