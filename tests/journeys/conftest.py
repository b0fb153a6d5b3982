"""The product in a real browser: served from the test's own process, and listened to."""

import os
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from django.core.wsgi import get_wsgi_application
from django.db import connections
from playwright.sync_api import Page
from pytest_django.fixtures import Settings

from config.embedded.programs import end_groups, free_port, identity_of, stop
from config.supervisor.services import services
from tests.channels.customer_site import a_product, a_worker
from tests.factories import Cast
from tests.journeys.living import Living, a_gateway
from tests.realtime import RealtimeProcess, let_pages_reach
from tests.workspaces.sinks import a_sink


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the method it replaces
        pass


@pytest.fixture
def site(transactional_db: None, pages_port: int) -> Iterator[str]:
    """Serve the whole product, static files too, on the tests' database, and give its address."""
    server = make_server("127.0.0.1", pages_port, get_wsgi_application(), handler_class=_Quiet)

    def serve() -> None:
        try:
            server.serve_forever(poll_interval=0.05)
        finally:
            connections.close_all()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Collect what the browser complains about: scripts that fail, and whatever the content policy blocks."""
    heard: list[str] = []
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("console", lambda line: heard.append(line.text) if "Content Security Policy" in line.text else None)
    yield heard
    assert heard == []


@pytest.fixture
def living(
    cast: Cast,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    fresh_cache: None,
    pages_port: int,
    realtime: RealtimeProcess,
) -> Iterator[Living]:
    """Run pages, worker and realtime process, with a custom channel connected in Acme."""
    settings.OUTSIDE_ALLOW = ["127.0.0.1/32"]
    let_pages_reach(realtime, settings)
    with a_product(port=pages_port) as url, a_worker(monkeypatch), a_sink() as sink:
        yield Living(url=url, realtime=realtime, gateway=a_gateway(cast, url, sink))


@pytest.fixture(scope="session")
def origin(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a web server and the worker of long jobs on the tests' database, and give the address.

    One of each for all journeys that ask: `tests/order.py` keeps them together.
    """
    folder, port = tmp_path_factory.mktemp("servers"), free_port()
    origin = f"http://127.0.0.1:{port}"
    table = services(port=port, environment={**os.environ, "BASE_URL": origin})
    running = []
    try:
        for program in (one for one in table if one.name in {"web", "bulk"}):
            with (folder / f"{program.name}.log").open("wb") as log:
                running.append((program, program.start(output=log)))
        yield origin
    finally:
        end_groups(((identity_of(process.pid), program.stop_signal) for program, process in running), seconds=8)
        for program, process in running:
            stop(program, process)
