"""The routes of people, accounts and workspace settings."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from workspaces.web.views import (
    entering,
    general,
    hooks,
    notifications,
    people,
    presence,
    teams,
    tokens,
    users,
    working_hours,
)

# Of allauth's routes, those that the product offers: no sign-up, no managing of addresses, no log-in by code.
ACCOUNT = [
    path("account/login", account.login, name="account_login"),
    path("account/logout", account.logout, name="account_logout"),
    path("account/signup", account.signup, name="account_signup"),  # closed; it says how one gets an account
    path("account/inactive", account.account_inactive, name="account_inactive"),
    path("account/reauthenticate", account.reauthenticate, name="account_reauthenticate"),
    path("account/password", account.password_change, name="account_change_password"),
    path("account/password/set", account.password_set, name="account_set_password"),
    path("account/password/reset", account.password_reset, name="account_reset_password"),
    path("account/password/reset/sent", account.password_reset_done, name="account_reset_password_done"),
    path(
        "account/password/reset/done",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    re_path(
        r"^account/password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("account/two-factor", RedirectView.as_view(pattern_name="account_security"), name="mfa_index"),
    path("account/two-factor/code", second_factor.authenticate, name="mfa_authenticate"),
    path("account/two-factor/confirm", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("account/two-factor/on", totp.activate_totp, name="mfa_activate_totp"),
    path("account/two-factor/off", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/recovery-codes", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file", recovery_codes.download_recovery_codes, name="mfa_download_recovery_codes"),
]

PEOPLE = [
    path("", entering.home, name="home"),
    path("invitation", entering.invitation_open, name="invitation_open"),
    path("invitation/<str:secret>", entering.invitation, name="invitation"),
    path("account/workspaces", people.workspaces, name="account_workspaces"),
    path("account/profile", people.profile, name="account_profile"),
    path("account/appearance", people.appearance, name="account_appearance"),
    path("account/security", people.security, name="account_security"),
    path("account/sign-ins/end", people.end_other_sign_ins, name="account_sign_ins_end"),
]

SETTINGS = [
    path("home", entering.workspace_home, name="workspace_home"),
    path("settings", general.settings_start, name="settings"),
    path("settings/general", general.general, name="settings_general"),
    path("settings/working-hours", working_hours.working_hours, name="settings_working_hours"),
    path("settings/users", users.users, name="settings_users"),
    path("settings/users/invite", users.invite, name="settings_invite"),
    path("settings/users/<int:user_id>", users.user, name="settings_user"),
    path("settings/users/<int:user_id>/remove", users.remove, name="settings_user_remove"),
    path("settings/invitations/<int:invitation_id>/resend", users.resend, name="settings_invitation_resend"),
    path("settings/invitations/<int:invitation_id>/withdraw", users.withdraw, name="settings_invitation_withdraw"),
    path("settings/teams", teams.teams, name="settings_teams"),
    path("settings/teams/new", teams.new, name="settings_team_new"),
    path("settings/teams/<int:team_id>", teams.team, name="settings_team"),
    path("settings/teams/<int:team_id>/delete", teams.delete, name="settings_team_delete"),
    path("presence", presence.presence, name="presence"),
    path("settings/away-states", presence.away_states, name="settings_away_states"),
    path("settings/away-states/new", presence.away_state_new, name="settings_away_state_new"),
    path("settings/away-states/<int:away_state_id>", presence.away_state_edit, name="settings_away_state_edit"),
    path(
        "settings/away-states/<int:away_state_id>/switch",
        presence.away_state_switch,
        name="settings_away_state_switch",
    ),
    path(
        "settings/away-states/<int:away_state_id>/delete",
        presence.away_state_delete,
        name="settings_away_state_delete",
    ),
    path("settings/tokens", tokens.tokens, name="settings_tokens"),
    path("settings/tokens/new", tokens.new, name="settings_token_new"),
    path("settings/tokens/<int:token_id>/revoke", tokens.revoke, name="settings_token_revoke"),
    path("settings/webhooks", hooks.hooks, name="settings_hooks"),
    path("settings/webhooks/new", hooks.new, name="settings_hook_new"),
    path("settings/webhooks/<int:hook_id>", hooks.hook, name="settings_hook"),
    path("settings/webhooks/<int:hook_id>/edit", hooks.edit, name="settings_hook_edit"),
    path("settings/webhooks/<int:hook_id>/key", hooks.key, name="settings_hook_key"),
    path("settings/webhooks/<int:hook_id>/test", hooks.trial, name="settings_hook_trial"),
    path("settings/webhooks/<int:hook_id>/switch", hooks.switch, name="settings_hook_switch"),
    path("settings/webhooks/<int:hook_id>/replay", hooks.replay, name="settings_hook_replay"),
    path("settings/webhooks/<int:hook_id>/delete", hooks.delete, name="settings_hook_delete"),
    path(
        "settings/webhooks/<int:hook_id>/deliveries/<int:hook_delivery_id>",
        hooks.delivery,
        name="settings_hook_delivery",
    ),
    path(
        "settings/webhooks/<int:hook_id>/deliveries/<int:hook_delivery_id>/again",
        hooks.delivery_replay,
        name="settings_hook_delivery_replay",
    ),
]

NOTIFICATIONS = [
    path("", notifications.notifications, name="notifications"),
    path("/count", notifications.notifications_count, name="notifications_count"),
    path("/archive", notifications.notifications_archive_all, name="notifications_archive_all"),
    path("/<int:notification_id>", notifications.notification, name="notification"),
    path("/<int:notification_id>/archive", notifications.notification_archive, name="notification_archive"),
    path("/<int:notification_id>/unarchive", notifications.notification_unarchive, name="notification_unarchive"),
]

urlpatterns = [
    *PEOPLE,
    *ACCOUNT,
    path("w/<int:workspace_id>/", include(SETTINGS)),
    path("w/<int:workspace_id>/notifications", include(NOTIFICATIONS)),
]
