"""Secrets that open doors: how they are made, recognised and hashed. Only their SHA-256 is ever stored."""

import hashlib
import re
import secrets
import zlib

TOKEN_PREFIX = "tert"  # noqa: S105 - the part that everybody may see; scanners for leaked secrets look for it
TOKEN_SHAPE = re.compile(rf"({TOKEN_PREFIX}_[A-Za-z0-9_-]{{32}})_([0-9a-f]{{8}})", re.ASCII)
ENDING_LENGTH = 4


def new_token() -> str:
    """Return `tert_<32 random characters>_<crc32>`: 192 random bits, and a sum that tells a typing error from a wrong token."""
    body = f"{TOKEN_PREFIX}_{secrets.token_urlsafe(24)}"
    return f"{body}_{_sum(body)}"


def is_token(text: str) -> bool:
    """Tell whether a text has the shape and the sum of a token, which costs no query."""
    match = TOKEN_SHAPE.fullmatch(text)
    return match is not None and _sum(match[1]) == match[2]


def ending_of(token: str) -> str:
    """Return the last characters, by which people tell their tokens apart."""
    return token[-ENDING_LENGTH:]


def new_invitation_secret() -> str:
    """Return 256 random bits that fit into an address."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """Return the SHA-256 that is stored; a random secret of 192 bits and more needs neither salt nor slowness."""
    return hashlib.sha256(secret.encode()).digest()


def _sum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
