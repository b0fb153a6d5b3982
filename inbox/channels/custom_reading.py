"""Custom channel, incoming: a body is split into events before it is stored, and each event is read later. Pure.

What can never be right is refused at once, with the field's name, while the sender can still be told. A message of a type that
we do not know is kept and shown as "unsupported".
"""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from inbox.channels.contract import Delivery, Incoming, IncomingFile, NotReadable, Profile, StatusReport

LARGEST_BODY_BYTES = 1024 * 1024
MOST_EVENTS = 1000
LONGEST_MESSAGE_ID = 200
ADDRESS = re.compile(r"[A-Za-z0-9_=+/@]{1,50}", re.ASCII)
PHONE = re.compile(r"\+[1-9][0-9]{4,14}", re.ASCII)
STATUSES = frozenset({"sent", "delivered", "read", "failed"})
KINDS_OF_FILES = frozenset({"image", "audio", "video", "file"})
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MS = 4_102_444_800_000  # the year 2100: beyond it a number is no moment of a message
UNSTORABLE = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")  # may be a NUL or half a character; looked at only when found
MESSAGE, ECHO, STATUS = "message", "message_echo", "message_status"


def body_of(raw: bytes) -> dict[str, object]:
    """Parse a body strictly: UTF-8, an object, nothing that PostgreSQL's JSON cannot hold; raise NotReadable."""
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse, parse_float=_finite)
        if UNSTORABLE.search(raw):
            _refuse_unstorable(body)
    except (ValueError, RecursionError):  # not UTF-8, not JSON, a number of thousands of digits, nested without end
        raise NotReadable("body") from None
    if not isinstance(body, dict):
        raise NotReadable("body")
    return body


def deliveries_of(body: Mapping[str, object], *, at: datetime) -> list[Delivery]:
    """Return one delivery for each event of a body; raise NotReadable with the field's name.

    at: when it came, for events that do not say when they happened.
    """
    address = body.get("contactId")
    if not isinstance(address, str) or not ADDRESS.fullmatch(address):
        raise NotReadable("contactId")
    events = body.get("events")
    if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
        raise NotReadable("events")
    contact = body.get("contact")
    if contact is not None and not isinstance(contact, dict):
        raise NotReadable("contact")
    about: dict[str, object] = {"contactId": address, **({"contact": contact} if contact else {})}
    came_ms = (at - BEGINNING) // timedelta(milliseconds=1)
    return [
        _delivery(address, event, about, came_ms=came_ms, where=f"events[{place}]")
        for place, event in enumerate(events)
    ]


def read(payload: Mapping[str, object], settings: Mapping[str, object]) -> list[Incoming | StatusReport]:
    """Read one stored event."""
    address, event = payload.get("contactId"), payload.get("event")
    if not isinstance(address, str) or not isinstance(event, Mapping):
        raise NotReadable("contactId")
    by_phone = settings.get("id_type") == "phone"
    if by_phone and not PHONE.fullmatch(address):
        raise NotReadable("contactId")
    if event.get("type") == STATUS:
        return [_status(event)]
    return [_incoming(address, event, payload.get("contact"), by_phone=by_phone)]


def _delivery(address: str, event: object, about: dict[str, object], *, came_ms: int, where: str) -> Delivery:
    if not isinstance(event, dict):
        raise NotReadable(where)
    kind = event.get("type")
    if kind not in (MESSAGE, ECHO, STATUS):
        raise NotReadable(f"{where}.type")
    number = event.get("mId")
    if number is not None and (not isinstance(number, str) or not 0 < len(number) <= LONGEST_MESSAGE_ID):
        raise NotReadable(f"{where}.mId")
    moment = event.get("timestamp")
    if moment is not None and not _is_moment(moment):
        raise NotReadable(f"{where}.timestamp")
    if kind == STATUS:
        value = _of(event.get("status"), "value")
        if number is None:
            raise NotReadable(f"{where}.mId")
        if value not in STATUSES:
            raise NotReadable(f"{where}.status.value")
        name = f"{kind} {value} {number}"
    else:
        if not isinstance(event.get("message"), dict):
            raise NotReadable(f"{where}.message")
        # A message without an id of its own is known again by what it says, from whom and when.
        name = f"{kind} {number}" if number else f"{kind} #{_sum(address, event)}"
    told = event if moment is not None else {**event, "timestamp": came_ms}
    return Delivery(provider_event_id=name, sender=address, payload={**about, "event": told})


