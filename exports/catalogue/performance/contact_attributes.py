"""What is known of the contacts who wrote within a range: one row for each field with a value.

The contacts' standard fields and the name that a network gives have no row of their own anywhere: their ids are fixed here, far
above those of the workspace's own fields, and never change.
"""

from django.utils.translation import gettext_lazy as _

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from exports.catalogue.performance.parties import contact_columns
from reports.definitions.conditions import among, seen, within
from reports.definitions.filters import Filter
from reports.definitions.names import CHANNELS, FIRST_IDENTIFIER, SECOND_IDENTIFIER, with_

# Id, name and SQL of each standard field. Names stand in files, so they are never translated.
DEFAULT_FIELDS = (
    (9000000001, "First name", "c.first_name"),
    (9000000002, "Last name", "c.last_name"),
    (9000000003, "Phone", "coalesce(nullif(c.phone_e164, ''), c.phone)"),
    (9000000004, "Email", "c.email"),
    (9000000005, "Country", "c.country"),
    (9000000006, "Language", "c.language"),
    (9000000007, "Picture", "c.picture_url"),
)
PROFILE_NAME = (9000000101, "Profile name")

WRITERS = f"""writers AS (
    SELECT DISTINCT ON (m.contact_id) m.contact_id, m.channel_id, m.contact_channel_id
      FROM inbox_message m
     WHERE m.workspace_id = %(workspace_id)s AND m.direction = 'incoming' AND m.status <> 'cancelled'
       AND {within("m.created_at")}
       AND {among("m.channel_id", Filter.CHANNELS)}
       AND {seen("m.contact_id")}
     ORDER BY m.contact_id, m.created_at DESC, m.id DESC
)"""  # noqa: S608 - fixed text, values are parameters

# Each contact who wrote, with the identity behind their latest message of the range.
PROFILES = f"""profiles AS (
    SELECT c.id AS contact_id, c.custom, l.name AS profile_name,
           {", ".join(f"{sql} AS v{number}" for number, _name, sql in DEFAULT_FIELDS)},
           {FIRST_IDENTIFIER} AS first,
           {SECOND_IDENTIFIER} AS second
      FROM writers
      JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = writers.contact_id
      LEFT JOIN inbox_contactchannel l ON l.workspace_id = %(workspace_id)s AND l.id = writers.contact_channel_id
      LEFT JOIN channels ON channels.id = l.channel_id
)"""  # noqa: S608 - fixed text, values are parameters

ATTRIBUTES = f"""attributes AS (
    SELECT p.contact_id, p.first, p.second, d.id, d.name, d.value, d.kind
      FROM profiles p
      CROSS JOIN LATERAL (VALUES
           {", ".join(f"({number}, '{name}', p.v{number}, 'DEFAULT')" for number, name, _sql in DEFAULT_FIELDS)},
           ({PROFILE_NAME[0]}, '{PROFILE_NAME[1]}', p.profile_name, 'MEDIUM')) AS d (id, name, value, kind)
     WHERE d.value <> ''
    UNION ALL
    SELECT p.contact_id, p.first, p.second, f.id, f.name, given.value, 'CUSTOM'
      FROM profiles p
      CROSS JOIN LATERAL jsonb_each_text(p.custom) AS given (slug, value)
      JOIN contacts_contactfield f ON f.workspace_id = %(workspace_id)s AND f.slug = given.slug
     WHERE given.value <> ''
)"""  # noqa: S608 - fixed text, values are parameters

CONTACT_ATTRIBUTES = Dataset(
    key="contact_attributes",
    title=_("Contact attributes"),
    scope=_(
        "One row for each contact who wrote within the range and each of their fields that has a value when the file is made."
    ),
    family=Family.PERFORMANCE,
    range_rule=RangeRule.QUALIFY,
    filters=(Filter.CHANNELS,),
    before=with_(CHANNELS, WRITERS, PROFILES, ATTRIBUTES),
    source="attributes a WHERE true",
    order_by="a.contact_id, a.id",
    columns=(
        *contact_columns(
            number="a.contact_id",
            first="a.first",
            second="a.second",
            of=_("the identity behind the contact's latest message of the range"),
        ),
        Column(
            key="attribute_id",
            header="Attribute ID",
            header_es="ID de atributo",
            kind=Kind.ID,
            sql="a.id",
            meaning=_("The field's id: of the workspace's own fields, or a fixed one from 9000000001 on."),
            example="12",
        ),
        Column(
            key="attribute_name",
            header="Attribute Name",
            header_es="Nombre de atributo",
            kind=Kind.STRING,
            sql="a.name",
            meaning=_("The field's name when the file is made; standard fields have their English name."),
            example="Customer number",
        ),
        Column(
            key="attribute_value",
            header="Attribute Value",
            header_es="Valor de atributo",
            kind=Kind.TEXT,
            sql="a.value",
            meaning=_(
                "What the field holds for the contact; dates as YYYY-MM-DD, times as HH:MM, ticks as true or false."
            ),
            example="C-20417",
            may_hold_phone=True,
        ),
        Column(
            key="attribute_type",
            header="Attribute Type",
            header_es="Tipo de atributo",
            kind=Kind.ENUM,
            enum="attribute_type",
            sql="a.kind",
            meaning=_("Where the field comes from: the product, the workspace or the network's profile."),
            example="CUSTOM",
        ),
    ),
)
