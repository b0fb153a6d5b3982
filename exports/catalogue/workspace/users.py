"""Who belongs to the workspace, is invited to it, or once belonged to it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Dataset, Family, RangeRule
from reports.definitions.conditions import among
from reports.definitions.enums import ENUMS
from reports.definitions.filters import Filter

# A former member is in no team any more. An invitation stays open until it is used or withdrawn, also after its link expired.
BEFORE = """WITH everybody AS (
    SELECT m.user_id, p.first_name, p.last_name, p.email, m.role, m.team_id, t.name AS team, m.restrictions, 'active' AS status,
           m.last_seen_at, m.created_at
      FROM workspaces_membership m JOIN workspaces_user p ON p.id = m.user_id
      LEFT JOIN workspaces_team t ON t.workspace_id = %(workspace_id)s AND t.id = m.team_id
     WHERE m.workspace_id = %(workspace_id)s
    UNION ALL
    SELECT NULL, NULL, NULL, i.email, i.role, NULL, NULL, i.restrictions, 'invited', NULL, i.created_at
      FROM workspaces_invitation i
     WHERE i.workspace_id = %(workspace_id)s AND i.used_at IS NULL AND i.withdrawn_at IS NULL
    UNION ALL
    SELECT f.user_id, p.first_name, p.last_name, p.email, f.role, NULL, NULL, f.restrictions, 'removed', f.last_seen_at, f.joined_at
      FROM workspaces_formermember f JOIN workspaces_user p ON p.id = f.user_id
     WHERE f.workspace_id = %(workspace_id)s
)"""

SOURCE = f"""everybody e
 WHERE {among("e.status", Filter.USER_STATUSES)}
   AND {among("e.team_id", Filter.TEAMS)}"""

USERS = Dataset(
    key="users",
    title=pgettext_lazy("data set", "Users"),
    scope=_("One row for each member, each open invitation and each former member, when the file is made."),
    family=Family.WORKSPACE,
    range_rule=RangeRule.NONE,
    filters=(Filter.USER_STATUSES, Filter.TEAMS),
    before=BEFORE,
    source=SOURCE,
    order_by='e.created_at, e.email COLLATE "C", e.status, e.user_id',
    columns=(
        Column(
            key="user_id",
            header="User ID",
            header_es="ID de usuario",
            kind=Kind.ID,
            sql="e.user_id",
            meaning=_("The user's id, by which the other files name users; empty for an invitation."),
            example="41",
            may_be_empty=True,
        ),
        Column(
            key="first_name",
            header="First Name",
            header_es="Nombre",
            kind=Kind.STRING,
            sql="e.first_name",
            meaning=_("First name of the user; empty for an invitation."),
            example="Ana",
            may_be_empty=True,
        ),
        Column(
            key="last_name",
            header="Last Name",
            header_es="Apellidos",
            kind=Kind.STRING,
            sql="e.last_name",
            meaning=_("Last name of the user, where there is one."),
            example="Ferrer",
            may_be_empty=True,
        ),
        Column(
            key="email",
            header="Email",
            header_es="Correo electrónico",
            kind=Kind.EMAIL,
            sql="e.email",
            meaning=_("The address with which the user signs in, or to which the invitation went."),
            example="ana@example.com",
        ),
        Column(
            key="access_level",
            header="Access Level",
            header_es="Nivel de acceso",
            kind=Kind.ENUM,
            enum="access_level",
            sql="e.role",
            meaning=_("Access level in the workspace when the file is made; of a former member, the last one."),
            example="agent",
        ),
        Column(
            key="team",
            header="Team",
            header_es="Equipo",
            kind=Kind.STRING,
            sql="e.team",
            meaning=_("Name of the team that the user is in when the file is made."),
            example="Support",
            may_be_empty=True,
        ),
        Column(
            key="restrictions",
            header="Restrictions",
            header_es="Restricciones",
            kind=Kind.STRING_LIST,
            enum="restriction",
            values=ENUMS["restriction"],
            sql="""(SELECT string_agg(code, '; ' ORDER BY code COLLATE "C") FROM unnest(e.restrictions) AS code)""",
            meaning=_("What the user may not do, as codes in alphabetical order."),
            example="restrict_data_export; show_only_mine",
            may_be_empty=True,
        ),
        Column(
            key="status",
            header="Status",
            header_es="Estado",
            kind=Kind.ENUM,
            enum="user_status",
            sql="e.status",
            meaning=_("Whether the user is a member, is invited or has left; it says nothing about who is online."),
            example="active",
        ),
        Column(
            key="last_active",
            header="Last Active",
            header_es="Última actividad",
            kind=Kind.DATETIME,
            sql="e.last_seen_at",
            meaning=_("When the user did something in the workspace the last time; empty if never."),
            example="2025-03-10 11:02:00",
            may_be_empty=True,
        ),
        Column(
            key="date_added",
            header="Date Added",
            header_es="Fecha de alta",
            kind=Kind.DATETIME,
            sql="e.created_at",
            meaning=_("When the membership began, or the invitation was made."),
            example="2024-11-04 08:30:00",
        ),
    ),
)
