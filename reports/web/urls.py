"""The pages of reports."""

from django.urls import include, path

from reports.web.views import blocks, logs, pages

REPORTS = [
    path("", pages.reports, name="reports"),
    path("/contacts-found", pages.report_contacts, name="report_contacts"),
    path("/<str:report>", pages.report_page, name="report"),
    path("/<str:report>/block/<str:block>.csv", blocks.report_block_csv, name="report_block_csv"),
    path("/<str:report>/block/<str:block>", blocks.report_block, name="report_block"),
    path("/<str:report>/log/<str:log>.csv", logs.report_log_csv, name="report_log_csv"),
    path("/<str:report>/log/<str:log>", logs.report_log, name="report_log"),
]

urlpatterns = [path("w/<int:workspace_id>/reports", include(REPORTS))]
