"""The contacts as they stand: one row each, the workspace's own fields behind the fixed columns."""

from django.utils.translation import gettext_lazy as _

from contacts.models import ContactField
from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from reports.definitions.conditions import among, item, seen
from reports.definitions.filters import Filter

KIND_OF_FIELD = {
    "text": Kind.TEXT,
    "list": Kind.STRING,
    "checkbox": Kind.BOOLEAN,
    "email": Kind.EMAIL,
    "number": Kind.NUMBER,
    "url": Kind.URL,
    "date": Kind.STRING,
    "time": Kind.STRING,
}
CASTS = {Kind.BOOLEAN: "::boolean", Kind.NUMBER: "::numeric"}

BEFORE = f"""WITH tags AS (
    SELECT l.contact_id, string_agg({item("t.name")}, '; ' ORDER BY t.name COLLATE "C") AS names
      FROM contacts_contacttag l JOIN contacts_tag t ON t.id = l.tag_id
     WHERE l.workspace_id = %(workspace_id)s AND t.workspace_id = %(workspace_id)s
     GROUP BY l.contact_id
), links AS (
    SELECT DISTINCT l.contact_id, l.channel_id, c.name
      FROM inbox_contactchannel l JOIN inbox_channel c ON c.id = l.channel_id
     WHERE l.workspace_id = %(workspace_id)s AND c.workspace_id = %(workspace_id)s
), connected AS (
    SELECT contact_id, string_agg({item("name")}, '; ' ORDER BY name COLLATE "C", channel_id) AS names
      FROM links GROUP BY contact_id
)"""  # noqa: S608 - fixed text, values are parameters

SOURCE = f"""contacts_contact c
  LEFT JOIN contacts_lifecyclestage s ON s.workspace_id = %(workspace_id)s AND s.id = c.stage_id
  LEFT JOIN tags ON tags.contact_id = c.id
  LEFT JOIN connected ON connected.contact_id = c.id
 WHERE c.workspace_id = %(workspace_id)s
   AND {seen("c.id")}
   AND {among("CASE WHEN c.is_open THEN 'open' ELSE 'closed' END", Filter.CONVERSATION_STATES)}
   AND {among("coalesce(c.assignee_id, 0)", Filter.ASSIGNEES)}
   AND (%(contact_tags)s::bigint[] IS NULL OR EXISTS (
        SELECT 1 FROM contacts_contacttag chosen WHERE chosen.workspace_id = %(workspace_id)s
           AND chosen.contact_id = c.id AND chosen.tag_id = ANY(%(contact_tags)s::bigint[])))
   AND (%(channels)s::bigint[] IS NULL OR EXISTS (
        SELECT 1 FROM inbox_contactchannel chosen WHERE chosen.workspace_id = %(workspace_id)s
           AND chosen.contact_id = c.id AND chosen.channel_id = ANY(%(channels)s::bigint[])))"""  # noqa: S608 - fixed text, values are parameters


def _of_fields(workspace_id: int) -> list[Column]:
    """Return a column for each of the workspace's own contact fields, in the order of its settings."""
    return [_of_field(field) for field in ContactField.objects.in_workspace(workspace_id).order_by("position", "pk")]


def _of_field(field: ContactField) -> Column:
    kind = KIND_OF_FIELD[field.kind]
    slug = field.slug.replace("'", "''").replace("%", "%%")
    return Column(
        key=f"field_{field.slug}",
        header=field.slug,
        header_es=field.slug,
        kind=kind,
        sql=f"(nullif(c.custom ->> '{slug}', '')){CASTS.get(kind, '')}",
        meaning=_("Value of the workspace's own field, when the file is made; dates as YYYY-MM-DD, times as HH:MM."),
        may_be_empty=True,
    )


