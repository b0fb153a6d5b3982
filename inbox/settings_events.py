"""What happens to the inbox's settings. `act` is added, changed, moved or deleted; `changes` maps a part to [old, new]."""

from dataclasses import dataclass, field
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxSettingsChanged(Event):
    type: ClassVar[str] = "inbox.settings.changed"
    subject_kind: ClassVar[str] = "workspace"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListChanged(Event):
    """One row of a list that people choose from."""

    act: str
    changes: dict[str, list[object]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingCategoryChanged(ListChanged):
    type: ClassVar[str] = "inbox.closing_category.changed"
    subject_kind: ClassVar[str] = "closing_category"


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChanged(ListChanged):
    type: ClassVar[str] = "inbox.topic.changed"
    subject_kind: ClassVar[str] = "topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTagChanged(ListChanged):
    type: ClassVar[str] = "inbox.message_tag.changed"
    subject_kind: ClassVar[str] = "message_tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetChanged(ListChanged):
    type: ClassVar[str] = "inbox.snippet.changed"
    subject_kind: ClassVar[str] = "snippet"


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetsImported(Event):
    type: ClassVar[str] = "inbox.snippets.imported"
    subject_kind: ClassVar[str] = "workspace"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FileChanged(ListChanged):
    """A file of the library."""

    type: ClassVar[str] = "inbox.file.changed"
    subject_kind: ClassVar[str] = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualAgentChanged(ListChanged):
    type: ClassVar[str] = "inbox.virtual_agent.changed"
    subject_kind: ClassVar[str] = "virtual_agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastChanged(ListChanged):
    type: ClassVar[str] = "inbox.broadcast.changed"
    subject_kind: ClassVar[str] = "broadcast"
