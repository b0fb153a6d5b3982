"""When people were available or away: one row for each interval, written whole."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.credited import person_columns
from reports.definitions.conditions import milliseconds
from reports.definitions.figures import PRESENT_IN_RANGE, PRESENT_UNTIL
from reports.definitions.filters import Filter
from reports.definitions.names import PEOPLE, with_

AGENT_PRESENCE = Dataset(
    key="agent_presence",
    title=_("Agent presence"),
    scope=_("One row for each time an agent was available or away, where any part of it lies in the range."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.OVERLAP,
    filters=(Filter.AGENTS, Filter.TEAMS),
    before=with_(PEOPLE),
    source=f"""workspaces_presenceinterval p
  LEFT JOIN people ON people.id = p.user_id
 WHERE {PRESENT_IN_RANGE}""",
    order_by="p.user_id, p.started_at, p.id",
    columns=(
        *person_columns("people", "p.user_id"),
        Column(
            key="presence_type",
            header="Type",
            header_es="Tipo",
            kind=Kind.ENUM,
            enum="presence_type",
            sql="p.kind",
            meaning=_("Whether the agent was available or away."),
            example="AWAY",
        ),
        Column(
            key="away_status",
            header="Away Status",
            header_es="Estado de ausencia",
            kind=Kind.STRING,
            sql="CASE WHEN p.kind = 'AWAY' THEN p.away_name END",
            meaning=_("Name that the away state had then; empty without one, and while available."),
            example="Lunch",
            may_be_empty=True,
        ),
        Column(
            key="from_at",
            header="From",
            header_es="Desde",
            kind=Kind.DATETIME,
            sql="p.started_at",
            meaning=_("When it began, even where that is before the range."),
            example="2025-03-10T13:00:00-06:00",
        ),
        Column(
            key="to_at",
            header="To",
            header_es="Hasta",
            kind=Kind.DATETIME,
            sql="p.ended_at",
            meaning=_("When it ended, even where that is after the range; empty while it lasts."),
            example="2025-03-10T13:45:00-06:00",
            may_be_empty=True,
        ),
        Column(
            key="duration",
            header="Duration (s)",
            header_es="Duración (s)",
            kind=Kind.SECONDS,
            sql=f"greatest({milliseconds('p.started_at', PRESENT_UNTIL)}, 0)",
            meaning=_("How long it lasted, or has lasted until the file is made; the range does not shorten it."),
            example="2700",
        ),
    ),
)
