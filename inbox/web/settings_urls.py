"""Settings of the inbox."""

from django.urls import include, path

from inbox.web.views import (
    settings_channel_setup,
    settings_channels,
    settings_dead_letters,
    settings_files,
    settings_helpers,
    settings_labels,
    settings_lists,
    settings_snippets,
)

CHANNELS = [
    path("", settings_channels.settings_channels, name="settings_channels"),
    path("/new", settings_channel_setup.settings_channel_new, name="settings_channel_new"),
    path("/<int:channel_id>", settings_channels.settings_channel, name="settings_channel"),
    path("/<int:channel_id>/edit", settings_channel_setup.settings_channel_edit, name="settings_channel_edit"),
    path("/<int:channel_id>/repair", settings_channel_setup.settings_channel_repair, name="settings_channel_repair"),
    path(
        "/<int:channel_id>/reconnect",
        settings_channel_setup.settings_channel_reconnect,
        name="settings_channel_reconnect",
    ),
    path("/<int:channel_id>/rotate", settings_channels.settings_channel_rotate, name="settings_channel_rotate"),
    path(
        "/<int:channel_id>/disconnect",
        settings_channels.settings_channel_disconnect,
        name="settings_channel_disconnect",
    ),
    path("/<int:channel_id>/delete", settings_channels.settings_channel_delete, name="settings_channel_delete"),
]

DEAD_LETTERS = [
    path("", settings_dead_letters.settings_dead_letters, name="settings_dead_letters"),
    path("/replay", settings_dead_letters.settings_dead_letters_replay, name="settings_dead_letters_replay"),
    path("/discard", settings_dead_letters.settings_dead_letters_discard, name="settings_dead_letters_discard"),
]

CLOSING = [
    path("", settings_lists.settings_closing, name="settings_closing"),
    path("/new", settings_lists.settings_category_new, name="settings_category_new"),
    path("/<int:category_id>", settings_lists.settings_category_edit, name="settings_category_edit"),
    path("/<int:category_id>/delete", settings_lists.settings_category_delete, name="settings_category_delete"),
    path("/<int:category_id>/move", settings_lists.settings_category_move, name="settings_category_move"),
]

TOPICS = [
    path("", settings_labels.settings_topics, name="settings_topics"),
    path("/new", settings_labels.settings_topic_new, name="settings_topic_new"),
    path("/<int:topic_id>", settings_labels.settings_topic_edit, name="settings_topic_edit"),
    path("/<int:topic_id>/switch", settings_labels.settings_topic_switch, name="settings_topic_switch"),
]

MESSAGE_TAGS = [
    path("", settings_labels.settings_message_tags, name="settings_message_tags"),
    path("/new", settings_labels.settings_message_tag_new, name="settings_message_tag_new"),
    path("/<int:message_tag_id>", settings_labels.settings_message_tag_edit, name="settings_message_tag_edit"),
    path(
        "/<int:message_tag_id>/switch", settings_labels.settings_message_tag_switch, name="settings_message_tag_switch"
    ),
]

VIRTUAL_AGENTS = [
    path("", settings_helpers.settings_virtual_agents, name="settings_virtual_agents"),
    path("/new", settings_helpers.settings_virtual_agent_new, name="settings_virtual_agent_new"),
    path("/<int:virtual_agent_id>", settings_helpers.settings_virtual_agent_edit, name="settings_virtual_agent_edit"),
    path(
        "/<int:virtual_agent_id>/switch",
        settings_helpers.settings_virtual_agent_switch,
        name="settings_virtual_agent_switch",
    ),
    path(
        "/<int:virtual_agent_id>/delete",
        settings_helpers.settings_virtual_agent_delete,
        name="settings_virtual_agent_delete",
    ),
]

SNIPPETS = [
    path("", settings_snippets.settings_snippets, name="settings_snippets"),
    path("/new", settings_snippets.settings_snippet_new, name="settings_snippet_new"),
    path("/import", settings_snippets.settings_snippets_import, name="settings_snippets_import"),
    path("/<int:snippet_id>", settings_snippets.settings_snippet_edit, name="settings_snippet_edit"),
    path("/<int:snippet_id>/delete", settings_snippets.settings_snippet_delete, name="settings_snippet_delete"),
]

FILES = [
    path("", settings_files.settings_files, name="settings_files"),
    path("/new", settings_files.settings_file_new, name="settings_file_new"),
    path("/<int:file_id>", settings_files.settings_file_edit, name="settings_file_edit"),
    path("/<int:file_id>/delete", settings_files.settings_file_delete, name="settings_file_delete"),
]

urlpatterns = [
    path("w/<int:workspace_id>/settings/channels", include(CHANNELS)),
    path("w/<int:workspace_id>/settings/dead-letters", include(DEAD_LETTERS)),
    path("w/<int:workspace_id>/settings/closing-notes", include(CLOSING)),
    path("w/<int:workspace_id>/settings/topics", include(TOPICS)),
    path("w/<int:workspace_id>/settings/message-tags", include(MESSAGE_TAGS)),
    path("w/<int:workspace_id>/settings/snippets", include(SNIPPETS)),
    path("w/<int:workspace_id>/settings/files", include(FILES)),
    path("w/<int:workspace_id>/settings/virtual-agents", include(VIRTUAL_AGENTS)),
    path("w/<int:workspace_id>/settings/survey", settings_helpers.settings_survey, name="settings_survey"),
    path("w/<int:workspace_id>/settings/inbox", settings_lists.settings_behaviour, name="settings_behaviour"),
]
