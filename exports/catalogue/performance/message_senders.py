"""Which kind of message it is, and which kind of sender wrote it: columns of the message details, from an alias `m`.

A network's adapter says in a message's payload that it is a public comment (`"message_type": "comment"`), and where it can be
seen (`post_url`); what the product writes by itself says there for whom (`system_user_type`).
"""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind

OF_SENDER = (
    Column(
        key="message_type",
        header="Message Type",
        header_es="Tipo de mensaje",
        kind=Kind.ENUM,
        enum="network_message_type",
        sql="CASE WHEN m.content_type = 'story_reply' THEN 'story reply' WHEN m.content_type = 'post' THEN 'post'"
        " WHEN m.payload ->> 'message_type' = 'comment' THEN 'comment' WHEN channels.medium = 'twitter' THEN 'dm'"
        " ELSE 'private message' END",
        meaning=_("What the message is in the words of its network."),
        example="private message",
    ),
    Column(
        key="origin",
        header="Origin",
        header_es="Origen",
        kind=Kind.ENUM,
        enum="origin",
        sql="CASE m.sender_kind WHEN 'contact' THEN 'CONTACT' WHEN 'user' THEN 'AGENT_DESKTOP' WHEN 'echo' THEN 'NATIVE'"
        " WHEN 'bot' THEN 'VIRTUAL_AGENT' WHEN 'ai_agent' THEN 'VIRTUAL_AGENT' WHEN 'system' THEN 'VIRTUAL_AGENT'"
        " ELSE 'API' END",
        meaning=_("Where the message was written."),
        example="AGENT_DESKTOP",
    ),
    Column(
        key="outbound_message_type",
        header="Outbound Message Type",
        header_es="Tipo de mensaje saliente",
        kind=Kind.ENUM,
        enum="outbound_message_type",
        sql="CASE WHEN m.direction = 'outgoing' THEN CASE m.sender_kind WHEN 'user' THEN 'AGENT' WHEN 'echo' THEN 'NATIVE'"
        " WHEN 'broadcast' THEN 'PROACTIVE' WHEN 'api' THEN 'PROACTIVE' WHEN 'bot' THEN 'VIRTUAL_AGENT'"
        " WHEN 'ai_agent' THEN 'VIRTUAL_AGENT' ELSE 'AUTO_RESPONDER' END END",
        meaning=_("Which part of your side sent it; empty for what the contact sent."),
        example="AGENT",
        may_be_empty=True,
    ),
    Column(
        key="direction",
        header="Direction",
        header_es="Dirección",
        kind=Kind.ENUM,
        enum="direction",
        sql="CASE m.direction WHEN 'incoming' THEN 'inbound' ELSE 'outbound' END",
        meaning=_("Whether the contact sent it (inbound) or your side did (outbound)."),
        example="outbound",
    ),
)
SYSTEM_USER_TYPE = Column(
    key="system_user_type",
    header="System User Type",
    header_es="Tipo de usuario del sistema",
    kind=Kind.ENUM,
    enum="system_user_type",
    sql="CASE WHEN m.sender_kind IN ('contact', 'user', 'echo') THEN NULL"
    " WHEN m.sender_kind IN ('broadcast', 'api') THEN 'PROACTIVE' WHEN m.sender_kind IN ('bot', 'ai_agent') THEN 'VIRTUAL_AGENT'"
    " WHEN m.sender_kind <> 'system' THEN 'AUTOMATION'"
    " WHEN m.payload ->> 'system_user_type' IN ('AUTO_RESPONDER', 'CSAT') THEN m.payload ->> 'system_user_type'"
    " ELSE 'SYSTEM' END",
    meaning=_("Which kind of program wrote it; empty for contacts, people and what was sent in the network's own app."),
    may_be_empty=True,
)
