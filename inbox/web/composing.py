"""What a posted composer says: read once, into a message's content or a comment's text."""

import re
import uuid
from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from contacts.emails import is_email
from inbox.content import Content
from workspaces.errors import ValueNotValid

MOST_FILES = 20


@dataclass(slots=True)
class Written:
    """The composer as it was sent."""

    key: str
    is_comment: bool
    text: str
    comment: str
    channel_id: int | None
    subject: str
    cc: str
    bcc: str
    file_ids: list[int]
    topic_ids: list[int]
    closes: bool
    anyway: bool

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Read a request; the key is the browser's, and a strange one is replaced."""
        posted = request.POST
        return cls(
            key=_key(posted.get("key", "")),
            is_comment=posted.get("act") == "comment" or (posted.get("mode") == "comment" and "act" not in posted),
            text=_lines(posted.get("text", "")),
            comment=_lines(posted.get("comment", "")),
            channel_id=_id(posted.get("channel", "")),
            subject=posted.get("subject", "").strip()[:255],
            cc=posted.get("cc", "").strip(),
            bcc=posted.get("bcc", "").strip(),
            file_ids=_ids(posted, "file"),
            topic_ids=_ids(posted, "topic"),
            closes=posted.get("then") == "close",
            anyway=posted.get("anyway") == "1",
        )

    def content(self, *, text: str, is_email: bool) -> Content:
        """Return what is sent, with the text as it reads once its variables are filled."""
        if is_email:
            payload: dict[str, object] = {"subject": self.subject} if self.subject else {}
            for name, given in (("cc", self.cc), ("bcc", self.bcc)):
                if given:
                    payload[name] = _addresses(name, given)
            return Content(content_type="email", text=text, payload=payload, file_ids=tuple(self.file_ids))
        kind = "attachment" if self.file_ids and not text.strip() else "text"
        return Content(content_type=kind, text=text, file_ids=tuple(self.file_ids))


def _addresses(name: str, given: str) -> list[str]:
    found = [part.strip() for part in re.split(r"[,;\s]+", given) if part.strip()]
    for one in found:
        if not is_email(one):
            sentence = _("“%(address)s” is not an e-mail address. Separate several with commas.") % {"address": one}
            raise ValueNotValid(field=name, sentence=sentence)
    return found


def _key(given: str) -> str:
    try:
        return str(uuid.UUID(given))
    except ValueError:
        return str(uuid.uuid4())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "").strip()


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _ids(posted: QueryDict, name: str) -> list[int]:
    found = (_id(text) for text in posted.getlist(name)[:MOST_FILES])
    return list(dict.fromkeys(one for one in found if one is not None))
