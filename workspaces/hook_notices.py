"""What owners are told when a webhook was switched off."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.notices import NotificationKind, Words
from workspaces.permissions import Permission

OFF = "workspaces.hook_off"


def _off(facts: Mapping[str, Any]) -> Words:
    gone = facts["because"] == "gone"
    return Words(
        title=_("The webhook to %(host)s was switched off") % {"host": facts["host"]},
        text=_("The address answered that it is gone (410). Turn the webhook on again when it works.")
        if gone
        else _("Every attempt of the last 5 days failed. Turn the webhook on again when the address works."),
        act=_("See the webhook"),
        icon="alert",
        tone="bad",
    )


KINDS = {
    OFF: NotificationKind(
        needs=Permission.HOOK_MANAGE,
        route="settings_hook",
        reason=gettext_lazy("You get this mail because you own the workspace."),
        words=_off,
    )
}
