from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from inbox.fingerprints import require_unchanged
from inbox.models import ClosingCategory, ClosingMode, InboxSettings, Topic
from inbox.queries.behaviour import settings_of
from inbox.settings_errors import CategoryNeeded, TopicNeeded
from inbox.settings_events import InboxSettingsChanged
from workspaces.access import workspace_for_update
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import ValueNotValid
from workspaces.events import record
from workspaces.permissions import Permission

ASKS_FOR_CATEGORY = frozenset({ClosingMode.CATEGORY.value, ClosingMode.ALL.value})
BOUNDS = {
    "reopen_hours": (0, 24 * 365),
    "auto_resolve_days": (0, 365),
    "amber_minutes": (1, 7 * 24 * 60),
    "red_minutes": (1, 7 * 24 * 60),
    "undo_seconds": (0, 30),
    "offline_minutes": (1, 120),
    "survey_hours": (1, 24 * 30),
}
TEXTS = {"survey_text": 500, "survey_question": 255}
SWITCHES = frozenset({"topic_required", "unassign_at_logout", "tell_all_of_unassigned", "survey_is_on"})


@transaction.atomic
def change_inbox_settings(*, actor: Actor, values: Mapping[str, object], seen: str = "", at: datetime) -> InboxSettings:
    """Change how the inbox behaves; what is not named stays. `seen` is the fingerprint of the named values as they were shown."""
    workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    row = settings_of(actor.workspace_id)
    require_unchanged(seen, {key: getattr(row, key) for key in values})
    changes = {key: [getattr(row, key), value] for key, value in values.items() if getattr(row, key) != value}
    for key, value in values.items():
        setattr(row, key, _checked(key, value))
    if row.amber_minutes >= row.red_minutes:
        raise ValueNotValid(field="red_minutes", sentence=_("Red comes after amber. Write more minutes here."))
    require_choices(row)
    if changes:
        row.save()
        record(InboxSettingsChanged(subject_id=actor.workspace_id, changes=changes), actor=actor, at=at)
    return row


def require_choices(row: InboxSettings) -> None:
    """Refuse to ask agents for what they cannot give: the list that they must choose from is empty."""
    categories = ClosingCategory.objects.in_workspace(row.workspace_id)
    if row.closing_mode in ASKS_FOR_CATEGORY and not categories.exists():
        raise CategoryNeeded(field="closing_mode")
    if row.topic_required and not Topic.objects.in_workspace(row.workspace_id).filter(is_active=True).exists():
        raise TopicNeeded(field="topic_required")


def _checked(key: str, value: object) -> object:
    if key == "closing_mode" and value in ClosingMode.values:
        return value
    if key in SWITCHES and isinstance(value, bool):
        return value
    if key in TEXTS and isinstance(value, str):
        return text_of(value, field=key, most=TEXTS[key], may_be_empty=True)
    least, most = BOUNDS.get(key, (0, -1))
    if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
        return value
    sentence = _("Write a number from %(least)s to %(most)s.") % {"least": least, "most": most}
    raise ValueNotValid(field=key, sentence=sentence if key in BOUNDS else _("Choose one of the list."))
