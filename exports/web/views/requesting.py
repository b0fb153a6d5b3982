"""Choosing a data set, asking for its file, and the history below."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from exports import queries
from exports.access import plan_includes_exports
from exports.actions import request_export
from exports.catalogue import DATASETS, Dataset, title_of
from exports.estimating import estimated_rows
from exports.models import Export
from exports.web.forms import FIELD_OF, ExportForm, kept_values, named_filters, usual_values, values_of
from exports.web.presenting import columns_of, families, history, progress_card, quick_ranges, why_waiting
from workspaces.actors import Actor
from workspaces.errors import DomainError, Kind
from workspaces.models import Workspace
from workspaces.permissions import Permission
from workspaces.queries import own_workspace
from workspaces.web.answers import NOT_VALID, is_htmx
from workspaces.web.scoping import actor_of

LINES = 20
USUAL = "conversations"
CONFLICT = 409


@require_http_methods(["GET", "HEAD", "POST"])
def exports(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask for a file of a data set; `again` is an export whose choices are taken over, `before` pages the history."""
    actor = actor_of(request)
    actor.require(Permission.DATA_EXPORT)
    workspace, at = own_workspace(actor), timezone.now()
    if request.GET.get("part") == "history":
        return render(request, "exports/history.html", _history(request, actor, at=at))
    form, is_valid = _form(request, actor, workspace, today=_today(workspace, at))
    status = 200
    if request.method == "POST":
        if is_valid:
            try:
                row = request_export(actor=actor, request=form.request(), at=at)
            except DomainError as refusal:
                if refusal.kind not in {Kind.INVALID, Kind.CONFLICT, Kind.FORBIDDEN}:
                    raise
                name = FIELD_OF.get(refusal.field or "", refusal.field)
                form.add_error(name if name in form.fields else None, refusal.message)
                status = CONFLICT if refusal.kind is Kind.CONFLICT else NOT_VALID
            else:
                messages.success(request, _("The export of %(title)s has begun.") % {"title": title_of(row.dataset)})
                return HttpResponseRedirect(f"{reverse('exports', args=[workspace_id])}?dataset={row.dataset}")
        else:
            status = NOT_VALID
    context = _asking(form, actor, workspace, at=at, shows_meaning=request.GET.get("show") == "meaning")
    if is_htmx(request) and request.headers.get("HX-Target") == "export-ask":
        return render(request, "exports/ask.html", context, status=status)
    active = queries.active_export(workspace_id)
    context |= _history(request, actor, at=at)
    context["progress"] = progress_card(active, at=at) if active is not None else None
    context["is_in_plan"] = plan_includes_exports(workspace_id)
    return render(request, "exports/exports.html", context, status=status)


@require_safe
def export_button(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Say how many rows the form's choices will give, or why nobody can ask now."""
    actor = actor_of(request)
    actor.require(Permission.DATA_EXPORT)
    workspace, at = own_workspace(actor), timezone.now()
    form = _bound(request.GET, _dataset(request.GET.get("dataset", "")), workspace, today=_today(workspace, at))
    rows = None
    if form.is_valid():
        with connection.cursor() as cursor:
            rows = estimated_rows(cursor, actor, form.request(), at=at)
    context = {"form": form, "rows": rows, "why_waiting": why_waiting(workspace_id, at=at)}
    return render(request, "exports/button.html", context)


def _form(request: HttpRequest, actor: Actor, workspace: Workspace, *, today: date) -> tuple[ExportForm, bool]:
    """Return the form, as it was sent or as it is first shown, and whether what was sent is valid."""
    if request.method == "POST":
        form = _bound(request.POST, _dataset(request.POST.get("dataset", "")), workspace, today=today)
        return form, form.is_valid()
    again = request.GET.get("again", "")
    row = _again(actor, again)
    dataset = _dataset(row.dataset if row is not None else request.GET.get("dataset", ""))
    initial = usual_values(dataset, workspace=workspace, today=today)
    initial |= {**kept_values(request.GET), **named_filters(request.GET, dataset)} if row is None else values_of(row)
    if request.GET.get("contacts") and dataset.key == "contacts":
        initial["contacts"] = request.GET["contacts"]
    return ExportForm(dataset=dataset, workspace=workspace, today=today, initial=initial), False


def _again(actor: Actor, text: str) -> Export | None:
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    found = queries.export_for_page(actor, int(text))
    return found if found.dataset in DATASETS else None


def _bound(sent: Any, dataset: Dataset, workspace: Workspace, *, today: date) -> ExportForm:
    return ExportForm(sent, dataset=dataset, workspace=workspace, today=today)


def _dataset(key: str) -> Dataset:
    return DATASETS.get(key) or DATASETS[USUAL]


def _today(workspace: Workspace, at: datetime) -> date:
    return at.astimezone(ZoneInfo(workspace.time_zone)).date()


def _asking(
    form: ExportForm, actor: Actor, workspace: Workspace, *, at: datetime, shows_meaning: bool
) -> dict[str, Any]:
    dataset = form.dataset
    own = dataset.dynamic_columns(workspace.pk) if dataset.dynamic_columns is not None else []
    contacts = DATASETS["contacts"].dynamic_columns
    own_fields = len(contacts(workspace.pk)) if contacts is not None else 0
    language = str(form["header_language"].value() or "en")
    address = f"{reverse('exports', args=[actor.workspace_id])}?dataset={dataset.key}"
    return {
        "form": form,
        "dataset": dataset,
        "families": families(chosen=dataset.key, workspace_id=actor.workspace_id, own_fields=own_fields),
        "columns": columns_of(dataset, own, language=language),
        "quick_ranges": quick_ranges(address, today=_today(workspace, at)) if dataset.needs_range else [],
        "shows_meaning": shows_meaning,
        "column_views": [
            {"label": _("Example row"), "url": address, "current": not shows_meaning},
            {"label": _("Meaning"), "url": f"{address}&show=meaning", "current": shows_meaning},
        ],
        "chosen_contacts": bool(form["contacts"].value()),
        "why_waiting": why_waiting(actor.workspace_id, at=at),
    }


def _history(request: HttpRequest, actor: Actor, *, at: datetime) -> dict[str, Any]:
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    is_mine = request.GET.get("who") == "mine"
    rows = queries.exports_page(actor, before=before, is_mine=is_mine, most=LINES + 1)
    address = reverse("exports", args=[actor.workspace_id])
    who = "&who=mine" if is_mine else ""
    return {
        "lines": history(rows[:LINES], at=at),
        "whose": [
            {"label": _("Everyone’s"), "url": address, "current": not is_mine},
            {"label": _("Mine"), "url": f"{address}?who=mine", "current": is_mine},
        ],
        "history_url": f"{address}?part=history{who}",
        "is_later_page": before is not None,
        "first_url": f"{address}{who.replace('&', '?')}",
        "older_url": f"{address}?before={rows[LINES - 1].pk}{who}" if len(rows) > LINES else "",
    }
