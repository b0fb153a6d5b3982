"""The OpenAPI document, made from the routes, and the page on which people try them."""

import json
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request

from workspaces.api.base import OpenView

RATE_HEADERS = {
    "X-RateLimit-Limit": "Requests a second that this token may send on this method and route.",
    "X-RateLimit-Remaining": "How many of them can be sent now.",
}
RETRY_HEADER = ("Retry-After", "Whole seconds after which to ask again.")


class OpenApiDocument(OpenView):
    """GET /v2/openapi.json"""

    schema = None

    def get(self, _request: Request) -> HttpResponse:
        response = HttpResponse(_document(), content_type="application/json")
        response.headers["Cache-Control"] = "public, max-age=300"
        return response


@require_safe
def api_docs(request: HttpRequest) -> HttpResponse:
    """Show the document as a page; a script of ours starts it, since inline ones are not allowed."""
    return render(request, "workspaces/api_docs.html", {"document_url": reverse("api_document")})


def openapi_document() -> dict[str, Any]:
    """Return the document as data, in English whoever asks."""
    with translation.override("en"):
        document: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    document.setdefault("components", {})["headers"] = {
        name: {"description": text, "schema": {"type": "integer"}}
        for name, text in (*RATE_HEADERS.items(), RETRY_HEADER)
    }
    for operations in document["paths"].values():
        for operation in operations.values():
            operation.pop("description", None)  # the view's docstring, which speaks to whoever reads the code
            for status, response in operation["responses"].items():
                names = [*RATE_HEADERS, *((RETRY_HEADER[0],) if status == "429" else ())]
                response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
    return document


@lru_cache(maxsize=1)
def _document() -> bytes:
    return json.dumps(openapi_document(), ensure_ascii=False).encode()
