"""Rate limits: a bucket of tokens in the cache for each API token and route, and one for each address without a token.

Other interfaces count in buckets of their own by `take_from`.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import redis
from django.conf import settings
from django.http import HttpRequest

from workspaces.errors import RateExceeded

logger = logging.getLogger(__name__)

BURST = 2  # a bucket holds so many seconds' worth of requests
RATE_WITHOUT_TOKEN = 10
CACHE_PATIENCE_SECONDS = 0.25
QUIET_AFTER_FAILURE_SECONDS = 5.0

# One atomic step: refill by the server's own clock, take one if there is one. Returns taken, whole tokens left, and the
# milliseconds until there is one again.
TAKE = """
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local bucket = redis.call('HMGET', KEYS[1], 'left', 'at')
local left, at = tonumber(bucket[1]), tonumber(bucket[2])
if left == nil or at == nil then
    left, at = capacity, now
end
left = math.min(capacity, left + math.max(0, now - at) * rate / 1000)
local taken = 0
if left >= 1 then
    left, taken = left - 1, 1
end
redis.call('HSET', KEYS[1], 'left', left, 'at', now)
redis.call('PEXPIRE', KEYS[1], math.ceil(capacity / rate * 1000) + 1000)
local wait = 0
if left < 1 then
    wait = math.ceil((1 - left) * 1000 / rate)
end
return {taken, math.floor(left), wait}
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a bucket said: `limit` is the steady rate per second, `remaining` what may be asked at once, up to that rate."""

    limit: int
    remaining: int
    retry_after: int | None = None

    @property
    def headers(self) -> dict[str, str]:
        return {"X-RateLimit-Limit": str(self.limit), "X-RateLimit-Remaining": str(self.remaining)}

    def enforce(self) -> None:
        """Raise RateExceeded when the bucket was empty."""
        if self.retry_after is not None:
            raise RateExceeded(retry_after=self.retry_after)


def take_for_token(*, workspace_id: int, token_id: int, route: str, rate: int) -> Allowance:
    """Take one request of a token on a method and route, `rate` a second with a burst of twice as many."""
    return _take(f"api-rate:ws:{workspace_id}:token:{token_id}:{route}", rate=rate)


def take_for_address(request: HttpRequest) -> Allowance:
    """Take one request of an address that showed no valid token."""
    return _take(f"api-rate:address:{address_of(request)}", rate=RATE_WITHOUT_TOKEN)


def take_from(bucket: str, *, rate: float, burst: int) -> Allowance:
    """Take one of whatever a bucket counts: `rate` a second in the long run, `burst` at once."""
    return _take(f"rate:{bucket}", rate=rate, burst=burst)


def address_of(request: HttpRequest) -> str:
    """Return the caller's address: the connection's, or the one that the outermost trusted proxy saw."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    return hops[-trusted][:64] if trusted and len(hops) >= trusted else str(request.META.get("REMOTE_ADDR", ""))


_silent_until = 0.0


def _take(key: str, *, rate: float, burst: int | None = None) -> Allowance:
    global _silent_until  # noqa: PLW0603 - one memory per process of a cache that is down
    limit = max(1, int(rate))
    if time.monotonic() < _silent_until:
        return Allowance(limit=limit, remaining=limit)
    try:
        taken, left, wait_ms = _script()(keys=[key], args=[rate, rate * BURST if burst is None else burst])
    except redis.RedisError:  # a limit protects the service; without its memory the service goes on
        _silent_until = time.monotonic() + QUIET_AFTER_FAILURE_SECONDS
        logger.warning("rate limits are off: the cache does not answer")
        return Allowance(limit=limit, remaining=limit)
    if taken:
        return Allowance(limit=limit, remaining=min(limit, int(left)))
    return Allowance(limit=limit, remaining=0, retry_after=max(1, math.ceil(wait_ms / 1000)))


@lru_cache(maxsize=1)
def _script() -> Callable[..., Any]:
    client: redis.Redis = redis.Redis.from_url(
        settings.CACHE_URL, socket_timeout=CACHE_PATIENCE_SECONDS, socket_connect_timeout=CACHE_PATIENCE_SECONDS
    )
    return client.register_script(TAKE)
