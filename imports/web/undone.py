"""What the pages show of taking an import back: the numbers before, the counts after, and the list of what stayed."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports import queries
from imports.errors import UNDO_FAILURE_TEXTS
from imports.models import ContactImport, State
from imports.undo_file import what_stayed
from imports.undo_queries import UndoOutlook, can_be_undone, undo_remainders
from imports.undo_reasons import undo_reason_text
from imports.web.presenting import count_of, url
from workspaces.actors import Actor
from workspaces.web import formats

LINES = 25


def undo_of(actor: Actor, row: ContactImport, *, at: datetime) -> dict[str, Any]:
    """Return what the page of an import shows about taking it back."""
    is_undoing = row.state == State.UNDOING
    context: dict[str, Any] = {
        "is_undoing": is_undoing,
        "may_undo": can_be_undone(row, at=at),
        "undo_failure": "",
        "undo_counts": undo_counts(row) if row.undo_handled else [],
        "undo_all": row.imported + row.updated,
    }
    if row.undo_error_code and row.state not in {State.UNDOING, State.UNDONE}:
        context["undo_failure"] = str(
            UNDO_FAILURE_TEXTS.get(row.undo_error_code, UNDO_FAILURE_TEXTS["imports.unexpected"])
        )
    if row.undo_handled and not is_undoing:
        context |= kept_page(actor, row, after=(0, 0))
    return context


def undo_counts(row: ContactImport) -> list[dict[str, object]]:
    """Return what became of the contacts; once the import is undone they add up to those that it wrote."""
    return [
        count_of(_("Deleted"), row.undo_deleted, "add", _("the import had added them")),
        count_of(_("Put back"), row.undo_restored, "update", _("they are as before")),
        count_of(_("Partly put back"), row.undo_partly, "same", _("some values had changed since")),
        count_of(_("Left as they are"), row.undo_kept, "skip", _("somebody changed them since, or they are gone")),
    ]


def undone_words(row: ContactImport) -> str:
    """Say how much was taken back."""
    written = row.imported + row.updated
    words = ngettext(
        "%(reverted)s of %(written)s contact is as before",
        "%(reverted)s of %(written)s contacts are as before",
        written,
    )
    return words % {"reverted": formats.number(row.undo_reverted), "written": formats.number(written)}


def outlook_lines(outlook: UndoOutlook) -> list[str]:
    """Say what undoing would do now, a sentence each."""
    lines = []
    if outlook.added and not outlook.untouched:
        words = ngettext(
            "The added contact stays: somebody has changed it or talked with it since.",
            "All %(added)s added contacts stay: somebody has changed them or talked with them since.",
            outlook.added,
        )
        lines.append(words % {"added": formats.number(outlook.added)})
    elif outlook.added:
        words = ngettext(
            "%(untouched)s of %(added)s added contact is deleted: nobody has changed it or talked with it since.",
            "%(untouched)s of %(added)s added contacts are deleted: nobody has changed them or talked with them since.",
            outlook.added,
        )
        added, untouched = formats.number(outlook.added), formats.number(outlook.untouched)
        lines.append(words % {"untouched": untouched, "added": added})
    if outlook.updated:
        words = ngettext(
            "%(updated)s updated contact gets its values and tags from before, except where they have changed since.",
            "%(updated)s updated contacts get their values and tags from before, except where they have changed since.",
            outlook.updated,
        )
        lines.append(words % {"updated": formats.number(outlook.updated)})
    return lines


def kept_page(actor: Actor, row: ContactImport, *, after: tuple[int, int]) -> dict[str, Any]:
    """Return some lines of what stayed as it is; `after` is row and id of the last line shown."""
    names = queries.field_names(actor)
    found = undo_remainders(actor, row.pk, after=after, most=LINES + 1)
    shown = found[:LINES]
    address = url(row, "import_kept")
    following = {"row": shown[-1].row_no, "line": shown[-1].id} if len(found) > LINES else None
    return {
        "kept": [
            {"line": line, "what": what_stayed(line, names), "why": undo_reason_text(line.reason)} for line in shown
        ],
        "kept_next_url": f"{address}?{urlencode(following)}" if following else "",
        "kept_first_url": address if after != (0, 0) else "",
    }
