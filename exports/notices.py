"""What people are told when an export of theirs has ended."""

from collections.abc import Callable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from exports.catalogue import title_of
from exports.errors import FAILURE_TEXTS
from workspaces.notices import NotificationKind, Words
from workspaces.permissions import Permission

COMPLETED, FAILED, DISCARDED = "exports.completed", "exports.failed", "exports.discarded"
NOT_SENT = "exports.not_sent"


def _completed(facts: Mapping[str, Any]) -> Words:
    rows = ngettext("%(rows)s row", "%(rows)s rows", facts["rows"]) % {"rows": number_format(facts["rows"])}
    return Words(
        title=_("The export of %(title)s is ready") % {"title": title_of(facts["dataset"])},
        text=_("%(rows)s, %(size)s. The file is kept for 7 days from the request.")
        % {"rows": rows, "size": filesizeformat(facts["size_bytes"])},
        act=_("See the export"),
        icon="download",
        tone="good",
    )


def _failed(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The export of %(title)s failed") % {"title": title_of(facts["dataset"])},
        text=str(FAILURE_TEXTS.get(facts["error_code"], FAILURE_TEXTS["exports.unexpected"])),
        act=_("See the export"),
        icon="alert",
        tone="bad",
    )


def _discarded(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The export of %(title)s was discarded") % {"title": title_of(facts["dataset"])},
        text=str(FAILURE_TEXTS["exports.too_long"]),
        act=_("See the export"),
        icon="clock",
        tone="bad",
    )


def _not_sent(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The export of %(title)s was not sent on") % {"title": title_of(facts["dataset"])},
        text=_("%(why)s The file is in the history.") % {"why": facts.get("send_error", "")},
        act=_("See the export"),
        icon="alert",
        tone="bad",
    )


def _kind(words: Callable[[Mapping[str, Any]], Words]) -> NotificationKind:
    reason = gettext_lazy("You get this mail because you asked for the export.")
    return NotificationKind(needs=Permission.DATA_EXPORT, route="export", reason=reason, words=words)


KINDS = {COMPLETED: _kind(_completed), FAILED: _kind(_failed), DISCARDED: _kind(_discarded), NOT_SENT: _kind(_not_sent)}
