"""`Idempotency-Key`: the same key and request within 24 hours gives the first answer again, written with its effect.

The row is claimed first, in the scope of the request: a second request with the key waits on the unique constraint until the
first one commits, and then reads its answer. A refusal rolls the claim back, so it is not remembered.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from workspaces.actors import Actor
from workspaces.errors import IdempotencyKeyReused, ValueNotValid

HEADER = "Idempotency-Key"
REMEMBERED_FOR = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}").fullmatch

# A row older than a day counts as forgotten: it is taken over. RETURNING is empty when a younger one stands.
CLAIM = """
INSERT INTO workspaces_idempotencyrecord AS kept (workspace_id, token_id, key, request_sha256, created_at)
VALUES (%(workspace_id)s, %(token_id)s, %(key)s, %(fingerprint)s, %(at)s)
ON CONFLICT (workspace_id, token_id, key) DO UPDATE
   SET request_sha256 = excluded.request_sha256, created_at = excluded.created_at, status = NULL, body = NULL
 WHERE kept.created_at <= %(forgotten_before)s
RETURNING id"""
FIRST_ANSWER = """
SELECT request_sha256, status, body FROM workspaces_idempotencyrecord
 WHERE workspace_id = %(workspace_id)s AND token_id = %(token_id)s AND key = %(key)s
   AND created_at > %(forgotten_before)s"""
KEEP = """
UPDATE workspaces_idempotencyrecord SET status = %(status)s, body = %(body)s
 WHERE workspace_id = %(workspace_id)s AND token_id = %(token_id)s AND key = %(key)s"""


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """A request with a key: `fingerprint` is the SHA-256 of what it asks."""

    key: str
    fingerprint: bytes


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """An answer that was given before; `text` is its body, byte for byte."""

    status: int
    text: str


def keyed_request(header: str | None, *, method: str, address: str, body: bytes) -> KeyedRequest | None:
    """Read the header of a request; None without one. `address` is path and query."""
    if header is None:
        return None
    if not _KEY(header):
        raise ValueNotValid(field=HEADER, sentence=_("A key has 1 to 255 visible ASCII characters without spaces."))
    fingerprint = hashlib.sha256()
    for part in (method.encode(), address.encode("utf-8", "replace"), body):
        fingerprint.update(len(part).to_bytes(8, "big") + part)
    return KeyedRequest(header, fingerprint.digest())


def claim(actor: Actor, keyed: KeyedRequest, *, at: datetime) -> FirstAnswer | None:
    """Claim the key in the open scope, or return the first answer; another request with the key is IdempotencyKeyReused."""
    values = {**_row(actor, keyed), "fingerprint": keyed.fingerprint, "at": at, "forgotten_before": at - REMEMBERED_FOR}
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, values)
        if cursor.fetchone() is not None:
            return None
        cursor.execute(FIRST_ANSWER, values)
        return _answer(keyed, cursor.fetchone())


def first_answer(actor: Actor, keyed: KeyedRequest, *, at: datetime) -> FirstAnswer | None:
    """Return the first answer without claiming the key; another request with the key is IdempotencyKeyReused."""
    with connection.cursor() as cursor:
        cursor.execute(FIRST_ANSWER, {**_row(actor, keyed), "forgotten_before": at - REMEMBERED_FOR})
        found = cursor.fetchone()
    return None if found is None else _answer(keyed, found)


def keep(actor: Actor, keyed: KeyedRequest, *, status: int, text: str) -> None:
    """Remember the answer to a claimed key, in the scope that claimed it."""
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {**_row(actor, keyed), "status": status, "body": json.dumps(text)})


def _answer(keyed: KeyedRequest, found: tuple[bytes, int | None, str]) -> FirstAnswer:
    fingerprint, status, text = found
    if bytes(fingerprint) != keyed.fingerprint or status is None:
        raise IdempotencyKeyReused
    return FirstAnswer(status, json.loads(text))


def _row(actor: Actor, keyed: KeyedRequest) -> dict[str, Any]:
    return {"workspace_id": actor.workspace_id, "token_id": actor.id, "key": keyed.key}
