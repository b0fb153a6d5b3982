"""A mailbox by IMAP: what is new since a cursor, one mail at a time, and waiting for more.

The cursor of a mailbox is plain JSON: `uid_validity`, `last_uid`, `since` (mails from before are never read), and `scan_below`
while a mailbox whose numbers have changed is gone through again: up to there, mails are known by their Message-ID.
"""

import imaplib
import socket
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event
from types import TracebackType
from typing import Any, Self

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from inbox.channels.email.accounts import IMAP_PORTS, MailAccount, MailServer
from inbox.channels.email.connecting import (
    SECONDS,
    ServerNotReached,
    ServerRefused,
    in_tls,
    open_socket,
    tls_context,
)
from inbox.channels.email.reading import MOST_BYTES

WINDOW = 20_000  # numbers asked for at once, so that no answer grows without end
LOOK_AGAIN_SECONDS = 120.0  # the most that IDLE is trusted
POLL_SECONDS = 15.0  # for servers without IDLE
STEP_SECONDS = 2.0  # how fast an order to stop is heard
# Answers to a log-in that say "not now" (RFC 5530, and what servers write instead).
NOT_NOW = ("unavailable", "inuse", "limit", "temporar", "try again", "too many", "throttl", "timeout", "internal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """Where a mailbox stands."""

    uid_validity: int
    last_uid: int
    since: str
    scan_below: int = 0

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Cursor | None":
        """Read what `as_json` gave; None for a mailbox that was never read."""
        if not stored.get("uid_validity"):
            return None
        names = ("uid_validity", "last_uid", "since", "scan_below")
        return cls(**{name: stored[name] for name in names if name in stored})

    def as_json(self) -> dict[str, Any]:
        """Return the cursor as it is stored."""
        return asdict(self)

    def after(self, uid: int) -> "Cursor":
        """Return the cursor once a mail is stored."""
        return replace(self, last_uid=max(uid, self.last_uid))


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as the server gave it. Not whole: it is larger than we take, and these are its headers."""

    uid: int
    raw: bytes
    received_at: datetime
    is_whole: bool = True


def cursor_for(stored: Cursor | None, *, uid_validity: int, uid_next: int, first_days: int, at: datetime) -> Cursor:
    """Return where to read on: the first time from now or some days back, after a change of numbers from the beginning."""
    if stored is None:
        # Servers tell whole seconds: a mail of the second in which the mailbox was connected is a new one.
        since = (at - timedelta(days=first_days)).astimezone(UTC).replace(microsecond=0).isoformat()
        if not first_days:
            return Cursor(uid_validity=uid_validity, last_uid=max(uid_next - 1, 0), since=since)
        return Cursor(uid_validity=uid_validity, last_uid=0, since=since, scan_below=uid_next)
    if stored.uid_validity != uid_validity:
        return replace(stored, uid_validity=uid_validity, last_uid=0, scan_below=uid_next)
    return stored


class Mailbox:
    """One open folder; use it in a `with`. Raises ServerRefused for what only its owner can mend, else ServerNotReached."""

    def __init__(self, account: MailAccount, *, seconds: float = SECONDS) -> None:
        self._account = account
        self._seconds = seconds
        self.uid_validity = self.uid_next = 0

    def __enter__(self) -> Self:
        server = self._account.imap
        try:
            self._client = _Client(server, self._seconds)
            if server.security == "starttls":
                self._client.starttls(tls_context())
            self._log_in(server)
            self._select()
        except BaseException as error:  # noqa: BLE001 - raised again, under its own name or ours
            self._close()
            _raise_as_ours(error)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _at: TracebackType | None
    ) -> None:
        self._close()
        if error is not None:
            _raise_as_ours(error)

    def new_uids(self, cursor: Cursor) -> list[int]:
        """Return the numbers of mails after the cursor, oldest first; `n:*` gives the last one even when it is older."""
        start = cursor.last_uid + 1
        while True:
            self._client.noop()
            highest = self._highest()
            open_end = start + WINDOW > highest
            found = self._client.search(["UID", f"{start}:{'*' if open_end else start + WINDOW - 1}"])
            fresh = sorted(uid for uid in found if uid >= start)
            if fresh or open_end:
                return fresh
            start += WINDOW

    def header_of(self, uid: int) -> bytes | None:
        """Return the line of a mail that says its Message-ID; None when the mail is gone."""
        fields = b"BODY[HEADER.FIELDS (MESSAGE-ID)]"
        answer = self._client.fetch([uid], ["BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"]).get(uid)
        return None if answer is None else bytes(answer.get(fields) or b"")

    def received_at(self, uid: int) -> datetime | None:
        """Return when the mailbox took a mail in; None when the mail is gone."""
        answer = self._client.fetch([uid], ["INTERNALDATE"]).get(uid)
        return _aware(answer.get(b"INTERNALDATE")) if answer else None

    def fetch(self, uid: int) -> Fetched | None:
        """Return a mail without marking it as read; None when it is gone."""
        facts = self._client.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
        if not facts:
            return None
        is_whole = int(facts.get(b"RFC822.SIZE") or 0) <= MOST_BYTES
        part = "BODY.PEEK[]" if is_whole else "BODY.PEEK[HEADER]"
        answer = self._client.fetch([uid], [part]).get(uid)
        if not answer:
            return None
        raw = answer.get(b"BODY[]" if is_whole else b"BODY[HEADER]") or b""
        return Fetched(uid, bytes(raw)[:MOST_BYTES], _aware(facts.get(b"INTERNALDATE")), is_whole)

    def wait(self, stop: Event) -> None:
        """Return when there may be something new, when it is time to look anyway, or when told to stop."""
        if not self._client.has_capability("IDLE"):
            stop.wait(POLL_SECONDS)
            return
        self._client.idle()
        ends = time.monotonic() + LOOK_AGAIN_SECONDS
        told: list[Any] = []
        while not told and not stop.is_set() and time.monotonic() < ends:
            asked = time.monotonic()
            told = self._client.idle_check(timeout=STEP_SECONDS)
            if (
                not told and time.monotonic() - asked < STEP_SECONDS / 4
            ):  # readable, and nothing to read: the other end is gone
                raise ServerNotReached("connection closed")
        self._client.idle_done()

    def _log_in(self, server: MailServer) -> None:
        try:
            self._client.login(server.user, server.password)
        except LoginError as error:
            text = str(error)
            if any(word in text.lower() for word in NOT_NOW):
                raise ServerNotReached(text) from error
            raise ServerRefused(text, field="imap_password") from error

    def _select(self) -> None:
        try:
            answer = self._client.select_folder(self._account.folder, readonly=True)
        except imaplib.IMAP4.abort:
            raise
        except IMAPClientError as error:
            raise ServerRefused(str(error), field="imap_folder") from error
        self.uid_validity = int(answer.get(b"UIDVALIDITY") or 1)
        self.uid_next = int(answer.get(b"UIDNEXT") or 0) or self._highest() + 1

    def _highest(self) -> int:
        return int(max(self._client.search(["UID", "*"]) or [0]))

    def _close(self) -> None:
        client = getattr(self, "_client", None)
        if client is not None:
            client.__exit__(None, None, None)  # says goodbye if it can, and closes


