"""What the pages show of an import, ready for templates that ask nothing."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from imports import queries
from imports.errors import FAILURE_TEXTS
from imports.models import ContactImport, Matching, State
from imports.web.words import IDENTIFIER_NAMES, PURPOSE_NAMES, STATES, encoding_name, separated_by
from workspaces.web import formats

# The address at which an import in some state is shown.
STEP_OF_STATE: dict[str, str] = {
    State.MAPPING: "import_map",
    State.VALIDATING: "import_checking",
    State.REVIEW: "import_review",
    State.COMMITTING: "import_running",
}
STEP_NUMBER = {"import_new": 1, "import_map": 2, "import_checking": 3, "import_review": 3, "import_running": 4}


def step_url(contact_import: ContactImport) -> str:
    """Return where an import stands, as an address."""
    return url(contact_import, STEP_OF_STATE.get(contact_import.state, "import_done"))


def url(contact_import: ContactImport, name: str) -> str:
    """Return one of the addresses of an import."""
    return reverse(name, args=[contact_import.workspace_id, contact_import.pk])


def corrected_url(contact_import: ContactImport) -> str:
    """Return where another file takes the place of this one."""
    new = reverse("import_new", args=[contact_import.workspace_id])
    return f"{new}?instead_of={contact_import.pk}"


def steps(contact_import: ContactImport | None, *, at_step: str) -> list[dict[str, object]]:
    """Return the stepper; done steps that one can go back to are links, and an import that ended has no way back."""
    current = STEP_NUMBER.get(at_step, 4)
    links: dict[int, str] = {}
    if contact_import is not None and contact_import.state in {State.MAPPING, State.REVIEW}:
        links = {1: corrected_url(contact_import), 2: url(contact_import, "import_map")}
    over = (State.COMPLETED, State.UNDOING, State.UNDONE)
    ended = at_step == "import_done" and contact_import is not None and contact_import.state in over
    return [
        {
            "label": label,
            "state": "done" if number < current or ended else "current" if number == current else "coming",
            "url": links.get(number, ""),
        }
        for number, label in enumerate((_("Upload"), _("Map"), _("Review"), _("Import")), start=1)
    ]


def page_of(contact_import: ContactImport, *, at_step: str) -> dict[str, Any]:
    """Return what every page of one import shows around its content."""
    return {
        "row": contact_import,
        "steps": steps(contact_import, at_step=at_step),
        "who": queries.who_asked(contact_import) or _("Somebody who has left"),
        "purpose": PURPOSE_NAMES[contact_import.purpose],
        "settings_line": settings_line(contact_import),
        "corrected_url": corrected_url(contact_import),
    }


def settings_line(contact_import: ContactImport) -> str:
    """Say in one line what was chosen at upload."""
    parts = [str(PURPOSE_NAMES[contact_import.purpose]), str(IDENTIFIER_NAMES[contact_import.identifier])]
    if contact_import.identifier in {"phone", "email"}:
        is_exact = contact_import.matching == Matching.EXACT
        parts.append(_("compared as it is written") if is_exact else _("equivalent forms count as one"))
    return " · ".join(parts)


def time_left(contact_import: ContactImport, *, at: datetime) -> dict[str, object] | None:
    """Return until when an import waits for a person, and whether that is soon."""
    until = contact_import.review_expires_at
    if until is None:
        return None
    left = max(until - at, timedelta(0))
    minutes = int(left.total_seconds() // 60)
    words = (
        ngettext("%(minutes)s min left", "%(minutes)s min left", minutes) % {"minutes": minutes}
        if minutes
        else _("less than a minute left")
    )
    return {"until": formats.clock(until), "words": words, "is_soon": minutes < 10}


def progress_card(contact_import: ContactImport, *, at: datetime, poll: str = "") -> dict[str, Any]:
    """Return what the progress component shows of a worker's stage; `poll` names the page that asks again."""
    state = contact_import.state
    progress = queries.progress_of(contact_import, at=at)
    news = contact_import.progress_at or contact_import.stage_started_at
    known = progress.done > 0
    return {
        "id": "import-progress",
        "state": "running",
        "icon": {State.VALIDATING: "search", State.UNDOING: "undo"}.get(State(state), "upload"),
        "title": _title(contact_import),
        "words": _words(progress, state=state, waits=not known and contact_import.lease_token is None),
        "value": progress.done if known else None,
        "max": progress.total or 1,
        "news_age": max(0, int((at - news).total_seconds())),
        "poll_url": f"{url(contact_import, 'import_progress')}?on={poll}" if poll else "",
        "cancel_url": "" if state == State.UNDOING else url(contact_import, "import_cancel"),
        "cancel_text": _("Cancel the import"),
    }


