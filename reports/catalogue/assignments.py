"""The assignments report: who was given contacts, by whom and from where (docs/metrics.md, "Assignments")."""

from django.utils.translation import gettext_lazy as _

from reports.catalogue.dimensions import ASSIGNED_BY, ASSIGNED_TO, ASSIGNMENT_SOURCE
from reports.definitions.filters import Filter
from reports.engine.blocks import Breakdown, Cell, Column, Figures, Log, Report, Section, Shape, Trend
from reports.engine.facts import Fact, Metric

TO_SOMEBODY = "a.new_user_id IS NOT NULL"

FACT = Fact(
    key="assignments",
    source="inbox_assignment a",
    workspace="a.workspace_id",
    id="a.id",
    moment="a.occurred_at",
    contact="a.contact_id",
    condition="a.conversation_id IS NOT NULL",  # while no conversation is open, nothing of work changes hands
    filters={
        Filter.ASSIGNMENT_SOURCES: "a.source",
        Filter.ASSIGNED_TO: "coalesce(a.new_user_id, 0)",
        Filter.ASSIGNED_BY: "a.by_user_id",
        Filter.CONTACTS: "a.contact_id",
        Filter.CONVERSATIONS: "a.conversation_id",
    },
    dimensions={
        "assignment_source": "a.source",
        "assigned_to": "a.new_user_id",
        "assigned_by": "a.by_user_id",
    },
)

ASSIGNMENTS_MADE = Metric(
    key="assignments",
    title=_("Assignments"),
    hint=_("Changes of the assignee, removals included."),
    definition=_(
        "How often the assignee of an open conversation changed in the period: to a user, from one user to another, or to nobody."
        " An assignee kept from an earlier conversation makes none, and neither does a change while the contact has no open"
        " conversation."
    ),
    fact=FACT,
    log="assignments",
    colour=1,
)
GIVEN = Metric(
    key="given",
    title=_("Assigned to users"),
    hint=_("Assignments that name a user."),
    definition=_(
        "Assignments of the period that gave an open conversation to a user. A conversation that comes back to a user counts"
        " again. Together with removals they are all assignments."
    ),
    fact=FACT,
    condition=TO_SOMEBODY,
    log="assignments",
    colour=4,
)
REMOVALS = Metric(
    key="removals",
    title=_("Removals"),
    hint=_("Assignments to nobody."),
    definition=_(
        "Assignments of the period that took an open conversation away from its assignee and gave it to nobody: by a user, by the"
        " API, or at a log-out where the workspace wants it."
    ),
    fact=FACT,
    condition="a.new_user_id IS NULL",
    log="assignments",
    colour=3,
)

ASSIGNMENT_LOG = Log(
    key="assignments",
    title=_("Assignments"),
    fact=FACT,
    columns=(
        Column(key="timestamp", title=_("Timestamp"), cell=Cell.MOMENT, sql="a.occurred_at"),
        Column(key="contact_id", title=_("Contact ID"), cell=Cell.CONTACT, sql="a.contact_id"),
        Column(key="contact_name", title=_("Contact name"), cell=Cell.CONTACT_NAME),
        Column(key="source", title=_("Source"), cell=Cell.WORD, sql="a.source"),
        Column(key="assigned_to", title=_("Assigned to"), cell=Cell.PERSON, sql="a.new_user_id"),
        Column(key="assigned_by", title=_("Assigned by user"), cell=Cell.PERSON, sql="a.by_user_id"),
        Column(key="conversation_id", title=_("Conversation ID"), cell=Cell.CONVERSATION, sql="a.conversation_id"),
    ),
)

ASSIGNMENTS = Report(
    key="assignments",
    title=_("Assignments"),
    lead=_("How often conversations changed hands, from where, to whom and by whom."),
    sections=(
        Section(
            key="overview",
            title=_("Overview"),
            blocks=(
                Figures(key="overview", metrics=(ASSIGNMENTS_MADE, GIVEN, REMOVALS)),
                Trend(
                    key="overview_trend",
                    title=_("Assigned and removed"),
                    metrics=(GIVEN, REMOVALS),
                    shape=Shape.MIRRORED,
                ),
                Trend(
                    key="assignments_trend",
                    title=_("Assignments"),
                    metrics=(ASSIGNMENTS_MADE,),
                    shape=Shape.LINES,
                    compares=True,
                ),
            ),
        ),
        Section(
            key="sources",
            title=_("By source"),
            blocks=(
                Breakdown(
                    key="by_source",
                    title=_("Assignments by source"),
                    metric=ASSIGNMENTS_MADE,
                    dimension=ASSIGNMENT_SOURCE,
                    shape=Shape.DONUT,
                ),
                Breakdown(
                    key="by_source_bars",
                    title=_("Assignments by source, compared"),
                    metric=ASSIGNMENTS_MADE,
                    dimension=ASSIGNMENT_SOURCE,
                    beside=(GIVEN, REMOVALS),
                ),
            ),
        ),
        Section(
            key="people",
            title=_("By user"),
            blocks=(
                Breakdown(
                    key="by_assigned_to",
                    title=_("Assignments by assigned user"),
                    metric=ASSIGNMENTS_MADE,
                    dimension=ASSIGNED_TO,
                ),
                Breakdown(
                    key="by_assigned_by",
                    title=_("Assignments by who assigned"),
                    metric=ASSIGNMENTS_MADE,
                    dimension=ASSIGNED_BY,
                    beside=(GIVEN, REMOVALS),
                ),
            ),
        ),
    ),
    logs=(ASSIGNMENT_LOG,),
    filters=(
        Filter.ASSIGNMENT_SOURCES,
        Filter.ASSIGNED_TO,
        Filter.ASSIGNED_BY,
        Filter.CONTACTS,
        Filter.CONVERSATIONS,
    ),
)
