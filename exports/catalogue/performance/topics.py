"""How often topics were put on conversations, channel by channel."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from reports.definitions.figures import TOPICS_PUT
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, with_

# A conversation counts once for a topic, and is current when it carries the topic now, whenever that was put on.
COUNTED = """counted AS (
    SELECT put.topic_id, put.channel_id, count(*) AS conversations, count(*) FILTER (WHERE put.is_current) AS current
      FROM (SELECT once.*, EXISTS (
                       SELECT 1 FROM inbox_conversationtopic now
                        WHERE now.workspace_id = %(workspace_id)s AND now.conversation_id = once.conversation_id
                          AND now.topic_id = once.topic_id AND now.removed_at IS NULL) AS is_current
              FROM (SELECT DISTINCT topic_id, channel_id, conversation_id FROM topics_put) once) put
     GROUP BY put.topic_id, put.channel_id
)"""

TOPICS = Dataset(
    key="topics",
    title=_("Topics"),
    scope=_("One row for each topic and channel of conversations that got it in the range, past topics too."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS,),
    before=with_(CHANNELS, TOPICS_PUT, COUNTED),
    source="""counted
  JOIN inbox_topic t ON t.workspace_id = %(workspace_id)s AND t.id = counted.topic_id
  LEFT JOIN channels ON channels.id = counted.channel_id
 WHERE true""",
    order_by='t.name COLLATE "C", t.id, channels.medium COLLATE "C", channels.account COLLATE "C", counted.channel_id',
    columns=(
        Column(
            key="topic_id",
            header="Topic ID",
            header_es="ID de tema",
            kind=Kind.ID,
            sql="t.id",
            meaning=_("The topic's id."),
            example="8",
        ),
        Column(
            key="topic_name",
            header="Topic Name",
            header_es="Nombre del tema",
            kind=Kind.STRING,
            sql="t.name",
            meaning=_("The topic's name when the file is made; a past topic keeps its last one."),
            example="Shipping",
        ),
        Column(
            key="active",
            header="Active",
            header_es="Activo",
            kind=Kind.BOOLEAN,
            sql="t.is_active",
            meaning=_("Whether the topic can still be chosen; false once it was switched off."),
            example="true",
        ),
        Column(
            key="total_conversations",
            header="Total Conversations",
            header_es="Conversaciones totales",
            kind=Kind.INTEGER,
            sql="counted.conversations",
            meaning=_("Different conversations that got the topic in the range, even where it was taken off later."),
            example="120",
        ),
        Column(
            key="total_current_conversations",
            header="Total Current Conversations",
            header_es="Conversaciones actuales totales",
            kind=Kind.INTEGER,
            sql="counted.current",
            meaning=_("How many of these conversations have the topic when the file is made."),
            example="112",
        ),
        *channel_columns("channels", of=_("the channel of the conversations")),
    ),
)
