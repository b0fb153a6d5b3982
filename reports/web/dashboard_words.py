"""The dashboard in words: what its counters count, and what happened in the workspace."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from contacts.web.presenting import name_of
from reports.dashboard.activity import READ, Happening, Kind
from reports.dashboard.counters import Reach, Show

NAMES = {
    Show.OPEN: pgettext_lazy("conversations", "Open"),
    Show.ASSIGNED: pgettext_lazy("conversations", "Assigned"),
    Show.UNASSIGNED: gettext_lazy("Unassigned"),
    Show.SNOOZED: pgettext_lazy("conversations", "Snoozed"),
}
HINTS = {
    Show.OPEN: gettext_lazy("Neither closed nor snoozed"),
    Show.ASSIGNED: gettext_lazy("Open, and somebody has them"),
    Show.UNASSIGNED: gettext_lazy("Open, and nobody has them yet"),
    Show.SNOOZED: gettext_lazy("Come back at their time"),
}
DEFINITIONS = {
    Show.OPEN: gettext_lazy(
        "Contacts whose latest conversation is new or pending and not snoozed. Blocked contacts do not count. "
        "Those whom a virtual agent answers count here, but neither as assigned nor as unassigned."
    ),
    Show.ASSIGNED: gettext_lazy("Open contacts that are assigned to a person and not held by a virtual agent."),
    Show.UNASSIGNED: gettext_lazy("Open contacts that are assigned to nobody and not held by a virtual agent."),
    Show.SNOOZED: gettext_lazy(
        "Contacts whose conversation is snoozed. It opens again at its time, or when they write."
    ),
}
DEFINITIONS_OF_MINE = {
    Show.OPEN: gettext_lazy("Open contacts that are assigned to you and not held by a virtual agent."),
    Show.SNOOZED: gettext_lazy(
        "Contacts assigned to you whose conversation is snoozed. It opens again at its time, or when they write."
    ),
}
NOTHING = {
    Show.OPEN: gettext_lazy(
        "No open conversations. They appear here as soon as somebody writes on one of your channels."
    ),
    Show.ASSIGNED: gettext_lazy("Nobody has an open conversation. Those that are assigned appear here."),
    Show.UNASSIGNED: gettext_lazy("Everything has somebody. New conversations without an assignee appear here."),
    Show.SNOOZED: gettext_lazy("Nothing is snoozed. Conversations that come back at a chosen time appear here."),
}
REACHES = {Reach.TEAM: gettext_lazy("Team"), Reach.MINE: gettext_lazy("Mine")}
_ICONS = {
    Kind.OPENED: ("chat", ""),
    Kind.OPENED_AGAIN: ("chat", ""),
    Kind.CLOSED: ("check", "good"),
    Kind.ASSIGNED: ("user", "info"),
    Kind.UNASSIGNED: ("user", ""),
    Kind.MERGED: ("merge", ""),
}
_CATEGORY, _SELF = "closed as", "assigned to oneself"
_BY_SOMEBODY = {
    Kind.OPENED: gettext_lazy("{who} opened a conversation with {contact}"),
    Kind.OPENED_AGAIN: gettext_lazy("{who} opened the conversation with {contact} again"),
    Kind.CLOSED: gettext_lazy("{who} closed the conversation with {contact}"),
    _CATEGORY: gettext_lazy("{who} closed the conversation with {contact} as {category}"),
    Kind.ASSIGNED: gettext_lazy("{who} assigned {contact} to {other}"),
    _SELF: gettext_lazy("{who} is the assignee of {contact} now"),
    Kind.UNASSIGNED: gettext_lazy("{who} unassigned {contact}"),
    Kind.MERGED: gettext_lazy("{who} merged another contact into {contact}"),
}
_BY_ITSELF = {
    Kind.OPENED: gettext_lazy("{contact} opened a conversation"),
    Kind.OPENED_AGAIN: gettext_lazy("{contact} opened the conversation again"),
    Kind.CLOSED: gettext_lazy("The conversation with {contact} was closed"),
    _CATEGORY: gettext_lazy("The conversation with {contact} was closed as {category}"),
    Kind.ASSIGNED: gettext_lazy("{contact} was assigned to {other}"),
    _SELF: gettext_lazy("{contact} was assigned to {other}"),
    Kind.UNASSIGNED: gettext_lazy("{contact} was unassigned"),
    Kind.MERGED: gettext_lazy("Another contact was merged into {contact}"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline, as `components/timeline.html` shows it."""

    icon: str
    kind: str
    text: SafeString
    at: datetime
    more: str


def definition(show: Show, reach: Reach) -> str:
    """Say what a counter counts."""
    return str((DEFINITIONS_OF_MINE if reach is Reach.MINE else DEFINITIONS)[show])


def line_of(happening: Happening) -> Line:
    """Say what happened, with a way to the thread of its contact."""
    contact = happening.contact
    icon, kind = _ICONS[happening.kind]
    words = format_html(
        str((_BY_SOMEBODY if happening.who else _BY_ITSELF)[_case(happening)]),
        who=format_html("<b>{}</b>", happening.who),
        other=format_html("<b>{}</b>", happening.other or _("a former member")),
        category=format_html("<b>{}</b>", happening.category),
        contact=format_html(
            '<a class="link" href="{}">{}</a>',
            reverse("inbox_thread", args=[contact.workspace_id, contact.pk]),
            name_of(contact),
        ),
    )
    return Line(icon, kind, words, happening.at, _others(happening.others))


def _others(count: int) -> str:
    if count >= READ - 1:
        return _("The same for more than %(count)s others") % {"count": READ - 1}
    if not count:
        return ""
    words = ngettext("The same for %(count)s other contact", "The same for %(count)s other contacts", count)
    return words % {"count": count}


def _case(happening: Happening) -> str:
    if happening.kind is Kind.CLOSED and happening.category:
        return _CATEGORY
    return _SELF if happening.kind is Kind.ASSIGNED and happening.is_self else happening.kind
