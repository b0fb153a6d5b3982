"""A schedule's form: making, changing, and trying the place where its files go."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from exports import queries
from exports.access import require_export
from exports.actions import change_schedule, create_schedule
from exports.actions.scheduling import secrets_of
from exports.destinations import NotSent, destination_of
from exports.models import ExportSchedule
from exports.web.schedule_forms import FIELD_OF, SchedulePageForm, is_same_place, usual_values, values_of
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.queries import own_workspace
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID, SHOWN_IN_THE_FORM, done, is_htmx
from workspaces.web.scoping import actor_of, opens_its_own_scopes


@require_http_methods(["GET", "HEAD", "POST"])
def export_schedule_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Make a schedule."""
    actor = actor_of(request)
    require_export(actor)
    return _edit(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
def export_schedule_edit(request: HttpRequest, workspace_id: int, schedule_id: int) -> HttpResponse:
    """Change a schedule."""
    actor = actor_of(request)
    row = queries.schedule_for_page(actor, schedule_id)
    require_export(actor)
    return _edit(request, actor, row)


@opens_its_own_scopes
@require_POST
def export_schedule_try(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Reach the place that the form names, outside any transaction, and say how it went; nothing is kept."""
    actor = actor_of(request)
    with workspace_scope(workspace_id):
        require_export(actor)
        row = _row_of(request, actor)
        form = SchedulePageForm(request.POST, workspace=own_workspace(actor))
        # Only the place is tried: the rest of the form may be unfinished.
        form.is_valid()
        stored = secrets_of(row) if row is not None else {}
    error, learnt = _tried(form, row, stored)
    if learnt:
        form.data = request.POST.copy()
        for name, value in learnt.items():
            form.data[name] = value
    context = {"form": form, "schedule": row, "is_tried": True, "error": error, "learnt": learnt}
    if is_htmx(request):
        return render(request, "exports/schedule_tried.html", context)
    with workspace_scope(workspace_id):
        return render(request, "exports/schedule_form.html", {**_context(actor, form, row), **context})


def _edit(request: HttpRequest, actor: Actor, row: ExportSchedule | None) -> HttpResponse:
    workspace = own_workspace(actor)
    if request.method != "POST":
        dataset = request.GET.get("dataset", "")
        first = values_of(row) if row is not None else usual_values(workspace, dataset=dataset)
        form = SchedulePageForm(workspace=workspace, initial=first)
        return render(request, "exports/schedule_form.html", _context(actor, form, row))
    if "dataset" in {request.POST.get("do"), request.GET.get("do")}:  # only the filters change with it
        typed = {name: request.POST.getlist(name) for name in request.POST}
        first = {name: values if len(values) > 1 else values[0] for name, values in typed.items() if values}
        form = SchedulePageForm(workspace=workspace, initial=first)
        template = "exports/schedule_filters.html" if is_htmx(request) else "exports/schedule_form.html"
        return render(request, template, _context(actor, form, row))
    form = SchedulePageForm(request.POST, workspace=workspace)
    if form.is_valid():
        saved = _saved(form, actor, row)
        if saved is not None:
            words = _("The schedule is saved.") if row is not None else _("The schedule is made.")
            return done(request, reverse("export_schedule", args=[actor.workspace_id, saved.pk]), words)
    return render(request, "exports/schedule_form.html", _context(actor, form, row), status=NOT_VALID)


def _saved(form: SchedulePageForm, actor: Actor, row: ExportSchedule | None) -> ExportSchedule | None:
    """Save what was chosen; None when the form shows why not."""
    settings, destination = form.settings(), destination_of(form.cleaned_data["destination"])
    try:
        if destination is not None:
            stored = secrets_of(row) if row is not None else {}
            destination.checked(settings, _usable(form, row, stored))
        if "host_key" in settings and not settings["host_key"]:
            form.add_error("host_key", _("Try it first: the server’s key is found out then, and trusted from then on."))
            return None
        if row is None:
            return create_schedule(actor=actor, form=form.schedule(), at=timezone.now())
        return change_schedule(actor=actor, schedule_id=row.pk, form=form.schedule(), at=timezone.now())
    except DomainError as refusal:
        _refuse(form, refusal)
    return None


def _tried(
    form: SchedulePageForm, row: ExportSchedule | None, stored: dict[str, str]
) -> tuple[str, dict[str, str] | None]:
    """Return why the place cannot be used, or what was learnt by using it."""
    destination = destination_of(form.data.get("destination", ""))
    if destination is None:
        return _("The history needs no trial."), None
    settings = {name: str(form.data.get(name, "")).strip() for name in destination.settings}
    typed = {name: value for name in destination.secrets if (value := form.data.get(name, ""))}
    may_use_stored = is_same_place(row, form.data.get("destination", ""), settings)
    secrets = {**(stored if may_use_stored else {}), **typed}
    try:
        return "", destination.tried(destination.checked(settings, secrets), secrets)
    except NotSent as error:
        return str(error), None
    except DomainError as refusal:
        return str(refusal.message), None


def _usable(form: SchedulePageForm, row: ExportSchedule | None, stored: dict[str, str]) -> dict[str, str]:
    """Return the secrets that go along: those that are stored only to the place that they were entered for."""
    same = is_same_place(row, form.cleaned_data["destination"], form.settings())
    return {**(stored if same else {}), **form.secrets()}


def _refuse(form: SchedulePageForm, refusal: DomainError) -> None:
    if refusal.kind not in SHOWN_IN_THE_FORM:
        raise refusal
    name = FIELD_OF.get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message)


def _row_of(request: HttpRequest, actor: Actor) -> ExportSchedule | None:
    text = request.POST.get("schedule", "")
    if not (text.isascii() and text.isdecimal() and len(text) < 19):
        return None
    return queries.schedule_for_page(actor, int(text))


def _context(actor: Actor, form: SchedulePageForm, row: ExportSchedule | None) -> dict[str, Any]:
    back = ("export_schedule", [actor.workspace_id, row.pk]) if row else ("export_schedules", [actor.workspace_id])
    return {
        "form": form,
        "schedule": row,
        "scope": form.chosen_dataset.scope,
        "needs_range": form.chosen_dataset.needs_range,
        "has_secret": bool(row is not None and row.sealed_secrets),
        "back_url": reverse(back[0], args=back[1]),
        "try_url": reverse("export_schedule_try", args=[actor.workspace_id]),
    }
