"""Settings come from the environment only: each variable is declared, typed and explained here, and checked at start.

`docs/SETTINGS.md` is the same table for people; a test keeps the two equal.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

T = TypeVar("T")


class SettingsError(Exception):
    """The environment does not describe a working installation; the text names the variables and the fix."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One environment variable: its name, what it means, and its default (None: required)."""

    name: str
    meaning: str
    default: str | None
    secret: bool = False


VARIABLES = (
    Variable("SECRET_KEY", "Signs cookies and links; at least 32 random characters.", None, secret=True),
    Variable(
        "SECRETS_KEYS",
        "Keys that seal secrets of channels and hooks, with commas: the first seals, all open; SECRET_KEY when empty.",
        "",
        secret=True,
    ),
    Variable("BASE_URL", "The address people open, for example https://inbox.example.org.", None),
    Variable(
        "DATABASE_URL",
        "PostgreSQL 15 or newer as the app role: postgres://user:password@host:5432/name.",
        None,
        secret=True,
    ),
    Variable("DATABASE_OWNER_URL", "The same database as the owner role; used by migrations only.", "", secret=True),
    Variable(
        "DATABASE_REPLICA_URL",
        "A streaming replica as the app role, for reports; empty reads them from DATABASE_URL.",
        "",
        secret=True,
    ),
    Variable("REPLICA_LAG_SECONDS", "A replica further behind is passed over; 0 takes one that is level only.", "10"),
    Variable("REPORT_SECONDS", "A statement of a report that takes longer is stopped; 0 stops none.", "15"),
    Variable("REDIS_URL", "Redis or Valkey for the job bells: redis://:password@host:6379/0.", None, secret=True),
    Variable("CACHE_URL", "Redis or Valkey for the cache; REDIS_URL with database 1 when empty.", "", secret=True),
    Variable("FILES_DIR", "Folder of stored files; used when S3_BUCKET is empty.", "var/files"),
    Variable("S3_BUCKET", "Bucket of stored files; empty keeps them in FILES_DIR.", ""),
    Variable("S3_ENDPOINT_URL", "Address of an S3-compatible store; empty for AWS.", ""),
    Variable("S3_REGION", "Region of the bucket.", ""),
    Variable("S3_ACCESS_KEY_ID", "Key id for the bucket.", ""),
    Variable("S3_SECRET_ACCESS_KEY", "Secret key for the bucket.", "", secret=True),
    Variable(
        "SMTP_URL",
        "Outgoing mail: smtp://user:password@host:587?tls=1; empty writes mail into MAIL_DIR.",
        "",
        secret=True,
    ),
    Variable("MAIL_DIR", "Folder that receives mail as files while SMTP_URL is empty.", "var/mail"),
    Variable("MAIL_FROM", "Sender of mail from this installation.", "Tertulia <tertulia@localhost>"),
    Variable("STATIC_DIR", "Folder of collected static files; empty serves them from the source tree.", ""),
    Variable("TRUSTED_PROXIES", "How many proxies in front of the web server may set X-Forwarded-For.", "0"),
    Variable(
        "OUTSIDE_ALLOW",
        "Private networks and hosts that webhooks and channels may reach, over plain http too: 10.1.0.0/16,mail.internal.",
        "",
    ),
    Variable("REALTIME_PORT", "Port of the process that serves sockets; 0 is the port of BASE_URL plus one.", "0"),
    Variable(
        "REALTIME_URL",
        "Where browsers reach the sockets, for example wss://inbox.example.org. Empty: the host of BASE_URL, over https at"
        " its own port (the proxy sends /ws there), else at REALTIME_PORT; none: pages stay without.",
        "",
    ),
    Variable("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", "INFO"),
    Variable("DEBUG", "1 shows tracebacks in the browser; never on a server that others reach.", "0"),
)
BY_NAME = {variable.name: variable for variable in VARIABLES}


