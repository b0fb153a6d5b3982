"""Who a visitor is: a token that we sign and the browser shows with every request, and an identity that the site signs.

A token is of one channel. It says who the visitor is, and for one whose site vouches for them it also carries a mark of the
secret that vouched, so that a new secret ends it. `visitor_of` reads the signature only; whether the channel is still there,
and still has that secret, is asked by `inbox.visitors.doors.live_visitor`.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

import jwt
from django.conf import settings
from django.utils.crypto import salted_hmac

from inbox.visitors.errors import IdentityNotValid, VisitorUnknown

ANONYMOUS_AGE = timedelta(days=90)  # renewed at each start; it is all that keeps an anonymous visitor's history theirs
VERIFIED_AGE = timedelta(hours=12)  # after it the site vouches again
LEEWAY = timedelta(seconds=30)
LONGEST_EXTERNAL_ID = 200
LONGEST_TOKEN = 4096
AUDIENCE = "web-chat-visitor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the site says about somebody; shown to agents, and written to a contact when one is added."""

    name: str = ""
    email: str = ""
    phone: str = ""

    @classmethod
    def of(cls, values: Mapping[str, object]) -> "Person":
        """Keep what is text, cut to what a contact holds."""
        return cls(
            name=_short(values.get("name"), 160),
            email=_short(values.get("email"), 254),
            phone=_short(values.get("phone"), 32),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A browser on a customer's site, as one channel knows it. `external_id` is the contact's address on the channel."""

    workspace_id: int
    channel_id: int
    channel_key: str
    external_id: str
    is_verified: bool
    secret_mark: str = ""
    person: Person = Person()

    @property
    def rate_key(self) -> str:
        """What the visitor's requests are counted under; the id itself stays out of the cache."""
        return f"{self.channel_id}:{hashlib.sha256(self.external_id.encode()).hexdigest()[:32]}"


def new_visitor_id() -> str:
    """Return the address of an anonymous visitor: 128 random bits, and nothing about the contact."""
    return f"visitor:{secrets.token_hex(16)}"


def token_of(visitor: Visitor, *, at: datetime) -> str:
    """Sign a visitor's token."""
    age = VERIFIED_AGE if visitor.is_verified else ANONYMOUS_AGE
    claims: dict[str, object] = {
        "aud": AUDIENCE,
        "iat": at,
        "exp": at + age,
        "workspace": visitor.workspace_id,
        "channel": visitor.channel_key,
        "channel_id": visitor.channel_id,
        "visitor": visitor.external_id,
        "verified": visitor.is_verified,
        "mark": visitor.secret_mark,
        "person": {"name": visitor.person.name, "email": visitor.person.email, "phone": visitor.person.phone},
    }
    return jwt.encode(claims, _key(settings.SECRET_KEY), algorithm="HS256")


def visitor_of(token: str, *, channel_key: str) -> Visitor:
    """Return whose token it is, if we signed it for this channel and its time is not over; raise VisitorUnknown."""
    claims = _claims(token, _key(settings.SECRET_KEY), audience=AUDIENCE, required=["exp", "channel", "visitor"])
    if claims is None or claims["channel"] != channel_key:
        raise VisitorUnknown
    return Visitor(
        workspace_id=cast("int", claims["workspace"]),
        channel_id=cast("int", claims["channel_id"]),
        channel_key=channel_key,
        external_id=str(claims["visitor"]),
        is_verified=bool(claims["verified"]),
        secret_mark=str(claims["mark"]),
        person=Person.of(cast("Mapping[str, object]", claims["person"])),
    )


def vouched_for(identity: Mapping[str, object], *, secret: str) -> tuple[str, Person]:
    """Return the id and the person that a site vouches for, by a hash of the id or by a token of its own.

    The hash covers the id only, so a name beside it is taken as it is; a token covers everything in it.
    """
    if not secret:
        raise IdentityNotValid
    if "token" in identity:
        claims = _claims(str(identity["token"]), secret.encode(), audience=None, required=["exp"])
        if claims is None:
            raise IdentityNotValid
        return _external_id(claims.get("external_id", claims.get("sub"))), Person.of(claims)
    given = _external_id(identity.get("external_id"))
    shown = identity.get("hash")
    if not isinstance(shown, str) or not shown.isascii() or not hmac.compare_digest(shown, hash_of(given, secret)):
        raise IdentityNotValid
    return given, Person.of(identity)


def hash_of(external_id: str, secret: str) -> str:
    """Return the hash by which a site vouches for one of its people."""
    return hmac.new(secret.encode(), external_id.encode(), hashlib.sha256).hexdigest()


def mark_of(secret: str) -> str:
    """Return what tells a secret from the next one without showing it."""
    return salted_hmac("inbox.widget.secret-mark", secret, algorithm="sha256").hexdigest()[:16]


@lru_cache(maxsize=4)
def _key(installation_secret: str) -> bytes:
    """Return the key of visitors' tokens: this installation's own, and of no other use."""
    return salted_hmac("inbox.widget.visitor", "key", secret=installation_secret, algorithm="sha256").digest()


def _claims(token: str, key: bytes, *, audience: str | None, required: list[str]) -> dict[str, object] | None:
    """Return what a token says, or None when it is not signed by the key, is over, or lacks something."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        return jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=audience,
            leeway=LEEWAY,
            options={"require": required, "verify_aud": audience is not None},
        )
    except jwt.InvalidTokenError:
        return None


def _external_id(value: object) -> str:
    """Return the site's own id of somebody: text or a whole number, as it stands."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value or len(value) > LONGEST_EXTERNAL_ID or not value.isprintable():
        raise IdentityNotValid
    return value


def _short(value: object, most: int) -> str:
    return value.strip().replace("\x00", "")[:most] if isinstance(value, str) else ""
