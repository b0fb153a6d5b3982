"""Small steps of an import, for its tests: from bytes to a finished row."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.utils import timezone

from imports import files
from imports.actions import (
    ColumnChoice,
    ImportRequest,
    commit_import,
    save_mapping,
    start_import,
    validate_import,
    write_import,
)
from imports.models import ContactImport
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

clock = timezone.now


def a_csv(*lines: str) -> bytes:
    """Write lines as a file."""
    return ("\n".join(lines) + "\n").encode()


def uploaded(
    actor: Actor,
    content: bytes,
    *,
    purpose: str = "add_and_update",
    identifier: str = "phone",
    matching: str = "exact",
    tags: Sequence[str] = (),
    file_name: str = "people.csv",
) -> ContactImport:
    """Upload a file."""
    request = ImportRequest(purpose=purpose, identifier=identifier, matching=matching, tags=tags)
    return start_import(actor=actor, file=io.BytesIO(content), file_name=file_name, request=request, clock=clock)


def reviewed(actor: Actor, row: ContactImport, columns: Iterable[ColumnChoice] | None = None) -> ContactImport:
    """Map as it was suggested, or as given, and check; return the import as it is then."""
    if columns is None:
        columns = [ColumnChoice(column["name"], column["field"]) for column in row.columns]
    with workspace_scope(actor.workspace_id):
        save_mapping(actor=actor, import_id=row.pk, columns=list(columns), at=clock())
    validate_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock)
    return now(row)


def written(actor: Actor, row: ContactImport) -> ContactImport:
    """Say yes to the review and write it; return the import as it is then."""
    with workspace_scope(actor.workspace_id):
        commit_import(actor=actor, import_id=row.pk, at=clock())
    write_import(workspace_id=actor.workspace_id, import_id=row.pk, clock=clock)
    return now(row)


def imported(actor: Actor, content: bytes, **choices: object) -> ContactImport:
    """Take a file all the way."""
    return written(actor, reviewed(actor, uploaded(actor, content, **choices)))  # type: ignore[arg-type]


def now(row: ContactImport) -> ContactImport:
    """Return an import as it stands in the database."""
    with workspace_scope(row.workspace_id):
        return ContactImport.objects.in_workspace(row.workspace_id).get(pk=row.pk)


def text_of(key: str) -> str:
    """Return a stored file as text."""
    with files.open_stored(key) as file:
        return file.read().decode()


def rows_of(key: str) -> list[list[str]]:
    """Return the records of a stored file, its header first."""
    return list(csv.reader(io.StringIO(text_of(key), newline="")))


def later(**by: float) -> "object":
    """Return a clock that is ahead."""
    return lambda: timezone.now() + timedelta(**by)
