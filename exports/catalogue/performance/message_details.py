"""Every message of a range with who wrote it, for whom, and what became of it."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.parts import channel_columns
from exports.catalogue.performance.message_senders import OF_SENDER, SYSTEM_USER_TYPE
from exports.catalogue.performance.parties import agent_columns, contact_columns, required
from reports.definitions.conditions import among, item, seen, within
from reports.definitions.filters import Filter
from reports.definitions.names import (
    CHANNELS,
    FIRST_IDENTIFIER,
    PEOPLE,
    SECOND_IDENTIFIER,
    TEAMS,
    WORDS_OF_MESSAGE,
    with_,
)

# Tags of each message, and when they last came or went.
TAGGINGS = f"""taggings AS (
    SELECT g.message_id,
           string_agg(t.id::text, '; ' ORDER BY g.applied_at, g.id) FILTER (WHERE g.removed_at IS NULL) AS ids,
           string_agg({item("t.name")}, '; ' ORDER BY g.applied_at, g.id) FILTER (WHERE g.removed_at IS NULL) AS names,
           max(greatest(g.applied_at, g.removed_at)) AS changed_at
      FROM inbox_messagetagging g
      JOIN inbox_messagetag t ON t.workspace_id = %(workspace_id)s AND t.id = g.tag_id
     WHERE g.workspace_id = %(workspace_id)s
     GROUP BY g.message_id
)"""  # noqa: S608 - fixed text, values are parameters

# The steps of a message are found by its index: a month's messages must not read everybody's steps of all years.
SOURCE = f"""inbox_message m
  LEFT JOIN channels ON channels.id = m.channel_id
  LEFT JOIN inbox_contactchannel l ON l.workspace_id = %(workspace_id)s AND l.id = m.contact_channel_id
  LEFT JOIN people ON people.id = m.user_id AND m.sender_kind = 'user'
  LEFT JOIN teams ON teams.id = m.team_id AND m.sender_kind = 'user'
  LEFT JOIN taggings ON taggings.message_id = m.id
  LEFT JOIN LATERAL (
       SELECT max(s.occurred_at) AS changed_at FROM inbox_messagestatus s
        WHERE s.workspace_id = %(workspace_id)s AND s.message_id = m.id) steps ON true
 WHERE m.workspace_id = %(workspace_id)s AND m.status <> 'cancelled'
   AND {within("m.created_at")}
   AND {among("m.channel_id", Filter.CHANNELS)}
   AND {among("m.direction", Filter.FLOWS)}
   AND {seen("m.contact_id")}"""  # noqa: S608 - fixed text, values are parameters

AGENT_ID, AGENT_NAME, AGENT_REFERENCE = agent_columns(
    "agent",
    header="Agent",
    header_es="agente",
    number="CASE WHEN m.sender_kind = 'user' THEN m.user_id END",
    alias="people",
    of=_("the agent who wrote the message"),
)

OF_CONVERSATION = (
    Column(
        key="message_id",
        header="Message ID",
        header_es="ID de mensaje",
        kind=Kind.ID,
        sql="m.id",
        meaning=_("The message's id."),
        example="1741618800000002",
    ),
    Column(
        key="created_at",
        header="Created at",
        header_es="Creado el",
        kind=Kind.DATETIME,
        sql="m.created_at",
        meaning=_("When an incoming message reached us, or an outgoing one was written."),
        example="2025-03-10T09:04:10-06:00",
    ),
    Column(
        key="conversation_id",
        header="Conversation ID",
        header_es="ID de conversación",
        kind=Kind.ID,
        sql="m.conversation_id",
        meaning=_("Id of the conversation that the message belongs to; empty when it belongs to none."),
        example="1741618800000001",
        may_be_empty=True,
    ),
)
OF_TEAM = (
    Column(
        key="team_id",
        header="Team ID",
        header_es="ID del equipo",
        kind=Kind.ID,
        sql="CASE WHEN m.sender_kind = 'user' THEN m.team_id END",
        meaning=_("Id of the team that the agent was in at that moment."),
        example="3",
        may_be_empty=True,
    ),
    Column(
        key="team_name",
        header="Team Name",
        header_es="Nombre del equipo",
        kind=Kind.STRING,
        sql="teams.name",
        meaning=_("Name that this team has when the file is made."),
        example="Support",
        may_be_empty=True,
    ),
)
OF_TAGS = (
    Column(
        key="tag_ids",
        header="Tag IDs",
        header_es="ID de etiquetas",
        kind=Kind.ID_LIST,
        sql="taggings.ids",
        meaning=_("Ids of the tags that are on the message when the file is made; the one put there first leads."),
        example="4; 9",
        may_be_empty=True,
    ),
    Column(
        key="tag_names",
        header="Tag Names",
        header_es="Nombres de etiquetas",
        kind=Kind.STRING_LIST,
        sql="taggings.names",
        meaning=_("Names of the same tags, in the same order."),
        example="Complaint; Urgent",
        may_be_empty=True,
    ),
)
OF_CONTENT = (
    Column(
        key="content",
        header="Content",
        header_es="Contenido",
        kind=Kind.TEXT,
        sql=f"CASE WHEN %(shows_content)s AND m.deleted_at IS NULL THEN {WORDS_OF_MESSAGE} END",
        meaning=_(
            "The message's text, in a file that somebody who may read messages asked for; empty in scheduled files and for"
            " deleted messages."
        ),
        example="Your parcel arrives on Tuesday.",
        may_be_empty=True,
    ),
    Column(
        key="conversation_url",
        header="Conversation URL",
        header_es="URL de conversación",
        kind=Kind.URL,
        sql="%(conversation_urls)s::text || m.conversation_id",
        meaning=_("Address that opens the message's conversation in the inbox."),
        example="https://inbox.example.com/w/9/c/1741618800000001",
        may_be_empty=True,
    ),
    Column(
        key="post_url",
        header="Post URL",
        header_es="URL de publicación",
        kind=Kind.URL,
        sql="m.payload ->> 'post_url'",
        meaning=_("Address at which everybody can see the post or message on its network; most networks have none."),
        may_be_empty=True,
    ),
    Column(
        key="last_updated",
        header="Last Updated",
        header_es="Última actualización",
        kind=Kind.DATETIME,
        sql="greatest(m.created_at, m.deleted_at, steps.changed_at, taggings.changed_at)",
        meaning=_("When the delivery, a tag or the message itself changed the last time."),
        example="2025-03-10T09:04:15-06:00",
    ),
    Column(
        key="deleted_at",
        header="Deleted at",
        header_es="Eliminado el",
        kind=Kind.DATETIME,
        sql="m.deleted_at",
        meaning=_("When the message was deleted here; empty while it exists."),
        may_be_empty=True,
    ),
)

MESSAGE_DETAILS = Dataset(
    key="message_details",
    title=_("Message details"),
    scope=_(
        "One row for each message that came in or was written within the range, failed and deleted ones too; as it stands"
        " when the file is made."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.FLOWS),
    before=with_(CHANNELS, PEOPLE, TEAMS, TAGGINGS),
    source=SOURCE,
    order_by="m.created_at, m.id",
    columns=(
        *OF_CONVERSATION,
        *required(*channel_columns("channels", of=_("the channel that carried the message"))),
        *contact_columns(
            number="m.contact_id",
            first=FIRST_IDENTIFIER,
            second=SECOND_IDENTIFIER,
            of=_("the identity with which the contact exchanged the message"),
        ),
        *OF_SENDER,
        replace(AGENT_ID, header_es="ID de agente"),
        AGENT_NAME,
        AGENT_REFERENCE,
        *OF_TEAM,
        *OF_TAGS,
        *OF_CONTENT,
        SYSTEM_USER_TYPE,
    ),
)
