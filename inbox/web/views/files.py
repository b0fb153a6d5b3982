"""Stored files on their way out: to members by their row, to networks by an address that we signed.

What a file says about itself is believed by no browser: no sniffing, a sandbox around it, and a download unless it is a
picture, sound or film of a known type.
"""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from inbox.file_errors import StoredFileNotFound
from inbox.file_store import file_of_address, open_file
from inbox.file_types import BY_MEDIA_TYPE
from inbox.models import StoredFile
from inbox.queries.files import file_by_id, file_for_reading
from workspaces.ranges import NoSuchPart, Part, asked_span
from workspaces.scope import workspace_scope
from workspaces.web.scoping import actor_of, opens_its_own_scopes

SANDBOX = "sandbox; default-src 'none'; frame-ancestors 'none'"
KEPT_BY_BROWSER = (
    "private, max-age=300"  # a thread shows the same pictures again and again; a right that ends, ends soon
)


@opens_its_own_scopes
@require_safe
def inbox_file(request: HttpRequest, workspace_id: int, file_id: int) -> HttpResponseBase:
    """Answer a file to a member who may see it."""
    with workspace_scope(workspace_id):
        stored = file_for_reading(actor_of(request), file_id)
    return _answer(request, stored)


@require_safe
def file_for_provider(request: HttpRequest, signed: str) -> HttpResponseBase:
    """Answer a file to whoever holds an address that we signed within the last hour."""
    named = file_of_address(signed)
    if named is None:
        raise StoredFileNotFound
    with workspace_scope(named[0]):
        stored = file_by_id(workspace_id=named[0], file_id=named[1])
    if stored is None:
        raise StoredFileNotFound
    return _answer(request, stored)


def _answer(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    response = _body(request, stored)
    known = BY_MEDIA_TYPE.get(stored.media_type)
    is_shown = known is not None and known.is_shown and "download" not in request.GET
    disposition = content_disposition_header(as_attachment=not is_shown, filename=stored.name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = KEPT_BY_BROWSER
    return response


def _body(request: HttpRequest, stored: StoredFile) -> HttpResponseBase:
    try:
        span = asked_span(request.headers.get("Range", ""), size=stored.size_bytes)
    except NoSuchPart:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{stored.size_bytes}"})
    try:
        file = open_file(stored.key)
    except FileNotFoundError:
        return HttpResponse(_("The file is gone from the store."), status=410, content_type="text/plain; charset=utf-8")
    if span is None:
        response = FileResponse(file, content_type=stored.media_type)
        response.headers["Content-Length"] = str(stored.size_bytes)
    else:
        response = FileResponse(Part(file, span), status=206, content_type=stored.media_type)
        response.headers["Content-Length"] = str(span.size)
        response.headers["Content-Range"] = f"bytes {span.first}-{span.last}/{stored.size_bytes}"
    response.headers["Accept-Ranges"] = "bytes"
    return response
