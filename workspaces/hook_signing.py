"""How receivers know that a webhook is ours: two signatures over the raw body."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence

PREFIX = "whsec_"


def new_key() -> str:
    """Return a signing key in the form of Standard Webhooks: 256 random bits."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def plain_signature(key: str, body: bytes) -> str:
    """Return the value of X-Webhook-Signature: the key's text as it is shown, over the body alone."""
    return base64.b64encode(hmac.digest(key.encode(), body, hashlib.sha256)).decode()


def standard_signature(key: str, body: bytes, *, message_id: str, timestamp: int) -> str:
    """Return one part of webhook-signature: the key's bytes, over id, timestamp and body."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(base64.b64decode(key.removeprefix(PREFIX)), signed, hashlib.sha256)
    return f"v1,{base64.b64encode(digest).decode()}"


def signature_headers(keys: Sequence[str], body: bytes, *, message_id: str, timestamp: int) -> dict[str, str]:
    """Return every header that signs a body; the first key is the present one, the others are still accepted."""
    return {
        "X-Webhook-Signature": plain_signature(keys[0], body),
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(
            standard_signature(key, body, message_id=message_id, timestamp=timestamp) for key in keys
        ),
    }
