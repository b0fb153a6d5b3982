from dataclasses import dataclass
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportEvent(Event):
    """Something that happened to an export."""

    subject_kind: ClassVar[str] = "export"
    dataset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportRequested(ExportEvent):
    """A person, a program or a schedule asked for a file."""

    type: ClassVar[str] = "exports.export.requested"
    schedule_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCompleted(ExportEvent):
    """The file is there, whole."""

    type: ClassVar[str] = "exports.export.completed"
    rows: int
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFailed(ExportEvent):
    type: ClassVar[str] = "exports.export.failed"
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDiscarded(ExportEvent):
    """It took longer than it may."""

    type: ClassVar[str] = "exports.export.discarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportCancelled(ExportEvent):
    type: ClassVar[str] = "exports.export.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportExpired(ExportEvent):
    """The file's time is over, and it is deleted."""

    type: ClassVar[str] = "exports.export.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportDownloaded(ExportEvent):
    """Somebody began to download the file."""

    type: ClassVar[str] = "exports.export.downloaded"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleCreated(ExportEvent):
    type: ClassVar[str] = "exports.schedule.created"
    subject_kind: ClassVar[str] = "export_schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleChanged(ExportEvent):
    """What it does, where its files go, or whether it is on."""

    type: ClassVar[str] = "exports.schedule.changed"
    subject_kind: ClassVar[str] = "export_schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleDeleted(ExportEvent):
    type: ClassVar[str] = "exports.schedule.deleted"
    subject_kind: ClassVar[str] = "export_schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSent(ExportEvent):
    """A scheduled file reached the store that its schedule names, under this name."""

    type: ClassVar[str] = "exports.export.sent"
    sent_as: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportNotSent(ExportEvent):
    """A scheduled file could not be sent on; it is in the history."""

    type: ClassVar[str] = "exports.export.not_sent"
    error: str
