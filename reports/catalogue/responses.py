"""The responses report: how soon and how often users answered in conversations that were closed (docs/metrics.md, "Responses")."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from reports.catalogue import conversation_facts as facts
from reports.catalogue import people_facts
from reports.catalogue.dimensions import (
    CATEGORY,
    CLOSED_BY_TEAM,
    FIRST_RESPONDER,
    LAST_ASSIGNEE,
    OPENED_CHANNEL,
    OPENED_SOURCE,
    TEAM,
    USER,
)
from reports.catalogue.mean_sections import HOUR, MINUTE, SECOND, mean_section
from reports.definitions import conversations as sql
from reports.engine.blocks import PERCENTILE_DAYS, Breakdown, Cell, Column, Figures, Log, Report, Section
from reports.engine.facts import Metric, Sort, Unit

CLASSES = (30 * SECOND, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR)

FIRST_RESPONSE = Metric(
    key="first_response_time",
    title=_("First response time"),
    hint=_("From opening to the first response of a user."),
    definition=_(
        "From the moment when a conversation was opened to the first response of a user, on average over the conversations that"
        " were closed in the period. Conversations without a response do not count. Median and 90th percentile are taken over the"
        " same conversations. Messages of bots, broadcasts and other programs are no responses."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.FIRST_RESPONSE_SPAN,
    log="responses",
    colour=1,
)
FIRST_ASSIGNMENT_TO_RESPONSE = Metric(
    key="first_assignment_to_first_response",
    title=_("First assignment to first response"),
    hint=_("From the first assignment to the first response of a user."),
    definition=_(
        "From the first assignment of a conversation to a user to the first response of any user, on average over the conversations"
        " that were closed in the period. Conversations without an assignment or a response do not count, nor those that were"
        " answered before anybody was assigned. A reply that assigns its author counts with no time between."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    condition=sql.WAS_ASSIGNED_FIRST,
    span=sql.FIRST_ASSIGNMENT_TO_RESPONSE_SPAN,
    log="responses",
    colour=2,
)
LAST_ASSIGNMENT_TO_RESPONSE = Metric(
    key="last_assignment_to_response",
    title=_("Last assignment to response"),
    hint=_("From the last assignment to the next response of a user."),
    definition=_(
        "From the last assignment of a conversation to a user to the first response at or after it, on average over the"
        " conversations that were closed in the period. Conversations without an assignment do not count, nor those in which nobody"
        " answered after the last one."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.LAST_ASSIGNMENT_TO_RESPONSE_SPAN,
    log="responses",
    colour=3,
)
_AVERAGE = Metric(
    key="average_response_time",
    title=_("Response time"),
    hint=_("How long contacts waited for each response of a user."),
    definition=_(
        "The mean over all responses of users in the conversations that were closed in the period. A response runs from the"
        " earliest message, hand-over or reminder that nobody had answered to the user's message; several messages in a row are one"
        " response. Median and 90th percentile are those of the conversations, each with the average of its own responses."
        " Conversations without a response do not count."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    value=sql.AVERAGE_RESPONSE,
    ratio=("c.response_ms", "c.response_count"),
    log="responses",
    colour=4,
)
AVERAGE_RESPONSE = replace(
    _AVERAGE,
    working=replace(
        _AVERAGE,
        fact=facts.CLOSED_WITH_RESPONSES,
        value="(w.working_ms / c.response_count)::float8",
        ratio=("w.working_ms", "c.response_count"),
        row=f"({facts.WORKING_RESPONSES_OF_ONE} / nullif(c.response_count, 0))::float8",
    ),
)
# The same by who responded: then each response is a row of its own.
RESPONSE_OF_EACH = replace(
    _AVERAGE,
    key="each_response_time",
    definition=_(
        "The mean over all responses of the user, or of the team in which the user was then, in the conversations that were closed in"
        " the period by anybody. Median and 90th percentile are those of the responses."
    ),
    fact=people_facts.RESPONSES,
    span=("r.from_at", "r.to_at"),
    ratio=(),
    log="each_response",
)
NUMBER_OF_RESPONSES = Metric(
    key="number_of_responses",
    title=_("Number of responses"),
    hint=_("How often users answered in a conversation, on average."),
    definition=_(
        "How many responses of users a conversation has, on average over all conversations that were closed in the period; those"
        " without a response count as 0. Several messages in a row are one response, so this is not the number of outgoing messages."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    value="c.response_count",
    log="responses",
    colour=5,
)
METRICS = (
    FIRST_RESPONSE,
    FIRST_ASSIGNMENT_TO_RESPONSE,
    LAST_ASSIGNMENT_TO_RESPONSE,
    AVERAGE_RESPONSE,
    NUMBER_OF_RESPONSES,
)

BY = (CLOSED_BY_TEAM, OPENED_CHANNEL, CATEGORY, OPENED_SOURCE)
OF_TIMES = (FIRST_RESPONSE, FIRST_ASSIGNMENT_TO_RESPONSE, LAST_ASSIGNMENT_TO_RESPONSE, AVERAGE_RESPONSE)

RESPONSES = Report(
    key="responses",
    title=_("Responses"),
    lead=_("How soon and how often users answered, in the conversations that were closed."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            explains=_("Everything counts on the day when the conversation was closed. Only responses of users count."),
            # Two times at once are what a year of them allows.
            blocks=(
                Figures(key="overview", metrics=METRICS[:2]),
                Figures(key="overview_later", metrics=METRICS[2:4]),
                Figures(key="overview_number", metrics=METRICS[4:]),
            ),
        ),
        mean_section(FIRST_RESPONSE, by=(FIRST_RESPONDER, *BY), classes=CLASSES),
        mean_section(FIRST_ASSIGNMENT_TO_RESPONSE, by=(FIRST_RESPONDER, *BY), classes=CLASSES),
        mean_section(LAST_ASSIGNMENT_TO_RESPONSE, by=(LAST_ASSIGNEE, *BY), classes=CLASSES),
        mean_section(
            AVERAGE_RESPONSE,
            by=(OPENED_CHANNEL, CATEGORY, OPENED_SOURCE),
            first=(
                Breakdown(
                    key="average_response_time_by_user",
                    title=_("By user who responded"),
                    metric=RESPONSE_OF_EACH,
                    dimension=replace(USER, filter=None),
                    percentile_days=PERCENTILE_DAYS,
                ),
                Breakdown(
                    key="average_response_time_by_team",
                    title=_("By team of who responded"),
                    metric=RESPONSE_OF_EACH,
                    dimension=replace(TEAM, filter=None),
                    percentile_days=PERCENTILE_DAYS,
                ),
            ),
        ),
        mean_section(NUMBER_OF_RESPONSES, by=(LAST_ASSIGNEE, *BY)),
    ),
    logs=(
        Log(
            key="responses",
            title=_("Conversations closed, with their responses"),
            fact=facts.CLOSED,
            columns=(
                facts.CLOSED_AT,
                *facts.NAMED,
                facts.OPENED_AT,
                facts.OPENED_CHANNEL,
                facts.FIRST_RESPONDER,
                *(Column(key=each.key, title=each.title, cell=Cell.MILLISECONDS, metric=each) for each in OF_TIMES),
                Column(
                    key=NUMBER_OF_RESPONSES.key,
                    title=NUMBER_OF_RESPONSES.title,
                    cell=Cell.NUMBER,
                    metric=NUMBER_OF_RESPONSES,
                ),
                facts.FIRST_ASSIGNEE,
                facts.LAST_ASSIGNEE,
                facts.CATEGORY,
                facts.CLOSED_BY,
                facts.CLOSED_BY_TEAM,
            ),
            dataset="conversations",
            explains=_("A time is empty where the conversation does not count for it."),
        ),
        Log(
            key="each_response",
            title=_("Responses in conversations closed"),
            fact=people_facts.RESPONSES,
            columns=(
                replace(facts.CLOSED_AT, sql="r.closed_at"),
                replace(facts.CONVERSATION_ID, sql="r.conversation_id"),
                replace(facts.CONTACT_ID, sql="r.contact_id"),
                facts.CONTACT_NAME,
                Column(key="responded_at", title=_("Responded at"), cell=Cell.MOMENT, sql="r.to_at"),
                Column(key="user", title=_("User"), cell=Cell.PERSON, sql="r.user_id"),
                Column(key="team", title=_("Team"), cell=Cell.TEAM, sql="r.team_id"),
                Column(
                    key=RESPONSE_OF_EACH.key,
                    title=RESPONSE_OF_EACH.title,
                    cell=Cell.MILLISECONDS,
                    metric=RESPONSE_OF_EACH,
                ),
            ),
        ),
    ),
    filters=facts.FILTERS,
)
