"""What people are told about conversations: a new message, a contact that became theirs, a comment that mentions them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.queries.visibility import visible_contacts
from workspaces.notices import NotificationKind, Words
from workspaces.permissions import Permission

MESSAGE, ASSIGNMENT, MENTION = "inbox.message", "inbox.assigned", "inbox.mention"


def _message(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("New message from %(contact)s") % {"contact": _contact(facts)},
        text=_("It came in on %(channel)s.") % {"channel": facts["channel"]} if facts["channel"] else "",
        act=_("Read it"),
        icon="chat",
        tone="plain",
    )


def _assignment(facts: Mapping[str, Any]) -> Words:
    if facts["by"]:
        title = _("%(person)s assigned %(contact)s to you") % {"person": facts["by"], "contact": _contact(facts)}
    else:
        title = _("%(contact)s was assigned to you") % {"contact": _contact(facts)}
    others = facts["others"]
    text = ngettext("And %(count)s other contact.", "And %(count)s other contacts.", others)
    text %= {"count": number_format(others, force_grouping=True)}
    return Words(title=title, text=text if others else "", act=_("See the conversation"), icon="user", tone="plain")


def _mention(facts: Mapping[str, Any]) -> Words:
    names = {"person": facts["by"], "contact": _contact(facts)}
    if facts["by"]:
        title = _("%(person)s mentioned you in a comment on %(contact)s") % names
    else:
        title = _("You are mentioned in a comment on %(contact)s") % names
    return Words(title=title, text="", act=_("See the comment"), icon="note", tone="plain")


def _contact(facts: Mapping[str, Any]) -> str:
    return facts["contact"] or _("Contact %(id)s") % {"id": facts["contact_id"]}


def _kind(
    words: Callable[[Mapping[str, Any]], Words], *, choice: str | Promise, reason: str | Promise
) -> NotificationKind:
    return NotificationKind(
        needs=Permission.MESSAGE_READ,
        route="inbox_thread",
        reason=reason,
        words=words,
        subjects=visible_contacts,
        choice=choice,
    )


KINDS = {
    MESSAGE: _kind(
        _message,
        choice=gettext_lazy("A message came in"),
        reason=gettext_lazy("You are told because the contact is yours, or nobody’s yet."),
    ),
    ASSIGNMENT: _kind(
        _assignment,
        choice=gettext_lazy("A contact was assigned to you"),
        reason=gettext_lazy("You are told because the contact was assigned to you."),
    ),
    MENTION: _kind(
        _mention,
        choice=gettext_lazy("A comment mentions you"),
        reason=gettext_lazy("You are told because a comment mentions you."),
    ),
}
