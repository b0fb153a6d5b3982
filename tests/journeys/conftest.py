"""The product in a real browser: served from the test's own process, and listened to."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.fixtures import Settings

from tests.browsers import DESK, lent
from tests.channels.customer_site import a_product, a_worker
from tests.factories import Cast
from tests.journeys.living import Living, a_gateway
from tests.journeys.origin import Origin
from tests.realtime import RealtimeProcess, let_pages_reach
from tests.workspaces.sinks import a_sink

ORIGIN = pytest.StashKey[Origin]()


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
def _origin(
    pytestconfig: pytest.Config, django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Origin]:
    found = pytestconfig.stash[ORIGIN] = Origin(tmp_path_factory.mktemp("servers"))
    yield found
    found.stop()


@pytest.fixture
def origin(_origin: Origin) -> str:
    """Give the address of a web server that runs together with the worker of long jobs: one of each for journeys in a row."""
    return _origin.start()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End the servers after the last journey in a row: their worker would do the jobs of whatever test comes next."""
    if "origin" not in getattr(nextitem, "fixturenames", ()) and ORIGIN in item.config.stash:
        item.config.stash[ORIGIN].stop()
