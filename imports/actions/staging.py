"""The file, read once in a stream, into the unlogged staging tables."""

import csv
import io
from collections.abc import Callable, Iterable
from itertools import islice

from django.db import connection

from contacts.models import ContactField
from contacts.values import FieldType
from imports import files
from imports.actions.row_reading import CustomField, RowReader, Rules, StagedRow
from imports.csv_files import CsvRefused, read_records
from imports.models import ADDING_PURPOSES, ContactImport
from imports.queries import stage_names
from workspaces.leases import CannotGoOn
from workspaces.models import Workspace

BATCH_ROWS = 10_000

_COLUMNS = ", ".join(StagedRow._fields)
_TEXTS = ", ".join(
    name for name in StagedRow._fields if name not in {"row_no", "stage_id", "contact_id", "custom", "tagset", "errors"}
)
COPY_ROWS = f"COPY imports_stagedrow (import_id, {_COLUMNS}) FROM STDIN (FORMAT csv, FORCE_NOT_NULL ({_TEXTS}))"
COPY_TAG_SETS = "COPY imports_stagedtagset (import_id, no, names) FROM STDIN (FORMAT csv)"
FORGET = (
    "DELETE FROM imports_stagedrow WHERE import_id = %(import_id)s",
    "DELETE FROM imports_stagedtagset WHERE import_id = %(import_id)s",
    "DELETE FROM imports_plannedrow WHERE import_id = %(import_id)s",
)
COUNT_PLANNED = "SELECT count(*) FROM imports_plannedrow WHERE import_id = %(import_id)s"


def rules_of(row: ContactImport) -> Rules:
    """Gather what decides how the import's cells are read, in the workspace's scope."""
    mapped = [column["field"] for column in row.columns]
    fields = ContactField.objects.in_workspace(row.workspace_id).filter(slug__in=[key for key in mapped if key])
    custom = {field.slug: CustomField(field.slug, FieldType(field.kind), field.allowed_values) for field in fields}
    workspace = Workspace.objects.get(pk=row.workspace_id)
    return Rules(
        fields=mapped,
        custom=custom,
        identifier=row.identifier,
        default_country=workspace.default_country,
        takes_country_of_phone=row.purpose in ADDING_PURPOSES and "country" not in mapped,
        stages={name.casefold(): pk for pk, name in stage_names(row.workspace_id).items()},
        import_tags=row.tags,
    )


def forget_staged(import_id: int) -> None:
    """Delete what was staged and planned for an import."""
    with connection.cursor() as cursor:
        for statement in FORGET:
            cursor.execute(statement, {"import_id": import_id})


def is_planned(row: ContactImport) -> bool:
    """Tell whether every row of the file is staged and planned: a crash of the database empties unlogged tables.

    The plan comes last and at once, so it is what is counted: a worker may die after staging again and before planning again.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT_PLANNED, {"import_id": row.pk})
        return bool(cursor.fetchone()[0] == row.rows)


def stage_rows(row: ContactImport, rules: Rules, checkpoint: Callable[[int, Callable[[], None]], None]) -> None:
    """Read the stored file into the staging tables, batch by batch.

    checkpoint: called with the number of the last row and a write, to be run in one scope of its own.
    """
    reader = RowReader(rules)
    done = 0
    try:
        with files.open_stored(row.file_key) as file:
            records = read_records(file, encoding=row.encoding, delimiter=row.delimiter)
            while batch := [reader.read(record) for record in islice(records, BATCH_ROWS)]:
                done = batch[-1].row_no
                checkpoint(done, _writing(row.pk, batch, reader))
    except FileNotFoundError:
        raise CannotGoOn("imports.file_lost") from None
    except CsvRefused:
        raise CannotGoOn("imports.file_changed") from None
    if done != row.rows:
        raise CannotGoOn("imports.file_changed")


def _writing(import_id: int, batch: list[StagedRow], reader: RowReader) -> Callable[[], None]:
    def write() -> None:
        with connection.cursor() as cursor:
            if reader.new_tag_sets:
                sets = ((import_id, no, _array(names)) for no, names in reader.new_tag_sets)
                cursor.copy_expert(COPY_TAG_SETS, _csv(sets))
                reader.new_tag_sets.clear()
            cursor.copy_expert(COPY_ROWS, _csv((import_id, *staged) for staged in batch))

    return write


def _csv(rows: Iterable[tuple[object, ...]]) -> io.StringIO:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    out.seek(0)
    return out


def _array(names: list[str]) -> str:
    """Write a list as PostgreSQL reads an array of texts."""
    quoted = ('"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"' for name in names)
    return "{" + ",".join(quoted) + "}"
