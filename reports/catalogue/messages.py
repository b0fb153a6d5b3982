"""The messages report: what came in and went out, what arrived, and what failed and why (docs/metrics.md, "Messages")."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.catalogue import message_facts as facts
from reports.catalogue.dimensions import CHANNEL, DELIVERY, SENDER_TYPE
from reports.catalogue.message_facts import FACT
from reports.definitions.filters import Filter
from reports.definitions.messages import CONTENT, ERROR
from reports.definitions.messages import FAILED as IS_FAILED
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Heat, Log, Report, Section, Shape, Trend
from reports.engine.facts import Metric

INCOMING = Metric(
    key="incoming",
    title=_("Incoming"),
    hint=_("Messages that contacts sent."),
    definition=_(
        "Messages of contacts that reached Tertulia in the period, on every channel. Comments of the team are no messages."
        " Messages of contacts that were deleted since still count."
    ),
    fact=FACT,
    condition=facts.INCOMING,
    log="messages",
    colour=1,
)
OUTGOING = Metric(
    key="outgoing",
    title=_("Outgoing"),
    hint=_("Messages to contacts, by people, broadcasts and programs."),
    definition=_(
        "Messages to contacts that were written in the period, by users, broadcasts, bots, the API or in the network's own"
        " application. Failed ones count, those that were taken back before they were sent do not."
    ),
    fact=FACT,
    condition=facts.OUTGOING,
    log="messages",
    colour=4,
)
DELIVERED = Metric(
    key="delivered",
    title=pgettext_lazy("messages", "Delivered"),
    hint=_("Outgoing messages that reached the contact."),
    definition=_(
        "Outgoing messages of the period that the network reported as delivered or read until now. A network that reports"
        " nothing leaves its messages at sent, and they do not count here."
    ),
    fact=FACT,
    condition=facts.ARRIVED,
    log="messages",
    colour=2,
)
FAILED = Metric(
    key="failed",
    title=pgettext_lazy("messages", "Failed"),
    hint=_("Outgoing messages that could not be sent or delivered."),
    definition=_(
        "Outgoing messages of the period whose delivery status is failed now. The day that counts is the one on which the message"
        " was written, not the one on which it failed."
    ),
    fact=FACT,
    condition=IS_FAILED,
    log="failed",
    colour=3,
)

MESSAGES = Report(
    key="messages",
    title=_("Messages"),
    lead=_("How many messages came in and went out, on which channels, from whom, and which failed."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            blocks=(
                Figures(key="overview", metrics=(INCOMING, OUTGOING, DELIVERED, FAILED)),
                Trend(
                    key="overview_trend",
                    title=_("Incoming and outgoing"),
                    metrics=(INCOMING, OUTGOING),
                    shape=Shape.MIRRORED,
                ),
            ),
        ),
        Section(
            key="channels",
            title=_("By channel"),
            blocks=(
                Breakdown(
                    key="incoming_by_channel",
                    title=_("Incoming by channel"),
                    metric=INCOMING,
                    dimension=CHANNEL,
                    shape=Shape.DONUT,
                ),
                Breakdown(
                    key="outgoing_by_channel",
                    title=_("Outgoing by channel"),
                    metric=OUTGOING,
                    dimension=CHANNEL,
                    beside=(DELIVERED, FAILED),
                ),
            ),
        ),
        Section(
            key="sources",
            title=_("By source"),
            blocks=(
                Breakdown(
                    key="outgoing_by_source",
                    title=_("Outgoing by source"),
                    metric=OUTGOING,
                    dimension=SENDER_TYPE,
                    shape=Shape.DONUT,
                ),
                Breakdown(
                    key="outgoing_by_source_bars",
                    title=_("Outgoing by source, compared"),
                    metric=OUTGOING,
                    dimension=SENDER_TYPE,
                    beside=(DELIVERED, FAILED),
                ),
            ),
        ),
        Section(
            key="delivery",
            title=_("Delivery"),
            explains=_(
                "In the chart each message stands under the status that it has now. The figure of delivered messages counts those"
                " that were read as well."
            ),
            blocks=(
                Breakdown(
                    key="outgoing_by_delivery",
                    title=_("Outgoing by delivery status"),
                    metric=OUTGOING,
                    dimension=DELIVERY,
                    shape=Shape.DONUT,
                ),
                Trend(
                    key="delivered_trend",
                    title=pgettext_lazy("messages", "Delivered"),
                    metrics=(DELIVERED,),
                    shape=Shape.LINES,
                    compares=True,
                ),
                Trend(
                    key="failed_trend",
                    title=pgettext_lazy("messages", "Failed"),
                    metrics=(FAILED,),
                    shape=Shape.LINES,
                    compares=True,
                ),
            ),
        ),
        Section(
            key="hours",
            title=_("By weekday and hour"),
            blocks=(
                Heat(key="incoming_hours", title=_("Incoming by weekday and hour"), metric=INCOMING),
                Heat(key="outgoing_hours", title=_("Outgoing by weekday and hour"), metric=OUTGOING),
            ),
        ),
    ),
    logs=(
        Log(
            key="messages",
            title=_("Messages"),
            fact=FACT,
            joins=facts.JOINS,
            columns=(
                facts.DATE_TIME,
                facts.CONTACT_ID,
                facts.CONTACT_NAME,
                facts.CHANNEL,
                facts.DIRECTION,
                facts.SOURCE,
                facts.SENDER,
                facts.TYPE_COLUMN,
                facts.SUB_TYPE_COLUMN,
                facts.STATUS_COLUMN,
                facts.CONVERSATION,
            ),
            dataset="messages",
        ),
        Log(
            key="failed",
            title=_("Failed messages"),
            fact=replace(FACT, key="failed_messages", condition=IS_FAILED),
            joins=facts.JOINS,
            columns=(
                facts.DATE_TIME,
                facts.SENDER_OR_KIND,
                facts.CONTACT_NAME,
                facts.CHANNEL,
                facts.TYPE_COLUMN,
                facts.SUB_TYPE_COLUMN,
                Column(key="content", title=_("Content"), cell=Cell.TEXT, sql=CONTENT),
                Column(key="error", title=_("Error"), cell=Cell.TEXT, sql=ERROR),
            ),
            dataset="failed_messages",
        ),
    ),
    filters=(Filter.CHANNELS, Filter.SENDER_TYPES, Filter.USERS, Filter.BROADCASTS, Filter.CONTACTS),
)
