"""Figures of people and teams, and the logs with their rows: the same on the reports of users and the leaderboard."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from reports.catalogue import conversation_facts as conversations
from reports.catalogue import message_facts as messages
from reports.catalogue import people_facts as facts
from reports.catalogue import resolutions, responses
from reports.catalogue.assignments import ASSIGNMENT_LOG
from reports.engine.blocks import Cell, Column, Log
from reports.engine.facts import Metric, Sort

ASSIGNED = Metric(
    key="assigned",
    title=_("Conversations assigned"),
    hint=_("How often open conversations were assigned to the user."),
    definition=_(
        "How often an open conversation was assigned to the user in the period, by anybody and by their own first reply. One that"
        " comes back to them counts again. It is the number that the assignments report calls “Assigned to users”. The team is the"
        " user's at that moment."
    ),
    fact=facts.ASSIGNED,
    log="assigned",
    colour=1,
)
CLOSED = Metric(
    key="closed",
    title=_("Conversations closed"),
    hint=_("Conversations that the user closed and that are closed now."),
    definition=_(
        "Conversations that the user closed in the period and that are closed now, whosever they were. One that was opened again"
        " leaves this number until it is closed again, and then belongs to whoever does. Those that programs closed are nobody's:"
        " the conversations report counts them too. The team is the user's at that moment."
    ),
    fact=facts.CLOSED,
    log="closed",
    colour=2,
)
CONTACTS_CLOSED = Metric(
    key="contacts_closed",
    title=_("Unique contacts closed"),
    hint=_("Different contacts of the conversations closed."),
    definition=_(
        "Different contacts of the conversations that the user closed in the period. Over several users a contact counts once, so"
        " that the sum of the rows can be larger than the figure. The rows behind it are the conversations."
    ),
    fact=facts.CLOSED,
    sort=Sort.DISTINCT,
    value="c.contact_id",
    log="closed",
    colour=3,
)
MESSAGES_SENT = Metric(
    key="messages_sent",
    title=_("Messages sent"),
    hint=_("Messages that the user wrote in the inbox."),
    definition=_(
        "Messages that the user wrote to contacts in the inbox in the period, in any conversation, closed or not. Failed ones count,"
        " those that were taken back before they were sent do not. It is the number that the messages report calls “Outgoing” for the"
        " user. The team is the user's at that moment."
    ),
    fact=facts.MESSAGES,
    log="messages",
    colour=4,
)
COMMENTS = Metric(
    key="comments",
    title=_("Comments"),
    hint=_("Comments that the user wrote for the team."),
    definition=_(
        "Comments that the user wrote under contacts in the period, those under contacts that were deleted since too."
    ),
    fact=facts.COMMENTS,
    log="comments",
    colour=5,
)
FIRST_RESPONSE = replace(
    responses.FIRST_RESPONSE,
    title=_("Average first response time"),
    hint=_("From opening to the user's response, where it was the first."),
    definition=_(
        "From the moment when a conversation was opened to its first response, on average over the conversations that were closed in"
        " the period, by anybody. It is credited to the user who gave the first response, and to their team of that moment. Over all"
        " users it is the first response time of the responses report."
    ),
    fact=facts.FIRST_RESPONDED,
    log="first_responses",
    colour=1,
)
FIRST_ASSIGNMENT_TO_RESPONSE = replace(
    responses.FIRST_ASSIGNMENT_TO_RESPONSE,
    title=_("Average first assignment to first response time"),
    hint=_("From the first assignment to the user's response, where it was the first."),
    definition=_(
        "From the first assignment of a conversation to a user to its first response, on average over the conversations that were"
        " closed in the period, by anybody. Those that were answered before anybody was assigned do not count. It is credited to the"
        " user who gave the first response, whoever was assigned, and to their team of that moment."
    ),
    fact=facts.FIRST_RESPONDED,
    log="first_responses",
    colour=2,
)
AVERAGE_RESPONSE = replace(
    responses.RESPONSE_OF_EACH,
    key="average_response_time",
    title=_("Average response time"),
    hint=_("How long contacts waited for the user's responses."),
    definition=_(
        "The mean over all responses of the user in conversations that were closed in the period, by anybody. A response runs from the"
        " earliest message, hand-over or reminder that nobody had answered to the user's message; several messages in a row are one"
        " response. Median and 90th percentile are those of the responses. The team is the user's at the response. Over all users the"
        " mean is that of the responses report."
    ),
    colour=3,
)
RESOLUTION = replace(
    resolutions.RESOLUTION,
    title=_("Average resolution time"),
    hint=_("From opening to closing by the user."),
    definition=_(
        "From the moment when a conversation was opened to the moment when it was closed, on average over the conversations that the"
        " user closed in the period and that are closed now. It is credited to the user who closed, and to their team of that moment."
        " Conversations that programs closed do not count here, but in the resolutions report."
    ),
    fact=facts.CLOSED,
    log="closed",
    colour=4,
)
FIRST_ASSIGNMENT_TO_CLOSE = replace(
    resolutions.FIRST_ASSIGNMENT_TO_CLOSE,
    title=_("Average first assignment to close time"),
    hint=_("From the first assignment to closing by the user."),
    definition=_(
        "From the first assignment of a conversation to a user to the moment when it was closed, on average over the conversations that"
        " the user closed in the period. It is credited to the user who closed, whoever was assigned. Conversations that were never"
        " assigned and those that programs closed do not count."
    ),
    fact=facts.CLOSED,
    log="closed",
    colour=5,
)
LAST_ASSIGNMENT_TO_CLOSE = replace(
    resolutions.LAST_ASSIGNMENT_TO_CLOSE,
    title=_("Average last assignment to close time"),
    hint=_("From the last assignment to closing by the user."),
    definition=_(
        "From the last assignment of a conversation to a user to the moment when it was closed, on average over the conversations that"
        " the user closed in the period. It is credited to the user who closed, whoever was assigned. Conversations that were never"
        " assigned and those that programs closed do not count."
    ),
    fact=facts.CLOSED,
    log="closed",
    colour=6,
)


def _length(metric: Metric, of_one: Metric) -> Column:
    """Return the column of a time's log; a row has the length of one conversation, no average."""
    return Column(key=metric.key, title=of_one.title, cell=Cell.MILLISECONDS, metric=metric)


