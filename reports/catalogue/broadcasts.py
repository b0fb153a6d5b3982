"""The broadcasts report: how many each broadcast reached, and how far its messages came (docs/metrics.md, "Broadcasts")."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.catalogue import message_facts as facts
from reports.catalogue.dimensions import BROADCAST, CHANNEL
from reports.definitions.filters import Filter
from reports.definitions.messages import CONTENT, ERROR, IS_MESSAGE
from reports.definitions.messages import FAILED as IS_FAILED
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Log, Report, Roster, Section, Shape, Trend
from reports.engine.facts import Metric, Sort

FACT = replace(
    facts.FACT,
    key="broadcast_messages",
    condition=f"{IS_MESSAGE} AND m.direction = 'outgoing' AND m.sender_kind = 'broadcast'",
    filters={name: sql for name, sql in facts.FACT.filters.items() if name is not Filter.USERS},
)
# A fact of its own, so that the counts beside it still come from the tally.
RECIPIENT_FACT = replace(FACT, key="broadcast_recipients", tally=None)

RECIPIENTS = Metric(
    key="recipients",
    title=_("Recipients"),
    hint=_("Different contacts that a broadcast wrote to."),
    definition=_(
        "Different contacts to whom broadcasts wrote in the period, whatever became of the message. Over several broadcasts a"
        " contact counts once, so that the sum of the rows can be larger than the figure. Contacts that were deleted since still"
        " count, contacts that became one count once."
    ),
    fact=RECIPIENT_FACT,
    sort=Sort.DISTINCT,
    value="m.contact_id",
    log="messages",
    colour=1,
)
MESSAGES_MADE = Metric(
    key="broadcast_messages",
    title=_("Messages"),
    hint=_("Messages of broadcasts, whatever became of them."),
    definition=_(
        "Messages that broadcasts wrote in the period, those that wait and those that failed included. Those that were taken back"
        " before they were sent do not count."
    ),
    fact=FACT,
    log="messages",
    colour=6,
)
SENT = Metric(
    key="sent",
    title=pgettext_lazy("messages", "Sent"),
    hint=_("Accepted by the network."),
    definition=_(
        "Messages of broadcasts of the period that the network accepted: their delivery status is sent, delivered or read now."
    ),
    fact=FACT,
    condition=facts.ACCEPTED,
    log="messages",
    colour=4,
)
DELIVERED = Metric(
    key="delivered",
    title=pgettext_lazy("messages", "Delivered"),
    hint=_("Reached the contact."),
    definition=_(
        "Messages of broadcasts of the period that the network reported as delivered or read until now. A network that reports"
        " nothing leaves its messages at sent."
    ),
    fact=FACT,
    condition=facts.ARRIVED,
    log="messages",
    colour=2,
)
READ = Metric(
    key="read",
    title=pgettext_lazy("messages", "Read"),
    hint=_("Read by the contact, where the network tells."),
    definition=_(
        "Messages of broadcasts of the period that the network reported as read until now. They are delivered as well."
    ),
    fact=FACT,
    condition=facts.READ,
    log="messages",
    colour=5,
)
FAILED = Metric(
    key="failed",
    title=pgettext_lazy("messages", "Failed"),
    hint=_("Could not be sent or delivered."),
    definition=_(
        "Messages of broadcasts of the period whose delivery status is failed now. The day that counts is the one on which the"
        " message was written."
    ),
    fact=FACT,
    condition=IS_FAILED,
    log="messages",
    colour=3,
)
ALL = (RECIPIENTS, SENT, DELIVERED, READ, FAILED)

BROADCASTS = Report(
    key="broadcasts",
    title=_("Broadcasts"),
    lead=_("How many contacts each broadcast wrote to, and how many of its messages arrived, were read or failed."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            blocks=(
                Figures(key="overview", metrics=ALL),
                Trend(
                    key="overview_trend",
                    title=_("Sent and failed"),
                    metrics=(SENT, FAILED),
                    shape=Shape.MIRRORED,
                ),
            ),
        ),
        Section(
            key="broadcasts",
            title=_("By broadcast"),
            blocks=(
                Roster(key="by_broadcast", title=_("Broadcasts"), dimension=BROADCAST, metrics=ALL),
                Breakdown(
                    key="recipients_by_broadcast",
                    title=_("Recipients by broadcast"),
                    metric=RECIPIENTS,
                    dimension=BROADCAST,
                ),
                Breakdown(
                    key="messages_by_channel",
                    title=_("Messages by channel"),
                    metric=MESSAGES_MADE,
                    dimension=CHANNEL,
                    shape=Shape.DONUT,
                ),
            ),
        ),
    ),
    logs=(
        Log(
            key="messages",
            title=_("Messages of broadcasts"),
            fact=FACT,
            joins=facts.JOINS,
            columns=(
                facts.DATE_TIME,
                Column(key="broadcast", title=_("Broadcast"), cell=Cell.TEXT, sql="b.name"),
                facts.CONTACT_ID,
                facts.CONTACT_NAME,
                facts.CHANNEL,
                facts.TYPE_COLUMN,
                facts.SUB_TYPE_COLUMN,
                Column(key="content", title=_("Content"), cell=Cell.TEXT, sql=CONTENT),
                facts.STATUS_COLUMN,
                Column(key="error", title=_("Error"), cell=Cell.TEXT, sql=ERROR),
                facts.CONVERSATION,
            ),
            dataset="messages",
        ),
    ),
    filters=(Filter.BROADCASTS, Filter.CHANNELS),
)
