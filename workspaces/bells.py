"""What open pages are told: something changed. Valkey carries it to the realtime processes; rows say what it was.

A bell is never needed: a page that missed one catches up by its cursor. So a silent Valkey is logged and left alone.
"""

import functools
import json
import logging
import time
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

import redis
from django.conf import settings
from django.db import connection, transaction
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

QUIET_AFTER_FAILURE_SECONDS = 5.0
LONGEST_WAIT_SECONDS = 0.5  # for each of connecting and answering: one second at most
MOST_IDS = 500  # more in one transaction are told as "much changed"

_silent_until = 0.0


class _Bell:
    """One publication on commit, however many rows the transaction writes."""

    def __init__(self, kind: str, workspace_id: int) -> None:
        self.kind = kind
        self.workspace_id = workspace_id
        self.ids: set[int] = set()
        self.left: dict[int, int] = {}
        self.upto = 0

    def is_for(self, kind: str, workspace_id: int) -> bool:
        return (self.kind, self.workspace_id) == (kind, workspace_id)

    def fill(self, ids: Iterable[int], *, left: Mapping[int, int], upto: int) -> None:
        self.ids.update(ids)
        self.left.update(left)
        self.upto = max(self.upto, upto)

    def __call__(self) -> None:
        if self.kind == "much" or len(self.ids) > MOST_IDS:
            publish({"kind": "much", "workspace": self.workspace_id})
            return
        told = {"kind": self.kind, "workspace": self.workspace_id, "ids": sorted(self.ids)}
        publish({**told, "left": sorted(self.left.items()), "at": self.upto})


def ring_contacts(
    workspace_id: int, contact_ids: Iterable[int], *, left: Mapping[int, int] | None = None, upto: int = 0
) -> None:
    """Tell open pages that contacts changed, once the open transaction has committed.

    left: contact id to the person it was taken from, who no longer sees it. upto: id of the newest event.
    """
    _ring("contacts", workspace_id, contact_ids, left=left or {}, upto=upto)


def ring_much(workspace_id: int) -> None:
    """Tell open pages that more changed than is worth naming, once the open transaction has committed."""
    _ring("much", workspace_id, (), left={}, upto=0)


def ring_members(workspace_id: int, user_ids: Iterable[int]) -> None:
    """Tell open pages that the presence of members changed, once the open transaction has committed."""
    _ring("members", workspace_id, user_ids, left={}, upto=0)


def publish(message: dict[str, Any]) -> bool:
    """Publish now; tell whether Valkey took it. One that does not answer is left alone for some seconds."""
    global _silent_until  # noqa: PLW0603 - one memory per process of a server that is down
    if time.monotonic() < _silent_until:
        return False
    try:
        _client().publish(bell_channel(), json.dumps(message, separators=(",", ":")))
    except (redis.RedisError, OSError):
        _silent_until = time.monotonic() + QUIET_AFTER_FAILURE_SECONDS
        logger.warning("open pages not told: kind=%s workspace=%s", message.get("kind"), message.get("workspace"))
        return False
    return True


def bell_channel() -> str:
    """Return the name under which this installation publishes: names are shared by all databases of one server."""
    return f"tertulia:{urlsplit(settings.BELL_URL).path.strip('/') or '0'}:bells"


def _ring(kind: str, workspace_id: int, ids: Iterable[int], *, left: Mapping[int, int], upto: int) -> None:
    """Fill the bell of the open transaction, or hang up a new one.

    A bell that still hangs was hung up outside of every savepoint that is open, or inside: what can take it back from now on
    takes back what we were told just now as well.
    """
    for waiting in connection.run_on_commit:
        call = waiting[1]
        if isinstance(call, _Bell) and call.is_for(kind, workspace_id):
            call.fill(ids, left=left, upto=upto)
            return
    bell = _Bell(kind, workspace_id)
    bell.fill(ids, left=left, upto=upto)
    transaction.on_commit(bell, robust=True)


@functools.cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.BELL_URL,
        socket_timeout=LONGEST_WAIT_SECONDS,
        socket_connect_timeout=LONGEST_WAIT_SECONDS,
        max_connections=8,
        retry=Retry(NoBackoff(), 1, supported_errors=(redis.ConnectionError,)),  # a pooled line that was cut
    )