def _title(contact_import: ContactImport) -> str:
    if contact_import.state == State.VALIDATING:
        rows = contact_import.rows
        words = ngettext("Checking %(rows)s row", "Checking %(rows)s rows", rows)
        return words % {"rows": formats.number(rows)}
    if contact_import.state == State.UNDOING:
        contacts = contact_import.imported + contact_import.updated
        words = ngettext("Undoing %(contacts)s contact", "Undoing %(contacts)s contacts", contacts)
        return words % {"contacts": formats.number(contacts)}
    contacts = contact_import.to_write
    words = ngettext("Importing %(contacts)s contact", "Importing %(contacts)s contacts", contacts)
    return words % {"contacts": formats.number(contacts)}


def _words(progress: queries.Progress, *, state: str, waits: bool) -> str:
    if waits:
        return _("Waiting for its turn")
    words = _("%(done)s of %(total)s contacts") if state == State.UNDOING else _("%(done)s of %(total)s rows")
    parts = [words % {"done": formats.number(progress.done), "total": formats.number(progress.total)}]
    if progress.rows_per_second is not None:
        parts.append(_("%(rate)s a second") % {"rate": formats.number(progress.rows_per_second)})
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(_("about %(time)s left") % {"time": formats.duration(max(1, progress.seconds_left))})
    elif progress.done and progress.done >= progress.total and state != State.UNDOING:
        parts.append(_("writing the files"))
    return " · ".join(parts)


def file_facts(contact_import: ContactImport) -> dict[str, str]:
    """Return how the file was read, and how many of its columns come in."""
    mapped = sum(1 for column in contact_import.columns if column["field"])
    left_out = len(contact_import.columns) - mapped
    words = ngettext("%(mapped)s mapped", "%(mapped)s mapped", mapped) % {"mapped": mapped}
    rest = ngettext("%(n)s left out", "%(n)s left out", left_out) % {"n": left_out}
    return {
        "read_as": f"{encoding_name(contact_import.encoding)}, {separated_by(contact_import.delimiter)}",
        "columns": f"{words}, {rest}",
    }


def written_counts(contact_import: ContactImport) -> list[dict[str, object]]:
    """Return the counts of what was written; when the import is complete they add up to the rows of the file."""
    row = contact_import
    is_running = row.state == State.COMMITTING
    of = _("of %(total)s")
    return [
        count_of(
            _("Added"),
            row.imported,
            "add",
            of % {"total": formats.number(row.to_add)} if is_running else _("new contacts"),
        ),
        count_of(
            _("Updated"),
            row.updated,
            "update",
            of % {"total": formats.number(row.to_update)} if is_running else _("contacts you had"),
        ),
        count_of(_("Skipped"), row.skipped, "skip", _("already the same, or left out by the purpose")),
        count_of(_("Errors"), row.failed, "error", _("not imported; the result file says why")),
    ]


def count_of(name: str, value: int, kind: str, definition: str) -> dict[str, object]:
    """Return one figure of a tally."""
    return {"name": name, "value": value, "kind": kind, "def": definition}


def history(rows: Sequence[ContactImport], *, at: datetime) -> list[dict[str, object]]:
    """Return the lines of the history."""
    return [
        {
            "row": row,
            "url": step_url(row),
            "purpose": PURPOSE_NAMES[row.purpose],
            "who": row.requested_by.name if row.requested_by else _("API token") if row.requested_token_id else "–",
            "look": STATES[row.state],
            "has_counts": row.state in {State.COMPLETED, State.UNDOING, State.UNDONE, State.COMMITTING}
            or bool(row.imported or row.updated),
            "written": row.imported + row.updated,
            "result": result_state(row, at=at),
        }
        for row in rows
    ]


def result_state(contact_import: ContactImport, *, at: datetime) -> str:
    """Tell whether the result file is "ready", "gone", still "coming", or "none"."""
    until = contact_import.result_expires_at
    if contact_import.result_key and until is not None and until > at:
        return "ready"
    if contact_import.state == State.COMPLETED or contact_import.imported or contact_import.updated:
        if until is not None and until <= at:
            return "gone"
        if contact_import.state == State.CANCELLED and until is not None:
            return "coming"
    return "none"


def failure_text(contact_import: ContactImport) -> str:
    """Say why an import failed."""
    return str(FAILURE_TEXTS.get(contact_import.error_code, FAILURE_TEXTS["imports.unexpected"]))
