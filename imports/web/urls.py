"""The pages of contact imports, below the workspace's settings."""

from django.urls import include, path

from imports.web.views import downloading, listing, mapping, reviewing, running, undoing, uploading

IMPORTS = [
    path("", listing.imports, name="imports"),
    path("/new", uploading.import_new, name="import_new"),
    path("/sample", downloading.import_sample, name="import_sample"),
    path("/<int:import_id>", listing.import_, name="import"),
    path("/<int:import_id>/map", mapping.import_map, name="import_map"),
    path("/<int:import_id>/read", mapping.import_read, name="import_read"),
    path("/<int:import_id>/back", mapping.import_back, name="import_back"),
    path("/<int:import_id>/checking", running.import_checking, name="import_checking"),
    path("/<int:import_id>/review", reviewing.import_review, name="import_review"),
    path("/<int:import_id>/rows", reviewing.import_error_rows, name="import_error_rows"),
    path("/<int:import_id>/commit", reviewing.import_commit, name="import_commit"),
    path("/<int:import_id>/running", running.import_running, name="import_running"),
    path("/<int:import_id>/progress", running.import_progress, name="import_progress"),
    path("/<int:import_id>/result", running.import_done, name="import_done"),
    path("/<int:import_id>/cancel", running.import_cancel, name="import_cancel"),
    path("/<int:import_id>/undo", undoing.import_undo, name="import_undo"),
    path("/<int:import_id>/kept", undoing.import_kept, name="import_kept"),
    path("/<int:import_id>/undo.csv", undoing.import_undo_csv, name="import_undo_csv"),
    path("/<int:import_id>/errors.csv", downloading.import_errors_csv, name="import_errors_csv"),
    path("/<int:import_id>/result.csv", downloading.import_result_csv, name="import_result_csv"),
]

urlpatterns = [path("w/<int:workspace_id>/settings/imports", include(IMPORTS))]
