"""The rows of open and resolved conversations: one source, and the columns from the id to the latest status change.

Every figure is a column that the inbox keeps (docs/metrics.md), so that a row costs a few hash joins and no look-up.
"""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.parts import channel_columns
from exports.catalogue.performance.conversation_figures import (
    FIGURES,
    RESOLVED_AT_COLUMN,
    RESOLVED_BY_COLUMN,
    RESOLVING_AGENT,
)
from exports.catalogue.performance.parties import agent_columns, contact_columns, required
from reports.definitions.conditions import among, item, seen
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, IDENTITIES, PEOPLE, TEAMS, with_

TOPICS = f"""topics AS (
    SELECT a.conversation_id,
           string_agg(t.id::text, '; ' ORDER BY a.applied_at, a.id) AS ids,
           string_agg({item("t.name")}, '; ' ORDER BY a.applied_at, a.id) AS names
      FROM inbox_conversationtopic a
      JOIN inbox_topic t ON t.workspace_id = %(workspace_id)s AND t.id = a.topic_id
     WHERE a.workspace_id = %(workspace_id)s AND a.removed_at IS NULL
     GROUP BY a.conversation_id
)"""  # noqa: S608 - fixed text, values are parameters

JOINS = """inbox_conversation c
  LEFT JOIN channels ON channels.id = c.channel_id
  LEFT JOIN identities ON identities.contact_id = c.contact_id AND identities.channel_id = c.channel_id
  LEFT JOIN network_identities ON network_identities.contact_id = c.contact_id AND network_identities.medium = channels.medium
  LEFT JOIN people settler ON settler.id = c.settled_by_id
  LEFT JOIN teams settling_team ON settling_team.id = c.settled_team_id
  LEFT JOIN people resolver ON resolver.id = c.first_resolved_by_id
  LEFT JOIN topics ON topics.conversation_id = c.id"""

HEAD = (
    Column(
        key="conversation_id",
        header="Conversation ID",
        header_es="ID de conversación",
        kind=Kind.ID,
        sql="c.id",
        meaning=_("The conversation's id."),
        example="1741618800000001",
    ),
    *channel_columns("channels", of=_("the channel on which the conversation was opened")),
    *contact_columns(
        number="c.contact_id",
        first="coalesce(identities.first, network_identities.first)",
        second="CASE WHEN identities.contact_id IS NULL THEN network_identities.second ELSE identities.second END",
        of=_("the identity that the contact has on that network"),
    ),
    Column(
        key="created_at",
        header="Created at",
        header_es="Creado el",
        kind=Kind.DATETIME,
        sql="c.opened_at",
        meaning=_("When the conversation was opened, by whomever; opening it again does not move it."),
        example="2025-03-10T09:00:00-06:00",
    ),
    *agent_columns(
        "last_status_change_agent",
        header="Last Status Change Agent",
        header_es="agente del último cambio de estado",
        number="c.settled_by_id",
        alias="settler",
        of=_("the agent who made the latest change to pending or resolved"),
    ),
    Column(
        key="last_status_change_team_id",
        header="Last Status Change Team ID",
        header_es="ID del equipo del último cambio de estado",
        kind=Kind.ID,
        sql="c.settled_team_id",
        meaning=_("Id of the team that agent was in at that moment."),
        example="3",
        may_be_empty=True,
    ),
    Column(
        key="last_status_change_team_name",
        header="Last Status Change Team Name",
        header_es="Nombre del equipo del último cambio de estado",
        kind=Kind.STRING,
        sql="settling_team.name",
        meaning=_("Name that this team has when the file is made."),
        example="Support",
        may_be_empty=True,
    ),
)
CURRENT_STATUS = Column(
    key="current_status",
    header="Current Status",
    header_es="Estado actual",
    kind=Kind.ENUM,
    enum="conversation_status",
    values=("NEW", "PENDING"),
    sql="upper(c.status)",
    meaning=_("The conversation's status when the file is made."),
    example="PENDING",
)


def conversations_before(*more: str) -> str:
    """Return the WITH clause, with what a data set needs beside it."""
    return with_(CHANNELS, PEOPLE, TEAMS, IDENTITIES, TOPICS, *more)


def conversations_source(*conditions: str, joins: str = "") -> str:
    """Return joins and conditions of a data set; the channels chosen and whose contacts are seen stand here."""
    wanted = ("c.workspace_id = %(workspace_id)s", *conditions, among("c.channel_id", Filter.CHANNELS))
    return f"{JOINS}{joins}\n WHERE " + "\n   AND ".join((*wanted, seen("c.contact_id")))


def conversation_columns(*, of_resolution: tuple[Column, ...] = (), is_resolved: bool) -> tuple[Column, ...]:
    """Return the columns both data sets have; `of_resolution` stand after who resolved it."""
    status, resolved = CURRENT_STATUS, (RESOLVED_BY_COLUMN, RESOLVED_AT_COLUMN)
    if is_resolved:
        reopened = _("The conversation's status when the file is made: other than RESOLVED once it was opened again.")
        status = replace(status, values=("NEW", "PENDING", "RESOLVED"), meaning=reopened, example="RESOLVED")
        resolved = (required(resolved[0])[0], required(resolved[1])[0])
    return (*HEAD, status, resolved[0], *of_resolution, resolved[1], *RESOLVING_AGENT, *FIGURES)
