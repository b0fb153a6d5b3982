"""The product in a real browser: served from the test's own process, and listened to."""

import os
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

from config.embedded.programs import Program, end_groups, free_port, identity_of, stop
from config.supervisor.services import services
from tests.browsers import DESK, lent
from tests.channels.customer_site import a_product, a_worker
from tests.factories import Cast
from tests.journeys.living import Living, a_gateway
from tests.realtime import RealtimeProcess, let_pages_reach
from tests.workspaces.sinks import a_sink


@pytest.fixture
def site(transactional_db: None, pages_port: int) -> Iterator[str]:
    """Serve the whole product, static files too, on the tests' database, and give its address."""
    with a_product(port=pages_port) as url:
        yield url


@pytest.fixture
def other(browser: Browser) -> Iterator[Page]:
    """Give somebody else's browser, a little smaller."""
    with lent(browser, **DESK) as context:
        page = context.new_page()
        page.set_viewport_size({"width": 1280, "height": 800})
        yield page


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

    One of each for all journeys that ask: `tests/order.py` keeps them together. One process is enough for one browser, and
    where tests keep the processors busy, a worker that lets everybody go first would hardly get on.
    """
    folder, port = tmp_path_factory.mktemp("servers"), free_port()
    origin = f"http://127.0.0.1:{port}"
    table = services(port=port, environment={**os.environ, "BASE_URL": origin})
    running = []
    try:
        for program in (one for one in table if one.name in {"web", "bulk"}):
            with (folder / f"{program.name}.log").open("wb") as log:
                running.append((program, _at_once(program).start(output=log)))
        _wait_until_it_answers(origin)
        yield origin
    finally:
        end_groups(((identity_of(process.pid), program.stop_signal) for program, process in running), seconds=8)
        for program, process in running:
            stop(program, process)


def _at_once(program: Program) -> Program:
    command = list(program.command)
    if "--workers" in command:
        command[command.index("--workers") + 1] = "1"
    return replace(program, command=tuple(command), niceness=0)


def _wait_until_it_answers(origin: str) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(f"{origin}/health/live", timeout=10):
                return
        except OSError:
            assert time.monotonic() < until, "the web server did not start"
            time.sleep(0.1)
