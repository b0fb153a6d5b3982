from dataclasses import dataclass

from inbox.channels.email.deliveries import HTML_FILE, SOURCE_FILE
from inbox.models import Attachment, Message

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
MOST_PICTURE_BYTES = 2 * 1024 * 1024
MOST_PICTURES_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class MailPicture:
    """A picture inside a mail, by the name that its HTML has for it."""

    content_id: str
    media_type: str
    key: str


@dataclass(frozen=True, slots=True)
class MailFiles:
    """Where the parts of a mail lie in the file store; empty for a part that it does not have."""

    html_key: str
    source_key: str
    pictures: tuple[MailPicture, ...]


def mail_files(message: Message) -> MailFiles:
    """Return the stored parts of a mail that its page is made of; pictures up to a size that a page can hold."""
    rows = Attachment.objects.in_workspace(message.workspace_id).filter(message_id=message.pk, file__isnull=False)
    html_key = source_key = ""
    pictures: list[MailPicture] = []
    room = MOST_PICTURES_BYTES
    for row in rows.exclude(content_id="").select_related("file").order_by("pk"):
        file = row.file
        if file is None:
            continue
        if row.content_id == HTML_FILE:
            html_key = file.key
        elif row.content_id == SOURCE_FILE:
            source_key = file.key
        elif file.media_type in PICTURES and file.size_bytes <= min(MOST_PICTURE_BYTES, room):
            room -= file.size_bytes
            pictures.append(MailPicture(row.content_id, file.media_type, file.key))
    return MailFiles(html_key, source_key, tuple(pictures))
