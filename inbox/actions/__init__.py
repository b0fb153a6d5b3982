"""Every use case of the inbox: the table of contents of this app's writes."""

from inbox.actions.assigning import assign_contact
from inbox.actions.behaviour import change_inbox_settings
from inbox.actions.broadcasts import add_broadcast
from inbox.actions.bulk import (
    assign_conversations,
    close_conversations,
    read_conversations,
    snooze_conversations,
    tag_conversations,
)
from inbox.actions.channels import (
    change_channel,
    connect_channel,
    delete_channel,
    disconnect_channel,
    reconnect_channel,
    repair_channel,
    rotate_channel_secret,
)
from inbox.actions.closing import (
    close_conversation,
    open_conversation,
    resolve_quiet_conversations,
    set_conversation_status,
)
from inbox.actions.closing_notes import (
    add_closing_category,
    change_closing_category,
    delete_closing_category,
    move_closing_category,
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
from inbox.actions.files import add_to_library, delete_file, rename_file
from inbox.actions.intake import scope_of_token, store_delivery, take_in
from inbox.actions.leaving import member_left
from inbox.actions.locking import end_unseen_locks, keep_lock, release_lock, take_lock
from inbox.actions.message_statuses import report_status
from inbox.actions.message_tags import add_message_tag, change_message_tag
from inbox.actions.receiving import receive_message
from inbox.actions.sending import send_again, send_message, take_back_message
from inbox.actions.snippets import add_snippet, change_snippet, delete_snippet, import_snippets
from inbox.actions.snoozing import cancel_snooze, end_snoozes, snooze_conversation
from inbox.actions.stray_files import delete_stray_files
from inbox.actions.surveys import answer_survey, score_survey
from inbox.actions.sweeping import sweep_deliveries
from inbox.actions.telling import see_thread_news
from inbox.actions.topic_list import add_topic, change_topic
from inbox.actions.topics import put_topics, remove_topic, set_language, tag_message, untag_message
from inbox.actions.virtual_agent_answers import answer_as_virtual_agent, delegate_conversation
from inbox.actions.virtual_agent_runs import end_silent_runs
from inbox.actions.virtual_agents import add_virtual_agent, change_virtual_agent, delete_virtual_agent

__all__ = [
    "ACTIONS_WITHOUT_EVENT",
    "add_broadcast",
    "add_closing_category",
    "add_comment",
    "add_message_tag",
    "add_snippet",
    "add_to_library",
    "add_topic",
    "add_virtual_agent",
    "answer_as_virtual_agent",
    "answer_survey",
    "assign_contact",
    "assign_conversations",
    "block_contact",
    "cancel_snooze",
    "change_channel",
    "change_closing_category",
    "change_inbox_settings",
    "change_message_tag",
    "change_snippet",
    "change_topic",
    "change_virtual_agent",
    "close_conversation",
    "close_conversations",
    "connect_channel",
    "delegate_conversation",
    "delete_channel",
    "delete_closing_category",
    "delete_custom_inbox",
    "delete_file",
    "delete_snippet",
    "delete_stray_files",
    "delete_virtual_agent",
    "deliver_message",
    "discard_dead_letters",
    "disconnect_channel",
    "end_silent_runs",
    "end_snoozes",
    "end_unseen_locks",
    "fetch_attachment",
    "import_snippets",
    "keep_lock",
    "mark_read",
    "mark_unread",
    "member_left",
    "move_closing_category",
    "open_conversation",
    "put_topics",
    "read_conversations",
    "receive_message",
    "reconnect_channel",
    "release_lock",
    "remove_topic",
    "rename_file",
    "repair_channel",
    "replay_dead_letters",
    "report_status",
    "resolve_quiet_conversations",
    "rotate_channel_secret",
    "save_custom_inbox",
    "save_draft",
    "scope_of_token",
    "score_survey",
    "see_thread_news",
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

# What only passes on what another action records.
ACTIONS_WITHOUT_EVENT = {
    "scope_of_token": "reads only",
    "see_thread_news": "what somebody has read concerns nobody else",
    "store_delivery": "what a delivery says is recorded when it is taken in",
    "take_in": "receive_message and report_status record what it finds",
    "deliver_message": "its records are written in delivery_records",
    "sweep_deliveries": "rings for others",
    "delete_stray_files": "bytes that nothing ever spoke of",
    "save_custom_inbox": "a person's own view of what is there",
    "delete_custom_inbox": "likewise",
}
