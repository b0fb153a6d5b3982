"""Taking an import back: the question with its numbers, the act, and what was left as it is."""

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from imports import queries
from imports.actions import undo_import
from imports.errors import AlreadyRunning, NothingToUndo, UndoExpired, WrongState
from imports.undo_file import undo_file
from imports.undo_queries import can_be_undone, undo_outlook
from imports.web.presenting import page_of, step_url, url
from imports.web.undone import kept_page, outlook_lines
from imports.web.views.elsewhere import moved_on
from workspaces.web import formats
from workspaces.web.answers import dialog, is_htmx
from workspaces.web.scoping import actor_of, opens_its_own_scopes


@require_http_methods(["GET", "HEAD", "POST"])
def import_undo(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Ask before an import is taken back, and have it taken back."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if request.method == "POST":
        try:
            row = undo_import(actor=actor, import_id=import_id, at=timezone.now())
        except (WrongState, NothingToUndo, UndoExpired, AlreadyRunning) as refusal:
            return _on_the_way(request, moved_on(request, row, refusal))
        return _on_the_way(request, HttpResponseRedirect(step_url(row)))
    if not can_be_undone(row, at=timezone.now()):
        return _on_the_way(request, HttpResponseRedirect(step_url(row)))
    words = ngettext("Undo it for %(count)s contact", "Undo it for %(count)s contacts", row.imported + row.updated)
    context = {
        "row": row,
        "lines": outlook_lines(undo_outlook(actor, import_id)),
        "action": url(row, "import_undo"),
        "act_text": words % {"count": formats.number(row.imported + row.updated)},
        "keep_url": step_url(row),
        "page_title": _("Undo the import"),
    }
    return dialog(request, "imports/undo_question.html", context)


@require_safe
def import_kept(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponse:
    """Show what undoing left as it is, some lines at a time; `row` and `line` are those of the last one shown."""
    actor = actor_of(request)
    row = queries.import_for_page(actor, import_id)
    if not row.undo_handled:
        return _on_the_way(request, HttpResponseRedirect(step_url(row)))
    after = (_number(request.GET.get("row", "")), _number(request.GET.get("line", "")))
    context = {"row": row, "result_url": step_url(row), **kept_page(actor, row, after=after)}
    if is_htmx(request):
        return render(request, "imports/kept.html", context)
    return render(request, "imports/kept_page.html", {**page_of(row, at_step="import_done"), **context})


@opens_its_own_scopes
@require_safe
def import_undo_csv(request: HttpRequest, workspace_id: int, import_id: int) -> HttpResponseBase:
    """Answer all that undoing left as it is, with the reasons."""
    # Spreadsheets take a file without the mark for one in the machine's own encoding.
    file, name = undo_file(actor_of(request), import_id, is_for_excel=True)
    return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv")


def _on_the_way(request: HttpRequest, answer: HttpResponse) -> HttpResponse:
    """Let a dialog leave for the page that another browser is redirected to."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": answer.headers["Location"]})
    return answer


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
