"""Settings: teams."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import queries
from workspaces.actions import change_team, create_team, delete_team
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, dialog, done, refuse_in
from workspaces.web.forms import TeamForm
from workspaces.web.scoping import actor_of

LARGEST_ID = 2**63 - 1


@require_GET
def teams(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the teams."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.TEAM_MANAGE)
    context = {"teams": list(queries.teams(actor)), "may_delete": actor.may(Permission.TEAM_DELETE)}
    return render(request, "workspaces/settings/teams.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask for a new team, and make it."""
    actor = actor_of(request)
    actor.require(Permission.TEAM_MANAGE)
    form = TeamForm(request.POST or None, members=list(queries.members(actor)))
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            team = create_team(
                actor=actor,
                name=values["name"],
                description=values["description"],
                member_ids=values["members"],
                at=timezone.now(),
            )
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = _("Team %(name)s created") % {"name": team.name}
            return done(request, reverse("settings_teams", args=[workspace_id]), text)
    context = {
        "form": form,
        "team": None,
        "action": reverse("settings_team_new", args=[workspace_id]),
        "back_url": reverse("settings_teams", args=[workspace_id]),
    }
    status = NOT_VALID if form.is_bound else 200
    return render(request, "workspaces/settings/team.html", context, status=status)


@require_http_methods(["GET", "POST"])
def team(request: HttpRequest, workspace_id: int, team_id: int) -> HttpResponse:
    """Show a team, and change its name and members."""
    actor = actor_of(request)
    actor.require(Permission.TEAM_MANAGE)
    shown = queries.team(actor, min(team_id, LARGEST_ID))
    members = list(queries.members(actor))
    first = {
        "name": shown.name,
        "description": shown.description,
        "members": [str(member.user_id) for member in members if member.team_id == shown.pk],
    }
    form = TeamForm(request.POST or None, initial=first, members=members, team=shown)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            change_team(
                actor=actor,
                team_id=shown.pk,
                name=values["name"],
                description=values["description"],
                member_ids=values["members"],
                at=timezone.now(),
            )
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = _("Team %(name)s saved") % {"name": values["name"]}
            return done(request, reverse("settings_teams", args=[workspace_id]), text)
    context = {
        "form": form,
        "team": shown,
        "may_delete": actor.may(Permission.TEAM_DELETE),
        "action": reverse("settings_team", args=[workspace_id, shown.pk]),
        "back_url": reverse("settings_teams", args=[workspace_id]),
    }
    status = NOT_VALID if form.is_bound else 200
    return render(request, "workspaces/settings/team.html", context, status=status)


@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, workspace_id: int, team_id: int) -> HttpResponse:
    """Ask before a team is deleted, and delete it."""
    actor = actor_of(request)
    actor.require(Permission.TEAM_DELETE)
    shown = queries.team(actor, min(team_id, LARGEST_ID))
    if request.method == "POST":
        delete_team(actor=actor, team_id=shown.pk, at=timezone.now())
        text = _("Team %(name)s deleted") % {"name": shown.name}
        return done(request, reverse("settings_teams", args=[workspace_id]), text)
    count = shown.member_count  # type: ignore[attr-defined]
    text = ngettext(
        "%(count)s member stays in the workspace, without a team. An agent who sees only contacts of the own team"
        " sees none until they are in another one.",
        "%(count)s members stay in the workspace, without a team. Agents who see only contacts of the own team"
        " see none until they are in another one.",
        count,
    )
    context = {
        "title": _("Delete the team %(name)s?") % {"name": shown.name},
        "page_title": _("Delete a team"),
        "text": text % {"count": count} if count else _("Nobody is in this team."),
        "action": reverse("settings_team_delete", args=[workspace_id, shown.pk]),
        "keep_text": _("Keep it"),
        "keep_url": reverse("settings_team", args=[workspace_id, shown.pk]),
        "act_text": _("Delete the team"),
    }
    return dialog(request, "workspaces/components/confirm.html", context)
