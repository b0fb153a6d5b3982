"""Web chat: a widget of ours on the customer's site. The visitor's browser fetches what we "send", and tells what it read.

So sending succeeds at once, and nothing here reaches a network. The widget itself is `inbox.widget`.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from inbox.channels.contract import (
    Abilities,
    Account,
    Incoming,
    IncomingFile,
    NotReadable,
    Outgoing,
    Profile,
    Receipt,
    Refusal,
    SettingField,
    StatusReport,
)

TEXT_LIMIT = 10_000
FILES_PER_MESSAGE = 10
COLOUR = "#00616a"
COLOUR_TEXT = re.compile(r"#[0-9a-fA-F]{6}")
POSITIONS = ("right", "left")
KINDS_OF_FILES = frozenset({"image", "video", "audio", "file"})
# A name or an IP address, nothing that could end a header's directive; "*." in front allows every subdomain.
HOST = re.compile(r"(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:.]+\]")
DEFAULT_PORTS = {"http": 80, "https": 443}


class HasKey(Protocol):
    """What the snippet needs of a channel."""

    key: str


class SettingNotReadable(ValueError):
    """A setting is not what it should be; the text is the site's address, or the colour, as it was typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """What the widget shows and allows, read from a channel's settings; whatever is odd there becomes the default."""

    origins: tuple[str, ...]
    greeting: str
    offline_text: str
    colour: str
    name: str
    position: str
    anonymous_files: bool
    identity_required: bool

    @classmethod
    def of(cls, settings: Mapping[str, object], *, name: str) -> "Looks":
        """Read a channel's settings; `name` is the channel's own, for when the widget has none."""
        colour = _text(settings, "colour")
        position = _text(settings, "position")
        return cls(
            origins=allowed_origins(settings),
            greeting=_text(settings, "greeting"),
            offline_text=_text(settings, "offline_text"),
            colour=colour if COLOUR_TEXT.fullmatch(colour) else COLOUR,
            name=_text(settings, "name") or name,
            position=position if position in POSITIONS else POSITIONS[0],
            anonymous_files=settings.get("anonymous_files") is True,
            identity_required=settings.get("identity_required") is True,
        )

    def allows(self, origin: str) -> bool:
        """Tell whether a site may show the widget; the browser gives the origin, so it is compared as it stands."""
        return any(_matches(origin.lower(), allowed) for allowed in self.origins)


# Nobody can be written to first: a visitor has an address here only once they have written.
ABILITIES = Abilities(
    statuses=frozenset({"sent", "delivered", "read"}),
    content_types=frozenset({"text", "attachment", "quick_reply"}),
    may_write_first=False,
    text_limit=TEXT_LIMIT,
    files_per_message=FILES_PER_MESSAGE,
    repeats_safely=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebChat:
    """The connector of kind `web_chat`."""

    kind: str = "web_chat"
    title: object = _("Web chat")
    medium: str = "web_chat"
    abilities: Abilities = ABILITIES
    fields: tuple[SettingField, ...] = (
        SettingField(
            name="origins",
            label=_("Allowed sites"),
            kind="lines",
            help=_("One address a line, such as https://www.example.com. Only these sites can show the chat."),
        ),
        SettingField(
            name="name",
            label=_("Name that visitors see"),
            help=_("The channel's name where this is empty."),
            is_required=False,
        ),
        SettingField(
            name="greeting",
            label=_("Greeting"),
            help=_("Shown above an empty conversation."),
            is_required=False,
        ),
        SettingField(
            name="offline_text",
            label=_("Text while nobody is here"),
            help=_("Shown to visitors when no member is online. Their messages are kept all the same."),
            is_required=False,
        ),
        SettingField(
            name="colour",
            label=_("Colour"),
            help=_("Six digits, such as #00616a. The text on it becomes black or white, whichever reads better."),
            is_required=False,
            default=COLOUR,
        ),
        SettingField(
            name="position",
            label=_("Corner"),
            kind="choice",
            is_required=False,
            choices=(("right", _("Bottom right")), ("left", _("Bottom left"))),
            default="right",
        ),
        SettingField(
            name="identity_required",
            label=_("Only people who are logged in on the site can write"),
            kind="check",
            is_required=False,
            default=False,
        ),
        SettingField(
            name="anonymous_files",
            label=_("Visitors who are not logged in on the site can send files"),
            kind="check",
            is_required=False,
            default=False,
        ),
        SettingField(
            name="identity_secret",
            label=_("Identity secret"),
            kind="password",
            help=_("Your server signs with it who is logged in. Made by us; a new one ends all running sessions."),
            is_secret=True,
            is_required=False,
        ),
    )

    def new_secrets(self) -> dict[str, str]:
        """Return the secrets that we make when the channel is connected, or when its owner asks for new ones."""
        return {"identity_secret": secrets.token_hex(32)}

    def clean(self, settings: Mapping[str, object]) -> dict[str, object]:
        """Return settings as they are stored, each site as an origin; raise SettingNotReadable."""
        colour = _text(settings, "colour")
        if colour and not COLOUR_TEXT.fullmatch(colour):
            raise SettingNotReadable(colour)
        origins = [origin_of(line) for line in _lines(settings.get("origins"))]
        return {**settings, "origins": list(dict.fromkeys(origins))}

    def account_name(self, _settings: Mapping[str, object]) -> str:
        """Return nothing: it has no name but the one that its owner gave it."""
        return ""

    def read(self, payload: Mapping[str, object], _settings: Mapping[str, object]) -> list[Incoming | StatusReport]:
        """Read a visitor's message, as `inbox.widget` stored it."""
        return [
            Incoming(
                external_id=_required(payload, "external_id"),
                message_id=_required(payload, "message_id"),
                occurred_at=_moment(payload.get("at_ms")),
                content_type="attachment" if payload.get("files") else "text",
                text=_text(payload, "text")[:TEXT_LIMIT],
                payload={"page_url": _text(payload, "page_url")} if payload.get("page_url") else {},
                files=_files(payload.get("files")),
                profile=_profile(payload.get("person")),
                is_verified=payload.get("is_verified") is True,
            )
        ]

    def send(self, outgoing: Outgoing, _account: Account) -> Receipt | Refusal:
        """Take the message: it is stored, and the visitor's browser comes for it."""
        return Receipt(message_id=outgoing.key)


