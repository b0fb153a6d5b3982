"""Reads about imports: rows ready to show, in the order that is said. They run in the workspace's scope."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from contacts.models import ContactField, LifecycleStage
from imports.errors import FileNotReady, ImportNotFound, ResultExpired
from imports.mapping import STANDARD_FIELDS, MappableField
from imports.models import ACTIVE_STATES, ContactImport, IdentifierField
from imports.row_errors import row_error_text
from workspaces.actors import Actor
from workspaces.models import ApiToken, Workspace
from workspaces.permissions import Permission

LARGEST_ID = 2**63 - 1
IMPORTS_ON_A_PAGE = 20

# No wall stands around the plan: it is reached through the import's row, which the caller has read behind one.
ERROR_ROWS = """
SELECT p.row_no, btrim(s.first_name || ' ' || s.last_name), s.phone, s.email, p.errors
  FROM imports_plannedrow p
  JOIN imports_stagedrow s ON s.import_id = p.import_id AND s.row_no = p.row_no
 WHERE p.import_id = %(import_id)s AND p.verdict = 'e' AND p.row_no > %(after_row)s
   AND (%(code)s = '' OR p.errors @> jsonb_build_array(jsonb_build_object('code', %(code)s)))
 ORDER BY p.row_no LIMIT %(most)s"""

OLDEST_UNCLAIMED = "SELECT imports_oldest_unclaimed(%s)"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a worker is; rate and time left are None until they can be told."""

    done: int
    total: int
    percent: int
    rows_per_second: int | None
    seconds_left: int | None


@dataclass(frozen=True, slots=True)
class ErrorLine:
    """One kind of row error in a review: how many rows have it, the first of them, and a value that caused it."""

    code: str
    text: str
    rows: int
    first_rows: list[int]
    example: str


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing that is wrong with a row; column: its name in the file, empty where it is about the whole row."""

    code: str
    text: str
    column: str
    value: str


@dataclass(frozen=True, slots=True)
class ErrorRow:
    row_no: int
    name: str
    phone: str
    email: str
    errors: list[RowError]


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file to hand out: its key in the store and the name to save it under."""

    key: str
    name: str


def imports_page(actor: Actor, *, before: int | None = None, most: int = IMPORTS_ON_A_PAGE) -> list[ContactImport]:
    """Return imports with their requesters, newest first; `before` is the id of the last one shown."""
    rows = all_imports(actor)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[:most])


def all_imports(actor: Actor) -> QuerySet[ContactImport]:
    """Return every import of the workspace with its requester, in no order."""
    actor.require(Permission.IMPORT_RUN)
    return ContactImport.objects.in_workspace(actor.workspace_id).select_related("requested_by")


def import_for_page(actor: Actor, import_id: int) -> ContactImport:
    """Return one import, or raise ImportNotFound."""
    found = all_imports(actor).filter(pk=import_id).first() if 0 < import_id <= LARGEST_ID else None
    if found is None:
        raise ImportNotFound(import_id=import_id)
    return found


def active_import(actor: Actor) -> ContactImport | None:
    """Return the import that holds the workspace's one place."""
    return all_imports(actor).filter(state__in=ACTIVE_STATES).first()


def who_asked(contact_import: ContactImport) -> str:
    """Return the name of the person or the token that asked for an import; empty when it is gone."""
    if contact_import.requested_by is not None:
        return contact_import.requested_by.name
    if contact_import.requested_token_id is None:
        return ""
    tokens = ApiToken.objects.in_workspace(contact_import.workspace_id).filter(pk=contact_import.requested_token_id)
    return tokens.values_list("name", flat=True).first() or ""


def requester_names(rows: Iterable[ContactImport]) -> dict[int, str]:
    """Return who asked for each of some imports of one workspace, by the imports' ids; one query for all tokens."""
    listed = list(rows)
    wanted = {row.requested_token_id for row in listed if row.requested_token_id is not None}
    tokens: dict[int, str] = {}
    if wanted:
        found = ApiToken.objects.in_workspace(listed[0].workspace_id).filter(pk__in=wanted)
        tokens = dict(found.values_list("pk", "name"))
    return {
        row.pk: tokens.get(row.requested_token_id, "")
        if row.requested_token_id is not None
        else row.requested_by.name
        if row.requested_by
        else ""
        for row in listed
    }


def proposed_tag(actor: Actor, *, at: datetime) -> str:
    """Return the tag that the next import is offered: `import-YYYY-MM-DD-N`, the day in the workspace's zone."""
    zone = ZoneInfo(Workspace.objects.values_list("time_zone", flat=True).get(pk=actor.workspace_id))
    day = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    today = all_imports(actor).filter(requested_at__gte=day, requested_at__lt=day + timedelta(days=1)).count()
    return f"import-{day:%Y-%m-%d}-{today + 1}"


