"""The pages of data exports, below the workspace's settings."""

from django.urls import include, path

from exports.web.views import following, requesting

EXPORTS = [
    path("", requesting.exports, name="exports"),
    path("/button", requesting.export_button, name="export_button"),
    path("/<int:export_id>", following.export_, name="export"),
    path("/<int:export_id>/progress", following.export_progress, name="export_progress"),
    path("/<int:export_id>/cancel", following.export_cancel, name="export_cancel"),
    path("/<int:export_id>/download", following.export_download, name="export_download"),
]

urlpatterns = [
    path("w/<int:workspace_id>/settings/exports", include(EXPORTS)),
    path("w/<int:workspace_id>/settings/exports", include("exports.web.schedule_urls")),
]
