"""The contacts report: who came, who was connected, who went, and which became one (docs/metrics.md, "Connected")."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.catalogue.dimensions import CHANNEL, SOURCE
from reports.definitions.filters import Filter
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Log, Report, Section, Shape, Trend
from reports.engine.facts import Fact, Metric, Tally
from reports.tallies.facts import CONTACT_LOG
from reports.tallies.reading import tallied

# Only what a person did has a user.
USER = "CASE WHEN l.source = 'user' THEN l.user_id END"


def _fact(kind: str, *filters: Filter) -> Fact:
    """Return the lines of one kind; a filter whose column a log lacks is not applicable to it."""
    known = {
        Filter.CHANNELS: "l.channel_id",
        Filter.USERS: USER,
        Filter.SOURCES: "l.source",
        Filter.CONTACTS: "l.contact_id",
    }
    return Fact(
        key=f"contacts_{kind}",
        source="contacts_contactlogentry l",
        workspace="l.workspace_id",
        id="l.id",
        moment="l.occurred_at",
        contact="l.contact_id",
        condition=f"l.kind = '{kind}'",
        filters={name: known[name] for name in (*filters, Filter.SOURCES, Filter.CONTACTS)},
        dimensions={"source": "l.source", "channel": "l.channel_id"},
        tally=Tally(
            source=f"{tallied(CONTACT_LOG)} l", filters=frozenset({Filter.CHANNELS, Filter.USERS, Filter.SOURCES})
        ),
    )


ADDED = Metric(
    key="added",
    title=_("Added"),
    hint=_("Contacts that were added, from any source."),
    definition=_(
        "Contacts that were added in the period, counted once each at the moment when they came to be: by a user in Contacts or"
        " Messages, by an import, by the API or Zapier, by a message that came in, or by one written in the network's own"
        " application. Contacts that were deleted or merged since still count."
    ),
    fact=_fact("added", Filter.USERS),
    log="added",
    colour=1,
)
CONNECTED = Metric(
    key="connected",
    title=pgettext_lazy("contacts", "Connected"),
    hint=_("Once per contact and channel, at the first message sent or received."),
    definition=_(
        "A contact is connected on a channel when the first message from them arrives there, or the first one to them is sent"
        " successfully. It counts once for each contact and channel."
    ),
    fact=_fact("connected", Filter.CHANNELS, Filter.USERS),
    log="connected",
    colour=4,
)
DELETED = Metric(
    key="deleted",
    title=_("Deleted"),
    hint=_("Deleted by a user, by the API or by undoing an import."),
    definition=_(
        "Contacts that were deleted in the period: on their page, in bulk, by the API, or because an import that had added them"
        " was undone."
    ),
    fact=_fact("deleted"),
    log="deleted",
    colour=3,
)
MERGED = Metric(
    key="merged",
    title=_("Merged"),
    hint=_("Two contacts became one; counted on the one that stays."),
    definition=_(
        "Merges made in the period. Two contacts became one, and the merge counts once, on the contact that stays. Separating"
        " them later takes nothing away here."
    ),
    fact=_fact("merged", Filter.USERS),
    log="merged",
    colour=2,
)

TIMESTAMP = Column(key="timestamp", title=_("Timestamp"), cell=Cell.MOMENT, sql="l.occurred_at")
CONTACT_ID = Column(key="contact_id", title=_("Contact ID"), cell=Cell.CONTACT, sql="l.contact_id")
CONTACT_NAME = Column(key="contact_name", title=_("Contact name"), cell=Cell.CONTACT_NAME, sql="l.contact_name")
SOURCE_COLUMN = Column(key="source", title=_("Source"), cell=Cell.WORD, sql="l.source")
USER_COLUMN = Column(key="user", title=_("User"), cell=Cell.PERSON, sql=USER)
CHANNEL_COLUMN = Column(key="channel", title=_("Channel"), cell=Cell.CHANNEL, sql="l.channel_id")
SHARED = (TIMESTAMP, CONTACT_ID, CONTACT_NAME, SOURCE_COLUMN)
# The files keep the order that other tools know; what we do not have stays empty.
DOWNLOAD = (
    TIMESTAMP,
    CONTACT_ID,
    replace(CONTACT_NAME, title=_("Contact Name")),
    SOURCE_COLUMN,
    *(
        Column(key=key, title=title, cell=Cell.TEXT, sql="NULL::text")
        for key, title in (
            ("sub_source", _("Sub Source")),
            ("ad_campaign_id", _("Ad campaign ID")),
            ("ad_group_id", _("Ad group ID")),
            ("ad_id", _("Ad ID")),
        )
    ),
    CHANNEL_COLUMN,
    USER_COLUMN,
)

CONTACTS = Report(
    key="contacts",
    title=_("Contacts"),
    lead=_("How many contacts came, were connected, went or became one, and from where."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            blocks=(
                Figures(key="overview", metrics=(ADDED, CONNECTED, DELETED, MERGED)),
                Trend(
                    key="overview_trend",
                    title=_("Added, deleted and merged"),
                    metrics=(ADDED, DELETED, MERGED),
                    shape=Shape.MIRRORED,
                ),
            ),
        ),
        Section(
            key="added",
            title=_("Contacts added"),
            blocks=(
                Breakdown(
                    key="added_by_source",
                    title=_("Added by source"),
                    metric=ADDED,
                    dimension=SOURCE,
                    shape=Shape.DONUT,
                ),
                Breakdown(
                    key="added_by_source_bars",
                    title=_("Added by source, compared"),
                    metric=ADDED,
                    dimension=SOURCE,
                    shape=Shape.RANKS,
                ),
                Trend(key="added_trend", title=_("Added"), metrics=(ADDED,), shape=Shape.LINES, compares=True),
            ),
        ),
        Section(
            key="connected",
            title=_("Contacts connected"),
            blocks=(
                Breakdown(
                    key="connected_by_channel",
                    title=_("Connected by channel"),
                    metric=CONNECTED,
                    dimension=CHANNEL,
                    shape=Shape.DONUT,
                ),
                Breakdown(
                    key="connected_by_channel_bars",
                    title=_("Connected by channel, compared"),
                    metric=CONNECTED,
                    dimension=CHANNEL,
                    shape=Shape.RANKS,
                ),
                Breakdown(
                    key="connected_by_source",
                    title=_("Connected by source"),
                    metric=CONNECTED,
                    dimension=SOURCE,
                    shape=Shape.RANKS,
                ),
                Trend(
                    key="connected_trend",
                    title=pgettext_lazy("contacts", "Connected"),
                    metrics=(CONNECTED,),
                    shape=Shape.LINES,
                    compares=True,
                ),
            ),
        ),
    ),
    logs=(
        Log(
            key="added",
            title=_("Contacts added"),
            fact=ADDED.fact,
            columns=(*SHARED, USER_COLUMN),
            download=DOWNLOAD,
            dataset="contacts",
        ),
        Log(
            key="connected",
            title=_("Contacts connected"),
            fact=CONNECTED.fact,
            columns=(*SHARED, USER_COLUMN, CHANNEL_COLUMN),
            download=DOWNLOAD,
            dataset="contacts",
        ),
        Log(key="deleted", title=_("Contacts deleted"), fact=DELETED.fact, columns=SHARED),
        Log(
            key="merged",
            title=_("Contacts merged"),
            fact=MERGED.fact,
            columns=(
                TIMESTAMP,
                replace(CONTACT_ID, title=_("Primary contact ID")),
                CONTACT_NAME,
                SOURCE_COLUMN,
                USER_COLUMN,
            ),
        ),
    ),
    filters=(Filter.CHANNELS, Filter.USERS, Filter.SOURCES, Filter.CONTACTS),
)
