"""Mails by machines: what a mail server says about a mail of ours (RFC 3464), and who must not be answered by a machine."""

from dataclasses import dataclass
from email.message import Message

from inbox.channels.email.headers import header, headers, in_charset, message_ids, printable

AUTOMATIC_PRECEDENCE = frozenset({"bulk", "list", "junk", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report about one mail of ours that did not arrive. `status` is 5.1.1 and the like; 5 is for good."""

    original_id: str
    recipient: str
    status: str
    detail: str

    @property
    def is_final(self) -> bool:
        """Whether the server has given up."""
        return self.status.startswith("5")


def bounce_in(mail: Message) -> Bounce | None:
    """Read a delivery report; None when the mail is none, or does not say which mail it is about."""
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    recipient = status = detail = original = ""
    for part in _parts(mail):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            for block in _blocks(part):
                recipient = recipient or _after_type(header(block, "Final-Recipient"))
                status = status or header(block, "Status", most=20)
                detail = detail or _after_type(header(block, "Diagnostic-Code", most=600))
        elif kind in {"message/rfc822", "message/rfc822-headers"}:
            original = original or _first_id(part)
        elif kind == "text/rfc822-headers":
            original = original or _id_in_text(part)
    if not original or not status:
        return None
    return Bounce(original, recipient.lower(), status, f"{status} {detail}".strip()[:500])


def automatic_kind(mail: Message, *, return_path: str | None, is_own: bool) -> str:
    """Say why a mail must not get an automatic answer: empty when a person wrote it.

    "reply" is a machine's answer, such as an absence note; "bulk" a list or a campaign; "own" came from ourselves.
    """
    if is_own:
        return "own"
    submitted = header(mail, "Auto-Submitted", most=60).partition(";")[0].strip().lower()
    suppressed = {word.strip().lower() for word in header(mail, "X-Auto-Response-Suppress").split(",") if word.strip()}
    if submitted == "auto-replied" or header(mail, "X-Autoreply") or header(mail, "X-Autorespond"):
        return "reply"
    precedence = header(mail, "Precedence", most=30).lower()
    if precedence == "auto_reply" or mail.get_content_type() == "multipart/report" or return_path == "":
        return "reply"
    if (submitted and submitted != "no") or suppressed - {"none"}:
        return "machine"
    if precedence in AUTOMATIC_PRECEDENCE or headers(mail, "List-Id") or headers(mail, "List-Unsubscribe"):
        return "bulk"
    return ""


def _parts(mail: Message) -> list[Message]:
    payload = mail.get_payload()
    return [part for part in payload if isinstance(part, Message)][:20] if isinstance(payload, list) else []


def _blocks(part: Message) -> list[Message]:
    """Return the groups of fields of a delivery status, which the parser reads as messages of their own."""
    return _parts(part) or [part]


def _first_id(part: Message) -> str:
    inner = _parts(part)
    return next(iter(message_ids(inner[0], "Message-ID")), "") if inner else _id_in_text(part)


def _id_in_text(part: Message) -> str:
    """Find the Message-ID in headers that came as text."""
    data = part.get_payload(decode=True)
    text = in_charset(data, "utf-8") if isinstance(data, bytes) else str(part.get_payload())
    holder = Message()
    for line in text[:20_000].splitlines():
        if line.lower().startswith("message-id:"):
            holder["Message-ID"] = printable(line.partition(":")[2].strip())
            break
    return next(iter(message_ids(holder, "Message-ID")), "")


def _after_type(value: str) -> str:
    """Drop the type before a value: `rfc822; ana@example.com`, `smtp; 550 no such user`."""
    kind, sign, rest = value.partition(";")
    return rest.strip() if sign and " " not in kind.strip() else value
