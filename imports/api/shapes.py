"""An import as the wire shows it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from imports.errors import FAILURE_TEXTS, UNDO_FAILURE_TEXTS
from imports.models import ContactImport, State
from imports.queries import requester_names

WRITING_STATES = frozenset({State.COMMITTING, State.COMPLETED, State.UNDOING, State.UNDONE})


def import_bodies(rows: Iterable[ContactImport]) -> list[dict[str, object]]:
    """Return the bodies of imports of one workspace."""
    listed = list(rows)
    names = requester_names(listed)
    return [_body(row, names.get(row.pk, "")) for row in listed]


def _body(row: ContactImport, requester: str) -> dict[str, object]:
    return {
        "id": row.pk,
        "state": row.state,
        "purpose": row.purpose,
        "identifier": row.identifier or None,
        "matching": row.matching,
        "file_name": row.file_name,
        "encoding": row.encoding,
        "delimiter": row.delimiter,
        "tags": row.tags,
        "columns": [
            {key: column[key] for key in ("name", "field", "suggested_field", "do_not_overwrite", "examples")}
            for column in row.columns
        ],
        "rows": row.rows,
        "progress": {"done": row.progress_done, "total": row.progress_total or row.rows},
        "counts": _counts(row),
        "matched_by_normalization": row.matched_by_normalization,
        "requested_by": _requester(row, requester),
        "requested_at": _moment(row.requested_at),
        "review_expires_at": _moment(row.review_expires_at),
        "result_expires_at": _moment(row.result_expires_at) if row.finished_at else None,
        "undo": _undo(row),
        "error": _error(row),
    }


def _counts(row: ContactImport) -> dict[str, int]:
    """Return what will happen while it is reviewed, and what did once writing began."""
    was_written = row.imported + row.updated + row.skipped + row.failed > 0
    if row.state in WRITING_STATES or was_written:
        return {"imported": row.imported, "updated": row.updated, "skipped": row.skipped, "error": row.failed}
    if row.review_ready_at is None:
        return {}
    return {
        "add": row.to_add,
        "update": row.to_update,
        "unchanged": row.unchanged,
        "skip": row.to_skip,
        "error": row.with_errors,
    }


def _requester(row: ContactImport, name: str) -> dict[str, object] | None:
    if row.requested_token_id is not None:
        return {"kind": "token", "id": row.requested_token_id, "name": name}
    if row.requested_by_id is not None:
        return {"kind": "user", "id": row.requested_by_id, "name": name}
    return None


def _error(row: ContactImport) -> dict[str, str] | None:
    if row.state not in {State.FAILED, State.EXPIRED} or not row.error_code:
        return None
    return {"code": row.error_code, "message": str(FAILURE_TEXTS[row.error_code])}


def _undo(row: ContactImport) -> dict[str, object] | None:
    if row.undo_requested_at is None:
        return None
    code = row.undo_error_code if row.state not in {State.UNDOING, State.UNDONE} else ""
    return {
        "requested_at": _moment(row.undo_requested_at),
        "finished_at": _moment(row.undone_at),
        "deleted": row.undo_deleted,
        "restored": row.undo_restored,
        "partly": row.undo_partly,
        "kept": row.undo_kept,
        "error": {"code": code, "message": str(UNDO_FAILURE_TEXTS[code])} if code else None,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
