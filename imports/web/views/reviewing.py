"""Step 3: what the import will do, row by row and field by field, before anything is written."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from imports import queries
from imports.actions import commit_import
from imports.errors import WrongState
from imports.models import ContactImport, State
from imports.web.planned import effects, examples, losses, review_counts
from imports.web.presenting import file_facts, page_of, step_url, time_left, url
from imports.web.views.elsewhere import moved_on
from workspaces.actors import Actor
from workspaces.web.answers import is_htmx
from workspaces.web.scoping import actor_of

ROWS = 25


@require_safe
def import_review(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show the plan; to htmx another choice of its examples."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state != State.REVIEW:
        return HttpResponseRedirect(step_url(row))
    names = queries.field_names(actor)
    only = "loses" if request.GET.get("show") == "loses" else ""
    shown = examples(row, names, only=only, start=_number(request.GET.get("from", "")))
    context: dict[str, Any] = {
        **page_of(row, at_step="import_review"),
        "examples": shown,
        "kinds": _kinds(row, only) if shown["has_losses"] else [],
    }
    if is_htmx(request) and request.headers.get("HX-Target") == "examples":
        return render(request, "imports/examples.html", context)
    context |= {
        "counts": review_counts(row),
        "effects": effects(row, names),
        "losses": losses(row, names),
        "tags_lost": row.effects.get("tags", {}).get("loses", 0),
        "errors": queries.error_lines(row),
        "facts": file_facts(row),
        "left": time_left(row, at=timezone.now()),
        "stamp": _stamp(row),
    }
    return render(request, "imports/review.html", context)


@require_POST
def import_commit(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Write the plan that was shown; one that was made anew meanwhile is shown first."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state == State.REVIEW and request.POST.get("stamp") != _stamp(row):
        messages.warning(
            request, _("The file was checked again meanwhile. This is the new review; nothing was written.")
        )
        return HttpResponseRedirect(step_url(row))
    try:
        row = commit_import(actor=actor, import_id=import_id, at=timezone.now())
    except WrongState as refusal:
        return moved_on(request, row, refusal)
    return HttpResponseRedirect(step_url(row))


@require_safe
def import_error_rows(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show rows with an error, some at a time; `after` is the number of the last row shown."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if row.state != State.REVIEW:
        if is_htmx(request):
            return HttpResponse(status=204, headers={"HX-Redirect": step_url(row)})
        return HttpResponseRedirect(step_url(row))
    context = _error_rows(actor, row, code=request.GET.get("code", ""), after=_number(request.GET.get("after", "")))
    if is_htmx(request):
        return render(request, "imports/error_rows.html", context)
    return render(request, "imports/error_rows_page.html", {**page_of(row, at_step="import_review"), **context})


def _error_rows(actor: Actor, row: ContactImport, *, code: str, after: int) -> dict[str, Any]:
    lines = queries.error_rows_page(actor, row.pk, code=code, after_row=after, most=ROWS + 1)
    address = f"{url(row, 'import_error_rows')}?{urlencode({'code': code})}"
    line = next((line for line in queries.error_lines(row) if line.code == code), None)
    shown = lines[:ROWS]
    return {
        "row": row,
        "line": line,
        "lines": shown,
        "next_url": f"{address}&after={shown[-1].row_no}" if len(lines) > ROWS else "",
        "first_url": address if after else "",
        "review_url": reverse("import_review", args=[row.workspace_id, row.pk]),
    }


def _kinds(row: ContactImport, only: str) -> list[dict[str, object]]:
    address = url(row, "import_review")
    return [
        {"label": _("All"), "url": f"{address}#examples", "current": not only},
        {"label": _("Lost values"), "url": f"{address}?show=loses#examples", "current": only == "loses"},
    ]


def _stamp(row: ContactImport) -> str:
    return row.review_ready_at.isoformat() if row.review_ready_at else ""


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0
