"""What can narrow files and reports."""

from enum import StrEnum


class Filter(StrEnum):
    """What can narrow a data set beside its range. The values are the public API's and the names of SQL parameters."""

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
