"""A mail on its way through the intake ledger: what is stored as a delivery, and read again by the worker."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from inbox.channels.contract import OUR_PARTS, Delivery, Incoming, IncomingFile, NotReadable, Profile, StatusReport
from inbox.channels.email.quotes import folded
from inbox.channels.email.reading import Mail

MOST_FOLDED = 20_000
MOST_REFERENCES = 20
# Content ids of files that stand behind a mail and are no attachments of its writer.
HTML_FILE, SOURCE_FILE = f"{OUR_PARTS}html", f"{OUR_PARTS}source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was stored of a mail before its delivery, and what is known of its thread."""

    files: tuple[IncomingFile, ...] = ()
    contact_id: int | None = None
    is_flood: bool = False  # the sender writes faster than people do
    cleaner: int = 0  # which cleaner wrote the HTML file; 0: there is none
    outside_pictures: bool = False
    facts: Mapping[str, object] = field(default_factory=dict)


def delivery_of(mail: Mail, kept: Kept) -> Delivery:
    """Return the delivery of a mail from outside."""
    written, rest = folded(mail.text)
    auto = mail.auto or ("flood" if kept.is_flood else "")
    return Delivery(
        provider_event_id=mail.key,
        sender=mail.sender.email,
        payload={
            "kind": "mail",
            "external_id": mail.sender.email,
            "name": mail.sender.name,
            "message_id": mail.message_id or mail.key,
            "occurred_at": mail.sent_at.isoformat(),
            "text": written,
            "is_verified": mail.is_verified,
            "contact_id": kept.contact_id,
            "opens": mail.auto != "reply",
            "files": [
                {"kind": one.kind, "name": one.name, "file_id": one.file_id, "content_id": one.content_id}
                for one in kept.files
            ],
            "payload": {
                "subject": mail.subject,
                "from": mail.sender.email,
                "fromName": mail.sender.name,
                "to": [one.email for one in mail.to],
                "cc": [one.email for one in mail.cc],
                "messageId": mail.message_id,
                "inReplyTo": next(iter(mail.in_reply_to), ""),
                "references": list(mail.references[-MOST_REFERENCES:]),
                "auto": bool(auto),
                "autoKind": auto,
                "isVerified": mail.is_verified,
                "folded": rest[:MOST_FOLDED],
                "cleaner": kept.cleaner,
                "outsidePictures": kept.outside_pictures,
                "problem": mail.problem,
                **kept.facts,
            },
        },
    )


def delivery_of_bounce(mail: Mail) -> Delivery | None:
    """Return the delivery of a report that a mail of ours failed for good; None when there is nothing to tell."""
    if mail.bounce is None or not mail.bounce.is_final:
        return None
    return Delivery(
        provider_event_id=mail.key,
        sender=mail.bounce.recipient[:255] or mail.sender.email,
        payload={
            "kind": "bounce",
            "message_id": mail.bounce.original_id,
            "occurred_at": mail.sent_at.isoformat(),
            "detail": mail.bounce.detail,
        },
    )


def read_delivery(payload: Mapping[str, object]) -> Incoming | StatusReport:
    """Read what the two above wrote; raise NotReadable."""
    occurred_at = _moment(payload.get("occurred_at"))
    message_id = _text(payload, "message_id")
    if payload.get("kind") == "bounce":
        return StatusReport(
            message_id=message_id, status="failed", occurred_at=occurred_at, detail=_text(payload, "detail")
        )
    external_id = _text(payload, "external_id")
    if payload.get("kind") != "mail" or not external_id or not message_id:
        raise NotReadable("kind")
    first_name, _space, last_name = _text(payload, "name").partition(" ")
    facts = payload.get("payload")
    contact_id = payload.get("contact_id")
    return Incoming(
        external_id=external_id,
        message_id=message_id,
        occurred_at=occurred_at,
        content_type="email",
        text=_text(payload, "text"),
        payload=dict(facts) if isinstance(facts, Mapping) else {},
        files=_files(payload.get("files")),
        profile=Profile(first_name=first_name, last_name=last_name, email=external_id),
        is_verified=payload.get("is_verified") is True,
        contact_id=contact_id if isinstance(contact_id, int) else None,
        identity="email",
        opens=payload.get("opens") is not False,
    )


def _files(value: object) -> tuple[IncomingFile, ...]:
    found = []
    for one in value if isinstance(value, list) else []:
        if not isinstance(one, Mapping) or not isinstance(one.get("file_id"), int):
            raise NotReadable("files")
        found.append(
            IncomingFile(
                kind=_text(one, "kind"),
                name=_text(one, "name"),
                file_id=one["file_id"],
                content_id=_text(one, "content_id"),
            )
        )
    return tuple(found)


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise NotReadable("occurred_at") from None
