"""One export: how far it is, what came of it, its file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exports import queries
from exports.actions import begin_download, cancel_export
from exports.catalogue import DATASETS
from exports.downloads import file_answer, is_first_part
from exports.errors import FileExpired, FileNotReady, WrongState
from exports.queries import StoredFile
from exports.web.presenting import line_of, progress_card
from exports.web.words import FILTER_NAMES, FORMATS
from workspaces.scope import workspace_scope
from workspaces.web.scoping import actor_of, opens_its_own_scopes


@require_safe
def export_(request: HttpRequest, workspace_id: int, export_id: int) -> HttpResponse:
    """Show one export with everything that is known of it."""
    row = queries.export_for_page(actor_of(request), export_id)
    at = timezone.now()
    names = {name.value: label for name, label in FILTER_NAMES.items()}
    context = {
        "row": row,
        "line": line_of(row, at=at),
        "progress": progress_card(row, at=at) if row.is_active else None,
        "scope": DATASETS[row.dataset].scope if row.dataset in DATASETS else "",
        "filters": [(names.get(name, name), len(chosen)) for name, chosen in row.filters.items() if chosen],
        "format": dict(FORMATS).get(row.format, row.format),
    }
    return render(request, "exports/export.html", context)


@require_safe
def export_progress(request: HttpRequest, workspace_id: int, export_id: int) -> HttpResponse:
    """Answer the card of an export that runs; once it has ended, the page is told to look at its history again."""
    row = queries.export_for_page(actor_of(request), export_id)
    answer = render(request, "workspaces/components/progress.html", progress_card(row, at=timezone.now()))
    if not row.is_active:
        answer.headers["HX-Trigger-After-Swap"] = "export-ended"
    return answer


@require_POST
def export_cancel(request: HttpRequest, workspace_id: int, export_id: int) -> HttpResponse:
    """End an export that waits or runs."""
    try:
        cancel_export(actor=actor_of(request), export_id=export_id, at=timezone.now())
    except WrongState:
        messages.info(request, _("This export had ended already."))
    else:
        messages.success(request, _("The export was cancelled."))
    return HttpResponseRedirect(reverse("exports", args=[workspace_id]))


@opens_its_own_scopes
@require_safe
def export_download(request: HttpRequest, workspace_id: int, export_id: int) -> HttpResponseBase:
    """Answer the file, whole or in part, after every check."""
    actor = actor_of(request)

    def find() -> StoredFile:
        with workspace_scope(workspace_id):
            return begin_download(
                actor=actor, export_id=export_id, is_first_part=is_first_part(request), at=timezone.now()
            )

    try:
        return file_answer(request, find)
    except (FileExpired, FileNotReady) as refusal:
        is_gone = isinstance(refusal, FileExpired)
        context = {
            "status": 410 if is_gone else 404,
            "title": _("This file is gone") if is_gone else _("No file yet"),
            "message": refusal.message,
            "back_url": reverse("exports", args=[workspace_id]),
            "back_text": _("Back to the exports"),
        }
        return render(request, "workspaces/errors/error.html", context, status=410 if is_gone else 404)
