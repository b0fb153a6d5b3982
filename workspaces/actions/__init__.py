"""What can be done to people and workspaces: the table of contents of this app."""

from workspaces.actions.away_states import change_away_state, create_away_state, delete_away_state
from workspaces.actions.delivering_hooks import deliver_hooks, sweep_hooks, try_hook
from workspaces.actions.hooks import (
    HookValues,
    add_hook,
    change_hook,
    delete_hook,
    disable_hook,
    enable_hook,
    replay_delivery,
    replay_range,
    rotate_hook_key,
)
from workspaces.actions.inviting import (
    Joined,
    accept_invitation,
    invite_member,
    resend_invitation,
    withdraw_invitation,
)
from workspaces.actions.mailing import mail_notification, sweep_mail
from workspaces.actions.members import add_member, change_member, note_visit, remove_member
from workspaces.actions.notifying import (
    News,
    archive_all,
    archive_notification,
    mark_seen,
    mark_subjects_seen,
    notify,
    notify_all,
    unarchive_notification,
)
from workspaces.actions.people import NewPerson, Profile, change_appearance, change_profile, create_person
from workspaces.actions.presence import choose_presence, end_quiet_presences, go_offline, note_activity
from workspaces.actions.settings import WorkspaceSettings, change_workspace, create_organization, create_workspace
from workspaces.actions.teams import change_team, create_team, delete_team
from workspaces.actions.tokens import create_token, revoke_token
from workspaces.actions.working_hours import set_working_hours

ACTIONS_WITHOUT_EVENT = {
    "create_organization": "an organisation is outside every workspace, and so of every workspace's log",
    "create_person": "an account is outside every workspace; joining one is recorded there",
    "change_profile": "how the product looks to one person concerns no workspace",
    "change_appearance": "how the product looks to one person concerns no workspace",
    "notify": "what it speaks of is told by whoever asks for it",
    "notify_all": "what it speaks of is told by whoever asks for it",
    "mark_seen": "what somebody has read concerns nobody else",
    "mark_subjects_seen": "what somebody has read concerns nobody else",
    "archive_notification": "what somebody puts away concerns nobody else",
    "archive_all": "what somebody puts away concerns nobody else",
    "unarchive_notification": "what somebody puts away concerns nobody else",
    "mail_notification": "the row says whether its mail was sent",
    "sweep_mail": "it only rings",
    "choose_presence": "the spans of presence are its log",
    "note_activity": "the spans of presence are its log",
    "go_offline": "the spans of presence are its log",
    "end_quiet_presences": "the spans of presence are its log",
    "deliver_hooks": "each attempt has its line in the log of the webhook",
    "try_hook": "each attempt has its line in the log of the webhook",
    "sweep_hooks": "it only rings",
    "note_visit": "being there changes nothing; the log would fill with it",
}

__all__ = [
    "ACTIONS_WITHOUT_EVENT",
    "HookValues",
    "Joined",
    "NewPerson",
    "News",
    "Profile",
    "WorkspaceSettings",
    "accept_invitation",
    "add_hook",
    "add_member",
    "archive_all",
    "archive_notification",
    "change_appearance",
    "change_away_state",
    "change_hook",
    "change_member",
    "change_profile",
    "change_team",
    "change_workspace",
    "choose_presence",
    "create_away_state",
    "create_organization",
    "create_person",
    "create_team",
    "create_token",
    "create_workspace",
    "delete_away_state",
    "delete_hook",
    "delete_team",
    "deliver_hooks",
    "disable_hook",
    "enable_hook",
    "end_quiet_presences",
    "go_offline",
    "invite_member",
    "mail_notification",
    "mark_seen",
    "mark_subjects_seen",
    "note_activity",
    "note_visit",
    "notify",
    "notify_all",
    "remove_member",
    "replay_delivery",
    "replay_range",
    "resend_invitation",
    "revoke_token",
    "rotate_hook_key",
    "set_working_hours",
    "sweep_hooks",
    "sweep_mail",
    "try_hook",
    "unarchive_notification",
    "withdraw_invitation",
]
