from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A file to send that lies at an address of somebody else's; a copy of ours is made as well."""

    kind: str
    url: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says: its type, text, what the type needs beside the text, files of ours by id, and files by address."""

    content_type: str = "text"
    text: str = ""
    payload: Mapping[str, object] = field(default_factory=dict)
    file_ids: tuple[int, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def preview(self) -> str:
        """One line for lists."""
        subject = self.payload.get("subject")
        words = self.text or (subject if isinstance(subject, str) else "")
        return preview_of(words)


def preview_of(text: str) -> str:
    """Return the first words of a text in one line."""
    line = " ".join(text[:400].split())
    return line if len(line) <= 160 else f"{line[:159]}…"