LOGS = (
    replace(ASSIGNMENT_LOG, key="assigned", title=_("Conversations assigned to users"), fact=facts.ASSIGNED),
    Log(
        key="closed",
        title=_("Conversations closed by users"),
        fact=facts.CLOSED,
        columns=(
            conversations.CLOSED_AT,
            *conversations.NAMED,
            conversations.CLOSED_BY,
            conversations.CLOSED_BY_TEAM,
            conversations.OPENED_AT,
            conversations.CATEGORY,
            _length(RESOLUTION, resolutions.RESOLUTION),
            _length(FIRST_ASSIGNMENT_TO_CLOSE, resolutions.FIRST_ASSIGNMENT_TO_CLOSE),
            _length(LAST_ASSIGNMENT_TO_CLOSE, resolutions.LAST_ASSIGNMENT_TO_CLOSE),
        ),
        dataset="conversations",
    ),
    Log(
        key="first_responses",
        title=_("Conversations closed, with who responded first"),
        fact=facts.FIRST_RESPONDED,
        columns=(
            conversations.CLOSED_AT,
            *conversations.NAMED,
            conversations.FIRST_RESPONDER,
            conversations.OPENED_AT,
            _length(FIRST_RESPONSE, responses.FIRST_RESPONSE),
            _length(FIRST_ASSIGNMENT_TO_RESPONSE, responses.FIRST_ASSIGNMENT_TO_RESPONSE),
        ),
        dataset="conversations",
    ),
    responses.RESPONSES.logs_by_key["each_response"],
    Log(
        key="messages",
        title=_("Messages of users"),
        fact=facts.MESSAGES,
        joins=messages.JOINS,
        columns=(
            messages.DATE_TIME,
            Column(key="user", title=_("User"), cell=Cell.PERSON, sql="m.user_id"),
            Column(key="team", title=_("Team"), cell=Cell.TEAM, sql="m.team_id"),
            messages.CONTACT_ID,
            messages.CONTACT_NAME,
            messages.CHANNEL,
            messages.TYPE_COLUMN,
            messages.SUB_TYPE_COLUMN,
            messages.STATUS_COLUMN,
            messages.CONVERSATION,
        ),
        dataset="messages",
    ),
    Log(
        key="comments",
        title=_("Comments of users"),
        fact=facts.COMMENTS,
        columns=(
            Column(key="date_time", title=_("Date and time"), cell=Cell.MOMENT, sql="n.created_at"),
            Column(key="user", title=_("User"), cell=Cell.PERSON, sql="n.author_id"),
            Column(key="contact_id", title=_("Contact ID"), cell=Cell.CONTACT, sql="n.contact_id"),
            Column(key="contact_name", title=_("Contact name"), cell=Cell.CONTACT_NAME),
            Column(key="conversation_id", title=_("Conversation ID"), cell=Cell.CONVERSATION, sql="n.conversation_id"),
        ),
    ),
)
