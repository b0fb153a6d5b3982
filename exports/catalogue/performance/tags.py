"""How often tags were put on messages, channel by channel."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from reports.definitions.figures import TAGS_PUT
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, with_

# A message counts once for a tag, and is current when it carries the tag now, whenever that was put on.
COUNTED = """counted AS (
    SELECT put.tag_id, put.channel_id, count(*) AS messages, count(DISTINCT put.contact_id) AS contacts,
           count(*) FILTER (WHERE put.is_current) AS current
      FROM (SELECT once.*, EXISTS (
                       SELECT 1 FROM inbox_messagetagging now
                        WHERE now.workspace_id = %(workspace_id)s AND now.message_id = once.message_id
                          AND now.tag_id = once.tag_id AND now.removed_at IS NULL) AS is_current
              FROM (SELECT DISTINCT tag_id, channel_id, message_id, contact_id FROM tags_put) once) put
     GROUP BY put.tag_id, put.channel_id
)"""

TAGS = Dataset(
    key="tags",
    title=_("Tags"),
    scope=_("One row for each message tag and channel of messages that got it in the range, past tags too."),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS,),
    before=with_(CHANNELS, TAGS_PUT, COUNTED),
    source="""counted
  JOIN inbox_messagetag t ON t.workspace_id = %(workspace_id)s AND t.id = counted.tag_id
  LEFT JOIN channels ON channels.id = counted.channel_id
 WHERE true""",
    order_by='t.name COLLATE "C", t.id, channels.medium COLLATE "C", channels.account COLLATE "C", counted.channel_id',
    columns=(
        Column(
            key="tag_id",
            header="Tag ID",
            header_es="ID de etiqueta",
            kind=Kind.ID,
            sql="t.id",
            meaning=_("The message tag's id."),
            example="3",
        ),
        Column(
            key="tag_name",
            header="Tag Name",
            header_es="Nombre de etiqueta",
            kind=Kind.STRING,
            sql="t.name",
            meaning=_("The tag's name when the file is made; a past tag keeps its last one."),
            example="Complaint",
        ),
        Column(
            key="active",
            header="Active",
            header_es="Activo",
            kind=Kind.BOOLEAN,
            sql="t.is_active",
            meaning=_("Whether the tag can still be chosen; false once it was switched off."),
            example="true",
        ),
        Column(
            key="total_contacts",
            header="Total Contacts",
            header_es="Contactos totales",
            kind=Kind.INTEGER,
            sql="counted.contacts",
            meaning=_("Different contacts whose messages are counted in this row."),
            example="31",
        ),
        Column(
            key="total_messages",
            header="Total Messages",
            header_es="Mensajes totales",
            kind=Kind.INTEGER,
            sql="counted.messages",
            meaning=_("Different messages that got the tag in the range, even where it was taken off later."),
            example="44",
        ),
        Column(
            key="total_current_messages",
            header="Total Current Messages",
            header_es="Mensajes actuales totales",
            kind=Kind.INTEGER,
            sql="counted.current",
            meaning=_("How many of these messages have the tag when the file is made."),
            example="40",
        ),
        *channel_columns("channels", of=_("the channel of the tagged messages"), may_be_empty=False),
    ),
)
