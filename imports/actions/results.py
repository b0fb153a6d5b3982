"""The result file: every row of the file, in its order, with what became of it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from imports import files
from imports.actions.leases import Lease
from imports.actions.products import errors_text, product_of
from imports.models import ContactImport, ImportChunk, Purpose, State
from workspaces.jobs import Clock
from workspaces.leases import CannotGoOn
from workspaces.scope import workspace_scope

TITLES = ("Import Status", "Errors")
STATUS = {"a": "Imported", "u": "Updated", "s": "Skipped", "n": "Skipped", "e": "Error"}
# Undone ones too: the rows that a cancelled import had written were written.
STOPPED_STATES = (State.CANCELLED, State.FAILED, State.UNDOING, State.UNDONE)


def result_key(lease: Lease, token: UUID) -> str:
    """Return the key of the result file that the holder of a token makes."""
    return files.product_key(workspace_id=lease.workspace_id, import_id=lease.import_id, token=token, product="result")


def keep_result(row: ContactImport, lease: Lease, *, clock: Clock) -> str:
    """Make and publish the result file; return its key."""

    def beat() -> None:
        with workspace_scope(row.workspace_id):
            lease.renew(at=clock())

    key = result_key(lease, lease.token)
    with product_of(row, TITLES, _Outcomes(row).cells_of, beat) as product:
        beat()
        files.keep(key, product)
    return key


def publish_result_of_stopped(*, workspace_id: int, import_id: int, clock: Clock) -> None:
    """Make the result file of an import that was cancelled or failed after some of its rows were written."""
    with workspace_scope(workspace_id):
        stopped = ContactImport.objects.in_workspace(workspace_id).filter(
            pk=import_id, state__in=STOPPED_STATES, result_key="", result_expires_at__gt=clock()
        )
        row = stopped.filter(chunks__isnull=False).distinct().first()
    if row is None:
        return
    key = files.product_key(workspace_id=workspace_id, import_id=import_id, token=uuid4(), product="result")
    try:
        with product_of(row, TITLES, _Outcomes(row).cells_of, lambda: None) as product:
            files.keep(key, product)
    except CannotGoOn:  # the uploaded file is gone, so nobody can: do not ask again
        with workspace_scope(workspace_id):
            stopped.update(file_key="")
        return
    with workspace_scope(workspace_id):
        was_first = stopped.update(result_key=key) == 1
    if not was_first:
        files.forget(key)


class _Outcomes:
    """What became of each row, read chunk by chunk as the file goes by."""

    def __init__(self, row: ContactImport) -> None:
        self._row = row
        self._header = row.header
        self._first, self._last = 0, -1
        self._outcomes = ""
        self._notes: dict[str, list[dict[str, Any]]] = {}
        self._reasons: dict[str, Callable[[], str]] = {
            "s": self._why_skipped,
            "n": lambda: _("Nothing to change: the contact has these values already."),
        }

    def cells_of(self, number: int) -> tuple[str, str]:
        """Return status and errors of a row; rows behind the last chunk were never reached."""
        if number > self._last:
            self._read_chunk(number)
        if not self._first <= number <= self._last:
            return STATUS["s"], _("The import was stopped before this row.")
        outcome = self._outcomes[number - self._first]
        if outcome == "e":
            return STATUS["e"], errors_text(self._notes.get(str(number), []), self._header)
        reason = self._reasons.get(outcome)
        return STATUS[outcome], reason() if reason else ""

    def _read_chunk(self, number: int) -> None:
        with workspace_scope(self._row.workspace_id):
            chunks = ImportChunk.objects.in_workspace(self._row.workspace_id).filter(contact_import_id=self._row.pk)
            chunk = chunks.filter(first_row__lte=number, last_row__gte=number).first()
        if chunk is None:
            self._first, self._last, self._outcomes, self._notes = number, self._row.rows, "", {}
            self._first = self._row.rows + 1  # nothing behind here was reached; do not ask again
            return
        self._first, self._last = chunk.first_row, chunk.last_row
        self._outcomes, self._notes = chunk.outcomes, chunk.notes

    def _why_skipped(self) -> str:
        if self._row.purpose == Purpose.ADD_NEW:
            return _("A contact with this identifier exists already.")
        return _("No contact has this identifier.")
