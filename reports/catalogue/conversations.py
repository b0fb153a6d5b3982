"""The conversations report: how many were opened and closed, when, where, and by whom (docs/metrics.md, "Status")."""

from django.utils.translation import gettext_lazy as _

from reports.catalogue import conversation_facts as facts
from reports.catalogue.dimensions import (
    CATEGORY,
    CLOSED_BY_TEAM,
    CLOSED_BY_USER,
    CLOSED_SOURCE,
    CONTACT_TYPE,
    OPENED_CHANNEL,
    OPENED_SOURCE,
)
from reports.catalogue.resolutions import RESOLUTION
from reports.catalogue.responses import FIRST_RESPONSE
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Heat, Log, Report, Section, Shape, Trend
from reports.engine.facts import Metric

OPENED = Metric(
    key="opened",
    title=_("Opened"),
    hint=_("Conversations that began, on the day when they were opened."),
    definition=_(
        "Conversations that were opened in the period, by a message that came in, by a user or by a program. Each counts once, when"
        " it began; opening it again does not count. Conversations of contacts that were deleted or merged since still count."
    ),
    fact=facts.OPENED,
    log="opened",
    colour=1,
)
CLOSED = Metric(
    key="closed",
    title=_("Closed"),
    hint=_("Conversations that are closed, on the day when they were."),
    definition=_(
        "Conversations that were closed in the period and are closed now, whenever they were opened. Each counts once, when it was"
        " closed the last time: one that was opened again leaves this number until it is closed again. It does not matter who or"
        " what closed it."
    ),
    fact=facts.CLOSED,
    log="closed",
    colour=2,
)

LENGTHS = tuple(
    Column(key=metric.key, title=metric.title, cell=Cell.MILLISECONDS, metric=metric)
    for metric in (FIRST_RESPONSE, RESOLUTION)
)
ABOUT = (
    facts.OPENED_SOURCE,
    facts.OPENED_CHANNEL,
    facts.TYPE_OF_CONTACT,
    facts.ASSIGNED_TO,
    facts.FIRST_RESPONDER,
    *LENGTHS,
    facts.CATEGORY,
    facts.CLOSED_SOURCE,
    facts.CLOSED_BY,
    facts.CLOSED_BY_TEAM,
    *facts.MESSAGES,
)

CONVERSATIONS = Report(
    key="conversations",
    title=_("Conversations"),
    lead=_("How many conversations were opened and closed, when, on which channels and why."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            blocks=(
                Figures(key="overview", metrics=(OPENED, CLOSED)),
                Trend(
                    key="opened_against_closed",
                    title=_("Opened against closed"),
                    metrics=(OPENED, CLOSED),
                    shape=Shape.LINES,
                ),
            ),
        ),
        Section(
            key="opened",
            title=_("Conversations opened"),
            blocks=(
                Trend(key="opened_trend", title=_("Opened"), metrics=(OPENED,), shape=Shape.LINES, compares=True),
                Heat(key="opened_by_hour", title=_("Opened by weekday and hour"), metric=OPENED),
                Breakdown(
                    key="opened_by_channel", title=_("Opened by channel"), metric=OPENED, dimension=OPENED_CHANNEL
                ),
                Breakdown(key="opened_by_source", title=_("Opened by source"), metric=OPENED, dimension=OPENED_SOURCE),
                Breakdown(
                    key="opened_by_contact_type",
                    title=_("Opened by new and returning contacts"),
                    metric=OPENED,
                    dimension=CONTACT_TYPE,
                    shape=Shape.DONUT,
                ),
            ),
        ),
        Section(
            key="closed",
            title=_("Conversations closed"),
            blocks=(
                Trend(key="closed_trend", title=_("Closed"), metrics=(CLOSED,), shape=Shape.LINES, compares=True),
                Heat(key="closed_by_hour", title=_("Closed by weekday and hour"), metric=CLOSED),
                Breakdown(key="closed_by_category", title=_("Closed by category"), metric=CLOSED, dimension=CATEGORY),
                Breakdown(
                    key="closed_by_channel", title=_("Closed by channel"), metric=CLOSED, dimension=OPENED_CHANNEL
                ),
                Breakdown(
                    key="closed_by_source",
                    title=_("Closed by source"),
                    metric=CLOSED,
                    dimension=CLOSED_SOURCE,
                    shape=Shape.DONUT,
                ),
                Breakdown(key="closed_by_user", title=_("Closed by user"), metric=CLOSED, dimension=CLOSED_BY_USER),
                Breakdown(key="closed_by_team", title=_("Closed by team"), metric=CLOSED, dimension=CLOSED_BY_TEAM),
            ),
        ),
    ),
    logs=(
        Log(
            key="opened",
            title=_("Conversations opened"),
            fact=facts.OPENED,
            columns=(facts.OPENED_AT, *facts.NAMED, facts.CLOSED_AT, *ABOUT),
            dataset="conversations",
            explains=_("What is about closing is empty while a conversation is open."),
        ),
        Log(
            key="closed",
            title=_("Conversations closed"),
            fact=facts.CLOSED,
            columns=(facts.CLOSED_AT, *facts.NAMED, facts.OPENED_AT, *ABOUT),
            dataset="conversations",
        ),
    ),
    filters=facts.FILTERS,
)
