"""Exports and data sets as the wire shows them."""

from datetime import UTC, datetime

from django.urls import reverse
from django.utils.translation import override

from exports.catalogue import DATASETS, Column, Dataset
from exports.catalogue.filters import VALUES_OF
from exports.errors import FAILURE_TEXTS
from exports.models import Export, State
from exports.queries import who_asked
from reports.definitions.enums import ENUMS


def export_body(row: Export) -> dict[str, object]:
    """Return the body of an export."""
    return {
        "id": row.pk,
        "dataset": row.dataset,
        "state": row.state,
        "from": row.from_day.isoformat() if row.from_day else None,
        "to": row.to_day.isoformat() if row.to_day else None,
        "timezone": row.time_zone,
        "filters": {name: chosen for name, chosen in row.filters.items() if name != "channels"},
        "channels": row.filters.get("channels", []),
        "headers": row.header_language,
        "excel": row.for_excel,
        "format": row.format,
        "gzip": row.is_gzipped,
        "progress": {"rows": row.rows if row.rows is not None else row.progress_rows, "expected": row.expected_rows},
        "rows": row.rows,
        "size_bytes": row.size_bytes,
        "sha256": row.sha256 or None,
        "requested_by": _requester(row),
        "requested_at": moment_text(row.requested_at),
        "deadline_at": moment_text(row.deadline_at),
        "not_before": moment_text(row.not_before),
        "finished_at": moment_text(row.finished_at),
        "expires_at": moment_text(row.expires_at),
        "file_name": row.file_name or None,
        "download_url": reverse("api_export_download", args=[row.pk]) if row.state == State.COMPLETED else None,
        "error": _error(row),
    }


def dataset_bodies() -> list[dict[str, object]]:
    """Return the whole catalogue, titles in English and Spanish, meanings in the active language."""
    return [_dataset(dataset) for dataset in DATASETS.values()]


def _dataset(dataset: Dataset) -> dict[str, object]:
    titles = {}
    for language in ("en", "es"):
        with override(language):
            titles[language] = str(dataset.title)
    return {
        "key": dataset.key,
        "title": titles,
        "family": dataset.family,
        "scope": str(dataset.scope),
        "range_rule": dataset.range_rule,
        "needs_range": dataset.needs_range,
        "filters": [
            {"name": name, "values": list(VALUES_OF[name](dataset)) if name in VALUES_OF else None}
            for name in dataset.filters
        ],
        "has_contact_fields": dataset.dynamic_columns is not None,
        "columns": [_column(column) for column in dataset.columns],
    }


def _column(column: Column) -> dict[str, object]:
    return {
        "key": column.key,
        "header": {"en": column.header, "es": column.header_es},
        "type": column.kind,
        "values": list(column.values or ENUMS[column.enum]) if column.enum else None,
        "may_be_empty": column.may_be_empty,
        "meaning": str(column.meaning),
        "example": column.example,
    }


def _requester(row: Export) -> dict[str, object] | None:
    if row.schedule_id is not None:
        return {"kind": "schedule", "id": row.schedule_id, "name": who_asked(row)}
    if row.requested_token_id is not None:
        return {"kind": "token", "id": row.requested_token_id, "name": who_asked(row)}
    if row.requested_by_id is not None:
        return {"kind": "user", "id": row.requested_by_id, "name": who_asked(row)}
    return None


def _error(row: Export) -> dict[str, str] | None:
    if row.state not in {State.FAILED, State.DISCARDED} or not row.error_code:
        return None
    return {"code": row.error_code, "message": str(FAILURE_TEXTS[row.error_code])}


def moment_text(at: datetime | None) -> str | None:
    """Return a moment as the wire has it, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if at else None
