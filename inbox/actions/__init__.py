"""Every use case of the inbox: the table of contents of this app's writes."""

from inbox.actions.assigning import assign_contact
from inbox.actions.bulk import (
    assign_conversations,
    close_conversations,
    read_conversations,
    snooze_conversations,
    tag_conversations,
)
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
from inbox.actions.custom_inboxes import delete_custom_inbox, save_custom_inbox
from inbox.actions.dead_letters import discard_dead_letters, replay_dead_letters
from inbox.actions.delivering import deliver_message
from inbox.actions.fetching import fetch_attachment
from inbox.actions.intake import scope_of_token, store_delivery, take_in
from inbox.actions.locking import end_unseen_locks, keep_lock, release_lock, take_lock
from inbox.actions.message_statuses import report_status
from inbox.actions.receiving import receive_message
from inbox.actions.sending import send_again, send_message, take_back_message
from inbox.actions.snoozing import cancel_snooze, end_snoozes, snooze_conversation
from inbox.actions.sweeping import sweep_deliveries
from inbox.actions.topics import put_topics, remove_topic, set_language, tag_message, untag_message

__all__ = [
    "add_comment",
    "assign_contact",
    "assign_conversations",
    "block_contact",
    "cancel_snooze",
    "close_conversation",
    "close_conversations",
    "delete_custom_inbox",
    "deliver_message",
    "discard_dead_letters",
    "end_snoozes",
    "end_unseen_locks",
    "fetch_attachment",
    "keep_lock",
    "mark_read",
    "mark_unread",
    "open_conversation",
    "put_topics",
    "read_conversations",
    "receive_message",
    "release_lock",
    "remove_topic",
    "replay_dead_letters",
    "report_status",
    "resolve_quiet_conversations",
    "save_custom_inbox",
    "save_draft",
    "scope_of_token",
    "send_again",
    "send_message",
    "set_conversation_status",
    "set_language",
    "snooze_conversation",
    "snooze_conversations",
    "store_delivery",
    "sweep_deliveries",
    "tag_conversations",
    "tag_message",
    "take_back_message",
    "take_in",
    "take_lock",
    "unblock_contact",
    "untag_message",
]
