from django.urls import include, path

from inbox.web.views import bulk, custom, listing, searching

IN_VIEW = [
    path("", listing.inbox_view, name="inbox_view"),
    path("/rows", listing.inbox_rows, name="inbox_rows"),
    path("/bulk", bulk.inbox_bulk, name="inbox_bulk"),
    path("/c/<int:contact_id>", listing.inbox_thread_in, name="inbox_thread_in"),
]

urlpatterns = [
    path("w/<int:workspace_id>/inbox", listing.inbox, name="inbox"),
    path("w/<int:workspace_id>/inbox/nav", listing.inbox_nav, name="inbox_nav"),
    path("w/<int:workspace_id>/inbox/search", searching.inbox_search, name="inbox_search"),
    path("w/<int:workspace_id>/inbox/c/<int:contact_id>", listing.inbox_thread, name="inbox_thread"),
    path("w/<int:workspace_id>/c/<int:conversation_id>", listing.inbox_conversation, name="inbox_conversation"),
    path("w/<int:workspace_id>/inbox/saved/new", custom.custom_inbox_new, name="custom_inbox_new"),
    path("w/<int:workspace_id>/inbox/saved/<int:inbox_id>", custom.custom_inbox_edit, name="custom_inbox_edit"),
    path(
        "w/<int:workspace_id>/inbox/saved/<int:inbox_id>/delete",
        custom.custom_inbox_delete,
        name="custom_inbox_delete",
    ),
    path("w/<int:workspace_id>/inbox/v/<slug:view>", include(IN_VIEW)),
    path("", include("inbox.web.thread_urls")),
]
