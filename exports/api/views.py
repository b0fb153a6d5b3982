"""/v2/export…: data sets, and files of them."""

from collections.abc import Mapping

from django.http.response import HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from exports import actions, queries
from exports.access import require_export
from exports.actions import ExportRequest
from exports.api import serializers as wire
from exports.api.shapes import dataset_bodies, export_body, moment_text
from exports.downloads import file_answer, is_first_part
from exports.errors import AlreadyRunning, Pausing, WrongState
from exports.models import Format
from exports.queries import StoredFile
from workspaces.api.base import ApiView
from workspaces.api.pagination import asked_page, list_answer, page_of
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of
from workspaces.errors import DomainError
from workspaces.scope import workspace_scope

TAG = "export"
FILE = {(200, "application/octet-stream"): OpenApiTypes.BINARY, (206, "application/octet-stream"): OpenApiTypes.BINARY}


class ExportView(ApiView):
    """What the routes about exports share."""

    def extra_members(self, refusal: DomainError) -> Mapping[str, object]:
        """Name the export that is in the way, the state that does not allow the act, and when to ask again."""
        if isinstance(refusal, AlreadyRunning):
            return {"running": refusal.running_id}
        if isinstance(refusal, Pausing):
            return {"not_before": moment_text(refusal.not_before)}
        if isinstance(refusal, WrongState):
            return {"state": refusal.facts["state"]}
        return {}


class Datasets(ExportView):
    @documented("listDatasets", "List the data sets with their columns", response=wire.CatalogueBody, tag=TAG)
    def get(self, request: Request) -> Response:
        require_export(self.actor)
        return Response({"items": dataset_bodies()})


class Exports(ExportView):
    @documented(
        "listExports", "List exports, newest first", response=list_of(wire.ExportBody, name="ExportList"), errors=(400,),
        parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        page = page_of(queries.all_exports(self.actor), asked_page(request), newest_first=True)
        return list_answer(request, [export_body(row) for row in page.rows], page)

    @documented(
        "requestExport", "Ask for a file", request=wire.ExportInput, response=wire.ExportBody, status=202, errors=(409,),
        sends={"dataset": "messages", "from": "2026-10-01", "to": "2026-10-31"}, answers=wire.EXAMPLE_EXPORT,
        repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        body = wire.ExportInput(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        filters = dict(given.get("filters", {}))
        if given.get("channels"):
            filters["channels"] = given["channels"]
        asked = ExportRequest(
            dataset=given["dataset"],
            from_day=given.get("from"),
            to_day=given.get("to"),
            time_zone=given.get("timezone", ""),
            filters=filters,
            header_language=given.get("headers", "en"),
            for_excel=given.get("excel", False),
            format=given.get("format", Format.CSV.value),
            is_gzipped=given.get("gzip", False),
            contacts=given.get("contacts"),
        )
        row = actions.request_export(actor=self.actor, request=asked, at=timezone.now())
        return Response(export_body(row), status=202)


class OneExport(ExportView):
    @documented(
        "getExport", "Get an export", response=wire.ExportBody, errors=(404,), answers=wire.EXAMPLE_EXPORT, tag=TAG
    )
    def get(self, request: Request, export_id: int) -> Response:
        return Response(export_body(queries.export_for_page(self.actor, export_id)))


class CancelExport(ExportView):
    @documented(
        "cancelExport", "End an export that waits or runs", response=wire.ExportBody, errors=(404, 409), repeatable=True,
        tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, export_id: int) -> Response:
        return Response(export_body(actions.cancel_export(actor=self.actor, export_id=export_id, at=timezone.now())))


class DownloadExport(ExportView):
    """The file out of the store, outside any scope; right, workspace and time are checked each time."""

    opens_its_own_scopes = True

    @documented(
        "downloadExport", "Download the file, whole or in part", response=FILE, errors=(404, 410),
        parameters=[OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=first-last")], tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, export_id: int) -> HttpResponseBase:
        def find() -> StoredFile:
            with workspace_scope(self.actor.workspace_id):
                return actions.begin_download(
                    actor=self.actor,
                    export_id=export_id,
                    is_first_part=is_first_part(request._request),  # noqa: SLF001 - the plain request
                    at=timezone.now(),
                )

        return file_answer(request._request, find)  # noqa: SLF001
