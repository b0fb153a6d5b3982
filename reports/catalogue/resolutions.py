"""The resolutions report: how long it took until conversations were assigned and closed (docs/metrics.md, "Assignments", "Status")."""

from django.utils.translation import gettext_lazy as _

from reports.catalogue import conversation_facts as facts
from reports.catalogue.dimensions import (
    CATEGORY,
    CLOSED_BY_TEAM,
    CLOSED_BY_USER,
    CLOSED_SOURCE,
    FIRST_ASSIGNEE,
    OPENED_CHANNEL,
)
from reports.catalogue.mean_sections import DAY, HOUR, mean_section
from reports.definitions import conversations as sql
from reports.engine.blocks import Cell, Column, Figures, Log, Report, Section
from reports.engine.facts import Metric, Sort, Unit

CLASSES = (HOUR, 4 * HOUR, 8 * HOUR, DAY, 3 * DAY, 7 * DAY)

RESOLUTION = Metric(
    key="resolution_time",
    title=_("Resolution time"),
    hint=_("From opening to closing."),
    definition=_(
        "From the moment when a conversation was opened to the moment when it was closed the last time, on average over the"
        " conversations that were closed in the period and are closed now. One that was opened again counts when it is closed again,"
        " from its first opening on. Median and 90th percentile are taken over the same conversations."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.RESOLUTION_SPAN,
    log="resolutions",
    colour=1,
)
TO_FIRST_ASSIGNMENT = Metric(
    key="time_to_first_assignment",
    title=_("Time to first assignment"),
    hint=_("From opening to the first assignment to a user."),
    definition=_(
        "From the moment when a conversation was opened to its first assignment to a user, on average over the conversations that"
        " were closed in the period. Conversations that were never assigned while they were open do not count: an assignee whom the"
        " contact kept from before is no assignment."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.TO_FIRST_ASSIGNMENT_SPAN,
    log="resolutions",
    colour=2,
)
FIRST_ASSIGNMENT_TO_CLOSE = Metric(
    key="first_assignment_to_close",
    title=_("First assignment to close"),
    hint=_("From the first assignment to a user to closing."),
    definition=_(
        "From the first assignment of a conversation to a user to the moment when it was closed the last time, on average over the"
        " conversations that were closed in the period. Conversations that were never assigned do not count."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.FIRST_ASSIGNMENT_TO_CLOSE_SPAN,
    log="resolutions",
    colour=3,
)
LAST_ASSIGNMENT_TO_CLOSE = Metric(
    key="last_assignment_to_close",
    title=_("Last assignment to close"),
    hint=_("From the last assignment to a user to closing."),
    definition=_(
        "From the last assignment of a conversation to a user to the moment when it was closed the last time, on average over the"
        " conversations that were closed in the period. Conversations that were never assigned do not count."
    ),
    fact=facts.CLOSED,
    sort=Sort.MEAN,
    unit=Unit.MILLISECONDS,
    span=sql.LAST_ASSIGNMENT_TO_CLOSE_SPAN,
    log="resolutions",
    colour=4,
)
METRICS = (RESOLUTION, TO_FIRST_ASSIGNMENT, FIRST_ASSIGNMENT_TO_CLOSE, LAST_ASSIGNMENT_TO_CLOSE)
BY = (CLOSED_BY_TEAM, CATEGORY, OPENED_CHANNEL, CLOSED_SOURCE)

RESOLUTIONS = Report(
    key="resolutions",
    title=_("Resolutions"),
    lead=_("How long it took until conversations were assigned and closed."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            explains=_(
                "Everything counts on the day when the conversation was closed, for as long as it stays closed."
            ),
            # Two times at once are what a year of them allows.
            blocks=(
                Figures(key="overview", metrics=METRICS[:2]),
                Figures(key="overview_to_close", metrics=METRICS[2:]),
            ),
        ),
        mean_section(RESOLUTION, by=(CLOSED_BY_USER, *BY), classes=CLASSES),
        mean_section(TO_FIRST_ASSIGNMENT, by=(FIRST_ASSIGNEE, *BY), classes=CLASSES),
        mean_section(FIRST_ASSIGNMENT_TO_CLOSE, by=(CLOSED_BY_USER, *BY), classes=CLASSES),
        mean_section(LAST_ASSIGNMENT_TO_CLOSE, by=(CLOSED_BY_USER, *BY), classes=CLASSES),
    ),
    logs=(
        Log(
            key="resolutions",
            title=_("Conversations closed, with their resolutions"),
            fact=facts.CLOSED,
            columns=(
                facts.CLOSED_AT,
                *facts.NAMED,
                facts.OPENED_AT,
                facts.OPENED_CHANNEL,
                *(Column(key=each.key, title=each.title, cell=Cell.MILLISECONDS, metric=each) for each in METRICS),
                facts.FIRST_ASSIGNEE,
                facts.LAST_ASSIGNEE,
                facts.CATEGORY,
                facts.CLOSED_SOURCE,
                facts.CLOSED_BY,
                facts.CLOSED_BY_TEAM,
            ),
            dataset="conversations",
            explains=_("A time is empty where the conversation does not count for it."),
        ),
    ),
    filters=facts.FILTERS,
)