class _Client(IMAPClient):
    def __init__(self, server: MailServer, seconds: float) -> None:
        self._server = server
        super().__init__(server.host, server.port, ssl=server.security == "ssl", timeout=seconds)
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 - the library calls it so
        return _Connection(self._server, self._timeout.connect)


class _Connection(imaplib.IMAP4):
    def __init__(self, server: MailServer, seconds: float) -> None:
        self._server = server
        super().__init__(server.host, server.port, timeout=seconds)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        plain = open_socket(self._server, ports=IMAP_PORTS, prefix="imap", seconds=timeout or SECONDS)
        return in_tls(plain, self._server) if self._server.security == "ssl" else plain


def _raise_as_ours(error: BaseException) -> None:
    """Give the failures of sockets and protocol one name; everything else goes on as it is."""
    if isinstance(error, ServerNotReached | ServerRefused):
        raise error
    if isinstance(error, OSError | imaplib.IMAP4.error):
        raise ServerNotReached(f"{type(error).__name__}: {error}"[:300]) from error
    raise error


def _aware(moment: datetime | None) -> datetime:
    """Return a moment with its zone; a server that gives none is taken to mean the beginning of time, so that Date decides."""
    if moment is None:
        return datetime(1970, 1, 2, tzinfo=UTC)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
