from django.urls import path

from inbox.web.views import files

urlpatterns = [
    path("w/<int:workspace_id>/files/<int:file_id>", files.inbox_file, name="inbox_file"),
    path("files/<str:signed>", files.file_for_provider, name="file_for_provider"),
]
