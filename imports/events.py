from dataclasses import dataclass
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEvent(Event):
    """Something that happened to an import."""

    subject_kind: ClassVar[str] = "import"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportStarted(ImportEvent):
    type: ClassVar[str] = "imports.import.started"
    purpose: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportConfirmed(ImportEvent):
    """Somebody saw the review and said yes."""

    type: ClassVar[str] = "imports.import.confirmed"
    add: int
    update: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCancelled(ImportEvent):
    """`written` rows were written before."""

    type: ClassVar[str] = "imports.import.cancelled"
    written: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportExpired(ImportEvent):
    type: ClassVar[str] = "imports.import.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFailed(ImportEvent):
    type: ClassVar[str] = "imports.import.failed"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCompleted(ImportEvent):
    type: ClassVar[str] = "imports.import.completed"
    imported: int
    updated: int
    skipped: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndoRequested(ImportEvent):
    """Somebody asked to take back what the import wrote."""

    type: ClassVar[str] = "imports.import.undo_requested"
    imported: int
    updated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(ImportEvent):
    """What became of the contacts: deleted, as before, as before in part, left as they are."""

    type: ClassVar[str] = "imports.import.undone"
    deleted: int
    restored: int
    partly: int
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndoFailed(ImportEvent):
    """Taking it back came to a halt; what was taken back until then stays so."""

    type: ClassVar[str] = "imports.import.undo_failed"
    error: str
