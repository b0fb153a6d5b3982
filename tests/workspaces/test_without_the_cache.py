"""What still works while Valkey is away."""

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client

from tests.factories import PASSWORD, Cast, browser_of


@pytest.fixture
def _no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    away = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    monkeypatch.setitem(caches.settings, "default", away)
    monkeypatch.delattr(getattr(caches, "_connections"), "default", raising=False)  # noqa: B009 - Django gives no other way


@pytest.mark.usefixtures("_no_cache")
def test_logging_in_waits_for_the_cache_and_says_so(cast: Cast) -> None:
    answer = Client().post("/account/login", {"login": "ada@example.com", "password": PASSWORD})
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Try again in a minute" in answer.content.decode()


@pytest.mark.usefixtures("_no_cache")
def test_whoever_is_in_goes_on_working(cast: Cast) -> None:
    answer = browser_of(cast.ada_user).get(f"/w/{cast.acme.pk}/contacts")
    assert answer.status_code == 200
