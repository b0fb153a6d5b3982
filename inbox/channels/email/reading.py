"""A mail as it came, read into plain values. Nothing here raises for what somebody sent: what cannot be read is said so."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import parsedate_to_datetime

from inbox.channels.email import html
from inbox.channels.email.accounts import MailAccount
from inbox.channels.email.bounces import Bounce, automatic_kind, bounce_in
from inbox.channels.email.headers import (
    Address,
    addresses,
    decoded,
    header,
    headers,
    in_charset,
    message_ids,
    printable,
)

MOST_BYTES = 40 * 1024 * 1024
MOST_PARTS = 500
MOST_BOUNDARIES = 60  # each level inside another costs a look at every line
MOST_TEXT = 200_000
NOBODY = "nobody@invalid"
NO_SENDER = Address("", NOBODY)
LATE = timedelta(days=30)
EARLY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class MailFile:
    """A file of a mail. `content_id` is what the HTML calls it."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What a mail says. Addresses are claims; `is_verified` says that a server we trust has proven the sender."""

    key: str  # the Message-ID, or a digest of what the mail is
    message_id: str
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address = NO_SENDER
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    received_by: tuple[str, ...] = ()  # every address that the mail was sent to, for the one that names a conversation
    subject: str = ""
    sent_at: datetime
    text: str = ""
    html: str = ""
    files: tuple[MailFile, ...] = ()
    auto: str = ""
    is_verified: bool = False
    bounce: Bounce | None = None
    problem: str = ""  # parts, structure


@dataclass(slots=True)
class _Body:
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    files: list[MailFile] = field(default_factory=list)
    problem: str = ""


def read_mail(raw: bytes, account: MailAccount, *, received_at: datetime) -> Mail:
    """Read a mail of at most MOST_BYTES; `received_at` is when the mailbox took it in."""
    mail, problem = _parsed(raw)
    try:
        body = _body(mail) if not problem else _unreadable(raw)
    except (
        RecursionError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        AssertionError,
    ):  # the parser's own faults
        problem, body = "structure", _unreadable(raw)
    sender = _sender(mail, account)
    return_path = headers(mail, "Return-Path")
    words = "\n\n".join(text for text in body.texts if text.strip())
    source = "\n".join(body.htmls)
    message_id = next(iter(message_ids(mail, "Message-ID")), "")
    return Mail(
        key=_key(message_id, mail, words or source),
        message_id=message_id,
        in_reply_to=message_ids(mail, "In-Reply-To", most=10),
        references=message_ids(mail, "References"),
        sender=sender,
        to=tuple(addresses(mail, "To")),
        cc=tuple(addresses(mail, "Cc")),
        received_by=tuple(
            dict.fromkeys(
                one.email
                for name in ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
                for one in addresses(mail, name)
            )
        ),
        subject=header(mail, "Subject", most=998),
        sent_at=_moment(header(mail, "Date"), received_at),
        text=(words or html.text_of(source))[:MOST_TEXT],
        html=source,
        files=tuple(body.files),
        auto=automatic_kind(
            mail,
            return_path=return_path[0].strip("<> ") if return_path else None,
            is_own=sender.email in account.own_addresses,
        ),
        is_verified=_is_verified(mail, account, sender),
        bounce=_bounce(mail) if not problem else None,
        problem=problem or body.problem,
    )


def html_in(raw: bytes) -> str:
    """Return the HTML of a stored mail once more, for a cleaner that has learned something."""
    mail, problem = _parsed(raw)
    return "" if problem else "\n".join(_body(mail).htmls)


def message_id_in(raw_headers: bytes) -> str:
    """Return the Message-ID of a mail's first lines; empty when it has none."""
    mail = BytesParser(policy=compat32).parsebytes(raw_headers[:65_536], headersonly=True)
    return next(iter(message_ids(mail, "Message-ID")), "")


def key_of_id(message_id: str) -> str:
    """Return what a Message-ID is known by: itself, or its digest where it is longer than a key may be."""
    return message_id if len(message_id) <= 250 else hashlib.sha256(message_id.encode()).hexdigest()


def _parsed(raw: bytes) -> tuple[Message, str]:
    """Parse a mail; one that nests too deep is read for its headers only."""
    if len(re.findall(rb"(?i)boundary\s*=", raw)) <= MOST_BOUNDARIES:
        try:
            return BytesParser(policy=compat32).parsebytes(raw), ""
        except (RecursionError, ValueError, LookupError, TypeError, AttributeError):
            pass
    return BytesParser(policy=compat32).parsebytes(raw[:65_536], headersonly=True), "structure"


