"""A real IMAP server and a real SMTP server for the e-mail channel: what is sent by SMTP lands in the mailbox by IMAP."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from django.utils import timezone
from imapclient import IMAPClient

from config.embedded.programs import free_port
from inbox.channels.email.accounts import MailAccount, account_of

USER, PASSWORD = "support", "secret"
ADDRESS = "support@shop.test"

# pymap, but for its half a million rounds of hashing at each log-in.
QUICK_PYMAP = """
from pymap.main import main
from pysasl.hashing import BuiltinHash
BuiltinHash.__init__.__kwdefaults__["rounds"] = 1
main()
"""


class Imap:
    """A running IMAP server with one mailbox."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, with an empty mailbox and new numbers; one that runs goes on."""
        if self._process is not None:
            return
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-c", QUICK_PYMAP, "--host", "127.0.0.1"),
                *("--port", str(self.port), "--no-service", "admin", "--no-service", "managesieve"),
                *("dict", "--demo-user", USER, "--demo-password", PASSWORD),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        wait_until(self._answers, seconds=15)

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)
            self._process = None

    def empty(self) -> None:
        """Take every mail out of the mailbox."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10) as client:
            client.login(USER, PASSWORD)
            client.select_folder("INBOX")
            client.delete_messages(client.search() or [1])
            client.expunge()

    def put(self, raw: bytes) -> None:
        """Put a mail into the mailbox."""
        with IMAPClient("127.0.0.1", self.port, ssl=False, timeout=10) as client:
            client.login(USER, PASSWORD)
            client.append("INBOX", raw)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


class Smtp:
    """A running SMTP server. `answers` are said instead of 250 to RCPT or DATA; `cut` drops the line after a mail's text."""

    def __init__(self) -> None:
        self.port = free_port()
        self.sent: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.cut = False
        self.forward: Callable[[bytes], None] | None = None
        self._controller = Controller(
            self,
            hostname="127.0.0.1",
            port=self.port,
            authenticator=self._authenticate,
            auth_require_tls=False,
            data_size_limit=60 * 1024 * 1024,
        )

    def start(self) -> None:
        """Start it in a thread."""
        self._controller.start()

    def forget(self) -> None:
        """Be as new for the next test."""
        self.sent.clear()
        self.answers.clear()
        self.cut, self.forward = False, None

    def stop(self) -> None:
        """End it."""
        self._controller.stop()

    async def handle_RCPT(  # noqa: N802 - aiosmtpd names it
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = self.answers.get("RCPT", "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.sent.append(envelope)
        if self.cut:
            assert server.transport is not None
            server.transport.close()
        if self.forward is not None:
            assert isinstance(envelope.content, bytes)
            self.forward(envelope.content)
        return self.answers.get("DATA", "250 OK")

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        good = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
        return AuthResult(success=good, handled=good)


@contextmanager
def mail_servers() -> Iterator[tuple[Imap, Smtp]]:
    """Run both servers."""
    imap, smtp = Imap(), Smtp()
    imap.start()
    smtp.start()
    try:
        yield imap, smtp
    finally:
        smtp.stop()
        imap.stop()


def settings_for(imap: int, smtp: int, **more: object) -> dict[str, object]:
    """Return a channel's settings for the two servers by their ports."""
    return {
        "address": ADDRESS,
        "from_name": "The Shop",
        "imap_host": "127.0.0.1",
        "imap_port": imap,
        "imap_security": "none",
        "imap_user": USER,
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp,
        "smtp_security": "none",
        "answers_by_address": True,
        **more,
    }


def an_account(**more: object) -> MailAccount:
    """Return an account as the connector reads it."""
    return account_of(settings_for(143, 25, **more), {"imap_password": PASSWORD})


def a_mail(text: str = "Hello", *, sender: str = "Cleo Vidal <cleo@example.com>", **headers: str) -> EmailMessage:
    """Write a mail to the shop; words with _ are headers with -."""
    mail = EmailMessage()
    mail["From"], mail["To"] = sender, headers.pop("To", ADDRESS)
    mail["Date"] = format_datetime(timezone.now())
    mail["Subject"] = headers.pop("Subject", "A question")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def wait_until(is_true: Callable[[], object], *, seconds: float = 10) -> None:
    """Look again and again until something is true."""
    ends = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < ends, "it did not come true in time"
        time.sleep(0.02)