def _incoming(address: str, event: Mapping[str, object], contact: object, *, by_phone: bool) -> Incoming:
    message = event.get("message")
    if not isinstance(message, Mapping):
        raise NotReadable("message")
    content_type, text, payload, files = _content(message)
    return Incoming(
        external_id=address,
        message_id=str(event.get("mId") or _sum(address, event)),
        occurred_at=_moment(event),
        content_type=content_type,
        text=text,
        payload=payload,
        files=files,
        profile=_profile(contact, address),
        identity="phone" if by_phone else "",
        is_echo=event.get("type") == ECHO,
    )


def _content(
    message: Mapping[str, object],
) -> tuple[str, str, Mapping[str, object], tuple[IncomingFile, ...]]:
    kind = _text(message, "type")
    if kind == "text" and isinstance(message.get("text"), str):
        return "text", _text(message, "text"), {}, ()
    if kind in KINDS_OF_FILES and _text(message, "url"):
        return "attachment", _text(message, "caption"), {}, (_file(kind, message, name="filename"),)
    attachment = message.get("attachment")
    if kind == "attachment" and isinstance(attachment, Mapping) and _text(attachment, "url"):
        named = _text(attachment, "type")
        return "attachment", "", {}, (_file(named if named in KINDS_OF_FILES else "file", attachment, name="fileName"),)
    if kind == "location" and _is_number(message.get("latitude")) and _is_number(message.get("longitude")):
        return "location", _text(message, "address"), _without(message, "type"), ()
    if kind == "quick_reply":
        return "quick_reply", _text(message, "title") or _text(message, "text"), _without(message, "type"), ()
    return "unsupported", "", {"raw": dict(message)}, ()


def _file(kind: str, about: Mapping[str, object], *, name: str) -> IncomingFile:
    return IncomingFile(kind=kind, url=_text(about, "url")[:2000], name=_text(about, name)[:255])


def _status(event: Mapping[str, object]) -> StatusReport:
    status = event.get("status")
    number, value = event.get("mId"), _of(status, "value")
    if not isinstance(number, str) or not isinstance(value, str) or value not in STATUSES:
        raise NotReadable("status")
    detail = _of(status, "message")
    return StatusReport(
        message_id=number,
        status=value,
        occurred_at=_moment(event),
        detail=detail[:500] if isinstance(detail, str) else "",
    )


def _profile(contact: object, address: str) -> Profile:
    about = contact if isinstance(contact, Mapping) else {}
    locale = _text(about, "locale").replace("-", "_").partition("_")
    return Profile(
        first_name=_text(about, "firstName"),
        last_name=_text(about, "lastName"),
        email=_text(about, "email"),
        phone=_text(about, "phone") or (address if PHONE.fullmatch(address) else ""),
        language=_text(about, "language") or locale[0],
        country=_text(about, "countryCode") or locale[2],
        picture_url=_text(about, "profilePic"),
    )


def _moment(event: Mapping[str, object]) -> datetime:
    moment = event.get("timestamp")
    if not isinstance(moment, int | float):
        raise NotReadable("timestamp")
    return BEGINNING + timedelta(milliseconds=float(moment))


def _is_moment(value: object) -> bool:
    return _is_number(value) and 0 < float(str(value)) < LATEST_MS


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _of(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


def _without(values: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in values.items() if key != name}


def _sum(address: str, event: Mapping[str, object]) -> str:
    told = json.dumps([address, event], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _refuse(name: str) -> object:
    raise ValueError(name)


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ValueError(digits)
    return number


def _refuse_unstorable(body: object) -> None:
    told = json.dumps(body, ensure_ascii=False)
    told.encode("utf-8")  # half a character raises UnicodeEncodeError, which is a ValueError
    if "\\u0000" in told.replace("\\\\", ""):
        raise ValueError("NUL")
