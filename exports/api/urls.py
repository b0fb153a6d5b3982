from django.urls import path

from exports.api import views

urlpatterns = [
    path("export", views.Exports.as_view(), name="api_exports"),
    path("export/datasets", views.Datasets.as_view(), name="api_export_datasets"),
    path("export/<int:export_id>", views.OneExport.as_view(), name="api_export"),
    path("export/<int:export_id>/cancel", views.CancelExport.as_view(), name="api_export_cancel"),
    path("export/<int:export_id>/download", views.DownloadExport.as_view(), name="api_export_download"),
]
