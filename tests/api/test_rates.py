"""Rate limits: a token's requests per method and route, and guesses by address."""

import pytest
import redis
import time_machine

from tests.api.conftest import Caller, set_rate
from tests.factories import NOON, Cast, a_token
from workspaces.api import rates

BURST = 5 * rates.BURST


def until_refused(caller: Caller, path: str = "/space/user", most: int = 60) -> int:
    """Ask until 429 and return how many requests were answered."""
    for answered in range(most):
        if caller.get(path).status == 429:
            return answered
    return most


def test_five_a_second_with_a_burst_then_429(cast: Cast) -> None:
    set_rate(cast.acme, 5)
    caller = Caller(a_token(cast.ada))
    first = caller.get("/space/user")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("5", "5")
    assert BURST - 1 <= until_refused(caller) <= BURST + 5
    refused = next(answer for answer in iter(lambda: caller.get("/space/user"), None) if answer.status == 429)
    assert refused.code == "workspaces.rate_exceeded"
    assert refused.headers["Retry-After"] == "1"
    assert refused.headers["X-RateLimit-Remaining"] == "0"
    assert refused.json["code"] == 429


def test_other_routes_methods_tokens_and_workspaces_are_not_affected(cast: Cast, globex: Caller) -> None:
    set_rate(cast.acme, 1)
    caller, second = Caller(a_token(cast.ada)), Caller(a_token(cast.ada, name="Second"))
    assert until_refused(caller, "/space/custom_field") >= 2
    assert caller.post("/space/custom_field", {"name": "A", "dataType": "text"}).status == 200
    assert caller.get("/space/user").status == 200
    assert second.get("/space/custom_field").status == 200
    assert globex.get("/space/custom_field").status == 200
    assert until_refused(caller, "/contact/id:1") >= 2
    assert caller.get("/contact/id:2").status == 429  # the same route, whichever contact it names


def test_guesses_are_counted_by_address(cast: Cast, api: Caller) -> None:
    nobody = Caller(None)
    statuses = [nobody.get("/space/user").status for _ in range(3 * rates.RATE_WITHOUT_TOKEN)]
    assert statuses[0] == 401
    assert 429 in statuses
    refused = nobody.get("/space/user")
    assert refused.status in {401, 429}
    assert api.get("/space/user").status == 200  # a valid token from the same address


def test_without_the_cache_the_service_goes_on(
    api: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def down(**_words: object) -> object:
        raise redis.ConnectionError

    monkeypatch.setattr(rates, "_script", lambda: down)
    monkeypatch.setattr(rates, "_silent_until", 0.0)
    for _ in range(3):
        answer = api.get("/space/user")
        assert answer.status == 200
        assert answer.headers["X-RateLimit-Remaining"] == answer.headers["X-RateLimit-Limit"]
    assert [record.message for record in caplog.records].count("rate limits are off: the cache does not answer") == 1
    monkeypatch.setattr(rates, "_silent_until", 0.0)


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (0, "", "192.0.2.1"),
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9", "198.51.100.1"),
        (2, "203.0.113.9", "192.0.2.1"),
    ],
)
def test_the_address_is_what_trusted_proxies_saw(
    settings: object, rf: object, trusted: int, forwarded: str, address: str
) -> None:
    settings.TRUSTED_PROXIES = trusted  # type: ignore[attr-defined]
    request = rf.get("/", REMOTE_ADDR="192.0.2.1", **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}))  # type: ignore[attr-defined]
    assert rates.address_of(request) == address


def test_the_bucket_fills_by_its_own_clock(cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False):
        set_rate(cast.acme, 5)
        assert Caller(a_token(cast.ada)).get("/space/user").headers["X-RateLimit-Remaining"] == "5"
