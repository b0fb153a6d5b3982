"""Every message of a range, as it stands when the file is made."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.workspace.message_parts import (
    CHANNEL_ID,
    DATE_TIME,
    MESSAGE_ID,
    SUB_TYPE_COLUMN,
    contact_id_column,
    content_columns,
    error_column,
    sender_columns,
    type_column,
)
from reports.definitions.conditions import among, seen, within
from reports.definitions.filters import Filter
from reports.definitions.messages import IS_MESSAGE, STATUS

# Everything comes from one table, in the order of its index `messages_by_moment`: millions of rows need no sort.
SOURCE = f"""inbox_message m
 WHERE m.workspace_id = %(workspace_id)s AND {within("m.created_at")}
   AND {IS_MESSAGE}
   AND {among("m.channel_id", Filter.CHANNELS)}
   AND {among("m.direction", Filter.FLOWS)}
   AND {among("m.sender_kind", Filter.SENDER_TYPES)}
   AND {among(STATUS, Filter.MESSAGE_STATUSES)}
   AND {seen("m.contact_id")}"""

MESSAGES = Dataset(
    key="messages",
    title=_("Messages"),
    scope=_(
        "One row for each message that came in or went out and was made within the range. Comments of the team are no messages,"
        " nor are messages that were taken back before they left."
    ),
    family=Family.WORKSPACE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.FLOWS, Filter.SENDER_TYPES, Filter.MESSAGE_STATUSES),
    source=SOURCE,
    order_by="m.created_at, m.id",
    columns=(
        DATE_TIME,
        *sender_columns(example="41", kind_example="user"),
        contact_id_column(),
        MESSAGE_ID,
        *content_columns(),
        CHANNEL_ID,
        type_column(),
        SUB_TYPE_COLUMN,
        Column(
            key="conversation_id",
            header="Conversation ID",
            header_es="ID de conversación",
            kind=Kind.ID,
            sql="m.conversation_id",
            meaning=_(
                "The conversation to which the message belongs; empty for one outside of any, as from a blocked contact."
            ),
            example="1741618800000001",
            may_be_empty=True,
        ),
        Column(
            key="status",
            header="Status",
            header_es="Estado",
            kind=Kind.ENUM,
            enum="message_status",
            sql=STATUS,
            meaning=_("How far an outgoing message has come when the file is made; empty for an incoming one."),
            example="delivered",
            may_be_empty=True,
        ),
        error_column(),
    ),
)
