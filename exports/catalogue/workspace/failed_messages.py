"""The outgoing messages of a range that failed, with whom they did not reach and the broadcast they belonged to."""

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
from reports.definitions.enums import ENUMS
from reports.definitions.filters import Filter
from reports.definitions.messages import FAILED, OF_BROADCAST

SOURCE = f"""inbox_message m
  LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = m.contact_id
  LEFT JOIN inbox_broadcast b ON b.workspace_id = %(workspace_id)s AND b.id = {OF_BROADCAST}
 WHERE m.workspace_id = %(workspace_id)s AND {within("m.created_at")}
   AND {FAILED}
   AND {among("m.channel_id", Filter.CHANNELS)}
   AND {among("m.sender_kind", Filter.SENDER_TYPES)}
   AND {among(OF_BROADCAST, Filter.BROADCASTS)}
   AND {seen("m.contact_id")}"""

FAILED_MESSAGES = Dataset(
    key="failed_messages",
    title=_("Failed messages"),
    scope=_(
        "One row for each message that was written within the range, by a broadcast too, and stands as failed when the file is made."
    ),
    family=Family.WORKSPACE,
    range_rule=RangeRule.INSTANT,
    filters=(Filter.CHANNELS, Filter.SENDER_TYPES, Filter.BROADCASTS),
    source=SOURCE,
    order_by="m.created_at, m.id",
    columns=(
        DATE_TIME,
        *sender_columns(
            values=tuple(kind for kind in ENUMS["sender_type"] if kind != "contact"),
            example="12",
            kind_example="broadcast",
        ),
        contact_id_column(),
        Column(
            key="contact_name",
            header="Contact Name",
            header_es="Nombre del contacto",
            kind=Kind.STRING,
            sql="btrim(c.first_name || ' ' || c.last_name)",
            meaning=_("First and last name of the contact when the file is made; empty for a deleted contact."),
            example="Zoë Marín",
            may_be_empty=True,
        ),
        MESSAGE_ID,
        *content_columns(
            values=tuple(
                kind
                for kind in ENUMS["content_type"]
                if kind not in {"whatsapp_order", "story_reply", "post", "unsupported"}
            ),
            flows=("outgoing",),
        ),
        CHANNEL_ID,
        type_column(),
        SUB_TYPE_COLUMN,
        error_column(),
        Column(
            key="broadcast_name",
            header="Broadcast Name",
            header_es="Nombre de la transmisión",
            kind=Kind.STRING,
            sql="b.name",
            meaning=_("Name of the broadcast to which the message belonged; empty for any other message."),
            example="Spring sale",
            may_be_empty=True,
        ),
    ),
)
