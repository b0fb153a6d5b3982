"""The conversations that were resolved for the first time within a range, with how it went and what the survey said."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.conversation_rows import (
    conversation_columns,
    conversations_before,
    conversations_source,
)
from reports.definitions.conditions import among, within
from reports.definitions.filters import Filter
from reports.definitions.names import RESOLVE_TRIGGER

# The latest survey of each conversation; docs/metrics.md says what its state is.
SURVEYS = """surveys AS (
    SELECT DISTINCT ON (s.conversation_id) s.conversation_id, s.score, s.question, s.answer,
           CASE WHEN s.score IS NOT NULL AND (s.question = '' OR s.answer <> '') THEN 'COMPLETED'
                WHEN s.score IS NOT NULL THEN 'PARTIAL'
                WHEN s.expires_at <= %(export_at)s THEN 'EXPIRED' ELSE 'SENT' END AS state
      FROM inbox_survey s WHERE s.workspace_id = %(workspace_id)s
     ORDER BY s.conversation_id, s.id DESC
)"""

OF_RESOLUTION = (
    Column(
        key="resolve_reason",
        header="Resolve Reason",
        header_es="Motivo de resolución",
        kind=Kind.STRING,
        sql="c.first_resolved_category",
        meaning=_("Closing category chosen at the first resolution."),
        example="Order status",
        may_be_empty=True,
    ),
    Column(
        key="resolve_comment",
        header="Resolve Comment",
        header_es="Comentario de resolución",
        kind=Kind.TEXT,
        sql="c.first_resolved_summary",
        meaning=_("What was written down at the first resolution."),
        example="Parcel arrives on Tuesday, no refund",
        may_be_empty=True,
    ),
    Column(
        key="resolve_trigger",
        header="Resolve Trigger",
        header_es="Activador de la resolución",
        kind=Kind.ENUM,
        enum="resolve_trigger",
        sql=RESOLVE_TRIGGER.format(source="c.first_resolved_source"),
        meaning=_("What brought the first resolution about."),
        example="HUMAN_AGENT",
    ),
)
OF_SURVEY = (
    Column(
        key="csat_score",
        header="CSAT Score",
        header_es="Puntuación CSAT",
        kind=Kind.INTEGER,
        sql="surveys.score",
        meaning=_("Score from 1 to 5 that the contact gave in the conversation's latest survey."),
        example="5",
        may_be_empty=True,
    ),
    Column(
        key="csat_completed_status",
        header="CSAT Completed Status",
        header_es="Estado de finalización de CSAT",
        kind=Kind.ENUM,
        enum="csat_status",
        sql="surveys.state",
        meaning=_("Where the latest survey stands when the file is made; empty when none was sent."),
        example="COMPLETED",
        may_be_empty=True,
    ),
    Column(
        key="csat_follow_up_question",
        header="CSAT Follow-up Question",
        header_es="Pregunta de seguimiento de CSAT",
        kind=Kind.TEXT,
        sql="surveys.question",
        meaning=_("The question that the latest survey asks after the score; empty when it asks none."),
        example="What could we do better?",
        may_be_empty=True,
    ),
    Column(
        key="csat_follow_up_answer",
        header="CSAT Follow-up Answer",
        header_es="Respuesta de seguimiento de CSAT",
        kind=Kind.TEXT,
        sql="surveys.answer",
        meaning=_("What the contact answered to that question."),
        example="Nothing, thank you",
        may_be_empty=True,
    ),
)

RESOLVED_CONVERSATIONS = Dataset(
    key="resolved_conversations",
    title=_("Resolved conversations"),
    scope=_(
        "One row for each conversation that was resolved for the first time within the range, opened again or not;"
        " everything else is as it stands when the file is made."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.TEAMS),
    before=conversations_before(SURVEYS),
    source=conversations_source(
        within("c.first_resolved_at"),
        among("c.first_resolved_team_id", Filter.TEAMS),
        joins="\n  LEFT JOIN surveys ON surveys.conversation_id = c.id",
    ),
    order_by="c.first_resolved_at, c.id",
    columns=(*conversation_columns(of_resolution=OF_RESOLUTION, is_resolved=True), *OF_SURVEY),
)
