"""What people are told when an import of theirs has ended."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from imports.errors import FAILURE_TEXTS, UNDO_FAILURE_TEXTS
from workspaces.notices import Count, NotificationKind, Words
from workspaces.permissions import Permission

COMPLETED, FAILED, EXPIRED = "imports.completed", "imports.failed", "imports.expired"
UNDONE, UNDO_FAILED = "imports.undone", "imports.undo_failed"


def _completed(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("%(file)s is imported") % {"file": facts["file_name"]},
        text=_("The result file says what became of each row. It is kept for 7 days."),
        act=_("See the result"),
        icon="check",
        tone="good",
        counts=_counts(facts),
    )


def _failed(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The import of %(file)s failed") % {"file": facts["file_name"]},
        text=str(FAILURE_TEXTS.get(facts["error_code"], FAILURE_TEXTS["imports.unexpected"])),
        act=_("See the import"),
        icon="alert",
        tone="bad",
        counts=_counts(facts) if facts["imported"] or facts["updated"] else (),
    )


def _expired(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The import of %(file)s expired") % {"file": facts["file_name"]},
        text=str(FAILURE_TEXTS["imports.session_expired"]),
        act=_("See the import"),
        icon="clock",
        tone="plain",
    )


def _undone(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("The import of %(file)s was undone") % {"file": facts["file_name"]},
        text=_("What could not be undone is listed with its reason."),
        act=_("See what was undone"),
        icon="undo",
        tone="good",
        counts=(
            Count(_("Deleted"), facts["deleted"]),
            Count(_("Put back"), facts["restored"]),
            Count(_("Put back in part"), facts["partly"]),
            Count(_("Left as they are"), facts["kept"]),
        ),
    )


def _undo_failed(facts: Mapping[str, Any]) -> Words:
    return Words(
        title=_("Undoing the import of %(file)s came to a halt") % {"file": facts["file_name"]},
        text=str(UNDO_FAILURE_TEXTS.get(facts["error_code"], UNDO_FAILURE_TEXTS["imports.unexpected"])),
        act=_("See the import"),
        icon="alert",
        tone="bad",
    )


def _counts(facts: Mapping[str, Any]) -> tuple[Count, ...]:
    return (
        Count(_("Added"), facts["imported"]),
        Count(_("Updated"), facts["updated"]),
        Count(_("Skipped"), facts["skipped"]),
        Count(_("Errors"), facts["failed"]),
    )


def _kind(words: Callable[[Mapping[str, Any]], Words]) -> NotificationKind:
    reason = gettext_lazy("You get this mail because you asked for the import.")
    return NotificationKind(needs=Permission.IMPORT_RUN, route="import", reason=reason, words=words)


KINDS = {
    COMPLETED: _kind(_completed),
    FAILED: _kind(_failed),
    EXPIRED: _kind(_expired),
    UNDONE: _kind(_undone),
    UNDO_FAILED: _kind(_undo_failed),
}
