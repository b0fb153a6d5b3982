from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message says: its type, text, what the type needs beside the text, and files of ours by id."""

    content_type: str = "text"
    text: str = ""
    payload: Mapping[str, object] = field(default_factory=dict)
    file_ids: tuple[int, ...] = ()

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
