"""Handing a file out: whole or in part, resumed where it broke off, never kept by a cache."""

import base64
from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from exports.errors import FileExpired
from exports.files import open_stored
from exports.queries import StoredFile
from workspaces.ranges import NoSuchPart, Part, Span, asked_span


def is_first_part(request: HttpRequest) -> bool:
    """Tell whether a request begins a download, rather than going on with one."""
    asked = request.headers.get("Range", "").replace(" ", "")
    return request.method == "GET" and (not asked or asked.startswith("bytes=0-"))


def file_answer(request: HttpRequest, find: Callable[[], StoredFile]) -> HttpResponseBase:
    """Answer the file that `find` returns after its checks; outside any scope, since the store is reached.

    A part is only answered while the file is the one whose first part was: If-Range carries its checksum.
    """
    stored = find()
    entity_tag = f'"{stored.sha256}"'
    headers: dict[str, str] = {
        "Accept-Ranges": "bytes",
        "ETag": entity_tag,
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Repr-Digest": f"sha-256=:{_base64(stored.sha256)}:",
    }
    try:
        span = _span(request, stored, entity_tag)
    except NoSuchPart:
        return HttpResponse(status=416, headers={**headers, "Content-Range": f"bytes */{stored.size_bytes}"})
    if request.method == "HEAD":
        return HttpResponse(
            content_type=stored.media_type, headers={**headers, "Content-Length": str(stored.size_bytes)}
        )
    try:
        file: Any = open_stored(stored.key)
    except FileNotFoundError:
        raise FileExpired from None
    if span is not None:
        headers["Content-Range"] = f"bytes {span.first}-{span.last}/{stored.size_bytes}"
    headers["Content-Length"] = str(span.size if span is not None else stored.size_bytes)
    return FileResponse(
        Part(file, span) if span is not None else file,
        as_attachment=True,
        filename=stored.name,
        content_type=stored.media_type,
        status=206 if span is not None else 200,
        headers=headers,
    )


def _span(request: HttpRequest, stored: StoredFile, entity_tag: str) -> Span | None:
    asked = request.headers.get("Range", "")
    if_range = request.headers.get("If-Range", "")
    if not asked or (if_range and if_range != entity_tag):
        return None
    return asked_span(asked, size=stored.size_bytes)


def _base64(hexadecimal: str) -> str:
    return base64.b64encode(bytes.fromhex(hexadecimal)).decode()
