"""What can narrow files and reports."""

from enum import StrEnum


class Filter(StrEnum):
    """What can narrow a file or a report beside its range. The values are the public API's and the names of SQL parameters."""

    CHANNELS = "channels"
    CONVERSATION_STATES = "conversation_states"
    STATUSES = "statuses"
    ASSIGNEES = "assignees"  # ids of people; 0 stands for nobody
    CONTACT_TAGS = "contact_tags"
    FLOWS = "flows"
    SENDER_TYPES = "sender_types"
    MESSAGE_STATUSES = "message_statuses"
    BROADCASTS = "broadcasts"
    USER_STATUSES = "user_statuses"
    TEAMS = "teams"
    AGENTS = "agents"
    # Of reports only.
    USERS = "users"
    SOURCES = "sources"
    CONTACTS = "contacts"
    CONVERSATIONS = "conversations"
    CONTACT_TYPES = "contact_types"
    OPENED_SOURCES = "opened_sources"
    CLOSED_SOURCES = "closed_sources"
    CLOSED_TEAMS = "closed_teams"
    CLOSED_USERS = "closed_users"
    CATEGORIES = "categories"
    FIRST_ASSIGNEES = "first_assignees"
    LAST_ASSIGNEES = "last_assignees"
    FIRST_RESPONDERS = "first_responders"
    ASSIGNED_TO = "assigned_to"  # 0 stands for nobody
    ASSIGNED_BY = "assigned_by"
    ASSIGNMENT_SOURCES = "assignment_sources"


# Those whose values are ids of rows; the others' are words.
ID_FILTERS = frozenset(
    {
        Filter.CHANNELS,
        Filter.ASSIGNEES,
        Filter.CONTACT_TAGS,
        Filter.BROADCASTS,
        Filter.TEAMS,
        Filter.AGENTS,
        Filter.USERS,
        Filter.CONTACTS,
        Filter.CONVERSATIONS,
        Filter.CLOSED_TEAMS,
        Filter.CLOSED_USERS,
        Filter.FIRST_ASSIGNEES,
        Filter.LAST_ASSIGNEES,
        Filter.FIRST_RESPONDERS,
        Filter.ASSIGNED_TO,
        Filter.ASSIGNED_BY,
    }
)
