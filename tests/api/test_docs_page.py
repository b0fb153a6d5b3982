"""The interactive page runs under our strict content security policy, in a real browser."""

import threading
from collections.abc import Generator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from playwright.sync_api import ConsoleMessage, Page

pytestmark = pytest.mark.browser


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Keep quiet."""


@pytest.fixture
def address() -> Generator[str]:
    server = make_server("127.0.0.1", 0, get_wsgi_application(), server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_the_page_shows_every_operation_without_breaking_the_policy(page: Page, address: str) -> None:
    complaints: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", hear)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with page.expect_response("**/v2/openapi.json") as description:
        answer = page.goto(f"{address}/v2/docs")
    assert answer is not None
    assert answer.status == 200
    assert "script-src 'nonce-" in answer.headers["content-security-policy"]
    page.wait_for_selector(".opblock")
    operations = sum(len(path) for path in description.value.json()["paths"].values())
    assert page.locator(".opblock").count() == operations
    page.locator("#operations-contact-getContact .opblock-summary-control").click()
    page.wait_for_selector("#operations-contact-getContact .opblock-body")
    assert complaints == []
