"""Columns that the two data sets of messages share; both read `inbox_message m`."""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from reports.definitions.enums import ENUMS
from reports.definitions.messages import CONTENT, ERROR, SENDER_ID, SUB_TYPE, TYPE

DATE_TIME = Column(
    key="date_time",
    header="Date & Time",
    header_es="Fecha y hora",
    kind=Kind.DATETIME,
    sql="m.created_at",
    meaning=_("When the message reached us, or was given to us to send; news of its delivery does not move it."),
    example="2025-03-10 09:00:00",
)
MESSAGE_ID = Column(
    key="message_id",
    header="Message ID",
    header_es="ID de mensaje",
    kind=Kind.ID,
    sql="m.id",
    meaning=_("The message's id."),
    example="1000000000004711",
)
CHANNEL_ID = Column(
    key="channel_id",
    header="Channel ID",
    header_es="ID del canal",
    kind=Kind.ID,
    sql="m.channel_id",
    meaning=_("The channel on which the message came or was to go out."),
    example="7",
)
SUB_TYPE_COLUMN = Column(
    key="sub_type",
    header="Sub Type",
    header_es="Subtipo",
    kind=Kind.STRING,
    sql=SUB_TYPE,
    meaning=_(
        "Name of the template, the message tag, or for a plain attachment its kind: image, video, audio or file. Of several, the first."
    ),
    example="order_update",
    may_be_empty=True,
)


def sender_columns(*, values: tuple[str, ...] = (), example: str, kind_example: str) -> tuple[Column, Column]:
    """Return who sent the message, and what kind of sender that is; `values` where not all kinds can be."""
    return (
        Column(
            key="sender_id",
            header="Sender ID",
            header_es="ID del remitente",
            kind=Kind.ID,
            sql=SENDER_ID,
            meaning=_(
                "The contact, the user, or the workflow, broadcast or bot that wrote it, as Sender Type says; empty for senders that have no id."
            ),
            example=example,
            may_be_empty=True,
        ),
        Column(
            key="sender_type",
            header="Sender Type",
            header_es="Tipo de remitente",
            kind=Kind.ENUM,
            enum="sender_type",
            values=values,
            sql="m.sender_kind",
            meaning=_("What kind of sender wrote it."),
            example=kind_example,
        ),
    )


def contact_id_column() -> Column:
    """Return the contact's id; it stays when the contact is deleted."""
    return Column(
        key="contact_id",
        header="Contact ID",
        header_es="ID de contacto",
        kind=Kind.ID,
        sql="m.contact_id",
        meaning=_("The contact who wrote the message or to whom it was addressed."),
        example="5021",
    )


def content_columns(
    *, values: tuple[str, ...] = (), flows: tuple[str, ...] = ENUMS["message_flow"]
) -> tuple[Column, Column, Column]:
    """Return kind of content, direction and content; `values` where not all kinds can be."""
    return (
        Column(
            key="content_type",
            header="Content Type",
            header_es="Tipo de contenido",
            kind=Kind.ENUM,
            enum="content_type",
            values=values,
            sql="m.content_type",
            meaning=_("What kind of content it is."),
            example="whatsapp_template",
        ),
        Column(
            key="message_type",
            header="Message Type",
            header_es="Tipo de mensaje",
            kind=Kind.ENUM,
            enum="message_flow",
            values=flows,
            sql="m.direction",
            meaning=_("Whether the message came in or went out."),
            example="outgoing",
        ),
        Column(
            key="content",
            header="Content",
            header_es="Contenido",
            kind=Kind.TEXT,
            sql=CONTENT,
            meaning=_(
                "The words of a text message; of any other, what is stored of it as compact JSON. Empty once deleted, and for content that cannot be shown."
            ),
            example='{"text":"Your parcel is on its way.","template":{"name":"order_update"}}',
            may_be_empty=True,
        ),
    )


def type_column() -> Column:
    """Return how the message goes out on its network."""
    return Column(
        key="type",
        header="Type",
        header_es="Tipo",
        kind=Kind.ENUM,
        enum="message_class",
        sql=TYPE,
        meaning=_(
            "Whether it went out as ordinary content, as an approved template, or with a message tag; incoming messages are ordinary."
        ),
        example="template",
    )


def error_column() -> Column:
    """Return why the message failed."""
    return Column(
        key="error",
        header="Error",
        header_es="Error",
        kind=Kind.TEXT,
        sql=ERROR,
        meaning=_("Why the message failed, in the words that were stored then; empty unless it failed."),
        example="The number is not on WhatsApp.",
        may_be_empty=True,
    )
