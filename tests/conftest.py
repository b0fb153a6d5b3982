"""What every test can ask for."""

import socket
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from hypothesis import settings
from pytest_django.fixtures import Settings

from tests.casting import the_cast
from tests.factories import Cast
from tests.realtime import RealtimeProcess


@pytest.fixture
def cast(db: None) -> Cast:
    """Ada (owner), Max (manager), Ben (agent) in Acme; Gus (owner) in Globex.

    A test with real transactions marks itself `@pytest.mark.django_db(transaction=True)` and takes the cast as well.
    """
    return the_cast()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Real password hashing takes half a second on purpose; tests about anything else need not wait."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_configure(config: pytest.Config) -> None:
    """Let hypothesis try sixty examples, and in a long run a thousand."""
    settings.register_profile("ours", max_examples=1000 if config.getoption("--long") else 60, deadline=None)
    settings.load_profile("ours")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Walk by chance once, and in a long run (`bin/test --long`) a dozen times, each by another seed."""
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(12 if metafunc.config.getoption("--long") else 1))


@pytest.fixture(scope="session")
def is_long(pytestconfig: pytest.Config) -> bool:
    """Tell whether this run may take long (`bin/test --long`); else a walk takes fewer steps, each kind of them still."""
    return bool(pytestconfig.getoption("--long"))


@pytest.fixture
def fresh_cache() -> None:
    """Forget rate limits and whatever else an earlier test left in this process's cache."""
    cache.clear()


@pytest.fixture(scope="session")
def pages_port() -> Iterator[int]:
    """Keep a port for the pages of whichever test serves some: the realtime process knows one origin."""
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", 0))
        yield int(kept.getsockname()[1])


@pytest.fixture(scope="session")
def _realtime(pages_port: int) -> Iterator[RealtimeProcess]:
    process = RealtimeProcess(BASE_URL=f"http://127.0.0.1:{pages_port}")
    yield process
    process.kill()


@pytest.fixture
def realtime(transactional_db: None, _realtime: RealtimeProcess) -> Iterator[RealtimeProcess]:
    """Give the realtime process of all tests here: it starts with the first that asks, and again after one that killed it."""
    yield _realtime.start()
    _realtime.close_pages()
