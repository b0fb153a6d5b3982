"""The style page in a real browser: no sideways scrolling, no complaints, and the keys and parts that need scripts."""

import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from mimetypes import guess_type
from pathlib import Path
from typing import ClassVar

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from tests.browsers import DESK, lent, width_at
from tests.ui.guide import style_page

# The page's own policy, so that anything it forbids shows up as a complaint.
POLICY = "default-src 'none'; script-src 'nonce-nonce' 'strict-dynamic'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'"
FOUND = '<p class="cap">Contacts</p><a class="it" href="#cleo">Cleo Marín</a>'

pytestmark = pytest.mark.browser


class _Files(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path.startswith("/static/"):
            found = finders.find(path.removeprefix("/static/"))
            return self._answer(Path(str(found)).read_bytes() if found else b"", guess_type(path)[0] or "text/plain")
        if path == "/search":
            return self._answer(FOUND.encode(), "text/html")
        return self._answer(self.pages.get(path, "").encode(), "text/html")

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600" if self.path.startswith("/static/") else "no-store")
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet."""


@pytest.fixture(scope="module")
def address() -> Generator[str]:
    _Files.pages.update({f"/{theme}": style_page(theme=theme) for theme in ("light", "dark")})
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Files)
    server.daemon_threads, server.block_on_close = True, False  # a browser keeps its lines
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, address: str) -> Generator[Page]:
    complaints: list[str] = []
    with lent(browser, **DESK) as context:
        opened = context.new_page()
        opened.on(
            "console", lambda message: complaints.append(message.text) if message.type in {"error", "warning"} else None
        )
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"{address}/light")
        yield opened
    assert complaints == []


def test_nothing_scrolls_sideways(page: Page, address: str) -> None:
    for theme in ("light", "dark"):
        page.goto(f"{address}/{theme}")
        for width in (360, 390, 800, 1024, 1440):
            assert width_at(page, width=width, height=844) <= width, (theme, width)


def test_rows_are_chosen_by_key_and_by_range(page: Page) -> None:
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.inner_text("[data-bulk-count]") == "3 chosen"
    page.keyboard.press("*")
    assert page.inner_text("[data-bulk-count]") == "5 chosen"
    page.keyboard.press("*")
    page.click("[data-choose-none]")
    assert page.is_hidden("[data-bulk]")
    boxes = page.locator("[data-choose]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    assert page.inner_text("[data-bulk-count]") == "3 chosen"


def test_the_palette_shows_pages_at_once_and_contacts_from_the_server(page: Page) -> None:
    page.keyboard.press("/")
    assert "Settings / Data import" in page.inner_text("#palette-results")
    page.keyboard.type("cle")
    page.wait_for_selector("#palette-results >> text=Cleo Marín")
    page.keyboard.press("Enter")
    page.wait_for_url("**/light#cleo")


def test_two_keys_follow_a_link_and_typing_is_left_alone(page: Page) -> None:
    page.fill("input[type=search]", "")
    page.focus("input[type=search]")
    page.keyboard.type("gc?")
    assert page.input_value("input[type=search]") == "gc?"
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url("**/light#contacts")


def test_a_long_list_can_be_typed_into_and_keeps_its_value_in_the_form(page: Page) -> None:
    page.click("#id_zone")
    page.keyboard.type("bog")
    page.keyboard.press("Enter")
    assert page.input_value("#id_zone") == "America/Bogota"
    assert page.eval_on_selector("select[name=zone]", "one => one.value") == "America/Bogota"


def test_a_dialog_gives_the_focus_back(page: Page) -> None:
    opener = page.locator("[data-dialog-open=specimen-dialog]")
    opener.click()
    assert page.evaluate("document.activeElement.textContent").strip() == "Keep them"
    page.keyboard.press("Escape")
    assert opener.evaluate("one => one === document.activeElement")


def test_on_a_phone_the_filter_is_a_screen_of_its_own(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.is_hidden("#filter")
    page.click("button.btn[data-filter-toggle]")
    assert page.is_visible("#filter")
    page.click("#filter [data-filter-toggle]")
    assert page.is_hidden("#filter")