def _leaves(mail: Message) -> Iterator[Message]:
    """Walk the parts of a mail in order; a mail inside it is a leaf."""
    waiting = [mail]
    while waiting:
        part = waiting.pop()
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            waiting += [one for one in reversed(payload) if isinstance(one, Message)]
        else:
            yield part


def _body(mail: Message) -> _Body:
    body = _Body()
    for number, part in enumerate(_leaves(mail)):
        if number >= MOST_PARTS:
            body.problem = "parts"
            break
        kind = part.get_content_type()
        name = _file_name(part)
        is_file = part.get_content_disposition() == "attachment" or bool(name)
        if kind == "text/plain" and not is_file:
            body.texts.append(_text(part))
        elif kind == "text/html" and not is_file:
            body.htmls.append(_text(part))
        else:
            body.files.append(MailFile(name or _name_for(part), kind, _data(part), _content_id(part)))
    return body


def _unreadable(raw: bytes) -> _Body:
    """Return the beginning of what came, so that somebody can see it; the source is kept beside it."""
    body = re.split(rb"\r?\n\r?\n", raw[:200_000], maxsplit=1)[-1]
    return _Body(texts=[in_charset(body[:20_000], "utf-8")])


def _text(part: Message) -> str:
    charset = part.get_content_charset() or "utf-8"
    return in_charset(_data(part), charset).replace("\r\n", "\n").replace("\r", "\n")


def _data(part: Message) -> bytes:
    payload = part.get_payload()
    if isinstance(payload, list):  # a mail inside the mail
        return b"\n\n".join(one.as_bytes() for one in payload if isinstance(one, Message))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else str(payload or "").encode("utf-8", "replace")


def _file_name(part: Message) -> str:
    name = " ".join(decoded(printable(part.get_filename() or "")).split())
    return name.replace("/", "_").replace("\\", "_")[:200]


def _name_for(part: Message) -> str:
    kind = part.get_content_type()
    inner = part.get_payload()
    if kind == "message/rfc822" and isinstance(inner, list) and inner and isinstance(inner[0], Message):
        subject = re.sub(r"[/\\]", "_", header(inner[0], "Subject", most=120))
        return f"{subject or 'mail'}.eml"
    return "file." + {"image/jpeg": "jpg", "text/calendar": "ics"}.get(kind, kind.partition("/")[2][:20] or "bin")


def _content_id(part: Message) -> str:
    return printable(str(part.get("Content-ID") or "")).strip().strip("<>")[:250]


def _sender(mail: Message, account: MailAccount) -> Address:
    """Return who wrote; for a form of the customer's own site, whoever filled it in."""
    named = addresses(mail, "From") or addresses(mail, "Sender") or addresses(mail, "Return-Path")
    sender = named[0] if named else NO_SENDER
    if sender.email in account.form_senders:
        return next(iter(addresses(mail, "Reply-To")), sender)
    return sender


def _is_verified(mail: Message, account: MailAccount, sender: Address) -> bool:
    """Believe the topmost Authentication-Results (RFC 8601), and only of the server that the owner has named."""
    results = headers(mail, "Authentication-Results")
    if not account.trusted_server or not results:
        return False
    server, _sign, verdicts = results[0].partition(";")
    if server.split() == [] or server.split()[0].lower() != account.trusted_server:
        return False
    domain = re.escape(sender.email.rpartition("@")[2])
    return any(
        re.match(r"\s*dmarc\s*=\s*pass\b", verdict, re.IGNORECASE)
        and re.search(rf"header\.from\s*=\s*\"?{domain}\"?(\s|$)", verdict, re.IGNORECASE)
        for verdict in re.sub(r"\([^()]*\)", " ", verdicts).split(";")
    )


def _bounce(mail: Message) -> Bounce | None:
    try:
        return bounce_in(mail)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None


def _moment(date: str, received_at: datetime) -> datetime:
    """Return the moment that the mail claims, if it is believable beside the mailbox's own."""
    try:
        sent = parsedate_to_datetime(date)
        sent = sent if sent.tzinfo else sent.replace(tzinfo=UTC)
        return sent if received_at - LATE <= sent <= received_at + EARLY else received_at
    except (ValueError, TypeError, IndexError, OverflowError):
        return received_at


def _key(message_id: str, mail: Message, body: str) -> str:
    if message_id:
        return key_of_id(message_id)
    parts = [*(header(mail, name) for name in ("Date", "From", "To", "Subject")), body]
    return "sha256:" + hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()
