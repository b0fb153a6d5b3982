"""What every test can ask for."""

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from tests.factories import Cast, a_cast


@pytest.fixture
def cast(db: None) -> Cast:
    """Ada (owner), Max (manager), Ben (agent) in Acme; Gus (owner) in Globex.

    A test with real transactions marks itself `@pytest.mark.django_db(transaction=True)` and takes the cast as well.
    """
    return a_cast()


@pytest.fixture(autouse=True)
def _quick_passwords(settings: Settings) -> None:
    """Real password hashing takes half a second on purpose; tests about anything else need not wait."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def fresh_cache() -> None:
    """Forget rate limits and whatever else an earlier test left in this process's cache."""
    cache.clear()
