"""Files to take away: a sample, the rows with errors, the result."""

from collections.abc import Callable

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.queries import contact_fields
from imports import queries
from imports.csv_files import byte_order_mark
from imports.errors import ResultExpired
from imports.files import open_stored
from imports.queries import StoredFile
from imports.web.sampling import sample_file
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope
from workspaces.web.scoping import actor_of, opens_its_own_scopes

CSV = "text/csv; charset=utf-8"


@require_safe
def import_sample(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Answer a small file that can be imported as it is."""
    actor = actor_of(request)
    actor.require(Permission.IMPORT_RUN)
    text = sample_file(contact_fields(actor))
    # Spreadsheets take a file without the mark for one in the machine's own encoding.
    response = HttpResponse(byte_order_mark("utf-8") + text.encode(), content_type=CSV)
    disposition = content_disposition_header(as_attachment=True, filename=_("sample-contacts") + ".csv")
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


@opens_its_own_scopes
@require_safe
def import_errors_csv(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponseBase:
    """Answer the rows with errors, each with what is wrong."""
    actor = actor_of(request)
    return _download(request, workspace_id, lambda: queries.error_file(actor, import_id, at=timezone.now()))


@opens_its_own_scopes
@require_safe
def import_result_csv(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponseBase:
    """Answer every row of the file with what became of it."""
    actor = actor_of(request)
    return _download(request, workspace_id, lambda: queries.result_file(actor, import_id, at=timezone.now()))


def _download(request: HttpRequest, workspace_id: int, find: Callable[[], StoredFile]) -> HttpResponseBase:
    try:
        with workspace_scope(workspace_id):
            stored = find()
        file = open_stored(stored.key)
    except (ResultExpired, FileNotFoundError) as gone:
        context = {
            "status": 410,
            "title": _("This file is gone"),
            "message": gone.message if isinstance(gone, ResultExpired) else ResultExpired().message,
            "back_url": reverse("imports", args=[workspace_id]),
            "back_text": _("Back to the imports"),
        }
        return render(request, "workspaces/errors/error.html", context, status=410)
    return FileResponse(file, as_attachment=True, filename=stored.name, content_type="text/csv")
