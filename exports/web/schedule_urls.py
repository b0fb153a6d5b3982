"""Pages about schedules and data sets, and the ways from other pages to the form of exports."""

from django.urls import include, path

from exports.web.views import choosing, datasets, schedule_editing, schedules

SCHEDULES = [
    path("", schedules.export_schedules, name="export_schedules"),
    path("/new", schedule_editing.export_schedule_new, name="export_schedule_new"),
    path("/try", schedule_editing.export_schedule_try, name="export_schedule_try"),
    path("/<int:schedule_id>", schedules.export_schedule, name="export_schedule"),
    path("/<int:schedule_id>/edit", schedule_editing.export_schedule_edit, name="export_schedule_edit"),
    path("/<int:schedule_id>/switch", schedules.export_schedule_switch, name="export_schedule_switch"),
    path("/<int:schedule_id>/delete", schedules.export_schedule_delete, name="export_schedule_delete"),
]

urlpatterns = [
    path("/contacts", choosing.export_contacts, name="export_contacts"),
    path("/datasets", datasets.export_datasets, name="export_datasets"),
    path("/schedules", include(SCHEDULES)),
]
