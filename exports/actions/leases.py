"""Holding an export while a worker makes its file: one holder at a time, and whoever lost the lease publishes nothing."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

from django.db import connection
from django.db.models import F, Q, QuerySet

from exports.actions.telling import tell_requester
from exports.events import ExportDiscarded, ExportFailed
from exports.models import Export, State
from exports.notices import DISCARDED, FAILED
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.jobs import LEASE, MOST_ATTEMPTS, Clock
from workspaces.leases import LeaseLost, held
from workspaces.scope import workspace_scope

STORAGE_FAILED = "exports.storage_failed"
# After one that took too long, counted from its request.
PAUSE = timedelta(minutes=30)
PULSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Lease:
    """What a worker shows before each write. `former` is the token of the worker before, whose files may lie about."""

    workspace_id: int
    export_id: int
    token: UUID
    former: UUID | None
    deadline_at: datetime

    def renew(self, *, at: datetime, **columns: object) -> None:
        """Write columns and renew, in the open scope; raise LeaseLost when the export is no longer this worker's."""
        if self._held().filter(deadline_at__gt=at).update(lease_until=at + LEASE, **columns) == 0:
            raise LeaseLost

    def finish(self, *, at: datetime, **columns: object) -> None:
        """Write the outcome, with the state that follows, and let go, in the open scope; raise LeaseLost."""
        if self._held().filter(deadline_at__gt=at).update(lease_token=None, lease_until=None, **columns) == 0:
            raise LeaseLost

    def give_back(self, error_code: str, *, at: datetime) -> None:
        """Let another worker go on at once, and say why this one stopped."""
        self._held().update(
            state=State.QUEUED, lease_token=None, lease_until=None, progress_at=at, error_code=error_code
        )

    def _held(self) -> QuerySet[Export]:
        rows = Export.objects.in_workspace(self.workspace_id)
        return rows.filter(pk=self.export_id, state=State.RUNNING, lease_token=self.token)


@contextmanager
def claimed(*, workspace_id: int, export_id: int, clock: Clock) -> Iterator[Lease | None]:
    """Hold an export that waits for a worker; None when there is nothing to do. It ends as `workspaces.leases.held` says."""
    with workspace_scope(workspace_id):
        lease = _claim(workspace_id, export_id, at=clock())
    if lease is None:
        yield None
        return

    def give_back(error: BaseException) -> None:
        lease.give_back(STORAGE_FAILED if isinstance(error, OSError) else "exports.unexpected", at=clock())

    with held(workspace_id, fail=lambda code: fail(lease, code, at=clock()), give_back=give_back):
        yield lease


class Pulse:
    """Renews a lease while a worker reads, on a connection of its own, and stops the reading once the lease is lost.

    It beats in a thread of the worker's process: a worker that dies or is frozen beats no more.
    """

    def __init__(
        self, lease: Lease, *, clock: Clock, progress: Callable[[], dict[str, object]], stop: Callable[[], None]
    ) -> None:
        self._lease = lease
        self._clock = clock
        self._progress = progress
        self._stop = stop
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._beat, name="export-pulse", daemon=True)
        self.is_lost = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._ended.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self._ended.wait(PULSE_SECONDS):
                self._renew()
                if self.is_lost:
                    return
        finally:
            connection.close()

    def _renew(self) -> None:
        at = self._clock()
        try:
            with workspace_scope(self._lease.workspace_id):
                self._lease.renew(at=at, progress_at=at, **self._progress())
        except LeaseLost:
            self.is_lost = True
            self._stop()
        except Exception:  # noqa: BLE001 - a database that is away for a moment: the lease lapses if it stays away
            connection.close()


def fail(lease: Lease, error_code: str, *, at: datetime) -> None:
    """End an export that nobody can make; its requester is told."""
    with suppress(LeaseLost):
        lease.finish(at=at, state=State.FAILED, error_code=error_code, finished_at=at)
        tell_failed(lease.workspace_id, lease.export_id, at=at)


def tell_failed(workspace_id: int, export_id: int, *, at: datetime) -> None:
    """Record that an export failed, and tell whoever asked."""
    row = Export.objects.in_workspace(workspace_id).get(pk=export_id)
    event = ExportFailed(subject_id=export_id, dataset=row.dataset, error=row.error_code)
    record(event, actor=Actor.system(workspace_id=workspace_id), at=at)
    tell_requester(row, kind=FAILED, at=at)


def discard(workspace_id: int, export_id: int, *, at: datetime) -> bool:
    """End an export whose time is over; the workspace may ask again half an hour after that request. False: it had ended."""
    rows = Export.objects.in_workspace(workspace_id).filter(pk=export_id, state__in=[State.QUEUED, State.RUNNING])
    ended = rows.filter(deadline_at__lte=at).update(
        state=State.DISCARDED,
        lease_token=None,
        lease_until=None,
        error_code="exports.too_long",
        finished_at=at,
        not_before=F("requested_at") + PAUSE,
    )
    if not ended:
        return False
    row = Export.objects.in_workspace(workspace_id).get(pk=export_id)
    event = ExportDiscarded(subject_id=export_id, dataset=row.dataset)
    record(event, actor=Actor.system(workspace_id=workspace_id), at=at)
    tell_requester(row, kind=DISCARDED, at=at)
    return True


def _claim(workspace_id: int, export_id: int, *, at: datetime) -> Lease | None:
    exports = Export.objects.in_workspace(workspace_id)
    due = exports.filter(pk=export_id, attempt__lt=MOST_ATTEMPTS, deadline_at__gt=at)
    due = due.filter(Q(state=State.QUEUED) | Q(state=State.RUNNING, lease_until__lt=at))
    row = due.select_for_update(of=("self",), skip_locked=True).first()
    if row is None:
        return None
    token = uuid4()
    exports.filter(pk=export_id).update(
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        lease_token=token,
        lease_until=at + LEASE,
        started_at=at,
        progress_at=at,
        progress_rows=0,
        progress_bytes=0,
        expected_rows=None,
    )
    return Lease(
        workspace_id=workspace_id, export_id=export_id, token=token, former=row.lease_token, deadline_at=row.deadline_at
    )
