"""The product's Celery app for the fault run of exports: a shorter lease, a sweep each second, and points to stop at.

Started as `celery --app tests.faults.exports.quick worker`. All that differs from an installation is on this page.
"""

# ruff: noqa: E402 - the lease is shortened before modules take it over
import errno
import logging
import os
import time
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import django
from celery.schedules import schedule
from celery.signals import task_postrun

from config.celery import app

django.setup()

from tests.faults.exports.pace import AMID_ROWS, LEASE_SECONDS, SNAPSHOT, STORE, STORE_SAYS
from tests.faults.pace import ENDED
from workspaces import jobs

lease = timedelta(seconds=float(os.environ[LEASE_SECONDS]))
jobs.LEASE = lease

from django.core.files.base import File

from exports import files
from exports.actions import leases, running
from exports.making import CsvFile
from tests.faults.points import FOLDER, note_claim, pass_point, stop_after, stop_before
from workspaces.files import LocalFiles

leases.LEASE = lease  # type: ignore[attr-defined]
leases.PULSE_SECONDS = lease.total_seconds() / 6
points = Path(os.environ[FOLDER])
amid = int(os.environ[AMID_ROWS])
logger = logging.getLogger(__name__)

app.conf.beat_schedule = {
    task: {"task": task, "schedule": schedule(timedelta(seconds=seconds)), "options": {"queue": "ingest", "expires": 5}}
    for task, seconds in (("exports.sweep", 1), ("exports.delete_stray_files", 4))
}


@task_postrun.connect
def tell_end(sender: Any = None, **_facts: object) -> None:
    """Say in the worker's log that a task has ended, well or badly."""
    logger.info("%s %s", ENDED, sender.name)


_claim = leases._claim
_prepare = running.prepare  # type: ignore[attr-defined]
_flush = CsvFile._flush
_save = LocalFiles._save


def claim(workspace_id: int, export_id: int, **named: Any) -> Any:
    """Note who got a lease."""
    got = _claim(workspace_id, export_id, **named)
    if got is not None:
        note_claim(f"{export_id} running {os.getpid()}")
    return got


def prepare(cursor: Any, *given: Any, **named: Any) -> Any:
    """Let the fault run look at the same snapshot, when it asks for a stop here."""
    if (points / SNAPSHOT).exists():
        cursor.execute("SELECT pg_export_snapshot()")
        (points / f"{SNAPSHOT}.id").write_text(cursor.fetchone()[0], encoding="ascii")
        pass_point(SNAPSHOT)
    return _prepare(cursor, *given, **named)


def flush(file: CsvFile) -> None:
    """Stop when half of the rows are written."""
    _flush(file)
    if file.rows >= amid:
        pass_point("amid-rows")


def save(store: LocalFiles, name: str, content: Any) -> str:
    """Be a store elsewhere that does as it is told: `error`, `cut` (half is written), `slow` (two leases) or `far` (well)."""
    trouble = _trouble() if "/exports/" in name else ""
    if not trouble:
        return _save(store, name, content)
    logger.warning("%s %s", STORE_SAYS, trouble)
    if trouble == "error":
        raise OSError(errno.EIO, "The store answers 500")
    remote = _Remote(content.file, name=name)
    remote.trouble = trouble
    return _save(store, name, remote)


class _Remote(File):  # type: ignore[type-arg]
    """Bytes that are copied to a store, and not renamed."""

    file: IO[bytes]
    trouble = ""

    def read(self, size: int = -1) -> Any:
        """Read a part of all, slowly where that is asked for; or half of it, then no more."""
        parts = 8
        if self.tell() >= self.size // 2:
            pass_point("half-published")
            if self.trouble == "cut":
                raise ConnectionResetError(errno.ECONNRESET, "The store hung up")
        if self.trouble == "slow":
            time.sleep(2 * lease.total_seconds() / parts)
        return self.file.read(min(size, self.size // parts + 1))


def _trouble() -> str:
    """Take the trouble that the run asked for: its kind, and how often."""
    try:
        kind, times = (points / STORE).read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return ""
    if int(times) <= 1:
        (points / STORE).unlink(missing_ok=True)
    else:
        (points / STORE).write_text(f"{kind} {int(times) - 1}", encoding="ascii")
    return kind


leases._claim = claim
running.prepare = prepare  # type: ignore[attr-defined]
CsvFile._flush = flush  # type: ignore[method-assign,assignment]
LocalFiles._save = save  # type: ignore[method-assign,assignment]
stop_before(running, "_make_and_publish", "claimed")
stop_before(files, "publish", "before-publishing")
stop_after(files, "publish", "published")  # the file is in the store, and its row does not say so yet
stop_after(running, "_complete", "before-commit")  # its transaction is open
stop_after(running, "_make_and_publish", "committed")
stop_before(files, "forget_strays", "deleted")  # an expired file is deleted, and its row does not say so yet
