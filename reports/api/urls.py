from django.urls import path

from reports.api import views

urlpatterns = [
    path("report", views.Reports.as_view(), name="api_reports"),
    path("report/<str:report>", views.OneReport.as_view(), name="api_report"),
    path("report/<str:report>/log/<str:log>", views.ReportLog.as_view(), name="api_report_log"),
]
