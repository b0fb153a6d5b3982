"""Settings: where they begin, and the workspace's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import queries
from workspaces.actions import change_workspace
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, done, refuse_in
from workspaces.web.forms import GeneralForm
from workspaces.web.scoping import actor_of


@require_GET
def settings_start(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Go on to the first page of the settings."""
    actor_of(request).require(Permission.SETTINGS_MANAGE)
    return redirect("settings_general", workspace_id)


@require_http_methods(["GET", "POST"])
def general(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show and change name, time zone, country, language and API rate."""
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    workspace = queries.own_workspace(actor)
    form = GeneralForm(request.POST or None, initial=GeneralForm.values_of(workspace))
    if request.method == "POST" and form.is_valid():
        try:
            change_workspace(actor=actor, settings=form.settings(), at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            return done(request, reverse("settings_general", args=[workspace_id]), _("Settings saved"))
    status = NOT_VALID if form.is_bound else 200
    return render(request, "workspaces/settings/general.html", {"form": form, "workspace": workspace}, status=status)
