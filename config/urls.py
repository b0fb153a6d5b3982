from django.urls import include, path

from config import health
from workspaces.api.base import UnknownAddress

handler400 = "workspaces.web.errors.bad_request"
handler403 = "workspaces.web.errors.forbidden"
handler404 = "workspaces.web.errors.not_found"
handler500 = "workspaces.web.errors.server_error"

urlpatterns = [
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("v2/", include("config.api_urls")),
    path("v2", UnknownAddress.as_view(), name="api_unknown"),
    path("widget/", include("inbox.widget.urls")),
    path("", include("inbox.api.custom_urls")),
    path("", include("inbox.web.survey_urls")),
    path("", include("workspaces.web.urls")),
    path("", include("contacts.web.urls")),
    path("", include("inbox.web.files_urls")),
    path("", include("inbox.web.settings_urls")),
    path("", include("inbox.web.urls")),
    path("", include("reports.web.dashboard_urls")),
    path("", include("reports.web.urls")),
    path("", include("imports.web.urls")),
    path("", include("exports.web.urls")),
]
