"""What people are told about conversations: a new message, a contact that became theirs, a comment that mentions them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from workspaces.notices import NotificationKind, Words
from workspaces.permissions import Permission

MESSAGE, ASSIGNMENT, MENTION = "inbox.message", "inbox.assignment", "inbox.mention"


def _message(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("New message from %(contact)s") % {"contact": _contact(facts)},
        text=facts["text"],
        act=_("Read it"),
        icon="chat",
        tone="plain",
    )


def _assignment(facts: Mapping[str, Any]) -> Words:
    if facts["by"]:
        title = _("%(person)s assigned %(contact)s to you") % {"person": facts["by"], "contact": _contact(facts)}
    else:
        title = _("%(contact)s was assigned to you") % {"contact": _contact(facts)}
    return Words(title=title, text=facts["text"], act=_("See the conversation"), icon="user", tone="plain")


def _mention(facts: Mapping[str, Any]) -> Words:
    names = {"person": facts["by"], "contact": _contact(facts)}
    if facts["by"]:
        title = _("%(person)s mentioned you in a comment on %(contact)s") % names
    else:
        title = _("You are mentioned in a comment on %(contact)s") % names
    return Words(title=title, text=facts["text"], act=_("See the comment"), icon="note", tone="plain")


def _contact(facts: Mapping[str, Any]) -> str:
    return facts["contact"] or _("Contact %(id)s") % {"id": facts["contact_id"]}


KINDS = {
    MESSAGE: NotificationKind(
        needs=Permission.MESSAGE_READ,
        route="inbox_thread",
        reason=gettext_lazy("You are told because the contact is yours, or nobody’s yet."),
        words=_message,
    ),
    ASSIGNMENT: NotificationKind(
        needs=Permission.MESSAGE_READ,
        route="inbox_thread",
        reason=gettext_lazy("You are told because the contact was assigned to you."),
        words=_assignment,
    ),
    MENTION: NotificationKind(
        needs=Permission.MESSAGE_READ,
        route="inbox_thread",
        reason=gettext_lazy("You are told because a comment mentions you."),
        words=_mention,
    ),
}
