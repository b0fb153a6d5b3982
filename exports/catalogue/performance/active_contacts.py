"""The contacts with whom messages were exchanged within a range: one row for each network on which it happened."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from exports.catalogue.performance.parties import SPANISH_ID, identifier_columns, required
from reports.definitions.conditions import among, seen, within
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, FIRST_IDENTIFIER, SECOND_IDENTIFIER, with_

COUNTED = f"""counted AS (
    SELECT m.contact_id, channels.medium,
           min(m.created_at) FILTER (WHERE m.direction = 'incoming') AS first_incoming_at,
           count(DISTINCT m.conversation_id) AS conversations,
           count(*) FILTER (WHERE m.direction = 'incoming') AS incoming,
           count(*) FILTER (WHERE m.direction = 'outgoing') AS outgoing,
           max(m.deleted_at) AS deleted_at
      FROM inbox_message m JOIN channels ON channels.id = m.channel_id
     WHERE m.workspace_id = %(workspace_id)s AND m.status <> 'cancelled'
       AND {within("m.created_at")}
       AND {among("m.channel_id", Filter.CHANNELS)}
       AND {seen("m.contact_id")}
     GROUP BY m.contact_id, channels.medium
)"""  # noqa: S608 - fixed text, values are parameters

# The identity that a contact used last on each network.
USED = f"""used AS (
    SELECT DISTINCT ON (l.contact_id, channels.medium) l.contact_id, channels.medium,
           {FIRST_IDENTIFIER} AS first,
           {SECOND_IDENTIFIER} AS second
      FROM inbox_contactchannel l JOIN channels ON channels.id = l.channel_id
     WHERE l.workspace_id = %(workspace_id)s
     ORDER BY l.contact_id, channels.medium, l.last_message_at DESC NULLS LAST, l.id DESC
)"""  # noqa: S608 - fixed text, values are parameters

SOURCE = """counted
  LEFT JOIN used ON used.contact_id = counted.contact_id AND used.medium = counted.medium
  LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = counted.contact_id
 WHERE true"""

ACTIVE_CONTACTS = Dataset(
    key="active_contacts",
    title=_("Active contacts"),
    scope=_(
        "One row for each contact and network with a message in either direction within the range; only the range's messages"
        " count."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.EVENTS,
    filters=(Filter.CHANNELS,),
    before=with_(CHANNELS, COUNTED, USED),
    source=SOURCE,
    order_by='counted.contact_id, counted.medium COLLATE "C"',
    columns=(
        Column(
            key="contact_profile_id",
            header="Contact Profile ID",
            header_es=SPANISH_ID,
            kind=Kind.ID,
            sql="counted.contact_id",
            meaning=_("The contact's id: the same number in every data set. It stays when the contact is deleted."),
            example="5021",
        ),
        *required(channel_columns("counted", of=_("the messages that are counted"))[0]),
        *identifier_columns(
            "",
            header="",
            first="used.first",
            second="used.second",
            of=_("the identity that the contact used last on this network"),
        ),
        Column(
            key="created_at",
            header="Created at",
            header_es="Creado el",
            kind=Kind.DATETIME,
            sql="counted.first_incoming_at",
            meaning=_("When the contact's first message of the range came; empty when they sent none."),
            example="2025-03-10T09:00:00-06:00",
            may_be_empty=True,
        ),
        Column(
            key="number_of_conversations",
            header="Number of Conversations",
            header_es="Número de conversaciones",
            kind=Kind.INTEGER,
            sql="counted.conversations",
            meaning=_("Conversations in which one of the messages stands."),
            example="1",
        ),
        Column(
            key="number_of_inbound_messages",
            header="Number of Inbound Messages",
            header_es="Número de mensajes entrantes",
            kind=Kind.INTEGER,
            sql="counted.incoming",
            meaning=_("Messages that the contact sent."),
            example="2",
        ),
        Column(
            key="number_of_outbound_messages",
            header="Number of Outbound Messages",
            header_es="Número de mensajes salientes",
            kind=Kind.INTEGER,
            sql="counted.outgoing",
            meaning=_("Messages to the contact, whoever wrote them; failed ones count."),
            example="2",
        ),
        Column(
            key="last_updated",
            header="Last Updated",
            header_es="Última actualización",
            kind=Kind.DATETIME,
            # The messages of a contact that is deleted are emptied in the same moment.
            sql="coalesce(c.updated_at, counted.deleted_at)",
            meaning=_(
                "When the contact's data changed the last time, within the range or not; or when it was deleted."
            ),
            example="2025-03-12T17:40:00-06:00",
        ),
    ),
)
