"""Every route of the public API, below /v2."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from workspaces.api.base import UnknownAddress
from workspaces.api.docs import OpenApiDocument, api_docs

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", OpenApiDocument.as_view(), name="api_document"),
    path("docs", api_docs, name="api_docs"),
    path("", include("inbox.api.urls")),
    path("", include("contacts.api.urls")),
    path("", include("imports.api.urls")),
    path("", include("exports.api.urls")),
    path("", include("reports.api.urls")),
    re_path(r"^.*$", UnknownAddress.as_view(), name="api_unknown"),
]
