"""What owners and managers are told about channels."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.notices import NotificationKind, Words
from workspaces.permissions import Permission

BROKEN = "inbox.channel_broken"


def _broken(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("%(channel)s does not send any more") % {"channel": facts["channel"]},
        text=_("The other side refuses our access. Messages are held until somebody enters it again."),
        act=_("Repair the channel"),
        icon="alert",
        tone="bad",
    )


KINDS = {
    BROKEN: NotificationKind(
        needs=Permission.CHANNEL_MANAGE,
        route="settings_channel",
        reason=gettext_lazy("You get this mail because you manage the workspace's channels."),
        words=_broken,
    )
}
