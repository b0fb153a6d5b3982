"""The settings page of working hours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from workspaces import queries
from workspaces.actions import set_working_hours
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, done, refuse_in
from workspaces.web.scoping import actor_of
from workspaces.web.working_hours_form import WorkingHoursForm

PAGE = "workspaces/settings/working_hours.html"


@require_http_methods(["GET", "POST"])
def working_hours(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show and change when the team works; with "copy", show Monday's hours in every weekday and save nothing."""
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    context = {"workspace": queries.own_workspace(actor)}
    if request.method == "POST" and "copy" in request.POST:
        copied = WorkingHoursForm(initial=WorkingHoursForm(request.POST).copied())
        return render(request, PAGE, {**context, "form": copied, "is_copied": True})
    first = WorkingHoursForm.values_of(queries.working_hours_of(workspace_id))
    form = WorkingHoursForm(request.POST if request.method == "POST" else None, initial=first)
    if request.method == "POST" and form.is_valid():
        hours = form.hours()
        try:
            set_working_hours(actor=actor, hours=hours, at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = _("Working hours saved") if hours else _("Saved without working hours")
            return done(request, reverse("settings_working_hours", args=[workspace_id]), text)
    return render(request, PAGE, {**context, "form": form}, status=NOT_VALID if form.is_bound else 200)