def mappable_fields(actor: Actor, *, identifier: str) -> list[MappableField]:
    """Return the fields a column can become: standard ones, then custom ones. Contact IDs only when they identify."""
    actor.require(Permission.IMPORT_RUN)
    skipped = set() if identifier == IdentifierField.CONTACT_ID else {"contact_id"}
    custom = ContactField.objects.in_workspace(actor.workspace_id).order_by("position", "pk")
    return [
        *(field for field in STANDARD_FIELDS if field.key not in skipped),
        *(MappableField(field.slug, field.name) for field in custom),
    ]


def field_names(actor: Actor) -> dict[str, str | Promise]:
    """Return what fields are called, by key; the names of files' columns are not among them."""
    return {field.key: field.name for field in mappable_fields(actor, identifier=IdentifierField.CONTACT_ID)}


def stage_names(workspace_id: int) -> dict[int, str]:
    """Return the lifecycle stages' names by id."""
    stages = LifecycleStage.objects.in_workspace(workspace_id)
    return dict(stages.values_list("pk", "name"))


def error_lines(contact_import: ContactImport) -> list[ErrorLine]:
    """Return the kinds of row errors that a review found, the most frequent first, in the active language."""
    return [ErrorLine(text=row_error_text(line["code"]), **line) for line in contact_import.error_summary]


def error_rows_page(
    actor: Actor, import_id: int, *, code: str = "", after_row: int = 0, most: int = 50
) -> list[ErrorRow]:
    """Return rows of the plan that have errors, or this error, in the file's order, while the plan is kept."""
    found = import_for_page(actor, import_id)
    with connection.cursor() as cursor:
        cursor.execute(
            ERROR_ROWS, {"import_id": found.pk, "code": code[:60], "after_row": after_row, "most": min(most, 500)}
        )
        rows = cursor.fetchall()
    return [
        ErrorRow(row_no=row[0], name=row[1], phone=row[2], email=row[3], errors=errors_of(found, row[4]))
        for row in rows
    ]


def errors_of(contact_import: ContactImport, errors: list[dict[str, Any]] | str | None) -> list[RowError]:
    """Put the errors of a planned row into words, in the active language."""
    found: list[dict[str, Any]] = json.loads(errors) if isinstance(errors, str) else errors or []
    header = contact_import.header
    return [
        RowError(
            code=error["code"],
            text=row_error_text(error["code"], detail=error.get("detail", "")),
            column=header[error["column"]] if error.get("column") is not None else "",
            value=error.get("value", ""),
        )
        for error in found
    ]


def error_file(actor: Actor, import_id: int, *, at: datetime) -> StoredFile:
    """Return the file of rows with errors; raise FileNotReady, or ResultExpired once it is gone."""
    found = import_for_page(actor, import_id)
    return _stored(found, found.errors_key, was_made=found.with_errors > 0, at=at, suffix=_("errors"))


def result_file(actor: Actor, import_id: int, *, at: datetime) -> StoredFile:
    """Return the file with what became of each row; raise FileNotReady, or ResultExpired once it is gone."""
    found = import_for_page(actor, import_id)
    was_made = found.imported + found.updated + found.skipped + found.failed > 0
    return _stored(found, found.result_key, was_made=was_made, at=at, suffix=_("result"))


def progress_of(contact_import: ContactImport, *, at: datetime) -> Progress:
    """Return how far the worker is, with its rate since the stage began."""
    done, total = contact_import.progress_done, contact_import.progress_total
    percent = min(100, done * 100 // total) if total else 0
    last = contact_import.progress_at or at
    seconds = (last - contact_import.stage_started_at).total_seconds()
    if not done or seconds <= 0:
        return Progress(done, total, percent, None, None)
    rate = done / seconds
    return Progress(done, total, percent, max(1, round(rate)), round((total - done) / rate))


def oldest_unclaimed_age(*, at: datetime) -> timedelta | None:
    """Return how long the oldest import has waited for a worker, in any workspace; None when none waits."""
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_UNCLAIMED, [at])
        since: datetime | None = cursor.fetchone()[0]
    return None if since is None else max(at - since, timedelta(0))


def _stored(found: ContactImport, key: str, *, was_made: bool, at: datetime, suffix: str) -> StoredFile:
    is_over = found.result_expires_at is not None and found.result_expires_at <= at
    if was_made and (is_over or (not key and found.finished_at is not None)):
        raise ResultExpired
    if not key or is_over:
        raise FileNotReady
    stem = found.file_name.rpartition(".")[0] or found.file_name
    return StoredFile(key=key, name=f"{stem[:200]}-{suffix}.csv")
