"""One message in words: who sent it, where it stands, and what is attached to it."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from inbox.models import Attachment, Delivery, Message
from inbox.queries.helpers import OF_BROADCASTS
from inbox.queries.thread import Names

# Which part of a page shows the inside of a message; the first that exists.
_INSIDES = {
    "email": ("inbox/email_card.html", "inbox/_inside_email.html"),
    "location": ("inbox/_inside_location.html",),
    "quick_reply": ("inbox/_inside_quick_reply.html",),
    "text": ("inbox/_inside_text.html",),
    "attachment": ("inbox/_inside_text.html",),
}


@dataclass(frozen=True, slots=True)
class State:
    """Where a message stands. `kind` is a word of the ladder, or `held` while it can still be taken back."""

    kind: str
    words: str = ""
    icon: str = ""
    detail: str = ""
    until: datetime | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it needs nobody's eye, and so stands once under a group."""
        return self.kind in {"received", "sent", "delivered", "read"}

    @property
    def may_repeat(self) -> bool:
        return self.kind in {"failed", "unknown"}


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file on a message; without an address it is still being fetched, or could not be."""

    name: str
    kind: str
    url: str
    size_bytes: int | None
    is_picture: bool
    trouble: str = ""


def state_of(message: Message, *, now: datetime) -> State:  # noqa: PLR0911 - one for each step
    """Say where a message stands."""
    match message.status:
        case Delivery.QUEUED:
            due = message.next_attempt_at
            if due is not None and due > now and message.attempts == 0:
                return State("held", _("Sending"), "clock", until=due)
            return State("queued", _("Waiting to be sent"), "clock", detail=message.error_text)
        case Delivery.SENDING:
            return State("sending", _("Sending"), "clock")
        case Delivery.SENT:
            return State("sent", _("Sent"), "check")
        case Delivery.DELIVERED:
            return State("delivered", _("Delivered"), "checks")
        case Delivery.READ:
            return State("read", _("Read"), "checks")
        case Delivery.FAILED:
            return State("failed", _("Not sent"), "alert", detail=message.error_text or message.error_code)
        case Delivery.UNKNOWN:
            return State("unknown", _("May have been sent"), "alert", detail=_("the answer of the other side was lost"))
        case Delivery.CANCELLED:
            return State("cancelled", _("Taken back before it was sent"), "undo")
    return State("received")


def sender_of(message: Message, contact_name: str, names: Names) -> str:
    """Name who wrote a message."""
    if message.direction == "incoming":
        return contact_name
    if message.sender_kind == OF_BROADCASTS:
        name = names.broadcasts.get(message.sender_id or 0)
        return _("Broadcast %(name)s") % {"name": name} if name else _("Broadcast")
    if message.user_id:
        return names.people.get(message.user_id) or _("A former member")
    if message.sender_id:
        return names.virtual_agents.get(message.sender_id) or _("Assistant")
    words = {
        "echo": _("Written outside Tertulia"),
        "workflow": _("Workflow"),
        "api": _("API"),
        "bot": _("Assistant"),
    }
    return words.get(message.sender_kind, "Tertulia")


def channel_words(message: Message) -> str:
    """Name the channel of a message; one that was deleted has no name."""
    return message.channel.name if message.channel else ""


def templates_of(message: Message) -> tuple[str, ...]:
    """Return which template shows the inside of a message, by its type."""
    if message.deleted_at is not None:
        return ("inbox/_inside_deleted.html",)
    if message.payload.get("system_user_type") == "CSAT":
        return ("inbox/_inside_survey.html",)
    return _INSIDES.get(message.content_type, ("inbox/_inside_other.html",))


def files_of(message: Message, workspace_id: int) -> list[FileShown]:
    """Return what is attached; pictures inside an e-mail are shown by its card."""
    return [_file(row, workspace_id) for row in message.attachments.all() if not row.content_id]


def _file(row: Attachment, workspace_id: int) -> FileShown:
    stored = row.file
    name = row.name or (stored.name if stored else "") or _("File")
    if stored is not None:
        url = file_url(workspace_id, stored.pk)
        return FileShown(
            name, row.kind, url, stored.size_bytes, is_picture=_is_picture(stored.media_type) and bool(url)
        )
    if row.state == Attachment.State.FAILED:
        return FileShown(name, row.kind, "", None, is_picture=False, trouble=_("could not be fetched"))
    return FileShown(name, row.kind, "", None, is_picture=False, trouble=_("is being fetched"))


def file_url(workspace_id: int, file_id: int) -> str:
    """Return where a stored file is served; nowhere, as long as no route serves files."""
    try:
        return reverse("inbox_file", args=[workspace_id, file_id])
    except NoReverseMatch:
        return ""


def _is_picture(media_type: str) -> bool:
    return media_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
