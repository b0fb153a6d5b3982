"""The wire's shapes of exports."""

from typing import Any

from rest_framework import serializers

from exports.models import Format, State

EXAMPLE_EXPORT: dict[str, object] = {
    "id": 31,
    "dataset": "messages",
    "state": "completed",
    "from": "2026-10-01",
    "to": "2026-10-31",
    "timezone": "Europe/Madrid",
    "filters": {},
    "channels": [],
    "headers": "en",
    "excel": False,
    "format": "csv",
    "gzip": False,
    "progress": {"rows": 41210, "expected": 41000},
    "rows": 41210,
    "size_bytes": 6291456,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "requested_by": {"kind": "token", "id": 4, "name": "Warehouse"},
    "requested_at": "2026-11-22T09:00:00Z",
    "deadline_at": "2026-11-22T09:15:00Z",
    "not_before": None,
    "finished_at": "2026-11-22T09:00:06Z",
    "expires_at": "2026-11-29T09:00:00Z",
    "file_name": "messages-acme-2026-10-01-2026-10-31-20261122T090006Z.csv",
    "download_url": "/v2/export/31/download",
    "error": None,
}


class ExportInput(serializers.Serializer[Any]):
    """What is asked for. Days are whole ones of the time zone, both included."""

    dataset = serializers.CharField(max_length=40, help_text="A key of GET /v2/export/datasets.")
    to = serializers.DateField(required=False, allow_null=True, input_formats=["%Y-%m-%d"])
    timezone = serializers.CharField(
        required=False, allow_blank=True, max_length=64, help_text="The workspace's when absent."
    )
    channels = serializers.ListField(child=serializers.IntegerField(), required=False, max_length=500)
    filters = serializers.DictField(
        child=serializers.ListField(child=serializers.JSONField(), max_length=1000), required=False
    )
    headers = serializers.ChoiceField(["en", "es"], required=False)
    excel = serializers.BooleanField(required=False, help_text="A byte order mark before the first line of a CSV file.")
    format = serializers.ChoiceField(Format.values, required=False)
    gzip = serializers.BooleanField(required=False, help_text="CSV only.")
    contacts = serializers.DictField(
        required=False,
        allow_null=True,
        help_text='The data set of contacts only: {"ids": […]} or {"all": true, "search", "filter"}.',
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is no name in Python."""
        fields = super().get_fields()
        fields["from"] = serializers.DateField(required=False, allow_null=True, input_formats=["%Y-%m-%d"])
        return fields


class ExportRequesterBody(serializers.Serializer[Any]):
    """Who asked: a person, a token or a schedule."""

    kind = serializers.ChoiceField(["user", "token", "schedule"])
    id = serializers.IntegerField()
    name = serializers.CharField()


class ExportProgressBody(serializers.Serializer[Any]):
    """Rows written so far, and how many the database guesses there will be."""

    rows = serializers.IntegerField()
    expected = serializers.IntegerField(allow_null=True)


class ExportFailureBody(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()


class ExportBody(serializers.Serializer[Any]):
    """An export as it stands."""

    id = serializers.IntegerField()
    dataset = serializers.CharField()
    state = serializers.ChoiceField(State.values)
    to = serializers.DateField(allow_null=True)
    timezone = serializers.CharField()
    filters = serializers.DictField()
    channels = serializers.ListField(child=serializers.IntegerField())
    headers = serializers.ChoiceField(["en", "es"])
    excel = serializers.BooleanField()
    format = serializers.ChoiceField(Format.values)
    gzip = serializers.BooleanField()
    progress = ExportProgressBody()
    rows = serializers.IntegerField(allow_null=True)
    size_bytes = serializers.IntegerField(allow_null=True)
    sha256 = serializers.CharField(allow_null=True, help_text="Of the file as it is downloaded.")
    requested_by = ExportRequesterBody(allow_null=True)
    requested_at = serializers.DateTimeField()
    deadline_at = serializers.DateTimeField(help_text="Discarded when it is not ready by then.")
    not_before = serializers.DateTimeField(allow_null=True, help_text="When the workspace may ask again.")
    finished_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(help_text="When the file is deleted.")
    file_name = serializers.CharField(allow_null=True)
    download_url = serializers.CharField(allow_null=True)
    error = ExportFailureBody(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add `from`, which is no name in Python."""
        fields = super().get_fields()
        fields["from"] = serializers.DateField(allow_null=True)
        return fields


class FilterBody(serializers.Serializer[Any]):
    """A filter; values is null where ids are asked for."""

    name = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField(), allow_null=True)


class InBothBody(serializers.Serializer[Any]):
    en = serializers.CharField()
    es = serializers.CharField()


class ExportColumnBody(serializers.Serializer[Any]):
    key = serializers.CharField()
    header = InBothBody()
    type = serializers.CharField()
    values = serializers.ListField(child=serializers.CharField(), allow_null=True)
    may_be_empty = serializers.BooleanField()
    meaning = serializers.CharField()
    example = serializers.CharField(allow_blank=True)


class DatasetBody(serializers.Serializer[Any]):
    """A data set: what its rows are, what narrows it, and its columns in file order."""

    key = serializers.CharField()
    title = InBothBody()
    family = serializers.CharField()
    scope = serializers.CharField()
    range_rule = serializers.CharField()
    needs_range = serializers.BooleanField()
    filters = FilterBody(many=True)
    has_contact_fields = serializers.BooleanField(help_text="One more column for each of the workspace's own fields.")
    columns = ExportColumnBody(many=True)


class CatalogueBody(serializers.Serializer[Any]):
    items = DatasetBody(many=True)
