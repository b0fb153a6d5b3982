import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from django.utils.text import slugify

from contacts.models import Contact
from exports import files
from exports.access import plan_includes_exports, requester_of
from exports.actions.asking import selection_of
from exports.actions.leases import Lease, Pulse, claimed
from exports.actions.sending import queue_sending
from exports.actions.telling import tell_requester
from exports.catalogue import DATASETS
from exports.copying import copy_out, expected_rows, prepare
from exports.events import ExportCompleted
from exports.formats import NotFitting, converter_of
from exports.making import CsvFile, checksum
from exports.models import Export, Format, State
from exports.notices import COMPLETED
from exports.parameters import Reading
from exports.snapshot import cancel, snapshot
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.events import record
from workspaces.jobs import Clock
from workspaces.leases import CannotGoOn, LeaseLost
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope


@dataclass(frozen=True, slots=True)
class Made:
    """A finished file in the spool."""

    path: Path
    rows: int
    size_bytes: int
    sha256: str


def run_export(*, workspace_id: int, export_id: int, clock: Clock) -> None:
    """Make an export's file from one snapshot and publish it; complete, or not there at all.

    Done again from the start when a worker died. Rows are those that whoever asked may see now.
    """
    with claimed(workspace_id=workspace_id, export_id=export_id, clock=clock) as lease:
        if lease is None:
            return
        if lease.former is not None:
            files.forget_spooled(export_id=export_id, token=lease.former)
            files.forget(*_keys_of(lease, lease.former))
        try:
            key = _make_and_publish(lease, clock=clock)
        finally:
            files.forget_spooled(export_id=export_id, token=lease.token)
        files.forget_strays(workspace_id=workspace_id, export_id=export_id, keep={key})


def _make_and_publish(lease: Lease, *, clock: Clock) -> str:
    with workspace_scope(lease.workspace_id):
        row = Export.objects.in_workspace(lease.workspace_id).get(pk=lease.export_id)
        reading = _reading_of(row, at=clock())
        name = file_name(row, at=clock())
    made = _made(row, reading, lease, clock=clock)
    key = files.export_key(
        workspace_id=lease.workspace_id, export_id=row.pk, token=lease.token, ending=name.partition(".")[2]
    )
    with workspace_scope(lease.workspace_id):
        lease.renew(at=clock(), progress_rows=made.rows, progress_bytes=made.size_bytes)
    # A store elsewhere may take longer than a lease for a large file; whoever loses it meanwhile is told by `_complete`.
    with Pulse(lease, clock=clock, progress=dict, stop=lambda: None):
        files.publish(key, made.path)
    try:
        with workspace_scope(lease.workspace_id):
            _complete(lease, made, key, name, at=clock())
    except LeaseLost:
        files.forget(key)
        raise
    return key


def _keys_of(lease: Lease, token: UUID) -> list[str]:
    """Return what the holder of a token may have published; nobody but that holder writes there."""
    return [
        files.export_key(workspace_id=lease.workspace_id, export_id=lease.export_id, token=token, ending=ending)
        for ending in ("csv", "csv.gz", "xlsx", "parquet")
    ]


def _complete(lease: Lease, made: Made, key: str, name: str, *, at: datetime) -> None:
    lease.finish(
        at=at,
        state=State.COMPLETED,
        rows=made.rows,
        size_bytes=made.size_bytes,
        sha256=made.sha256,
        file_key=key,
        file_name=name,
        progress_rows=made.rows,
        error_code="",
        finished_at=at,
    )
    row = Export.objects.in_workspace(lease.workspace_id).select_related("schedule").get(pk=lease.export_id)
    event = ExportCompleted(
        subject_id=row.pk, dataset=row.dataset, rows=made.rows, size_bytes=made.size_bytes, sha256=made.sha256
    )
    record(event, actor=Actor.system(workspace_id=lease.workspace_id), at=at)
    tell_requester(row, kind=COMPLETED, at=at)
    queue_sending(row, at=at)


def _reading_of(row: Export, *, at: datetime) -> Reading:
    """Return what is read, for whoever asked as they are now; raise CannotGoOn."""
    if not plan_includes_exports(row.workspace_id):
        raise CannotGoOn("exports.plan")
    actor = requester_of(row, at=at)
    if actor is None:
        raise CannotGoOn("exports.requester_not_allowed")
    contacts = None
    if row.chosen_contacts is not None:
        try:
            selection = selection_of(row.chosen_contacts, Workspace.objects.get(pk=row.workspace_id))
        except DomainError:  # such as a filter by a field that was deleted meanwhile
            raise CannotGoOn("exports.selection_gone") from None
        contacts = Contact.objects.filter(pk__in=selection.contacts(actor).values("pk"))
    return Reading(
        actor=actor,
        export_at=at,
        range_from=row.range_from,
        range_to=row.range_to,
        filters=row.filters,
        contacts=contacts,
        shows_content=row.schedule_id is None and actor.may(Permission.MESSAGE_READ),
    )


def _made(row: Export, reading: Reading, lease: Lease, *, clock: Clock) -> Made:
    """Copy the rows out of one snapshot and return the file; raise LeaseLost as soon as it is not this worker's any more."""
    dataset = DATASETS[row.dataset]
    path = files.spool_path(export_id=row.pk, token=lease.token)
    left = (lease.deadline_at - clock()).total_seconds()
    with snapshot(workspace_id=row.workspace_id, most_seconds=left) as reader, reader.cursor() as cursor:
        with workspace_scope(row.workspace_id):  # contact fields and team mates are read beside the snapshot
            prepared = prepare(
                cursor,
                dataset,
                reading,
                time_zone=row.time_zone,
                header_language=row.header_language,
                is_guarded=row.format == Format.CSV,
            )
        with workspace_scope(row.workspace_id):
            lease.renew(at=clock(), expected_rows=expected_rows(cursor, prepared))

        def check() -> None:
            if pulse.is_lost:
                raise LeaseLost

        with CsvFile(path, for_excel=row.for_excel, is_gzipped=row.is_gzipped, check=check) as file:
            pulse = Pulse(
                lease,
                clock=clock,
                progress=lambda: {"progress_rows": file.rows, "progress_bytes": file.size_bytes},
                stop=lambda: cancel(reader),
            )
            try:
                with pulse:
                    file.head(prepared.header)
                    copy_out(cursor, prepared, file)
                    sha256 = file.finish()
                    converter = converter_of(Format(row.format))
                    if converter is not None:
                        target = files.spool_path(export_id=row.pk, token=lease.token, part=f".{row.format}")
                        converter(path, target, columns=prepared.columns, family=dataset.family, check=check)
                        size, sha256 = checksum(target)
                        return Made(target, file.rows, size, sha256)
            except NotFitting as refusal:
                raise CannotGoOn(refusal.error_code) from None
            except Exception:
                if pulse.is_lost or clock() >= lease.deadline_at:
                    raise LeaseLost from None  # cancelled, discarded or another's; what the statement said of it is noise
                raise
    return Made(path, file.rows, file.size_bytes, sha256)


def file_name(row: Export, *, at: datetime) -> str:
    """Return the name to save a file under: data set, workspace, range and moment."""
    workspace = Workspace.objects.get(pk=row.workspace_id)
    days = f"-{row.from_day:%Y-%m-%d}-{row.to_day:%Y-%m-%d}" if row.from_day and row.to_day else ""
    name = re.sub(r"[^a-z0-9-]", "", slugify(workspace.name))[:40] or str(workspace.pk)
    ending = f"{row.format}.gz" if row.is_gzipped else row.format
    return f"{row.dataset}-{name}{days}-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.{ending}"
