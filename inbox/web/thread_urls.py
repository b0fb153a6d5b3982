"""The routes of one contact's thread: its pane, composer, acts, and what the page beside it asks for."""

from django.urls import include, path

from inbox.web.views import composer, contact_pane, conversation_acts, thread

THREAD = [
    path("/since", thread.inbox_since, name="inbox_since"),
    path("/earlier", thread.inbox_earlier, name="inbox_earlier"),
    path("/transcript", thread.inbox_transcript, name="inbox_transcript"),
    path("/pane", contact_pane.inbox_contact_pane, name="inbox_contact_pane"),
    path("/composer", composer.inbox_composer, name="inbox_composer"),
    path("/write", composer.inbox_write, name="inbox_write"),
    path("/draft", composer.inbox_draft, name="inbox_draft"),
    path("/uploads", composer.inbox_upload, name="inbox_upload"),
    path("/snippets", composer.inbox_snippets, name="inbox_snippets"),
    path("/messages/<int:message_id>/undo", composer.inbox_take_back, name="inbox_take_back"),
    path("/messages/<int:message_id>/again", composer.inbox_send_again, name="inbox_send_again"),
    path("/lock", conversation_acts.inbox_lock, name="inbox_lock"),
    path("/assign", conversation_acts.inbox_assign, name="inbox_assign"),
    path("/open", conversation_acts.inbox_open, name="inbox_open"),
    path("/close", conversation_acts.inbox_close, name="inbox_close"),
    path("/status", conversation_acts.inbox_status, name="inbox_status"),
    path("/snooze", conversation_acts.inbox_snooze, name="inbox_snooze"),
    path("/snooze/end", conversation_acts.inbox_snooze_end, name="inbox_snooze_end"),
    path("/unread", conversation_acts.inbox_unread, name="inbox_unread"),
    path("/language", conversation_acts.inbox_language, name="inbox_language"),
    path("/topics", conversation_acts.inbox_topics, name="inbox_topics"),
    path("/block", conversation_acts.inbox_block, name="inbox_block"),
]

urlpatterns = [
    path("w/<int:workspace_id>/inbox/c/<int:contact_id>", include(THREAD)),
    path("", include("inbox.web.mail_urls")),
]
