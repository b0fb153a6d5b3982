"""Every answer of a person that ended a wait: from what they answered to their message (docs/metrics.md, "Responses")."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from exports.catalogue.performance.parties import SPANISH_ID, agent_columns, required
from reports.definitions.conditions import among, milliseconds, seen, within
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, PEOPLE, with_

# The message that was answered, from the conversation's own index: OFFSET 0 keeps the planner from looking for it among all
# messages of the workspace by their moments.
HEARD = """LATERAL (
       SELECT told.id, told.channel_id
         FROM (SELECT m.id, m.channel_id, m.created_at FROM inbox_message m
                WHERE m.workspace_id = %(workspace_id)s AND m.conversation_id = r.conversation_id
                  AND m.direction = 'incoming' AND m.status <> 'cancelled' AND m.created_at <= r.from_at OFFSET 0) told
        ORDER BY told.created_at DESC, told.id LIMIT 1)"""
HANDED_OVER = """LATERAL (
       SELECT h.reason FROM inbox_handover h
        WHERE r.started_by = 'VA_HANDED_OVER_CONVERSATION' AND h.workspace_id = %(workspace_id)s
          AND h.conversation_id = r.conversation_id AND h.occurred_at = r.from_at AND NOT h.is_auto_responder
        ORDER BY h.id DESC LIMIT 1)"""
SOURCE = f"""inbox_response r
  LEFT JOIN {HEARD} heard ON true
  LEFT JOIN {HANDED_OVER} handover ON true
  LEFT JOIN channels ON channels.id = coalesce(heard.channel_id, r.channel_id)
  LEFT JOIN people ON people.id = r.user_id
 WHERE r.workspace_id = %(workspace_id)s
   AND {within("r.to_at")}
   AND {among("coalesce(heard.channel_id, r.channel_id)", Filter.CHANNELS)}
   AND {among("r.user_id", Filter.AGENTS)}
   AND {among("r.team_id", Filter.TEAMS)}
   AND {seen("r.contact_id")}"""

MEDIUM, ACCOUNT, NAME = required(
    *channel_columns(
        "channels",
        of=_("the channel on which the answered message came, or else of the answer's"),
    )
)
AGENT_ID, AGENT_NAME, AGENT_REFERENCE = agent_columns(
    "responding_agent",
    header="Responding Agent",
    header_es="agente que responde",
    number="r.user_id",
    alias="people",
    of=_("the agent who answered"),
)

RESPONSE_TIMES = Dataset(
    key="response_times",
    title=_("Response times"),
    scope=_(
        "One row for each answer of a person whose message was written within the range; several messages in a row are one"
        " answer."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.AGENTS, Filter.TEAMS),
    before=with_(CHANNELS, PEOPLE),
    source=SOURCE,
    order_by="r.to_at, r.message_id",
    columns=(
        Column(
            key="conversation_id",
            header="Conversation ID",
            header_es="ID de conversación",
            kind=Kind.ID,
            sql="r.conversation_id",
            meaning=_("Id of the conversation in which the answer was given."),
            example="1741618800000001",
        ),
        MEDIUM,
        replace(ACCOUNT, key="sender_channel", header="Sender Channel", header_es="Canal del remitente"),
        replace(
            NAME,
            key="sender_channel_display_name",
            header="Sender Channel Display Name",
            header_es="Nombre para mostrar del canal del remitente",
        ),
        Column(
            key="contact_profile_id",
            header="Contact Profile ID",
            header_es=SPANISH_ID,
            kind=Kind.ID,
            sql="r.contact_id",
            meaning=_("Id of the contact who was answered."),
            example="5021",
        ),
        Column(
            key="started_by",
            header="Started by",
            header_es="Iniciado por",
            kind=Kind.ENUM,
            enum="started_by",
            sql="r.started_by",
            meaning=_("What began the wait."),
            example="INBOUND_MESSAGE_RECEIVED",
        ),
        Column(
            key="handover_reason",
            header="Handover Reason",
            header_es="Motivo del traspaso",
            kind=Kind.ENUM,
            enum="handover_reason",
            sql="handover.reason",
            meaning=_("Why the virtual agent handed over, where a hand-over began the wait."),
            may_be_empty=True,
        ),
        Column(
            key="from_at",
            header="From",
            header_es="Desde",
            kind=Kind.DATETIME,
            sql="r.from_at",
            meaning=_("When the wait began."),
            example="2025-03-10T09:00:00-06:00",
        ),
        Column(
            key="to_at",
            header="To",
            header_es="Hasta",
            kind=Kind.DATETIME,
            sql="r.to_at",
            meaning=_("When the answer was written."),
            example="2025-03-10T09:04:10-06:00",
        ),
        Column(
            key="agent_response_time",
            header="Agent Response Time (s)",
            header_es="Tiempo de respuesta del agente (s)",
            kind=Kind.SECONDS,
            sql=milliseconds("r.from_at", "r.to_at"),
            meaning=_("Seconds from the one to the other."),
            example="250",
        ),
        required(AGENT_ID)[0],
        required(AGENT_NAME)[0],
        AGENT_REFERENCE,
        Column(
            key="inbound_message_id",
            header="Inbound Message ID",
            header_es="ID de mensaje entrante",
            kind=Kind.ID,
            sql="heard.id",
            meaning=_(
                "Id of the contact's latest message in the conversation when the wait began, or the one that began it."
            ),
            example="1741618800000001",
            may_be_empty=True,
        ),
        Column(
            key="outbound_message_id",
            header="Outbound Message ID",
            header_es="ID de mensaje saliente",
            kind=Kind.ID,
            sql="r.message_id",
            meaning=_("Id of the answer."),
            example="1741618800000002",
        ),
        Column(
            key="conversation_url",
            header="Conversation URL",
            header_es="URL de conversación",
            kind=Kind.URL,
            sql="%(conversation_urls)s::text || r.conversation_id",
            meaning=_("Address that opens the conversation in the inbox."),
            example="https://inbox.example.com/w/9/c/1741618800000001",
        ),
    ),
)
