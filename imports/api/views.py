"""/v2/import…: the wizard of the pages, by script."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from imports import actions, queries
from imports.actions import ColumnChoice, ImportRequest, NewField
from imports.api import serializers as wire
from imports.api.shapes import import_bodies
from imports.errors import AlreadyRunning, ResultExpired, TagsNotValid, UploadMissing, WrongState
from imports.files import open_stored
from imports.models import ContactImport
from imports.queries import StoredFile
from imports.undo_file import undo_file
from imports.uploads import CappedUpload
from workspaces.api import idempotency
from workspaces.api.base import ApiView
from workspaces.api.pagination import asked_page, list_answer, page_of
from workspaces.api.schema import PAGE_PARAMETERS, documented, list_of
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope

TAG = "import"


class ImportView(ApiView):
    """What the routes about imports share."""

    def extra_members(self, refusal: DomainError) -> Mapping[str, object]:
        """Name the import that is in the way, and the state that does not allow the act."""
        if isinstance(refusal, AlreadyRunning):
            return {"running": refusal.running_id, "state": refusal.facts["state"]}
        if isinstance(refusal, WrongState):
            return {"state": refusal.facts["state"]}
        return {}

    def answer(self, row: ContactImport, *, status: int = 200) -> Response:
        """Answer an import as it stands."""
        return Response(import_bodies([row])[0], status=status)


class Imports(ImportView):
    """The list, read in the scope; and the upload, which opens scopes of its own."""

    opens_its_own_scopes = True
    remembers_answers = False
    parser_classes = (MultiPartParser,)  # type: ignore[assignment]  # the base takes JSON

    @documented(
        "listImports", "List imports, newest first", response=list_of(wire.ImportBody, name="ImportList"), errors=(400,),
        parameters=PAGE_PARAMETERS, tag=TAG,
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        asked = asked_page(request)
        with workspace_scope(self.actor.workspace_id):
            page = page_of(queries.all_imports(self.actor), asked, newest_first=True)
            return list_answer(request, import_bodies(page.rows), page)

    @documented(
        "startImport", "Upload a file", request={"multipart/form-data": wire.UploadInput}, response=wire.ImportBody,
        status=201, errors=(409,), answers=wire.EXAMPLE_IMPORT, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request) -> HttpResponseBase:
        self.actor.require(Permission.IMPORT_RUN)  # before a byte of the file is taken in
        plain = request._request  # noqa: SLF001 - handlers are set on the plain request, before its body is read
        plain.upload_handlers = [CappedUpload(plain)]
        form = cast("Mapping[str, Any]", request.data)
        file = form.get("file")
        if not isinstance(file, UploadedFile):
            raise UploadMissing(field="file")
        asked = ImportRequest(
            purpose=str(form.get("purpose", "")),
            identifier=str(form.get("identifier", "")),
            matching=str(form.get("matching") or actions.DEFAULT_MATCHING),
            tags=_tags(str(form.get("tags", ""))),
            encoding=str(form.get("encoding", "")) or None,
            delimiter=str(form.get("delimiter", "")) or None,
        )
        return self.once(_keyed(request, asked, file), lambda: self._start(asked, file))

    def _start(self, asked: ImportRequest, file: "UploadedFile[Any]") -> Response:
        row = actions.start_import(
            actor=self.actor,
            file=cast("BinaryIO", file.file),
            file_name=file.name or "",
            request=asked,
            clock=timezone.now,
        )
        with workspace_scope(self.actor.workspace_id):
            return self.answer(row, status=201)


class OneImport(ImportView):
    @documented(
        "getImport", "Get an import", response=wire.ImportBody, errors=(404,), answers=wire.EXAMPLE_IMPORT, tag=TAG
    )
    def get(self, request: Request, import_id: int) -> Response:
        return self.answer(queries.import_for_page(self.actor, import_id))


class ImportMapping(ImportView):
    @documented(
        "mapImport", "Map columns to fields, and check the rows", request=wire.MappingInput, response=wire.ImportBody,
        errors=(404, 409), sends={"columns": [{"column": "Nombre", "field": "first_name"}]}, answers=wire.EXAMPLE_IMPORT,
        repeatable=True, tag=TAG,
    )  # fmt: skip
    def put(self, request: Request, import_id: int) -> Response:
        body = wire.MappingInput(data=request.data)
        body.is_valid(raise_exception=True)
        columns = [
            ColumnChoice(
                column=column["column"].strip(),
                field=column.get("field"),
                do_not_overwrite=column["do_not_overwrite"],
                new_field=NewField(**column["new_field"]) if column.get("new_field") else None,
            )
            for column in body.validated_data["columns"]
        ]
        row = actions.save_mapping(actor=self.actor, import_id=import_id, columns=columns, at=timezone.now())
        return self.answer(row)


class ImportCommit(ImportView):
    @documented(
        "commitImport", "Write the reviewed plan", response=wire.ImportBody, errors=(404, 409), repeatable=True, tag=TAG
    )
    def post(self, request: Request, import_id: int) -> Response:
        return self.answer(actions.commit_import(actor=self.actor, import_id=import_id, at=timezone.now()))


class ImportCancel(ImportView):
    @documented(
        "cancelImport", "End an import; what was written stays", response=wire.ImportBody, errors=(404, 409),
        repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, import_id: int) -> Response:
        return self.answer(actions.cancel_import(actor=self.actor, import_id=import_id, at=timezone.now()))


class ImportUndo(ImportView):
    @documented(
        "undoImport", "Take an import back", response=wire.ImportBody, errors=(404, 409, 410),
        answers=wire.UNDOING_IMPORT, repeatable=True, tag=TAG,
    )  # fmt: skip
    def post(self, request: Request, import_id: int) -> Response:
        return self.answer(actions.undo_import(actor=self.actor, import_id=import_id, at=timezone.now()))


class _Download(ImportView):
    """A file out of the store, outside any scope; role, workspace and time are checked each time."""

    opens_its_own_scopes = True

    def stream(self, find: Callable[[], StoredFile]) -> HttpResponseBase:
        """Answer the file that a query finds."""
        with workspace_scope(self.actor.workspace_id):
            stored = find()
        try:
            file = open_stored(stored.key)
        except FileNotFoundError:
            raise ResultExpired from None
        return FileResponse(file, as_attachment=True, filename=stored.name, content_type="text/csv")


class ImportErrors(_Download):
    @documented(
        "downloadImportErrors", "Download the rows with errors", response={(200, "text/csv"): OpenApiTypes.BINARY},
        errors=(404, 410), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, import_id: int) -> HttpResponseBase:
        return self.stream(lambda: queries.error_file(self.actor, import_id, at=timezone.now()))


class ImportResult(_Download):
    @documented(
        "downloadImportResult", "Download what became of each row", response={(200, "text/csv"): OpenApiTypes.BINARY},
        errors=(404, 410), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, import_id: int) -> HttpResponseBase:
        return self.stream(lambda: queries.result_file(self.actor, import_id, at=timezone.now()))


class ImportUndoFile(ImportView):
    opens_its_own_scopes = True

    @documented(
        "downloadImportUndo", "Download what undoing left as it is, and why",
        response={(200, "text/csv"): OpenApiTypes.BINARY}, errors=(404,), tag=TAG,
    )  # fmt: skip
    def get(self, request: Request, import_id: int) -> HttpResponseBase:
        file, name = undo_file(self.actor, import_id, is_for_excel=False)
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv")


def _keyed(request: Request, asked: ImportRequest, file: "UploadedFile[Any]") -> idempotency.KeyedRequest | None:
    """Read the Idempotency-Key of an upload. Clients draw a new boundary each time, so what is in the form is compared."""
    header = request.headers.get(idempotency.HEADER)
    if header is None:
        return None
    digest = hashlib.sha256()
    for piece in file.chunks():
        digest.update(piece)
    file.seek(0)
    form = json.dumps([asdict(asked), file.name, digest.hexdigest()])
    address = request.get_full_path()
    return idempotency.keyed_request(header, method="POST", address=address, body=form.encode())


def _tags(text: str) -> list[str]:
    if not text.strip():
        return []
    try:
        tags = json.loads(text)
    except (ValueError, RecursionError):
        tags = None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise TagsNotValid(field="tags", sentence=_('Send the tags as a JSON list: ["newsletter", "2026"].'))
    return tags
