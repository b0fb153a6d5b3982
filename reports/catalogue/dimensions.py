"""What figures are parted by."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.definitions.filters import Filter
from reports.engine.facts import Dimension, Naming

CHANNEL = Dimension(
    key="channel", title=_("Channel"), naming=Naming.CHANNELS, empty=_("No channel"), filter=Filter.CHANNELS
)
SOURCE = Dimension(key="source", title=_("Source"), naming=Naming.WORDS, empty=_("Unknown"), filter=Filter.SOURCES)
SENDER_TYPE = Dimension(
    key="sender_type", title=_("Source"), naming=Naming.WORDS, empty=_("Unknown"), filter=Filter.SENDER_TYPES
)
DELIVERY = Dimension(key="delivery", title=_("Delivery status"), naming=Naming.WORDS, empty=_("Incoming"))
BROADCAST = Dimension(
    key="broadcast",
    title=_("Broadcast"),
    naming=Naming.BROADCASTS,
    empty=_("No broadcast"),
    filter=Filter.BROADCASTS,
)
ASSIGNMENT_SOURCE = Dimension(
    key="assignment_source",
    title=_("Source"),
    naming=Naming.WORDS,
    empty=_("Unknown"),
    filter=Filter.ASSIGNMENT_SOURCES,
)
ASSIGNED_TO = Dimension(
    key="assigned_to",
    title=_("Assigned to"),
    naming=Naming.PEOPLE,
    empty=_("Nobody (unassigned)"),
    filter=Filter.ASSIGNED_TO,
)
ASSIGNED_BY = Dimension(
    key="assigned_by",
    title=_("Assigned by user"),
    naming=Naming.PEOPLE,
    empty=_("No user"),
    filter=Filter.ASSIGNED_BY,
)
OPENED_CHANNEL = Dimension(
    key="opened_channel",
    title=_("Opened channel"),
    naming=Naming.CHANNELS,
    empty=_("No channel"),
    filter=Filter.CHANNELS,
)
OPENED_SOURCE = Dimension(
    key="opened_source",
    title=_("Opened source"),
    naming=Naming.WORDS,
    empty=_("Unknown"),
    filter=Filter.OPENED_SOURCES,
)
CLOSED_SOURCE = Dimension(
    key="closed_source",
    title=_("Closed source"),
    naming=Naming.WORDS,
    empty=_("Not closed"),
    filter=Filter.CLOSED_SOURCES,
)
CATEGORY = Dimension(
    key="category", title=_("Category"), naming=Naming.TEXT, empty=_("No category"), filter=Filter.CATEGORIES
)
CLOSED_BY_USER = Dimension(
    key="closed_by_user",
    title=pgettext_lazy("column", "Closed by user"),
    naming=Naming.PEOPLE,
    empty=_("No user"),
    filter=Filter.CLOSED_USERS,
)
CLOSED_BY_TEAM = Dimension(
    key="closed_by_team",
    title=pgettext_lazy("column", "Closed by team"),
    naming=Naming.TEAMS,
    empty=_("No team"),
    filter=Filter.CLOSED_TEAMS,
)
FIRST_ASSIGNEE = Dimension(
    key="first_assignee",
    title=_("First assignee"),
    naming=Naming.PEOPLE,
    empty=_("Not assigned"),
    filter=Filter.FIRST_ASSIGNEES,
)
LAST_ASSIGNEE = Dimension(
    key="last_assignee",
    title=_("Last assignee"),
    naming=Naming.PEOPLE,
    empty=_("Not assigned"),
    filter=Filter.LAST_ASSIGNEES,
)
FIRST_RESPONDER = Dimension(
    key="first_responder",
    title=_("First response by"),
    naming=Naming.PEOPLE,
    empty=_("No response"),
    filter=Filter.FIRST_RESPONDERS,
)
CONTACT_TYPE = Dimension(
    key="contact_type",
    title=_("Contact type"),
    naming=Naming.WORDS,
    empty=_("Unknown"),
    filter=Filter.CONTACT_TYPES,
)
USER = Dimension(key="user", title=_("User"), naming=Naming.PEOPLE, empty=_("No user"), filter=Filter.USERS)
TEAM = Dimension(key="team", title=_("Team"), naming=Naming.TEAMS, empty=_("No team"), filter=Filter.TEAMS)