COLUMNS = (
    Column(
        key="contact_id",
        header="ContactID",
        header_es="ID de contacto",
        kind=Kind.ID,
        sql="c.id",
        meaning=_("The contact's id."),
        example="5021",
    ),
    Column(
        key="first_name",
        header="FirstName",
        header_es="Nombre",
        kind=Kind.STRING,
        sql="c.first_name",
        meaning=_("First name of the contact."),
        example="Zoë",
        may_be_empty=True,
    ),
    Column(
        key="last_name",
        header="LastName",
        header_es="Apellidos",
        kind=Kind.STRING,
        sql="c.last_name",
        meaning=_("Last name of the contact."),
        example="Marín",
        may_be_empty=True,
    ),
    Column(
        key="phone_number",
        header="PhoneNumber",
        header_es="Número de teléfono",
        kind=Kind.PHONE,
        sql="coalesce(nullif(c.phone_e164, ''), c.phone)",
        meaning=_(
            "Phone number with plus sign and country code; one that could not be read so stands as it was given."
        ),
        example="+34600123456",
        may_be_empty=True,
    ),
    Column(
        key="email",
        header="Email",
        header_es="Correo electrónico",
        kind=Kind.EMAIL,
        sql="c.email",
        meaning=_("E-mail address of the contact."),
        example="zoe@example.com",
        may_be_empty=True,
    ),
    Column(
        key="country",
        header="Country",
        header_es="País",
        kind=Kind.STRING,
        sql="upper(c.country)",
        meaning=_("Country as two capital letters (ISO 3166-1)."),
        example="ES",
        may_be_empty=True,
    ),
    Column(
        key="language",
        header="Language",
        header_es="Idioma",
        kind=Kind.LANGUAGE,
        sql="c.language",
        meaning=_("Language as an ISO 639-1 code."),
        example="es",
        may_be_empty=True,
    ),
    Column(
        key="tags",
        header="Tags",
        header_es="Etiquetas",
        kind=Kind.STRING_LIST,
        sql="tags.names",
        meaning=_("Names of the tags that the contact has when the file is made, sorted."),
        example="newsletter; vip",
        may_be_empty=True,
    ),
    Column(
        key="status",
        header="Status",
        header_es="Estado",
        kind=Kind.ENUM,
        enum="conversation_state",
        sql="CASE WHEN c.is_open THEN 'open' ELSE 'closed' END",
        meaning=_("Whether one of the contact's conversations is open when the file is made."),
        example="open",
    ),
    Column(
        key="lifecycle",
        header="Lifecycle",
        header_es="Ciclo de vida",
        kind=Kind.STRING,
        sql="s.name",
        meaning=_("Lifecycle stage of the contact when the file is made."),
        example="Customer",
        may_be_empty=True,
    ),
    Column(
        key="assignee",
        header="Assignee",
        header_es="Asignado a",
        kind=Kind.ID,
        sql="c.assignee_id",
        meaning=_("The user to whom the contact is assigned when the file is made."),
        example="41",
        may_be_empty=True,
    ),
    Column(
        key="last_interaction_time",
        header="LastInteractionTime",
        header_es="Última interacción",
        kind=Kind.DATETIME,
        sql="c.last_interaction_at",
        meaning=_("When the last message came in or went out, on any channel."),
        example="2025-03-10 09:12:30",
        may_be_empty=True,
    ),
    Column(
        key="date_time_created",
        header="DateTimeCreated",
        header_es="Fecha y hora de creación",
        kind=Kind.DATETIME,
        sql="c.created_at",
        meaning=_("When the contact was added."),
        example="2024-11-04 08:30:00",
    ),
    Column(
        key="channels",
        header="Channels",
        header_es="Canales",
        kind=Kind.STRING_LIST,
        sql="connected.names",
        meaning=_("Names of the channels to which the contact is connected when the file is made, sorted."),
        example="Mail; Shop line",
        may_be_empty=True,
    ),
)

CONTACTS = Dataset(
    key="contacts",
    title=_("Contacts"),
    scope=_("One row for each contact of the workspace, blocked ones too; deleted and merged ones are gone."),
    family=Family.WORKSPACE,
    range_rule=RangeRule.NONE,
    filters=(Filter.CHANNELS, Filter.CONVERSATION_STATES, Filter.CONTACT_TAGS, Filter.ASSIGNEES),
    before=BEFORE,
    source=SOURCE,
    order_by="c.id",
    dynamic_columns=_of_fields,
    columns=COLUMNS,
)