CONNECTOR = WebChat()


def embed_snippet(channel: HasKey) -> str:
    """Return the line that a site's owner copies into its pages."""
    return f'<script async src="{settings.BASE_URL}/widget/{channel.key}.js"></script>'


def origin_of(line: str) -> str:
    """Return the origin of a site's address: scheme, host and port, no path; raise SettingNotReadable."""
    given = line.strip().lower()
    try:
        parts = urlsplit(given if "://" in given else f"https://{given}")
        port = parts.port
    except ValueError:
        raise SettingNotReadable(line) from None
    host = parts.netloc.rpartition("@")[2].removesuffix(f":{port}")
    if parts.scheme not in DEFAULT_PORTS or "@" in parts.netloc or not HOST.fullmatch(host):
        raise SettingNotReadable(line)
    return f"{parts.scheme}://{host}" + ("" if port in (None, DEFAULT_PORTS[parts.scheme]) else f":{port}")


def allowed_origins(settings: Mapping[str, object]) -> tuple[str, ...]:
    """Return the origins of a channel's sites; a line that is none allows nobody."""
    found = []
    for line in _lines(settings.get("origins")):
        try:
            found.append(origin_of(line))
        except SettingNotReadable:
            continue
    return tuple(dict.fromkeys(found))


def _matches(origin: str, allowed: str) -> bool:
    scheme, _sep, host = allowed.partition("://")
    if not host.startswith("*."):
        return origin == allowed
    return (
        origin.startswith(f"{scheme}://")
        and origin.endswith(host[1:])
        and len(origin) > len(scheme) + 3 + len(host) - 1
    )


def _lines(value: object) -> list[str]:
    lines = value.splitlines() if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return [line.strip() for line in lines if isinstance(line, str) and line.strip()]


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value.strip() if isinstance(value, str) else ""


def _required(payload: Mapping[str, object], name: str) -> str:
    value = _text(payload, name)
    if not value:
        raise NotReadable(name)
    return value


def _moment(milliseconds: object) -> datetime:
    """Return the moment of a message, which our own clock gave; a number, so that the payload is plain JSON."""
    if not isinstance(milliseconds, int):
        raise NotReadable("at_ms")
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _files(value: object) -> tuple[IncomingFile, ...]:
    found = []
    for one in value if isinstance(value, list) else []:
        if (
            not isinstance(one, Mapping)
            or not isinstance(one.get("file_id"), int)
            or one.get("kind") not in KINDS_OF_FILES
        ):
            raise NotReadable("files")
        found.append(IncomingFile(kind=one["kind"], name=_text(one, "name"), file_id=one["file_id"]))
    return tuple(found)


def _profile(value: object) -> Profile:
    if not isinstance(value, Mapping):
        return Profile()
    first_name, _space, last_name = _text(value, "name").partition(" ")
    return Profile(
        first_name=first_name,
        last_name=last_name.strip(),
        email=_text(value, "email"),
        phone=_text(value, "phone"),
        language=_text(value, "language"),
    )
