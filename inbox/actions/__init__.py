"""Every use case of the inbox: the table of contents of this app's writes."""

from inbox.actions.assigning import assign_contact
from inbox.actions.closing import (
    close_conversation,
    open_conversation,
    resolve_quiet_conversations,
    set_conversation_status,
)
from inbox.actions.commenting import (
    add_comment,
    block_contact,
    mark_read,
    mark_unread,
    save_draft,
    unblock_contact,
)
from inbox.actions.locking import end_unseen_locks, keep_lock, release_lock, take_lock
from inbox.actions.message_statuses import report_status
from inbox.actions.receiving import receive_message
from inbox.actions.sending import send_again, send_message, take_back_message
from inbox.actions.snoozing import cancel_snooze, end_snoozes, snooze_conversation
from inbox.actions.topics import put_topics, remove_topic, set_language, tag_message, untag_message

__all__ = [
    "add_comment",
    "assign_contact",
    "block_contact",
    "cancel_snooze",
    "close_conversation",
    "end_snoozes",
    "end_unseen_locks",
    "keep_lock",
    "mark_read",
    "mark_unread",
    "open_conversation",
    "put_topics",
    "receive_message",
    "release_lock",
    "remove_topic",
    "report_status",
    "resolve_quiet_conversations",
    "save_draft",
    "send_again",
    "send_message",
    "set_conversation_status",
    "set_language",
    "snooze_conversation",
    "tag_message",
    "take_back_message",
    "take_lock",
    "unblock_contact",
    "untag_message",
]
