"""What each person did in a range, how long they were there, and what contacts thought of it."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.credited import (
    AVERAGE_HANDLE_MS,
    average,
    figure,
    person_columns,
    score_columns,
    time,
)
from reports.definitions.figures import EVENTS, PRESENCES, TOTALS, Credit, joined, totals
from reports.definitions.filters import Filter
from reports.definitions.names import PEOPLE, with_

PRESENCE_TOTALS = """presence_totals AS (
    SELECT user_id AS credited, sum(length_ms) FILTER (WHERE kind = 'AVAILABLE') AS available_ms,
           sum(length_ms) FILTER (WHERE kind = 'AWAY') AS away_ms
      FROM presences GROUP BY 1
)"""

# Whoever has a figure has a row; a resolution that a later one of the same conversation took the place of is none.
_COUNTED = " UNION ".join(f"SELECT credited FROM {name}" for name in (*TOTALS, "presence_totals"))  # noqa: S608 - names in our code
AGENTS_SEEN = f"agents_seen AS ({_COUNTED})"

WORK_MS = "(coalesce(lock_totals.handle_ms, 0) + coalesce(lock_totals.no_reply_ms, 0) + coalesce(lock_totals.cherry_picking_ms, 0))"
# Empty as well where the time rounds to the 0 that its own column shows.
UTILIZATION = (
    "CASE WHEN presence_totals.available_ms >= 500"
    f" THEN round(least({WORK_MS} * 100.0 / presence_totals.available_ms, 100), 2) END"
)

AGENTS = Dataset(
    key="agents",
    title=_("Agents"),
    scope=_("One row for each agent who was present or did something that counts in the range."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS, Filter.AGENTS, Filter.TEAMS),
    before=with_(PEOPLE, *EVENTS, PRESENCES, *totals(Credit.USER), PRESENCE_TOTALS, AGENTS_SEEN),
    source=f"""agents_seen a
  LEFT JOIN people ON people.id = a.credited
{joined((*TOTALS, "presence_totals"), "a.credited")}
 WHERE true""",
    order_by='people.name COLLATE "C", a.credited',
    columns=(
        *person_columns("people", "a.credited"),
        Column(
            key="user_reference",
            header="User Reference",
            header_es="Referencia del usuario",
            kind=Kind.STRING,
            sql="people.reference",
            meaning=_("The workspace's own reference for the agent, such as a staff number."),
            example="E-041",
            may_be_empty=True,
        ),
        time(
            "available_time",
            ("Available Time (s)", "Tiempo disponible (s)"),
            "presence_totals.available_ms",
            meaning=_("How long the agent was available in the range; a choice of channels does not change it."),
            example="21600",
        ),
        time(
            "away_time",
            ("Away Time (s)", "Tiempo ausente (s)"),
            "presence_totals.away_ms",
            meaning=_("How long the agent was away in the range; a choice of channels does not change it."),
            example="2700",
        ),
        figure(
            "contacts_helped",
            ("Contacts Helped", "Contactos ayudados"),
            "reply_totals.contacts_helped",
            meaning=_("Different contacts to whom the agent wrote in the range."),
            example="38",
        ),
        average(
            "average_handle_time",
            ("Avg. Handle Time (s)", "Tiempo promedio de manejo (s)"),
            AVERAGE_HANDLE_MS,
            meaning=_("Handle time, divided by the different conversations it was spent on."),
            example="220",
        ),
        time(
            "handle_time",
            ("Handle Time (s)", "Tiempo de manejo (s)"),
            "lock_totals.handle_ms",
            meaning=_("Work sessions of the agent with a reply that ended in the range, added up."),
            example="9240",
        ),
        time(
            "no_reply_time",
            ("No Reply Time (s)", "Tiempo sin respuesta (s)"),
            "lock_totals.no_reply_ms",
            meaning=_("Work sessions of the agent without a reply that ended in the range by resolving, added up."),
            example="660",
        ),
        time(
            "cherry_picking_time",
            ("Cherry-Picking Time (s)", "Tiempo de selección sin respuesta (s)"),
            "lock_totals.cherry_picking_ms",
            meaning=_("Work sessions of the agent that ended in the range with neither, added up."),
            example="300",
        ),
        figure(
            "replies",
            ("Replies", "Respuestas"),
            "reply_totals.replies",
            meaning=_("Messages that the agent wrote in the range, each one, whether it answered something or not."),
            example="97",
        ),
        figure(
            "resolves_with_reply",
            ("Resolves - With Reply", "Resueltas - Con respuesta"),
            "resolve_totals.with_reply",
            meaning=_(
                "Conversations whose latest resolution by a person in the range is the agent's, a person having written before."
            ),
            example="35",
        ),
        figure(
            "resolves_no_reply",
            ("Resolves - No Reply", "Resueltas - Sin respuesta"),
            "resolve_totals.without_reply",
            meaning=_(
                "Conversations whose latest resolution by a person in the range is the agent's, no person having written before."
            ),
            example="4",
        ),
        figure(
            "tags_added",
            ("Tags Added", "Etiquetas añadidas"),
            "tag_totals.tags_added",
            meaning=_("How often the agent put a tag on a message in the range, even where it was taken off later."),
            example="12",
        ),
        figure(
            "topics_added",
            ("Topics Added", "Temas añadidos"),
            "topic_totals.topics_added",
            meaning=_(
                "How often the agent put a topic on a conversation in the range, even where it was taken off later."
            ),
            example="41",
        ),
        Column(
            key="utilization",
            header="Utilization (%)",
            header_es="Utilización (%)",
            kind=Kind.NUMBER,
            sql=UTILIZATION,
            meaning=_(
                "All three kinds of work sessions as a percentage of the available time, 100 at most; empty without available time."
            ),
            example="47.22",
            may_be_empty=True,
        ),
        *score_columns(_("Surveys answered with score %(score)s in the range and credited to the agent.")),
    ),
)
