"""Conversations as rows that are counted: those opened and those closed, with all that narrows and parts them.

A conversation counts as closed while it is: one that was opened again leaves the figures until it is closed again. Who and
what it names are columns of its own row, so that people and contacts who are gone stay in the figures of the past.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.definitions.conversations import ASSIGNEE
from reports.definitions.filters import Filter
from reports.definitions.working_time import working_milliseconds
from reports.engine.blocks import Cell, Column
from reports.engine.facts import Fact

CONTACT_TYPE = "CASE WHEN c.is_returning THEN 'returning' ELSE 'new' END"

OPENED = Fact(
    key="conversations_opened",
    source="inbox_conversation c",
    workspace="c.workspace_id",
    id="c.id",
    moment="c.opened_at",
    contact="c.contact_id",
    is_covered=True,
    filters={
        Filter.CHANNELS: "c.opened_channel_id",
        Filter.OPENED_SOURCES: "c.opened_by_source",
        Filter.CLOSED_SOURCES: "c.closed_by_source",
        Filter.CATEGORIES: "c.closed_category",
        Filter.FIRST_ASSIGNEES: "c.first_assignee_id",
        Filter.LAST_ASSIGNEES: "c.last_assignee_id",
        Filter.FIRST_RESPONDERS: "c.first_response_by_id",
        Filter.CLOSED_TEAMS: "c.closed_by_team_id",
        Filter.CLOSED_USERS: "c.closed_by_id",
        Filter.CONTACT_TYPES: CONTACT_TYPE,
        Filter.CONTACTS: "c.contact_id",
        Filter.CONVERSATIONS: "c.id",
    },
    dimensions={
        "opened_channel": "c.opened_channel_id",
        "opened_source": "c.opened_by_source",
        "closed_source": "c.closed_by_source",
        "category": "c.closed_category",
        "closed_by_user": "c.closed_by_id",
        "closed_by_team": "c.closed_by_team_id",
        "first_assignee": "c.first_assignee_id",
        "last_assignee": "c.last_assignee_id",
        "first_responder": "c.first_response_by_id",
        "contact_type": CONTACT_TYPE,
    },
)
# Only what is closed now has the moment, so that no condition on the status is needed.
CLOSED = replace(OPENED, key="conversations_closed", moment="c.closed_at")

# The order in which filters are offered, the same on all three reports.
FILTERS = (
    Filter.CHANNELS,
    Filter.OPENED_SOURCES,
    Filter.CLOSED_SOURCES,
    Filter.CATEGORIES,
    Filter.CLOSED_USERS,
    Filter.CLOSED_TEAMS,
    Filter.FIRST_ASSIGNEES,
    Filter.LAST_ASSIGNEES,
    Filter.FIRST_RESPONDERS,
    Filter.CONTACT_TYPES,
    Filter.CONTACTS,
    Filter.CONVERSATIONS,
)

# Working time is that of each response: it cannot be told from the sum that a conversation keeps. A sum of numerics adds up the
# same in any order.
WORKING_RESPONSE = f"sum({working_milliseconds('r.from_at', 'r.to_at')}::numeric)"
CLOSED_WITH_RESPONSES = replace(
    CLOSED,
    key="conversations_closed_with_responses",
    source=f"""inbox_conversation c JOIN (
        SELECT r.conversation_id, {WORKING_RESPONSE} AS working_ms
          FROM inbox_response r
         WHERE r.workspace_id = %(workspace_id)s AND r.closed_at >= %(range_from)s AND r.closed_at < %(range_to)s
         GROUP BY r.conversation_id) w ON w.conversation_id = c.id""",  # noqa: S608 - fixed text, values are parameters
)
WORKING_RESPONSES_OF_ONE = (
    f"(SELECT {WORKING_RESPONSE} FROM inbox_response r"  # noqa: S608 - fixed text
    " WHERE r.workspace_id = c.workspace_id AND r.conversation_id = c.id)"
)

CONVERSATION_ID = Column(key="conversation_id", title=_("Conversation ID"), cell=Cell.CONVERSATION, sql="c.id")
CONTACT_ID = Column(key="contact_id", title=_("Contact ID"), cell=Cell.CONTACT, sql="c.contact_id")
CONTACT_NAME = Column(key="contact_name", title=_("Contact name"), cell=Cell.CONTACT_NAME)
NAMED = (CONVERSATION_ID, CONTACT_ID, CONTACT_NAME)
OPENED_AT = Column(key="opened_at", title=_("Opened at"), cell=Cell.MOMENT, sql="c.opened_at")
CLOSED_AT = Column(key="closed_at", title=_("Closed at"), cell=Cell.MOMENT, sql="c.closed_at")
OPENED_SOURCE = Column(key="opened_source", title=_("Opened source"), cell=Cell.WORD, sql="c.opened_by_source")
CLOSED_SOURCE = Column(key="closed_source", title=_("Closed source"), cell=Cell.WORD, sql="c.closed_by_source")
OPENED_CHANNEL = Column(key="opened_channel", title=_("Opened channel"), cell=Cell.CHANNEL, sql="c.opened_channel_id")
ASSIGNED_TO = Column(key="assignee", title=_("Assignee"), cell=Cell.PERSON, sql=ASSIGNEE)
FIRST_ASSIGNEE = Column(key="first_assignee", title=_("First assignee"), cell=Cell.PERSON, sql="c.first_assignee_id")
LAST_ASSIGNEE = Column(key="last_assignee", title=_("Last assignee"), cell=Cell.PERSON, sql="c.last_assignee_id")
FIRST_RESPONDER = Column(
    key="first_responder", title=_("First response by"), cell=Cell.PERSON, sql="c.first_response_by_id"
)
CATEGORY = Column(key="category", title=_("Category"), cell=Cell.TEXT, sql="c.closed_category")
CLOSED_BY = Column(key="closed_by_user", title=_("Closed by"), cell=Cell.PERSON, sql="c.closed_by_id")
CLOSED_BY_TEAM = Column(
    key="closed_by_team", title=pgettext_lazy("column", "Closed by team"), cell=Cell.TEAM, sql="c.closed_by_team_id"
)
TYPE_OF_CONTACT = Column(key="contact_type", title=_("Contact type"), cell=Cell.WORD, sql=CONTACT_TYPE)
MESSAGES = (
    Column(key="incoming_messages", title=_("Incoming messages"), cell=Cell.NUMBER, sql="c.incoming_count"),
    Column(key="outgoing_messages", title=_("Outgoing messages"), cell=Cell.NUMBER, sql="c.outgoing_count"),
)
