"""Who may use which route: the whole table. A route that it does not know fails the matrix.

Pages: the letters of who gets in. O owner, M manager, R manager restricted from settings, A agent. A member without the right
gets 403; to anybody else the workspace does not exist (404); an anonymous visitor is sent to log in.
"""

from typing import Final

EVERYBODY: Final = "OMRA"
MODULE: Final = "OMR"  # the Contacts module
SETTINGS: Final = "OM"
OWNER: Final = "O"

# Routes outside any workspace. "public": everybody; "person": whoever is logged in.
OUTSIDE: Final[dict[str, str]] = {
    "health_live": "public",
    "health_ready": "public",
    "api_document": "public",
    "api_docs": "public",
    "api_unknown": "public",  # a JSON 404 for whatever no route knows
    "home": "person",
    "invitation": "public",
    "invitation_open": "public",
    "account_workspaces": "person",
    "account_profile": "person",
    "account_appearance": "person",
    "account_security": "person",
    "account_login": "public",
    "account_logout": "public",
    "account_signup": "public",
    "account_inactive": "public",
    "account_reauthenticate": "person",
    "account_change_password": "person",
    "account_set_password": "person",
    "account_reset_password": "public",
    "account_reset_password_done": "public",
    "account_reset_password_from_key": "public",
    "account_reset_password_from_key_done": "public",
    "mfa_index": "person",
    "mfa_authenticate": "public",  # half-way through a log-in; without one it leads back to it
    "mfa_reauthenticate": "person",
    "mfa_activate_totp": "person",
    "mfa_deactivate_totp": "person",
    "mfa_view_recovery_codes": "person",
    "mfa_generate_recovery_codes": "person",
    "mfa_download_recovery_codes": "person",
    "account_sign_ins_end": "person",
}

PAGES: Final[dict[str, str]] = {
    "workspace_home": EVERYBODY,
    "search": EVERYBODY,
    "notifications": EVERYBODY,
    "notifications_count": EVERYBODY,
    "notifications_archive_all": EVERYBODY,
    "notification": EVERYBODY,
    "notification_archive": EVERYBODY,
    "notification_unarchive": EVERYBODY,
    "contacts": MODULE,
    "contacts_columns": MODULE,
    "contacts_bulk": MODULE,
    "contact_new": EVERYBODY,
    "contact": EVERYBODY,
    "contact_activity": EVERYBODY,
    "contact_tags": EVERYBODY,
    "contact_delete": EVERYBODY,
    "contact_merge": EVERYBODY,
    "contact_merge_review": EVERYBODY,
    "contact_field": EVERYBODY,
    "contact_field_edit": EVERYBODY,
    "contact_save": EVERYBODY,
    "settings": SETTINGS,
    "settings_general": SETTINGS,
    "settings_users": SETTINGS,
    "settings_user": SETTINGS,
    "settings_invite": SETTINGS,
    "settings_user_remove": SETTINGS,
    "settings_invitation_resend": SETTINGS,
    "settings_invitation_withdraw": SETTINGS,
    "settings_teams": SETTINGS,
    "settings_team_new": SETTINGS,
    "settings_team": SETTINGS,
    "settings_team_delete": OWNER,
    "settings_tokens": SETTINGS,
    "settings_token_new": SETTINGS,
    "settings_token_revoke": SETTINGS,
    "settings_fields": SETTINGS,
    "settings_field_new": SETTINGS,
    "settings_field_edit": SETTINGS,
    "settings_field_delete": OWNER,
    "settings_field_move": SETTINGS,
    "settings_stage_new": SETTINGS,
    "settings_stage_edit": SETTINGS,
    "settings_stage_delete": SETTINGS,
    "settings_stage_move": SETTINGS,
    "settings_tags": SETTINGS,
    "settings_tag_new": SETTINGS,
    "settings_tag_edit": SETTINGS,
    "settings_tag_delete": SETTINGS,
    "imports": SETTINGS,
    "import_new": SETTINGS,
    "import_sample": SETTINGS,
    "import": SETTINGS,
    "import_map": SETTINGS,
    "import_read": SETTINGS,
    "import_back": SETTINGS,
    "import_checking": SETTINGS,
    "import_review": SETTINGS,
    "import_error_rows": SETTINGS,
    "import_commit": SETTINGS,
    "import_running": SETTINGS,
    "import_progress": SETTINGS,
    "import_done": SETTINGS,
    "import_cancel": SETTINGS,
    "import_errors_csv": SETTINGS,
    "import_result_csv": SETTINGS,
    "import_undo": SETTINGS,
    "import_kept": SETTINGS,
    "import_undo_csv": SETTINGS,
}

# Forms that are valid enough for the permission to be what answers.
FORMS: Final[dict[str, dict[str, str]]] = {
    "contacts_bulk": {"act": "tag", "chosen": "{contact_id}"},
    "settings_field_move": {"to": "0"},
    "settings_stage_move": {"to": "0"},
}

# Public API: the scope that each method needs, and a body that is valid, so that the permission is what answers.
READ: Final = "read"
WRITE: Final = "write"
API: Final[dict[str, dict[str, tuple[str, object]]]] = {
    "api_contact": {
        "GET": (READ, None),
        "POST": (WRITE, {"firstName": "New"}),
        "PUT": (WRITE, {"firstName": "Other"}),
        "DELETE": (WRITE, None),
    },
    "api_contact_list": {"POST": (READ, {"search": "", "timezone": "UTC", "filter": {"$and": []}})},
    "api_contact_merge": {"POST": (WRITE, {"contactIds": ["{contact_id}", "{other_id}"]})},
    "api_contact_create_or_update": {"POST": (WRITE, {"firstName": "Either"})},
    "api_contact_tags": {"POST": (WRITE, ["Gold"]), "DELETE": (WRITE, ["Gold"])},
    "api_contact_channels": {"GET": (READ, None)},
    "api_contact_lifecycle": {"POST": (WRITE, {"name": None})},
    "api_space_users": {"GET": (READ, None)},
    "api_space_user": {"GET": (READ, None)},
    "api_custom_fields": {"GET": (READ, None), "POST": (WRITE, {"name": "Shoe", "dataType": "text"})},
    "api_custom_field": {"GET": (READ, None)},
    "api_space_channels": {"GET": (READ, None)},
    "api_space_tags": {
        "POST": (WRITE, {"name": "Fresh"}),
        "PUT": (WRITE, {"currentName": "{tag_name}", "description": "x"}),
        "DELETE": (WRITE, {"name": "{tag_name}"}),
    },
    "api_imports": {"GET": (WRITE, None), "POST": (WRITE, "multipart")},
    "api_import": {"GET": (WRITE, None)},
    "api_import_mapping": {
        "PUT": (WRITE, {"columns": [{"column": "name", "field": "first_name"}, {"column": "phone", "field": "phone"}]})
    },
    "api_import_commit": {"POST": (WRITE, None)},
    "api_import_cancel": {"POST": (WRITE, None)},
    "api_import_errors": {"GET": (WRITE, None)},
    "api_import_result": {"GET": (WRITE, None)},
    "api_import_undo": {"POST": (WRITE, None)},
    "api_import_undo_file": {"GET": (WRITE, None)},
}
