"""What virtual agents did in a range, channel by channel. Auto-responders have no figures."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from reports.definitions.conditions import among, seen, within
from reports.definitions.figures import RESOLUTIONS, TAGS_PUT, TOPICS_PUT
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, with_

ANSWERS = f"""answers AS (
    SELECT m.sender_id AS virtual_agent_id, m.channel_id, m.conversation_id
      FROM inbox_message m
     WHERE m.workspace_id = %(workspace_id)s AND {within("m.created_at")} AND m.direction = 'outgoing'
       AND m.sender_kind IN ('bot', 'ai_agent') AND m.sender_id IS NOT NULL AND m.status <> 'cancelled'
       AND {among("m.channel_id", Filter.CHANNELS)} AND {seen("m.contact_id")}
)"""  # noqa: S608 - fixed text, values are parameters

# The latest hand-over of a conversation by an agent says what it was: asked for, or an error.
HANDOVERS = f"""handovers AS (
    SELECT DISTINCT ON (h.virtual_agent_id, h.conversation_id) h.virtual_agent_id, c.channel_id, h.conversation_id, h.reason
      FROM inbox_handover h LEFT JOIN inbox_conversation c
        ON c.workspace_id = %(workspace_id)s AND c.id = h.conversation_id
     WHERE h.workspace_id = %(workspace_id)s AND {within("h.occurred_at")} AND NOT h.is_auto_responder
       AND {among("c.channel_id", Filter.CHANNELS)} AND {seen("h.contact_id")}
     ORDER BY h.virtual_agent_id, h.conversation_id, h.occurred_at DESC, h.id DESC
)"""  # noqa: S608 - fixed text, values are parameters

# One pass over everything that virtual agents did: a channel may be unknown, and NULLs do not join.
DONE = """done AS (
    SELECT virtual_agent_id, channel_id, conversation_id, NULL::bigint AS message_id, 'answer' AS what FROM answers
    UNION ALL SELECT virtual_agent_id, channel_id, conversation_id, NULL, reason FROM handovers
    UNION ALL SELECT virtual_agent_id, channel_id, conversation_id, NULL, 'resolution' FROM resolutions
    UNION ALL SELECT virtual_agent_id, channel_id, conversation_id, NULL, 'topic' FROM topics_put
    UNION ALL SELECT virtual_agent_id, channel_id, conversation_id, message_id, 'tag' FROM tags_put
), counted AS (
    SELECT virtual_agent_id, channel_id,
           count(DISTINCT conversation_id) FILTER (WHERE what = 'answer') AS conversations,
           count(*) FILTER (WHERE what IN ('VA_REQUESTED', 'CONTACT_TIMEOUT')) AS handed_over,
           count(*) FILTER (WHERE what = 'VA_ERROR') AS failed,
           count(DISTINCT conversation_id) FILTER (WHERE what = 'resolution') AS resolved,
           count(DISTINCT conversation_id) FILTER (WHERE what = 'topic') AS with_topic,
           count(DISTINCT message_id) FILTER (WHERE what = 'tag') AS tagged_messages,
           count(*) FILTER (WHERE what = 'tag') AS tags
      FROM done WHERE virtual_agent_id IS NOT NULL GROUP BY virtual_agent_id, channel_id
)"""

VIRTUAL_AGENTS = Dataset(
    key="virtual_agents",
    title=_("Virtual agents"),
    scope=_(
        "One row for each virtual agent and channel with anything done in the range; a deleted agent keeps its rows."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS,),
    before=with_(CHANNELS, ANSWERS, HANDOVERS, RESOLUTIONS, TOPICS_PUT, TAGS_PUT, DONE),
    source="""counted
  JOIN inbox_virtualagent v ON v.workspace_id = %(workspace_id)s AND v.id = counted.virtual_agent_id
  LEFT JOIN channels ON channels.id = counted.channel_id
 WHERE v.kind = 'virtual_agent'""",
    order_by='v.name COLLATE "C", v.id, channels.medium COLLATE "C", channels.account COLLATE "C", counted.channel_id',
    columns=(
        Column(
            key="agent_id",
            header="Agent ID",
            header_es="ID de agente",
            kind=Kind.ID,
            sql="v.id",
            meaning=_("The virtual agent's id."),
            example="6",
        ),
        Column(
            key="agent_name",
            header="Agent Name",
            header_es="Nombre del agente",
            kind=Kind.STRING,
            sql="v.name",
            meaning=_("The virtual agent's name, when the file is made."),
            example="Night desk",
        ),
        *channel_columns("channels", of=_("the channel of what is counted"), may_be_empty=False),
        Column(
            key="total_conversations",
            header="Total Conversations",
            header_es="Conversaciones totales",
            kind=Kind.INTEGER,
            sql="counted.conversations",
            meaning=_("Different conversations in which the virtual agent wrote on the channel in the range."),
            example="310",
        ),
        Column(
            key="handover_to_agent",
            header="Handover to Agent",
            header_es="Traspasos a un agente",
            kind=Kind.INTEGER,
            sql="counted.handed_over",
            meaning=_(
                "Conversations that the virtual agent passed to people because it asked to, or the contact fell silent; the latest hand-over in the range decides."
            ),
            example="74",
        ),
        Column(
            key="handover_due_to_error",
            header="Handover Due to Error",
            header_es="Traspasos por error",
            kind=Kind.INTEGER,
            sql="counted.failed",
            meaning=_(
                "Conversations that went to people because the virtual agent failed; the latest hand-over in the range decides."
            ),
            example="3",
        ),
        Column(
            key="resolved",
            header="Resolved",
            header_es="Resueltas",
            kind=Kind.INTEGER,
            sql="counted.resolved",
            meaning=_("Different conversations that the virtual agent resolved in the range."),
            example="221",
        ),
        Column(
            key="total_conversations_with_topic",
            header="Total Conversations With Topic",
            header_es="Conversaciones totales con tema",
            kind=Kind.INTEGER,
            sql="counted.with_topic",
            meaning=_("Different conversations on which the virtual agent put a topic in the range."),
            example="180",
        ),
        Column(
            key="total_tagged_messages",
            header="Total Tagged Messages",
            header_es="Total de mensajes etiquetados",
            kind=Kind.INTEGER,
            sql="counted.tagged_messages",
            meaning=_("Different messages on which the virtual agent put a tag in the range."),
            example="90",
        ),
        Column(
            key="tags_per_message",
            header="Tags per Message",
            header_es="Etiquetas por mensaje",
            kind=Kind.NUMBER,
            sql="round(counted.tags / nullif(counted.tagged_messages, 0)::numeric, 2)",
            meaning=_("How often the virtual agent put a tag on a message, divided by the messages it tagged."),
            example="1.20",
            may_be_empty=True,
        ),
    ),
)