@dataclass(frozen=True, slots=True)
class Mail:
    """Where mail goes: an SMTP server."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    ssl: bool


class Environment:
    """Reads declared variables and gathers every complaint, so that one start names them all."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self._complaints: list[str] = []

    def text(self, name: str) -> str:
        """Return a variable's text; a missing required one is a complaint and reads as empty."""
        variable = BY_NAME[name]
        value = self._values.get(name, "").strip()
        if value:
            return value
        if variable.default is None:
            self._complaints.append(f"{name} is not set. {variable.meaning}")
            return ""
        return variable.default

    def flag(self, name: str) -> bool:
        """Return a yes-or-no variable; 1, true and yes are yes, 0, false, no and nothing are no."""
        return bool(self._parsed(name, _flag, fallback=False))

    def number(self, name: str) -> int:
        """Return a whole number that is not negative."""
        return self._parsed(name, _whole_number, fallback=0)

    def words(self, name: str) -> list[str]:
        """Return the parts of a text between commas, without the empty ones."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def choice(self, name: str, choices: tuple[str, ...]) -> str:
        """Return one of the choices, in capitals."""
        value = self.text(name).upper()
        if value not in choices:
            self._complaints.append(f"{name} is {value!r}; write one of {', '.join(choices)}.")
        return value

    def database(self, name: str) -> dict[str, object]:
        """Return Django's connection settings of a postgres:// address, without engine and options."""
        return self._parsed(name, _database, fallback={})

    def redis(self, name: str) -> str:
        """Return a redis:// or rediss:// address."""
        return self._parsed(name, _redis, fallback="")

    def base_url(self) -> str:
        """Return BASE_URL without a slash at its end."""
        return self._parsed("BASE_URL", _http_address, fallback="http://127.0.0.1")

    def realtime_url(self, *, base_url: str, port: int) -> str:
        """Return where browsers reach the sockets, without a slash at its end; nothing when pages are to do without."""
        given = self._parsed("REALTIME_URL", _socket_address, fallback="")
        if given:
            return "" if given == "none" else given
        base = urlsplit(base_url)
        return f"wss://{base.netloc}" if base.scheme == "https" else f"ws://{base.hostname}:{port}"

    def mail(self) -> Mail | None:
        """Return the SMTP server, or None when mail goes into a folder."""
        return self._parsed("SMTP_URL", _mail, fallback=None) if self.text("SMTP_URL") else None

    def secret_key(self) -> str:
        """Return SECRET_KEY, which must be long enough to be unguessable."""
        value = self.text("SECRET_KEY")
        if value and len(value) < 32:
            self._complaints.append("SECRET_KEY is shorter than 32 characters; make a random one.")
        return value

    def secrets_keys(self) -> list[str]:
        """Return the keys of stored secrets, the one that seals first; each must be long enough to be unguessable."""
        keys = [key.strip() for key in self.text("SECRETS_KEYS").split(",") if key.strip()]
        if any(len(key) < 32 for key in keys):
            self._complaints.append("SECRETS_KEYS has a key of fewer than 32 characters; make random ones.")
        return keys

    def finish(self) -> None:
        """Raise SettingsError with every complaint, if there is any."""
        if self._complaints:
            raise SettingsError(
                "The environment is not complete:\n" + "\n".join(f"- {text}" for text in self._complaints)
            )

    def _parsed(self, name: str, parse: Callable[[str], T], *, fallback: T) -> T:
        value = self.text(name)
        if not value and BY_NAME[name].default is None:
            return fallback  # the complaint stands already
        try:
            return parse(value)
        except ValueError as error:
            self._complaints.append(f"{name} cannot be used: {error}. {BY_NAME[name].meaning}")
            return fallback


def _flag(value: str) -> bool:
    if value.lower() in {"1", "true", "yes"}:
        return True
    if value.lower() in {"0", "false", "no", ""}:
        return False
    raise ValueError("it is neither 1 nor 0")


def _whole_number(value: str) -> int:
    if not value.isdecimal():
        raise ValueError("it is not a whole number")
    return int(value)


def _database(value: str) -> dict[str, object]:
    if not value:
        return {}
    parts = urlsplit(value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.hostname or len(parts.path) < 2:
        raise ValueError("it does not read postgres://user:password@host:port/name")
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname,
        "PORT": str(parts.port or 5432),
    }


def _redis(value: str) -> str:
    if value and urlsplit(value).scheme not in {"redis", "rediss"}:
        raise ValueError("it does not begin with redis:// or rediss://")
    return value


def _http_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it does not begin with http:// or https://")
    return value.rstrip("/")


def _socket_address(value: str) -> str:
    parts = urlsplit(value)
    if value not in {"", "none"} and (parts.scheme not in {"ws", "wss"} or not parts.hostname):
        raise ValueError("it is neither none nor an address that begins with ws:// or wss://")
    return value.rstrip("/")


def _mail(value: str) -> Mail | None:
    parts = urlsplit(value)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("it does not begin with smtp:// or smtps://")
    ssl = parts.scheme == "smtps"
    return Mail(
        host=parts.hostname,
        port=parts.port or (465 if ssl else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=_flag(parse_qs(parts.query).get("tls", ["0"])[0]),
        ssl=ssl,
    )
