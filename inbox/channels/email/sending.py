"""A mail of ours: written so that every mailer threads it, and given to a server so that we know what became of it."""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from inbox.channels.contract import Account, Failure, Outgoing, OutgoingFile, Receipt, Refusal
from inbox.channels.email.accounts import SMTP_PORTS, MailAccount, MailServer
from inbox.channels.email.connecting import ServerNotReached, ServerRefused, in_tls, open_socket, tls_context
from inbox.channels.email.headers import ADDRESS, MESSAGE_ID
from inbox.channels.email.html import as_html
from inbox.channels.email.threading import own_message_id, reply_address, reply_token

LINES = SMTP.clone(max_line_length=998)  # long References must not be broken inside an id
MOST_REFERENCES = 20
MOST_COPIES = 50
SECONDS = 45.0  # for everything together: the sender's lease is longer
GONE = re.compile(r"\b5\.(1\.[1236]|1\.10|2\.1)\b")  # RFC 3463: no such mailbox or host, moved, disabled

OpenFile = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Sendable:
    """A mail and the envelope around it."""

    message: EmailMessage
    message_id: str
    receivers: tuple[str, ...]


def message_id_for(outgoing: Outgoing, account: Account, mailbox: MailAccount) -> str:
    """Return the Message-ID that a message will have: the same at every attempt."""
    token = reply_token(
        workspace_id=account.workspace_id, channel_id=account.channel_id, contact_id=outgoing.contact_id
    )
    return own_message_id(key=f"{account.key}:{outgoing.key}", token=token, domain=mailbox.domain)


def written(outgoing: Outgoing, account: Account, mailbox: MailAccount, *, open_file: OpenFile) -> Sendable:
    """Write the mail. `payload` holds subject, cc, bcc of the writer and, under `thread`, what the thread says so far."""
    thread = outgoing.payload.get("thread")
    thread = thread if isinstance(thread, Mapping) else {}
    token = reply_token(
        workspace_id=account.workspace_id, channel_id=account.channel_id, contact_id=outgoing.contact_id
    )
    message_id = message_id_for(outgoing, account, mailbox)
    copies = _addresses(outgoing.payload["cc"] if "cc" in outgoing.payload else thread.get("cc"))
    copies = [one for one in copies if one not in {outgoing.external_id, *mailbox.own_addresses}]
    hidden = _addresses(outgoing.payload.get("bcc"))
    mail = EmailMessage(policy=LINES)
    mail["From"] = _named(mailbox.from_name or account.name, mailbox.address)
    mail["To"] = _named("", outgoing.external_id)
    if copies:
        mail["Cc"] = [_named("", one) for one in copies]
    mail["Subject"] = _one_line(outgoing.payload.get("subject")) or _answering(_one_line(thread.get("subject")))
    mail["Date"] = format_datetime(outgoing.created_at)
    mail["Message-ID"] = message_id
    answered = _ids([thread.get("inReplyTo")])
    if answered:
        mail["In-Reply-To"] = answered[0]
        mail["References"] = " ".join(_shortened(_ids([*_list(thread.get("references")), answered[0]])))
    back = reply_address(mailbox, token)
    if back != mailbox.address:
        mail["Reply-To"] = _named("", back)
    if outgoing.payload.get("auto") is True:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    text = outgoing.text or _one_line(outgoing.payload.get("text"))
    mail.set_content(text + "\n")
    mail.add_alternative(as_html(text), subtype="html")
    for file in outgoing.files:
        _attach(mail, file, open_file)
    return Sendable(mail, message_id, tuple(dict.fromkeys((outgoing.external_id, *copies, *hidden))))


def hand_over(sendable: Sendable, mailbox: MailAccount) -> Receipt | Refusal:
    """Give a mail to the server. Once its text is on the way, silence means that nobody knows."""
    is_written = False
    try:
        with _log_in(mailbox.smtp) as smtp:
            refused = _envelope(smtp, sendable, mailbox)
            if refused is not None:
                return refused
            code, answer = smtp.docmd("DATA")
            if code != 354:
                return _refusal(code, answer)
            is_written = True
            data = sendable.message.as_bytes(policy=LINES)
            smtp.send(re.sub(rb"(?m)^\.", b"..", data) + (b"" if data.endswith(b"\r\n") else b"\r\n") + b".\r\n")
            code, answer = smtp.getreply()
            return Receipt(message_id=sendable.message_id) if code == 250 else _refusal(code, answer)
    except ServerRefused as error:
        return Refusal(failure=Failure.REAUTHORISE, code="log_in", text=error.text)
    except smtplib.SMTPResponseException as error:
        return _refusal(error.smtp_code, error.smtp_error)
    except (OSError, smtplib.SMTPException) as error:
        failure = Failure.UNKNOWN if is_written else Failure.TEMPORARY
        return Refusal(failure=failure, code="connection", text=f"{type(error).__name__}: {error}"[:200])


