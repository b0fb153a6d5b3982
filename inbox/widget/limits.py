"""How often: per address, per visitor and per chat. A limit that is met says when to come again."""

from contextlib import suppress

from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from inbox.visitors.tokens import Visitor
from workspaces.api.rates import address_of, take_from

# Each: requests a second in the long run, and how many at once. An office behind one address has many visitors.
ANY_OF_ADDRESS = (30.0, 120)
STARTS_OF_ADDRESS = (0.5, 30)
FIRST_MESSAGES_OF_ADDRESS = (0.1, 10)
FIRST_MESSAGES_OF_CHAT = (2.0, 120)
ANY_OF_VISITOR = (5.0, 30)
MESSAGES_OF_VISITOR = (0.5, 20)
UPLOADS_OF_VISITOR = (0.2, 10)
COUNTED_SECONDS = 3600


def take_any(request: HttpRequest) -> None:
    """Count a request of an address, whatever it asks."""
    _take(f"widget:address:{address_of(request)}", ANY_OF_ADDRESS)


def take_start(request: HttpRequest) -> None:
    """Count a session's start, so that nobody makes visitors, or tries identities, by the thousand."""
    _take(f"widget:start:{address_of(request)}", STARTS_OF_ADDRESS)


def take_of_visitor(visitor: Visitor) -> None:
    """Count a visitor's request."""
    _take(f"widget:visitor:{visitor.rate_key}", ANY_OF_VISITOR)


def take_message(visitor: Visitor) -> None:
    """Count a visitor's message."""
    _take(f"widget:message:{visitor.rate_key}", MESSAGES_OF_VISITOR)


def take_first_message(request: HttpRequest, visitor: Visitor) -> None:
    """Count a visitor who becomes a contact: few per address, and a number per chat that agents' screens bear.

    Until a worker has taken the first message in, more may follow; the visitor is counted once all the same.
    """
    counted = f"widget:counted:{visitor.rate_key}"
    with suppress(RedisError):
        if cache.get(counted):
            return
    _take(f"widget:first:{address_of(request)}", FIRST_MESSAGES_OF_ADDRESS)
    _take(f"widget:firsts:{visitor.channel_id}", FIRST_MESSAGES_OF_CHAT)
    with suppress(RedisError):
        cache.set(counted, 1, timeout=COUNTED_SECONDS)


def take_upload(visitor: Visitor) -> None:
    """Count a file of a visitor."""
    _take(f"widget:upload:{visitor.rate_key}", UPLOADS_OF_VISITOR)


def _take(bucket: str, limit: tuple[float, int]) -> None:
    rate, burst = limit
    take_from(bucket, rate=rate, burst=burst).enforce()
