from django.urls import path

from reports.web.views import dashboard

urlpatterns = [
    path("w/<int:workspace_id>/dashboard", dashboard.dashboard, name="dashboard"),
    path("w/<int:workspace_id>/dashboard/now", dashboard.dashboard_now, name="dashboard_now"),
]
