from django.urls import path

from imports.api import views

urlpatterns = [
    path("import", views.Imports.as_view(), name="api_imports"),
    path("import/<int:import_id>", views.OneImport.as_view(), name="api_import"),
    path("import/<int:import_id>/mapping", views.ImportMapping.as_view(), name="api_import_mapping"),
    path("import/<int:import_id>/commit", views.ImportCommit.as_view(), name="api_import_commit"),
    path("import/<int:import_id>/cancel", views.ImportCancel.as_view(), name="api_import_cancel"),
    path("import/<int:import_id>/undo", views.ImportUndo.as_view(), name="api_import_undo"),
    path("import/<int:import_id>/undo.csv", views.ImportUndoFile.as_view(), name="api_import_undo_file"),
    path("import/<int:import_id>/errors.csv", views.ImportErrors.as_view(), name="api_import_errors"),
    path("import/<int:import_id>/result.csv", views.ImportResult.as_view(), name="api_import_result"),
]
