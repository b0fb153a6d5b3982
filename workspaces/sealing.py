"""Secrets of others at rest: tokens and passwords that channels and hooks must show again, so no hash will do.

Keys come from SECRETS_KEYS (any random texts); the first seals, all unseal. Without it, the key is SECRET_KEY's. A key is
changed by putting the new one first and running `manage.py reseal_secrets`; then the old one can go.
"""

import base64
import json
from collections.abc import Mapping
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

PURPOSE = b"tertulia: secrets at rest"


class NotUnsealable(RuntimeError):
    """No key of this installation opens a secret: its key is missing from SECRETS_KEYS, or the text was tampered with."""

    def __init__(self) -> None:
        super().__init__(
            "A stored secret cannot be opened with the keys of this installation. Add the key that it was sealed with to"
            " SECRETS_KEYS (the former SECRET_KEY counts), or enter the secret again."
        )


def seal(secrets: Mapping[str, str]) -> str:
    """Return the secrets as one sealed text; nothing at all for no secrets."""
    if not secrets:
        return ""
    return _fernet(_keys()).encrypt(json.dumps(dict(secrets), separators=(",", ":")).encode()).decode()


def unseal(sealed: str) -> dict[str, str]:
    """Return what `seal` was given; raise NotUnsealable."""
    if not sealed:
        return {}
    try:
        opened = _fernet(_keys()).decrypt(sealed.encode())
    except InvalidToken:
        raise NotUnsealable from None
    secrets: dict[str, str] = json.loads(opened)
    return secrets


def reseal(sealed: str) -> str:
    """Return the same secrets sealed with the first key; raise NotUnsealable."""
    return seal(unseal(sealed))


def _keys() -> tuple[str, ...]:
    return tuple(settings.SECRETS_KEYS) or (settings.SECRET_KEY,)


@lru_cache(maxsize=4)
def _fernet(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_stretched(key))) for key in keys])


def _stretched(key: str) -> bytes:
    """Return 32 bytes of a key of any length that serve this purpose alone, so that cookies and secrets share nothing."""
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key.encode())
