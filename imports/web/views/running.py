"""A worker at its work, live; step 4 and what came of it; cancelling."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from imports import queries
from imports.actions import cancel_import
from imports.errors import WrongState
from imports.models import ContactImport, State
from imports.web.presenting import (
    failure_text,
    file_facts,
    history,
    page_of,
    progress_card,
    result_state,
    step_url,
    url,
    written_counts,
)
from imports.web.undone import undo_of, undone_words
from imports.web.views.elsewhere import moved_on
from workspaces.actors import Actor
from workspaces.web import formats
from workspaces.web.answers import is_htmx
from workspaces.web.scoping import actor_of

EARLIER = 5
NOT_ENDED = frozenset({State.MAPPING, State.VALIDATING, State.REVIEW})


@require_safe
def import_checking(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show how far the check of the rows is."""
    row = queries.import_for_page(actor_of(request), import_id)
    if row.state != State.VALIDATING:
        return HttpResponseRedirect(step_url(row))
    context = {
        **page_of(row, at_step="import_checking"),
        "progress": progress_card(row, at=timezone.now(), poll="checking"),
        "facts": file_facts(row),
    }
    return render(request, "imports/checking.html", context)


@require_safe
def import_running(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show how far the writing is, and what is written so far."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state != State.COMMITTING:
        return HttpResponseRedirect(step_url(row))
    earlier = queries.imports_page(actor, before=row.pk, most=EARLIER)
    context = {**_live(actor, row), "lines": history(earlier, at=timezone.now())}
    return render(request, "imports/running.html", context)


@require_safe
def import_done(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show how an import ended."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state in NOT_ENDED or row.state == State.COMMITTING:
        return HttpResponseRedirect(step_url(row))
    return render(request, "imports/running.html", _live(actor, row))


@require_safe
def import_progress(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Answer the progress to a page that asks each second; `on` names the page. When the stage is over, it goes on."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if not is_htmx(request):
        return HttpResponseRedirect(step_url(row))
    on = request.GET.get("on", "")
    if on == "running" and row.state not in NOT_ENDED:
        context = _live(actor, row)
        response = render(request, "imports/live.html", {**context, "is_fragment": True})
        if row.state != State.COMMITTING:
            response.headers["HX-Replace-Url"] = url(row, "import_done")
        return response
    if on == "checking" and row.state == State.VALIDATING:
        return render(request, "imports/progress.html", {"progress": progress_card(row, at=timezone.now(), poll=on)})
    if on == "list" and row.is_working:
        return render(request, "imports/progress.html", {"progress": progress_card(row, at=timezone.now(), poll=on)})
    headers = {"HX-Refresh": "true"} if on == "list" else {"HX-Redirect": step_url(row)}
    return HttpResponse(status=204, headers=headers)


@require_POST
def import_cancel(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """End an import; what was written stays."""
    actor = actor_of(request)
    try:
        row = cancel_import(actor=actor, import_id=import_id, at=timezone.now())
    except WrongState as refusal:
        return moved_on(request, queries.import_for_page(actor, import_id), refusal)
    messages.success(request, _("The import is cancelled."))
    return HttpResponseRedirect(step_url(row))


def _live(actor: Actor, row: ContactImport) -> dict[str, Any]:
    at = timezone.now()
    is_running = row.state == State.COMMITTING
    result = result_state(row, at=at)
    counts = written_counts(row)
    polls = row.is_working or result == "coming"
    card = progress_card(row, at=at, poll="running") if row.is_working else _ended_card(row)
    return {
        **undo_of(actor, row, at=at),
        **page_of(row, at_step="import_running" if is_running else "import_done"),
        "progress": {**card, "poll_url": f"{url(row, 'import_progress')}?on=running" if polls else ""},
        "is_running": is_running,
        "has_written": is_running or bool(row.imported or row.updated or row.failed or row.skipped),
        "counts": counts,
        "bar": counts,
        "left_over": 0 if is_running else row.rows - sum(int(str(count["value"])) for count in counts),
        "result": result,
        "facts": file_facts(row),
        "failure": failure_text(row) if row.state == State.FAILED else "",
    }


def _ended_card(row: ContactImport) -> dict[str, Any]:
    title, words, state = "", "", "cancelled"
    match row.state:
        case State.COMPLETED:
            title, words, state = _completed_title(row), _completed_words(row), "done"
        case State.CANCELLED:
            title, words = _("The import was cancelled"), _cancelled_words(row)
        case State.EXPIRED:
            title = _("The session expired")
            words = _("Nobody went on within an hour, so nothing was written. Upload the file again.")
        case State.FAILED:
            title, words, state = _("The import failed"), failure_text(row), "failed"
        case State.UNDONE:
            title, words, state = _("The import was undone"), undone_words(row), "done"
    return {"id": "import-progress", "state": state, "title": title, "words": words}


def _completed_title(row: ContactImport) -> str:
    written = row.imported + row.updated
    if not written:
        return _("Nothing was imported")
    words = ngettext("%(contacts)s contact imported", "%(contacts)s contacts imported", written)
    return words % {"contacts": formats.number(written)}


def _completed_words(row: ContactImport) -> str:
    if row.finished_at is None:
        return ""
    if row.undo_requested_at is not None:  # since then the stage is that of undoing
        return _("Finished %(moment)s") % {"moment": formats.moment(row.finished_at)}
    words = _("Finished %(moment)s, in %(duration)s")
    return words % {
        "moment": formats.moment(row.finished_at),
        "duration": formats.duration(max(1, (row.finished_at - row.stage_started_at).total_seconds())),
    }


def _cancelled_words(row: ContactImport) -> str:
    written = row.imported + row.updated
    if not written:
        return _("Nothing was written.")
    words = ngettext(
        "%(contacts)s contact had been written, and stays. The result file says which row it is.",
        "%(contacts)s contacts had been written, and stay. The result file says which rows they are.",
        written,
    )
    return words % {"contacts": formats.number(written)}
