"""What the people of each team did in a range: an event belongs to the team that its agent had then."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.credited import AVERAGE_HANDLE_MS, average, figure, score_columns, time
from reports.definitions.figures import (
    AVERAGES,
    EVENTS,
    FIRST_REPLIES,
    FIRST_RESOLVES,
    TOTALS,
    Credit,
    averages,
    joined,
    totals,
)
from reports.definitions.filters import Filter
from reports.definitions.names import TEAMS as TEAM_NAMES
from reports.definitions.names import with_

TEAMS = Dataset(
    key="teams",
    title=_("Teams"),
    scope=_("One row for each team whose agents wrote a message in the range, deleted teams too."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS, Filter.TEAMS),
    before=with_(TEAM_NAMES, *EVENTS, FIRST_REPLIES, FIRST_RESOLVES, *totals(Credit.TEAM), *averages(Credit.TEAM)),
    # Whoever wrote has a row of replies: teams without one are not in the file.
    source=f"""(SELECT credited AS team_id FROM reply_totals) written
  LEFT JOIN teams ON teams.id = written.team_id
{joined((*TOTALS, *AVERAGES), "written.team_id")}
 WHERE true""",  # noqa: S608 - fixed text, values are parameters
    order_by='teams.name COLLATE "C", written.team_id',
    columns=(
        Column(
            key="created_at",
            header="Created at",
            header_es="Creado el",
            kind=Kind.DATETIME,
            sql="teams.created_at",
            meaning=_("When the team was set up, in the range or not."),
            example="2024-11-04T10:15:00-06:00",
        ),
        Column(
            key="team_id",
            header="Team ID",
            header_es="ID del equipo",
            kind=Kind.ID,
            sql="written.team_id",
            meaning=_("The team's id."),
            example="3",
        ),
        Column(
            key="team_name",
            header="Team Name",
            header_es="Nombre del equipo",
            kind=Kind.STRING,
            sql="teams.name",
            meaning=_("The team's name when the file is made; a deleted team keeps its last one."),
            example="Support",
        ),
        figure(
            "resolves_with_reply",
            ("Resolves With Reply", "Resueltas con respuesta"),
            "resolve_totals.with_reply",
            meaning=_(
                "Conversations whose latest resolution by a person in the range is the team's, a person having written before."
            ),
            example="214",
        ),
        figure(
            "resolves_without_reply",
            ("Resolves Without Reply", "Resueltas sin respuesta"),
            "resolve_totals.without_reply",
            meaning=_(
                "Conversations whose latest resolution by a person in the range is the team's, no person having written before."
            ),
            example="19",
        ),
        average(
            "average_first_response_time",
            ("Average First Response Time", "Tiempo promedio de primera respuesta"),
            "first_reply_totals.average_ms",
            meaning=_("Mean first response time of the conversations that the team answered first, in the range."),
            example="250",
        ),
        average(
            "average_resolution_time",
            ("Average Resolution Time", "Tiempo promedio de resolución"),
            "first_resolve_totals.average_ms",
            meaning=_(
                "Mean resolution time of the conversations that the team resolved for the first time, in the range."
            ),
            example="1200",
        ),
        time(
            "total_handle_time",
            ("Total Handle Time", "Tiempo total de manejo"),
            "lock_totals.handle_ms",
            meaning=_("Work sessions of the team with a reply that ended in the range, added up."),
            example="47080",
        ),
        time(
            "total_no_reply_time",
            ("Total No Reply Time", "Tiempo total sin respuesta"),
            "lock_totals.no_reply_ms",
            meaning=_("Work sessions of the team without a reply that ended in the range by resolving, added up."),
            example="1900",
        ),
        time(
            "total_cherry_picking_time",
            ("Total Cherry-Picking Time", "Tiempo total de selección sin respuesta"),
            "lock_totals.cherry_picking_ms",
            meaning=_("Work sessions of the team that ended in the range with neither, added up."),
            example="840",
        ),
        average(
            "average_handle_time",
            ("Average Handle Time", "Tiempo promedio de manejo"),
            AVERAGE_HANDLE_MS,
            meaning=_("Total handle time, divided by the different conversations it was spent on."),
            example="220",
        ),
        figure(
            "contacts_helped",
            ("Contacts Helped", "Contactos ayudados"),
            "reply_totals.contacts_helped",
            meaning=_("Different contacts to whom agents of the team wrote in the range."),
            example="198",
        ),
        *score_columns(_("Surveys answered with score %(score)s in the range and credited to the team.")),
        figure(
            "tags_added",
            ("Tags Added", "Etiquetas añadidas"),
            "tag_totals.tags_added",
            meaning=_(
                "How often agents of the team put a tag on a message in the range, even where it was taken off later."
            ),
            example="66",
        ),
        figure(
            "topics_added",
            ("Topics Added", "Temas añadidos"),
            "topic_totals.topics_added",
            meaning=_(
                "How often agents of the team put a topic on a conversation in the range, even where it was taken off later."
            ),
            example="205",
        ),
        figure(
            "replies",
            ("Replies", "Respuestas"),
            "reply_totals.replies",
            meaning=_(
                "Messages that agents of the team wrote in the range, each one, whether it answered something or not."
            ),
            example="583",
        ),
    ),
)
