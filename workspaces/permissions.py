"""Who may do what: pure rules from role and restrictions to permissions."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Role(StrEnum):
    """Access level of a member."""

    OWNER = "owner"
    MANAGER = "manager"
    AGENT = "agent"


ROLE_NAMES = {Role.OWNER: _("Owner"), Role.MANAGER: _("Manager"), Role.AGENT: _("Agent")}


class Restriction(StrEnum):
    """What a member of a role can lose. The values are the public API's."""

    DATA_EXPORT = "restrict_data_export"
    CONTACT_DELETION = "restrict_contact_deletion"
    SPACE_SETTING = "restrict_space_setting"
    SPACE_INTEGRATION = "restrict_space_integration"
    SHORTCUTS = "restrict_shortcuts"
    TEAM_CONTACTS_ONLY = "show_team_contacts"
    OWN_CONTACTS_ONLY = "show_only_mine"


RESTRICTION_NAMES = {
    Restriction.DATA_EXPORT: _("May not export data"),
    Restriction.CONTACT_DELETION: _("May not delete contacts"),
    Restriction.SPACE_SETTING: _("May not open workspace settings"),
    Restriction.SPACE_INTEGRATION: _("May not manage API tokens and integrations"),
    Restriction.SHORTCUTS: _("May not start shortcuts"),
    Restriction.TEAM_CONTACTS_ONLY: _("Sees only contacts of the own team"),
    Restriction.OWN_CONTACTS_ONLY: _("Sees only contacts assigned to them"),
}

# Which restrictions mean something for which role; an owner has none.
RESTRICTIONS_OF = {
    Role.OWNER: frozenset[Restriction](),
    Role.MANAGER: frozenset(
        {
            Restriction.SPACE_SETTING,
            Restriction.CONTACT_DELETION,
            Restriction.DATA_EXPORT,
            Restriction.SPACE_INTEGRATION,
        }
    ),
    Role.AGENT: frozenset(
        {
            Restriction.CONTACT_DELETION,
            Restriction.DATA_EXPORT,
            Restriction.SHORTCUTS,
            Restriction.TEAM_CONTACTS_ONLY,
            Restriction.OWN_CONTACTS_ONLY,
        }
    ),
}


class Permission(StrEnum):
    """A right that an action, a door or a query asks for."""

    CONTACT_READ = "contact.read"
    CONTACT_LIST = "contact.list"  # the Contacts module: lists and filters over everybody
    CONTACT_WRITE = "contact.write"
    CONTACT_DELETE = "contact.delete"
    CONTACT_BULK = "contact.bulk"
    FIELD_MANAGE = "field.manage"
    FIELD_DELETE = "field.delete"
    TAG_MANAGE = "tag.manage"
    SETTINGS_MANAGE = "settings.manage"
    MEMBER_MANAGE = "member.manage"
    TEAM_MANAGE = "team.manage"
    TEAM_DELETE = "team.delete"
    TOKEN_MANAGE = "token.manage"  # noqa: S105 - the name of a right
    IMPORT_RUN = "import.run"
    DATA_EXPORT = "data.export"
    SPACE_READ = "space.read"
    MESSAGE_READ = "message.read"
    MESSAGE_SEND = "message.send"
    CONVERSATION_WRITE = "conversation.write"  # assign, close, snooze, comment, lock
    CONVERSATION_BULK = "conversation.bulk"
    SNIPPET_MANAGE = "snippet.manage"
    FILE_MANAGE = "file.manage"
    CHANNEL_MANAGE = "channel.manage"
    CHANNEL_DELETE = "channel.delete"
    HOOK_MANAGE = "hook.manage"
    REPORT_READ = "report.read"  # figures of everybody


_AGENT = frozenset(
    {
        Permission.CONTACT_READ,
        Permission.CONTACT_WRITE,
        Permission.CONTACT_DELETE,
        Permission.SPACE_READ,
        Permission.MESSAGE_READ,
        Permission.MESSAGE_SEND,
        Permission.CONVERSATION_WRITE,
        Permission.CONVERSATION_BULK,
    }
)
_MANAGER = frozenset(Permission) - {Permission.FIELD_DELETE, Permission.TEAM_DELETE, Permission.CHANNEL_DELETE}
_OF_ROLE = {Role.OWNER: frozenset(Permission), Role.MANAGER: _MANAGER, Role.AGENT: _AGENT}

_TAKES_AWAY = {
    Restriction.DATA_EXPORT: {Permission.DATA_EXPORT},
    Restriction.CONTACT_DELETION: {Permission.CONTACT_DELETE},
    Restriction.SPACE_SETTING: {
        Permission.SETTINGS_MANAGE,
        Permission.MEMBER_MANAGE,
        Permission.TEAM_MANAGE,
        Permission.FIELD_MANAGE,
        Permission.TAG_MANAGE,
        Permission.TOKEN_MANAGE,
        Permission.IMPORT_RUN,
        Permission.SNIPPET_MANAGE,
        Permission.FILE_MANAGE,
        Permission.CHANNEL_MANAGE,
        Permission.HOOK_MANAGE,
    },
    Restriction.SPACE_INTEGRATION: {Permission.TOKEN_MANAGE, Permission.HOOK_MANAGE},
}


class Scope(StrEnum):
    """What an API token may do."""

    READ = "read"
    WRITE = "write"
    EXPORT = "export"


SCOPE_NAMES = {
    Scope.READ: _("Read contacts, workspace and reports"),
    Scope.WRITE: _("Write contacts, fields, tags and imports"),
    Scope.EXPORT: _("Export data"),
}
_OF_SCOPE = {
    Scope.READ: frozenset(
        {
            Permission.CONTACT_READ,
            Permission.CONTACT_LIST,
            Permission.SPACE_READ,
            Permission.MESSAGE_READ,
            Permission.REPORT_READ,
        }
    ),
    Scope.WRITE: frozenset(
        {
            Permission.CONTACT_WRITE,
            Permission.CONTACT_DELETE,
            Permission.CONTACT_BULK,
            Permission.FIELD_MANAGE,
            Permission.TAG_MANAGE,
            Permission.IMPORT_RUN,
            Permission.MESSAGE_SEND,
            Permission.CONVERSATION_WRITE,
        }
    ),
    Scope.EXPORT: frozenset({Permission.DATA_EXPORT}),
}


def permissions_of_member(role: Role, restrictions: Iterable[str]) -> frozenset[Permission]:
    """Return what a member may do; a restriction that means nothing for the role takes nothing."""
    allowed = set(_OF_ROLE[role])
    for restriction in RESTRICTIONS_OF[role].intersection(map(Restriction, restrictions)):
        allowed -= _TAKES_AWAY.get(restriction, set())
    return frozenset(allowed)


def permissions_of_scopes(scopes: Iterable[str]) -> frozenset[Permission]:
    """Return what a token with these scopes may do."""
    return frozenset().union(*(_OF_SCOPE[Scope(scope)] for scope in scopes))


def may_manage_member(*, own_role: Role, other_role: Role) -> bool:
    """Owners manage everybody; managers manage agents only."""
    return own_role is Role.OWNER or (own_role is Role.MANAGER and other_role is Role.AGENT)
