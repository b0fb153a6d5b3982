"""What goes over the wire to a visitor's browser and back. A visitor sees words, files, first names and moments; no ids of people."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

from inbox.channels.web_chat import FILES_PER_MESSAGE, TEXT_LIMIT
from inbox.errors import ContentEmpty, TextTooLong, TooManyFiles
from inbox.file_store import public_address
from inbox.models import Attachment, Message, StoredFile
from inbox.models.messages import Direction
from inbox.queries.visiting import ChatPage, first_names
from inbox.visitors.errors import FileUnknown
from inbox.visitors.tokens import Person, Visitor
from workspaces.errors import ValueNotValid

MOST_RECEIPTS = 100
LARGEST_ID = 2**63 - 1
_UPLOAD_SALT = "inbox.widget.upload"
_UPLOAD_LIVES_SECONDS = 24 * 3600  # a message may wait that long in a browser that is offline


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A message as a visitor wrote it; `key` is the browser's own, so that sending it twice is sending it once."""

    key: str
    text: str
    files: tuple[dict[str, object], ...]
    page_url: str


def read_message(body: Mapping[str, object], *, visitor: Visitor) -> Written:
    """Read a message; raise what is wrong with it."""
    text = body.get("text", "")
    if not isinstance(text, str):
        raise ValueNotValid(field="text", sentence=_("The text is not text."))
    text = text.replace("\x00", "").strip()
    if len(text) > TEXT_LIMIT:
        raise TextTooLong(field="text", length=len(text), most=TEXT_LIMIT)
    handles = body.get("files", [])
    if not isinstance(handles, list):
        raise FileUnknown(field="files")
    if len(handles) > FILES_PER_MESSAGE:
        raise TooManyFiles(field="files", count=len(handles), most=FILES_PER_MESSAGE)
    if not text and not handles:
        raise ContentEmpty(field="text")
    return Written(
        key=_read_key(body.get("id")),
        text=text,
        files=tuple(_file_of_handle(handle, visitor=visitor) for handle in handles),
        page_url=_page_address(body.get("page_url")),
    )


def stored_message(written: Written, *, visitor: Visitor, language: str, at_ms: int) -> dict[str, object]:
    """Return a message as the ledger keeps it; `inbox.channels.web_chat` reads it."""
    return {
        "type": "message",
        "external_id": visitor.external_id,
        "is_verified": visitor.is_verified,
        "message_id": written.key,
        "text": written.text,
        "files": list(written.files),
        "page_url": written.page_url,
        "person": {**_told(visitor), "language": language},
        "at_ms": at_ms,
    }


def read_receipts(body: Mapping[str, object]) -> dict[int, str]:
    """Read which messages arrived and which were read; read says more than delivered."""
    found: dict[int, str] = {}
    for status in ("delivered", "read"):
        ids = body.get(status, [])
        if not isinstance(ids, list) or len(ids) > MOST_RECEIPTS:
            raise ValueNotValid(field=status, sentence=_("Send a list of at most 100 message ids."))
        for one in ids:
            if isinstance(one, int) and 0 < one <= LARGEST_ID:
                found[one] = status
    return found


def shown_page(page: ChatPage, *, team: str) -> dict[str, object]:
    """Return a page of messages as the visitor's browser gets it."""
    return {
        "messages": _shown(page.messages, team=team),
        "cursor": page.cursor,
        "older": page.older,
        "has_more": page.has_more,
    }


def handle_of(stored: StoredFile, *, visitor: Visitor) -> str:
    """Return what a visitor attaches an uploaded file by: signed, for this visitor alone."""
    facts = [visitor.channel_key, visitor.external_id, stored.pk, stored.kind, stored.name]
    return signing.dumps(facts, salt=_UPLOAD_SALT)


def file_path(file: StoredFile) -> str:
    """Return the path at which a file can be fetched for an hour; the frame is of our origin, so a path is enough."""
    return urlsplit(public_address(workspace_id=file.workspace_id, file_id=file.pk)).path


def socket_address(host: str, key: str) -> str:
    """Return where this browser reaches the chat's socket; nothing where pages do without."""
    address = settings.REALTIME_URLS.get(host, settings.REALTIME_URL)
    return f"{address}/ws/widget/{key}" if address else ""


def _shown(messages: Iterable[Message], *, team: str) -> list[dict[str, object]]:
    rows = list(messages)
    names = first_names(row.user_id for row in rows if row.user_id is not None)
    return [_message(row, team=team, names=names) for row in rows]


def _message(row: Message, *, team: str, names: Mapping[int, str]) -> dict[str, object]:
    is_ours = row.direction == Direction.OUTGOING
    name = (names.get(row.user_id or 0) or team) if is_ours else ""
    return {
        "id": row.pk,
        "key": "" if is_ours else row.channel_message_id,
        "from": "team" if is_ours else "visitor",
        "name": name,
        "initials": "".join(word[0] for word in name.split()[:2]).upper(),
        "type": row.content_type,
        "text": row.text or (_payload_text(row.payload, "title") if row.content_type == "quick_reply" else ""),
        "replies": _replies(row.payload) if row.content_type == "quick_reply" else [],
        "files": [_file(attachment) for attachment in row.attachments.all()],
        "at": row.provider_at.isoformat(),
        "status": row.status if is_ours else "sent",
    }


def _file(attachment: Attachment) -> dict[str, object]:
    stored = attachment.file
    assert stored is not None  # noqa: S101 - said to the type checker: only stored ones are read
    return {
        "name": stored.name,
        "kind": stored.kind,
        "size": stored.size_bytes,
        "width": stored.width,
        "height": stored.height,
        "url": file_path(stored),
    }


def _replies(payload: Mapping[str, object]) -> list[str]:
    replies = payload.get("replies")
    return [one for one in replies if isinstance(one, str)][:10] if isinstance(replies, list) else []


def _payload_text(payload: Mapping[str, object], name: str) -> str:
    value = payload.get(name)
    return value if isinstance(value, str) else ""


def _told(visitor: Visitor) -> dict[str, str]:
    """Return what the contact is added with: of somebody anonymous the name only, for nobody vouches for the rest."""
    person: Person = visitor.person
    _kind, _colon, known_as = visitor.external_id.partition(":")
    if visitor.is_verified:
        return {"name": person.name or known_as, "email": person.email, "phone": person.phone}
    return {"name": person.name or _("Visitor %(code)s") % {"code": known_as[:4].upper()}, "email": "", "phone": ""}


def _read_key(value: object) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError:
        raise ValueNotValid(field="id", sentence=_("The message needs an id: a UUID that the browser makes.")) from None


def _file_of_handle(handle: object, *, visitor: Visitor) -> dict[str, object]:
    try:
        key, external_id, file_id, kind, name = signing.loads(
            str(handle), salt=_UPLOAD_SALT, max_age=_UPLOAD_LIVES_SECONDS
        )
    except (signing.BadSignature, ValueError, TypeError):
        raise FileUnknown(field="files") from None
    if (key, external_id) != (visitor.channel_key, visitor.external_id):
        raise FileUnknown(field="files")
    return {"file_id": file_id, "kind": kind, "name": name}


def _page_address(value: object) -> str:
    """Return the page that the visitor writes from, without what stands behind ? and #: it may be secret."""
    if not isinstance(value, str) or not value.startswith(("https://", "http://")):
        return ""
    return value.partition("#")[0].partition("?")[0].replace("\x00", "")[:500]
