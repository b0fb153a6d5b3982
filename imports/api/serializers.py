"""The wire's shapes of imports."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts.values import FieldType
from imports.csv_files import DELIMITERS, ENCODINGS
from imports.models import IdentifierField, Matching, Purpose, State

MOST_COLUMNS = 200
NEW_FIELD_KINDS = [kind.value for kind in FieldType if kind is not FieldType.LIST]


class NewFieldInput(serializers.Serializer[Any]):
    """A custom field to create for a column."""

    name = serializers.CharField(max_length=50)
    kind = serializers.ChoiceField(NEW_FIELD_KINDS)


class ColumnInput(serializers.Serializer[Any]):
    """What becomes of one column of the file; a null field leaves it out."""

    column = serializers.CharField(min_length=1, max_length=10_000, help_text="The column's name in the header.")
    field = serializers.CharField(max_length=60, allow_null=True, required=False)
    do_not_overwrite = serializers.BooleanField(required=False, default=False)
    new_field = NewFieldInput(required=False, allow_null=True)


class MappingInput(serializers.Serializer[Any]):
    """Columns that are not named are left out."""

    columns = serializers.ListField(child=ColumnInput(), min_length=1, max_length=MOST_COLUMNS)


@extend_schema_field({"type": "string", "format": "binary"})
class UploadedCsv(serializers.FileField):
    """A file in a form, not the address of one."""


class UploadInput(serializers.Serializer[Any]):
    """A multipart form."""

    file = UploadedCsv(help_text="A CSV file of less than 20 MB and up to 200,000 rows.")
    purpose = serializers.ChoiceField(Purpose.values)
    identifier = serializers.ChoiceField(
        [value for value in IdentifierField.values if value], required=False, help_text="Absent with add_all."
    )
    matching = serializers.ChoiceField(Matching.values, required=False)
    tags = serializers.CharField(required=False, help_text='A JSON list of names: ["newsletter"].')
    encoding = serializers.ChoiceField(list(ENCODINGS), required=False, help_text="Detected when absent.")
    delimiter = serializers.ChoiceField(list(DELIMITERS), required=False, help_text="Detected when absent.")


class ColumnBody(serializers.Serializer[Any]):
    """A column of the file: the field it becomes, the one its name suggests, and what stands in the first rows."""

    name = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    suggested_field = serializers.CharField(allow_null=True)
    do_not_overwrite = serializers.BooleanField()
    examples = serializers.ListField(child=serializers.CharField(allow_blank=True))


class ProgressBody(serializers.Serializer[Any]):
    done = serializers.IntegerField()
    total = serializers.IntegerField()


class CountsBody(serializers.Serializer[Any]):
    """In review what will happen; afterwards what did. `error` stands in both."""

    add = serializers.IntegerField(required=False)
    update = serializers.IntegerField(required=False)  # type: ignore[assignment]  # the shape has this name
    unchanged = serializers.IntegerField(required=False)
    skip = serializers.IntegerField(required=False)
    imported = serializers.IntegerField(required=False)
    updated = serializers.IntegerField(required=False)
    skipped = serializers.IntegerField(required=False)
    error = serializers.IntegerField(required=False)


class RequesterBody(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(["user", "token"])
    id = serializers.IntegerField()
    name = serializers.CharField(allow_blank=True)


class FailureBody(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class UndoBody(serializers.Serializer[Any]):
    """What became of the contacts that the import wrote; when it is undone, the four add up to imported and updated."""

    requested_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)
    deleted = serializers.IntegerField(help_text="The import had added them.")
    restored = serializers.IntegerField(help_text="They have their values from before.")
    partly = serializers.IntegerField(help_text="Some values went back, others had changed since and stay.")
    kept = serializers.IntegerField(help_text="They stay as they are.")
    error = FailureBody(allow_null=True)


class ImportBody(serializers.Serializer[Any]):
    """An import; moments are ISO 8601 in UTC."""

    id = serializers.IntegerField()
    state = serializers.ChoiceField(State.values)
    purpose = serializers.ChoiceField(Purpose.values)
    identifier = serializers.ChoiceField([value for value in IdentifierField.values if value], allow_null=True)
    matching = serializers.ChoiceField(Matching.values)
    file_name = serializers.CharField()
    encoding = serializers.CharField(allow_blank=True)
    delimiter = serializers.CharField(allow_blank=True)
    tags = serializers.ListField(child=serializers.CharField())
    columns = ColumnBody(many=True)
    rows = serializers.IntegerField()
    progress = ProgressBody()
    counts = CountsBody()
    matched_by_normalization = serializers.IntegerField()
    requested_by = RequesterBody(allow_null=True)
    requested_at = serializers.DateTimeField()
    review_expires_at = serializers.DateTimeField(allow_null=True)
    result_expires_at = serializers.DateTimeField(allow_null=True)
    undo = UndoBody(allow_null=True)
    error = FailureBody(allow_null=True)


EXAMPLE_IMPORT: dict[str, Any] = {
    "id": 7,
    "state": "review",
    "purpose": "add_and_update",
    "identifier": "phone",
    "matching": "exact",
    "file_name": "customers.csv",
    "encoding": "utf-8",
    "delimiter": ";",
    "tags": ["import-2026-03-02-1"],
    "columns": [
        {
            "name": "Nombre",
            "field": "first_name",
            "suggested_field": "first_name",
            "do_not_overwrite": False,
            "examples": ["Cleo", "Iñaki"],
        }
    ],
    "rows": 2,
    "progress": {"done": 2, "total": 2},
    "counts": {"add": 1, "update": 1, "unchanged": 0, "skip": 0, "error": 0},
    "matched_by_normalization": 0,
    "requested_by": {"kind": "token", "id": 3, "name": "CRM"},
    "requested_at": "2026-03-02T12:00:00Z",
    "review_expires_at": "2026-03-02T13:00:09Z",
    "result_expires_at": None,
    "undo": None,
    "error": None,
}
UNDOING_IMPORT: dict[str, Any] = {
    **EXAMPLE_IMPORT,
    "state": "undoing",
    "progress": {"done": 0, "total": 2},
    "counts": {"imported": 1, "updated": 1, "skipped": 0, "error": 0},
    "review_expires_at": None,
    "result_expires_at": "2026-03-09T12:04:30Z",
    "undo": {
        "requested_at": "2026-03-03T09:00:00Z",
        "finished_at": None,
        "deleted": 0,
        "restored": 0,
        "partly": 0,
        "kept": 0,
        "error": None,
    },
}