def try_log_in(mailbox: MailAccount) -> None:
    """Log in and go; raise ServerRefused or ServerNotReached."""
    try:
        _log_in(mailbox.smtp).close()
    except smtplib.SMTPException as error:
        raise ServerNotReached(str(error)[:200]) from error


class _Smtp(smtplib.SMTP):
    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._ends = time.monotonic() + SECONDS
        super().__init__(server.host, server.port, local_hostname=_own_name(), timeout=SECONDS)

    def _get_socket(self, _host: str, _port: int, timeout: float) -> socket.socket:  # type: ignore[override]
        plain = open_socket(self._server, ports=SMTP_PORTS, prefix="smtp", seconds=min(timeout, 10.0))
        plain.settimeout(timeout)
        return in_tls(plain, self._server) if self._server.security == "ssl" else plain

    def send(self, s: str | bytes) -> None:  # type: ignore[override]
        """Send within what is left of the time."""
        self._hurry()
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        """Wait for an answer within what is left of the time."""
        self._hurry()
        return super().getreply()

    def _hurry(self) -> None:
        if self.sock is not None:
            self.sock.settimeout(max(self._ends - time.monotonic(), 0.01))

    def __exit__(self, *_error: object) -> None:
        """Leave at once: the answer to DATA is what counts, and a slow goodbye must not change it."""
        self.close()


def _log_in(server: MailServer) -> _Smtp:
    smtp = _Smtp(server)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise ServerRefused("STARTTLS is not offered", field="smtp_security")
            smtp.starttls(context=tls_context())
            smtp.ehlo()
        if server.password and smtp.has_extn("auth"):
            smtp.login(server.user, server.password)
    except smtplib.SMTPAuthenticationError as error:
        smtp.close()
        if 400 <= error.smtp_code < 500:
            raise ServerNotReached(_words(error.smtp_error)) from error
        raise ServerRefused(_words(error.smtp_error), field="smtp_password") from error
    except ssl.SSLError as error:
        smtp.close()
        raise ServerNotReached(str(error)) from error
    except BaseException:
        smtp.close()
        raise
    return smtp


def _envelope(smtp: smtplib.SMTP, sendable: Sendable, mailbox: MailAccount) -> Refusal | None:
    """Name sender and receivers. The first receiver must be taken; a copy that is refused does not hold the mail back."""
    options = ["smtputf8"] if smtp.has_extn("smtputf8") and not all(one.isascii() for one in sendable.receivers) else []
    code, answer = smtp.mail(mailbox.address, options)
    if code != 250:
        return _refusal(code, answer)
    for number, receiver in enumerate(sendable.receivers):
        code, answer = smtp.rcpt(receiver)
        if code not in {250, 251} and number == 0:
            return _refusal(code, answer)
    return None


def _refusal(code: int, answer: bytes | str) -> Refusal:
    """Say what a server's "no" means (RFC 5321, section 4.2.1)."""
    text = f"{code} {_words(answer)}"
    if code in {530, 534, 535}:
        failure = Failure.REAUTHORISE
    elif 400 <= code < 500 or code <= 0:
        failure = Failure.TEMPORARY
    else:
        failure = Failure.UNREACHABLE if GONE.search(text) else Failure.PERMANENT
    return Refusal(failure=failure, code=str(code), text=text[:500])


def _attach(mail: EmailMessage, file: OutgoingFile, open_file: OpenFile) -> None:
    main, _sign, sub = (file.media_type or "application/octet-stream").partition("/")
    if main in {"message", "multipart"}:  # a mail in the mail has rules of its own; as bytes it arrives as it is
        main, sub = "application", "octet-stream"
    mail.add_attachment(
        open_file(file.key), maintype=main, subtype=sub or "octet-stream", filename=_one_line(file.name)
    )


def _named(name: str, address: str) -> HeaderAddress:
    return HeaderAddress(display_name=_one_line(name), addr_spec=address)


def _answering(subject: str) -> str:
    return subject if not subject or re.match(r"(?i)(re|aw|sv|rv|antw)\s*:", subject) else f"Re: {subject}"


def _shortened(ids: Sequence[str]) -> Sequence[str]:
    """Keep the first and the last ones of a long thread."""
    return ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[-(MOST_REFERENCES - 1) :]]


def _ids(values: Sequence[object]) -> list[str]:
    return list(dict.fromkeys(one for one in values if isinstance(one, str) and MESSAGE_ID.fullmatch(one)))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _addresses(value: object) -> list[str]:
    given = value if isinstance(value, list | tuple) else [value]
    found = [one.strip().lower() for one in given if isinstance(one, str)]
    return list(dict.fromkeys(one for one in found if ADDRESS.fullmatch(one)))[:MOST_COPIES]


def _one_line(value: object) -> str:
    """Return a text that cannot begin another header."""
    return " ".join(value.split())[:900] if isinstance(value, str) else ""


def _words(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.replace("\x00", "").split())[:400]


def _own_name() -> str:
    return socket.gethostname() or "localhost"
