"""The history of imports, with the one that is under way on top."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from imports import queries
from imports.models import ContactImport
from imports.web.presenting import history, progress_card, step_url, time_left
from imports.web.words import STATES
from workspaces.web.scoping import actor_of

LINES = 20


@require_safe
def imports(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show the imports of the workspace, newest first; `before` is the id of the last one shown."""
    actor = actor_of(request)
    at = timezone.now()
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    active = queries.active_import(actor)
    rows = queries.imports_page(actor, before=before, most=LINES + 1)
    address = reverse("imports", args=[workspace_id])
    shown = [row for row in rows[:LINES] if before is not None or active is None or row.pk != active.pk]
    context = {
        "active": _active(active) if active else None,
        "lines": history(shown, at=at),
        "is_later_page": before is not None,
        "first_url": address,
        "older_url": f"{address}?before={rows[LINES - 1].pk}" if len(rows) > LINES else "",
    }
    return render(request, "imports/imports.html", context)


@require_safe
def import_(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Lead to the step at which the import stands."""
    return HttpResponseRedirect(step_url(queries.import_for_page(actor_of(request), import_id)))


def _active(row: ContactImport) -> dict[str, object]:
    at = timezone.now()
    return {
        "row": row,
        "url": step_url(row),
        "who": queries.who_asked(row),
        "look": STATES[row.state],
        "is_arriving": not row.rows,
        "progress": progress_card(row, at=at, poll="list") if row.is_working else None,
        "left": time_left(row, at=at),
    }
