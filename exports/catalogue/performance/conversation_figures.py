"""How a conversation came to be resolved, and its figures: columns that open and resolved ones share."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.performance.parties import agent_columns
from reports.definitions.conditions import milliseconds
from reports.definitions.names import RESOLVED_BY

RESOLVED_BY_COLUMN = Column(
    key="resolved_by",
    header="Resolved By",
    header_es="Resuelto por",
    kind=Kind.ENUM,
    enum="resolved_by",
    sql=RESOLVED_BY.format(source="c.first_resolved_source", in_bulk="c.first_resolved_in_bulk"),
    meaning=_("Who resolved the conversation the first time; opening it again changes nothing here."),
    example="AGENT",
    may_be_empty=True,
)
RESOLVED_AT_COLUMN = Column(
    key="resolved_at",
    header="Resolved at",
    header_es="Resuelto el",
    kind=Kind.DATETIME,
    sql="c.first_resolved_at",
    meaning=_("When the conversation became resolved the first time."),
    example="2025-03-10T09:20:00-06:00",
    may_be_empty=True,
)
RESOLVING_AGENT = agent_columns(
    "resolved_agent",
    header="Resolved Agent",
    header_es="agente que resolvió",
    number="c.first_resolved_by_id",
    alias="resolver",
    of=_("the agent who resolved the conversation the first time, alone or in bulk"),
)


def _seconds(
    key: str, *, header: str, header_es: str, sql: str, meaning: Promise, example: str, may_be_empty: bool = False
) -> Column:
    return Column(
        key=key,
        header=f"{header} (s)",
        header_es=f"{header_es} (s)",
        kind=Kind.SECONDS,
        sql=sql,
        meaning=meaning,
        example=example,
        may_be_empty=may_be_empty,
    )


FIGURES = (
    Column(
        key="number_of_inbound_messages",
        header="Number of Inbound Messages",
        header_es="Número de mensajes entrantes",
        kind=Kind.INTEGER,
        sql="c.incoming_count",
        meaning=_("Messages of the contact in the conversation until the file is made."),
        example="2",
    ),
    Column(
        key="number_of_outbound_messages",
        header="Number of Outbound Messages",
        header_es="Número de mensajes salientes",
        kind=Kind.INTEGER,
        sql="c.outgoing_count",
        meaning=_(
            "Messages to the contact in the conversation until the file is made, whoever wrote them; failed ones count."
        ),
        example="2",
    ),
    _seconds(
        "first_response_time",
        header="First Response Time",
        header_es="Tiempo de primera respuesta",
        sql=milliseconds("coalesce(c.first_handover_at, c.first_incoming_at)", "c.first_human_reply_at"),
        meaning=_(
            "Seconds from the contact's first message, or from the hand-over to people that came before an answer,"
            " to the first answer of a person; empty when one of the two is missing."
        ),
        example="250",
        may_be_empty=True,
    ),
    _seconds(
        "handle_time",
        header="Handle Time",
        header_es="Tiempo de manejo",
        sql="c.handle_ms",
        meaning=_("Seconds in which agents held the conversation and replied in that time."),
        example="220",
    ),
    _seconds(
        "no_reply_time",
        header="No Reply Time",
        header_es="Tiempo sin respuesta",
        sql="c.no_reply_ms",
        meaning=_("Seconds in which agents held the conversation and resolved it without a reply."),
        example="60",
    ),
    _seconds(
        "cherry_picking_time",
        header="Cherry-Picking Time",
        header_es="Tiempo de selección sin respuesta",
        sql="c.cherry_picking_ms",
        meaning=_("Seconds in which agents held the conversation and left it without a reply or a resolution."),
        example="30",
    ),
    _seconds(
        "resolution_time",
        header="Resolution Time",
        header_es="Tiempo de resolución",
        # The case is told before the moments are taken apart: a first message can follow the resolution.
        sql="CASE WHEN c.first_incoming_at <= c.first_resolved_at THEN "
        f"{milliseconds('c.first_incoming_at', 'c.first_resolved_at')} END",
        meaning=_(
            "Seconds from the contact's first message to the first resolution; empty when there was none before it."
        ),
        example="1200",
        may_be_empty=True,
    ),
    Column(
        key="topic_ids",
        header="Topic IDs",
        header_es="ID de temas",
        kind=Kind.ID_LIST,
        sql="topics.ids",
        meaning=_(
            "Ids of the topics that are on the conversation when the file is made; the one put there first leads."
        ),
        example="8; 15",
        may_be_empty=True,
    ),
    Column(
        key="topic_names",
        header="Topic Names",
        header_es="Nombres de temas",
        kind=Kind.STRING_LIST,
        sql="topics.names",
        meaning=_("Names of the same topics, in the same order."),
        example="Shipping; Refunds",
        may_be_empty=True,
    ),
    Column(
        key="conversation_url",
        header="Conversation URL",
        header_es="URL de conversación",
        kind=Kind.URL,
        sql="%(conversation_urls)s::text || c.id",
        meaning=_("Address that opens the conversation in the inbox."),
        example="https://inbox.example.com/w/9/c/1741618800000001",
    ),
    Column(
        key="last_updated",
        header="Last Updated",
        header_es="Última actualización",
        kind=Kind.DATETIME,
        sql="c.changed_at",
        meaning=_("When a message, the status, the assignment, a topic or a survey's answer changed the last time."),
        example="2025-03-10T11:02:00-06:00",
    ),
    Column(
        key="language",
        header="Language",
        header_es="Idioma",
        kind=Kind.LANGUAGE,
        sql="c.language",
        meaning=_("Two-letter code of the conversation's language, as a person set it or as it was recognised."),
        example="en",
        may_be_empty=True,
    ),
)
