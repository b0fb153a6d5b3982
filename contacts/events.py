from dataclasses import dataclass
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactEvent(Event):
    """Something that happened to a contact."""

    subject_kind: ClassVar[str] = "contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactAdded(ContactEvent):
    type: ClassVar[str] = "contacts.contact.added"
    source: str
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactUpdated(ContactEvent):
    """`changes` maps a field (custom ones as `custom.<slug>`) to [old, new]."""

    type: ClassVar[str] = "contacts.contact.updated"
    personal: ClassVar[frozenset[str]] = frozenset({"changes"})
    changes: dict[str, list[object]]
    source: str
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactDeleted(ContactEvent):
    type: ClassVar[str] = "contacts.contact.deleted"
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMerged(ContactEvent):
    """The subject is the primary; the secondary went into it."""

    type: ClassVar[str] = "contacts.contact.merged"
    personal: ClassVar[frozenset[str]] = frozenset({"changes"})
    secondary_id: int
    merge_id: int
    changes: dict[str, list[object]]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsChanged(ContactEvent):
    """Ids of the tags that were added to and removed from the contact."""

    type: ClassVar[str] = "contacts.contact.tags_changed"
    added: list[int]
    removed: list[int]
    source: str
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageChanged(ContactEvent):
    type: ClassVar[str] = "contacts.contact.stage_changed"
    old: int | None
    new: int | None
    source: str
    import_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssigneeChanged(ContactEvent):
    type: ClassVar[str] = "contacts.contact.assignee_changed"
    old: int | None
    new: int | None
    source: str

    @property
    def taken_from(self) -> int | None:
        return self.old


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCreated(Event):
    type: ClassVar[str] = "contacts.field.created"
    subject_kind: ClassVar[str] = "field"
    slug: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChanged(Event):
    type: ClassVar[str] = "contacts.field.changed"
    subject_kind: ClassVar[str] = "field"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDeleted(Event):
    type: ClassVar[str] = "contacts.field.deleted"
    subject_kind: ClassVar[str] = "field"
    slug: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagCreated(Event):
    type: ClassVar[str] = "contacts.tag.created"
    subject_kind: ClassVar[str] = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagChanged(Event):
    type: ClassVar[str] = "contacts.tag.changed"
    subject_kind: ClassVar[str] = "tag"
    changes: dict[str, list[object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TagDeleted(Event):
    type: ClassVar[str] = "contacts.tag.deleted"
    subject_kind: ClassVar[str] = "tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageListChanged(Event):
    """The list of lifecycle stages changed: `act` is added, renamed, moved or deleted."""

    type: ClassVar[str] = "contacts.stage.list_changed"
    subject_kind: ClassVar[str] = "stage"
    act: str
