"""Reads about exports: rows ready to show, in the order that is said. They run in the workspace's scope."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, QuerySet

from exports.errors import ExportNotFound, FileExpired, FileNotReady
from exports.models import ACTIVE_STATES, Export, ExportSchedule, Format, State
from workspaces.actors import Actor
from workspaces.models import ApiToken
from workspaces.permissions import Permission

LARGEST_ID = 2**63 - 1
MEDIA_TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PARQUET: "application/vnd.apache.parquet",
}


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to hand out: its key in the store, the name to save it under, and what it is."""

    key: str
    name: str
    media_type: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a worker is; what cannot be told yet is None."""

    rows: int
    expected: int | None
    percent: int | None
    rows_per_second: int | None
    seconds_left: int | None
    bytes: int


def all_exports(actor: Actor) -> QuerySet[Export]:
    """Return every export of the workspace with its requester, in no order."""
    actor.require(Permission.DATA_EXPORT)
    return Export.objects.in_workspace(actor.workspace_id).select_related("requested_by", "schedule")


def exports_page(actor: Actor, *, before: int | None, is_mine: bool, most: int) -> list[Export]:
    """Return exports, newest first; `before` is the id of the last one shown."""
    rows = all_exports(actor)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if is_mine:
        rows = rows.filter(requested_by_id=actor.user_id)
    return list(rows.order_by("-pk")[:most])


def export_for_page(actor: Actor, export_id: int) -> Export:
    """Return one export, or raise ExportNotFound."""
    found = all_exports(actor).filter(pk=export_id).first() if 0 < export_id <= LARGEST_ID else None
    if found is None:
        raise ExportNotFound(export_id=export_id)
    return found


def active_export(workspace_id: int) -> Export | None:
    """Return the export that holds the workspace's one place."""
    rows = Export.objects.in_workspace(workspace_id).select_related("requested_by", "schedule")
    return rows.filter(state__in=ACTIVE_STATES).first()


def waiting_until(workspace_id: int, *, at: datetime) -> datetime | None:
    """Return until when nobody may ask, after an export that took too long; None when anybody may."""
    paused = Export.objects.in_workspace(workspace_id).filter(state=State.DISCARDED, not_before__gt=at)
    until: datetime | None = paused.aggregate(until=Max("not_before"))["until"]
    return until


def stored_file(actor: Actor, export_id: int, *, at: datetime) -> StoredFile:
    """Return the file of an export to hand out; raise ExportNotFound, FileNotReady or FileExpired."""
    row = export_for_page(actor, export_id)
    if row.state == State.EXPIRED or (row.state == State.COMPLETED and row.expires_at <= at):
        raise FileExpired
    if row.state != State.COMPLETED or not row.file_key:
        raise FileNotReady
    media_type = "application/gzip" if row.is_gzipped else MEDIA_TYPES[Format(row.format)]
    return StoredFile(
        key=row.file_key,
        name=row.file_name,
        media_type=media_type,
        size_bytes=row.size_bytes or 0,
        sha256=row.sha256,
    )


def progress_of(row: Export, *, at: datetime) -> Progress:
    """Return how far a running export is, its rate and the seconds that are left."""
    seconds = (at - row.started_at).total_seconds() if row.started_at is not None else 0.0
    rate = row.progress_rows / seconds if seconds > 1 and row.progress_rows else None
    expected = max(row.expected_rows, row.progress_rows) if row.expected_rows else None
    left = (expected - row.progress_rows) / rate if rate and expected else None
    return Progress(
        rows=row.progress_rows,
        expected=expected,
        percent=min(99, int(100 * row.progress_rows / expected)) if expected else None,
        rows_per_second=round(rate) if rate else None,
        seconds_left=round(left) if left is not None else None,
        bytes=row.progress_bytes,
    )


def who_asked(row: Export) -> str:
    """Return the name of the person, the token or the schedule that asked; empty when it is gone."""
    if row.schedule is not None:
        return row.schedule.name
    if row.requested_by is not None:
        return row.requested_by.name
    if row.requested_token_id is None:
        return ""
    token = ApiToken.objects.in_workspace(row.workspace_id).filter(pk=row.requested_token_id).first()
    return token.name if token is not None else ""


def all_schedules(actor: Actor) -> QuerySet[ExportSchedule]:
    """Return the schedules of the workspace, by name."""
    actor.require(Permission.DATA_EXPORT)
    rows = ExportSchedule.objects.in_workspace(actor.workspace_id).select_related("created_by")
    return rows.order_by("name", "pk")


def schedule_for_page(actor: Actor, schedule_id: int) -> ExportSchedule:
    """Return one schedule, or raise ExportNotFound."""
    found = all_schedules(actor).filter(pk=schedule_id).first() if 0 < schedule_id <= LARGEST_ID else None
    if found is None:
        raise ExportNotFound(export_id=schedule_id)
    return found


def last_runs(actor: Actor) -> dict[int, Export]:
    """Return the newest export of each schedule that has one."""
    newest = all_exports(actor).filter(schedule__isnull=False).order_by("schedule_id", "-pk").distinct("schedule_id")
    return {row.schedule_id: row for row in newest if row.schedule_id is not None}


def runs_page(actor: Actor, schedule_id: int, *, before: int | None, most: int) -> list[Export]:
    """Return the exports of one schedule, newest first."""
    rows = all_exports(actor).filter(schedule_id=schedule_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:most])
