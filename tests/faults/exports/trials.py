"""One export that meets a fault: asking for it, watching it, and judging what is left."""

import csv
import hashlib
import io
import os
import shutil
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.db import connections
from django.utils import timezone

from exports.actions import ExportRequest, request_export
from exports.models import ACTIVE_STATES, Export, State
from tests.faults.exports.data import DAYS, Place, ids_in
from tests.faults.servers import House, NeverHappened, wait_for
from workspaces.actors import Actor
from workspaces.models import EventRecord, Notification
from workspaces.scope import workspace_scope

clock = timezone.now
SECONDS = 240.0  # until something that should have happened has not; others may use the processor too
TIDIED = 30.0
END_ALL = """
UPDATE exports_export SET state = 'cancelled', lease_token = NULL, lease_until = NULL
 WHERE workspace_id = %s AND state IN ('queued', 'running')"""
PROMISED = 90.0  # seconds from a fault to the file, with a lease of 30


class Trial:
    """An export in a place; the same request always makes the same file."""

    def __init__(self, house: House, place: Place, *, lease: float) -> None:
        self.house = house
        self.place = place
        self.lease = lease
        self.export_id = 0
        self.result = ""  # what the table says of it
        self.found: list[str] = []
        self._at_the_end: list[Callable[[], object]] = []

    def ask(self, *, dataset: str = "messages", actor: Actor | None = None) -> Export:
        """Ask for a file, as the page does."""
        connections.close_all()  # the server may have been restarted since
        today = clock().date()
        days = {"from_day": today - timedelta(days=DAYS + 2), "to_day": today} if dataset == "messages" else {}
        request = ExportRequest(dataset=dataset, time_zone="Europe/Madrid", **days)  # type: ignore[arg-type]
        with workspace_scope(self.place.workspace_id):
            row = request_export(actor=actor or self.place.owner, request=request, at=clock())
        self.export_id = row.pk
        return row

    def ask_and_await(self, point: str, *, dataset: str = "messages") -> None:
        """Ask, and return when a worker waits at a point."""
        self.house.arm(point)
        self.ask(dataset=dataset)
        self.await_point(point)

    def await_point(self, point: str) -> None:
        """Return when a worker waits at the point."""
        wait_for(lambda: self.house.is_reached(point), f"a worker at the point {point!r}", seconds=SECONDS)

    def now(self) -> Export:
        """Return the export as it stands."""
        connections.close_all()
        with workspace_scope(self.place.workspace_id):
            return Export.objects.in_workspace(self.place.workspace_id).get(pk=self.export_id)

    def wait_for_state(self, state: str, *, seconds: float = SECONDS) -> Export:
        """Return when the export is in a state; another end than that one is an error."""

        def is_there() -> bool:
            row = self.now()
            before = (State.COMPLETED,) if state == State.EXPIRED else ACTIVE_STATES
            if row.state != state and row.state not in before:
                raise NeverHappened(f"ended as {row.state} {row.error_code} while {state} was awaited")
            return row.state == state

        wait_for(is_there, f"the state {state}", seconds=seconds, pause=0.1)
        return self.now()

    def claims(self) -> int:
        """Count how often a worker got this export."""
        return len(self.house.claims(self.export_id))

    def change(self, assignments: str, *values: object) -> None:
        """Write columns of the export from outside, such as to move its clock."""
        self.sql(f"UPDATE exports_export SET {assignments} WHERE id = %s", *values, self.export_id)

    def sql(self, statement: str, *values: object) -> list[Any]:
        """Run a statement where no wall stands."""
        connection = psycopg2.connect(self.house.superuser)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement, values)
                return list(cursor.fetchall()) if cursor.description else []
        finally:
            connection.close()

    def at_the_end(self, act: Callable[[], object]) -> None:
        """Have something done when the trial is over."""
        self._at_the_end.append(act)

    def close(self) -> None:
        """Take back what the trial did to the machine, and make room for the next."""
        for act in reversed(self._at_the_end):
            act()
        workspace_id = self.place.workspace_id
        self.sql("UPDATE exports_export SET not_before = NULL WHERE workspace_id = %s", workspace_id)
        self.sql(END_ALL, workspace_id)
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def folder(self) -> Path:
        """Where the export's published files lie."""
        return self.house.files / "ws" / str(self.place.workspace_id) / "exports" / str(self.export_id)

    @property
    def spool(self) -> Path:
        """Where unfinished files lie."""
        return self.house.files / ".spool"

    def strays(self, *, keep: str = "") -> list[str]:
        """Return the files that no row knows of: published ones, halves of them, and unfinished ones."""
        published = [path for path in self.folder.glob("*") if path.name != keep.rpartition("/")[2]]
        return [path.name for path in (*published, *self.spool.glob("export-*"))]

    def content(self, row: Export) -> bytes:
        """Return the bytes of its file."""
        return (self.house.files / row.file_key).read_bytes()

    def expected(self, row: Export) -> list[int]:
        """Return the ids that the file must hold, by plain SQL."""
        connection = psycopg2.connect(self.house.superuser)
        try:
            with connection.cursor() as cursor:
                span = {"range_from": row.range_from, "range_to": row.range_to}
                return ids_in(cursor, row.dataset, {"workspace_id": row.workspace_id, **span})
        finally:
            connection.close()

    def say(self, complaint: str, *, unless: bool) -> None:
        """Keep a complaint, unless all is well."""
        if not unless:
            self.found.append(complaint)

    def judge_file(self, *, ids: list[int] | None = None, is_told: bool = True) -> Export:
        """Complain unless the export is complete: its rows, checksum and size, one file, no stray, one notification."""
        row = self.wait_for_state("completed")
        content = self.content(row)
        records = list(csv.reader(io.StringIO(content.decode(), newline="")))
        place = records[0].index("Message ID" if row.dataset == "messages" else "ContactID")
        got = [int(record[place]) for record in records[1:]]
        wanted = self.expected(row) if ids is None else ids
        self.say(f"{len(got)} lines for {len(wanted)} by SQL", unless=len(got) == len(wanted))
        self.say(f"{len(got) - len(set(got))} ids come twice", unless=len(got) == len(set(got)))
        self.say("other ids, or another order, than by SQL", unless=got == wanted)
        self.say(f"the row says {row.rows} rows", unless=row.rows == len(got))
        self.say("another checksum than the row's", unless=hashlib.sha256(content).hexdigest() == row.sha256)
        self.say(f"the row says {row.size_bytes} bytes", unless=row.size_bytes == len(content))
        self.say("its row still holds a lease", unless=row.lease_token is None)
        self.result = f"{len(got):,} rows, attempt {row.attempt}"
        self.judge_end(row, "exports.completed", keep=row.file_key, is_told=is_told)
        return row

    def judge_end(self, row: Export, kind: str, *, keep: str = "", is_told: bool = True) -> None:
        """Complain unless its end was told once, its place is free, and no file lies about once old ones are cleaned."""
        workspace_id = self.place.workspace_id
        with workspace_scope(workspace_id):
            told = list(
                Notification.objects.in_workspace(workspace_id)
                .filter(subject_kind="export", subject_id=row.pk)
                .values_list("kind", flat=True)
            )
            ends = EventRecord.objects.in_workspace(workspace_id).filter(subject_kind="export", subject_id=row.pk)
            ended = ends.filter(type=kind.replace("exports.", "exports.export.")).count()
            active = Export.objects.in_workspace(workspace_id).filter(state__in=ACTIVE_STATES).count()
        self.say(f"told {told}", unless=told == ([kind] if is_told else []))
        self.say(f"{ended} events of its end", unless=ended == 1)
        self.say("the place is not free", unless=active == 0)
        self._clean(keep)

    def judge_ended(self, state: str, error_code: str, *, is_told: bool = True) -> Export:
        """Complain unless the export ended in a state, without a file, and said so."""
        row = self.wait_for_state(state)
        self.say(f"its reason is {row.error_code!r}", unless=row.error_code == error_code)
        self.say("its row names a file", unless=row.file_key == "")
        self.judge_end(row, f"exports.{state}", is_told=is_told)
        self.result = f"{state}, attempt {row.attempt}" + (f", {error_code}" if error_code else "")
        return row

    def _clean(self, keep: str) -> None:
        """Make what is left an hour older, and see it go; whatever workers hold is theirs."""

        def is_clean() -> bool:
            for path in (*self.spool.glob("export-*"), *self.folder.glob("*")):
                if path.exists():
                    os.utime(path, (time.time() - 7200, time.time() - 7200))
            return not self.strays(keep=keep)

        try:
            wait_for(is_clean, "a clean store and spool", seconds=TIDIED, pause=0.2)
        except NeverHappened:
            self.found.append(f"files of nobody: {', '.join(self.strays(keep=keep))}")
