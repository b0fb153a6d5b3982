"""A member's own presence, and the away states that a workspace names."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import queries
from workspaces.actions import change_away_state, choose_presence, create_away_state, delete_away_state
from workspaces.errors import AwayStateNotFound, DomainError
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, dialog, done, is_htmx, refuse_in
from workspaces.web.forms import AwayStateForm
from workspaces.web.presence import presence_switch
from workspaces.web.scoping import actor_of

LARGEST_ID = 2**63 - 1


@require_POST
def presence(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Choose one's own presence from the account menu: "online", "busy", or "busy:<away state>"."""
    choice, _colon, state = request.POST.get("presence", "").partition(":")
    if state and not (state.isascii() and state.isdecimal() and int(state) <= LARGEST_ID):
        raise AwayStateNotFound
    choose_presence(
        actor=actor_of(request), choice=choice, away_state_id=int(state) if state else None, at=timezone.now()
    )
    if is_htmx(request):
        context = {"switch": presence_switch(actor_of(request)), "is_answer": True}
        return render(request, "workspaces/shell/presence_answer.html", context)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if is_ours else reverse("workspace_home", args=[workspace_id]))


@require_GET
def away_states(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the away states, those that are off among them."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    return render(request, "workspaces/settings/away_states.html", {"states": queries.away_states(actor)})


@require_http_methods(["GET", "POST"])
def away_state_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask for a new away state, and make it."""
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form = AwayStateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            state = create_away_state(actor=actor, name=form.cleaned_data["name"], at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = _("Away state %(name)s added") % {"name": state.name}
            return done(request, reverse("settings_away_states", args=[workspace_id]), text)
    return _form_page(request, workspace_id, form, title=_("New away state"), act_text=_("Add the away state"))


@require_http_methods(["GET", "POST"])
def away_state_edit(request: HttpRequest, workspace_id: int, away_state_id: int) -> HttpResponse:
    """Rename an away state."""
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    state = queries.away_state(actor, away_state_id)
    form = AwayStateForm(request.POST or None, initial={"name": state.name})
    if request.method == "POST" and form.is_valid():
        try:
            change_away_state(actor=actor, away_state_id=state.pk, name=form.cleaned_data["name"], at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            return done(request, reverse("settings_away_states", args=[workspace_id]), _("Away state saved"))
    return _form_page(request, workspace_id, form, title=state.name, act_text=_("Save the away state"))


@require_POST
def away_state_switch(request: HttpRequest, workspace_id: int, away_state_id: int) -> HttpResponse:
    """Switch an away state on or off."""
    is_on = request.POST.get("is_on") == "1"
    state = change_away_state(actor=actor_of(request), away_state_id=away_state_id, is_on=is_on, at=timezone.now())
    text = _("%(name)s is on") if is_on else _("%(name)s is off")
    return done(request, reverse("settings_away_states", args=[workspace_id]), text % {"name": state.name})


@require_http_methods(["GET", "POST"])
def away_state_delete(request: HttpRequest, workspace_id: int, away_state_id: int) -> HttpResponse:
    """Ask before an away state is deleted, and delete it."""
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    state = queries.away_state(actor, away_state_id)
    if request.method == "POST":
        delete_away_state(actor=actor, away_state_id=state.pk, at=timezone.now())
        text = _("Away state %(name)s deleted") % {"name": state.name}
        return done(request, reverse("settings_away_states", args=[workspace_id]), text)
    context = {
        "title": _("Delete the away state %(name)s?") % {"name": state.name},
        "page_title": _("Delete an away state"),
        "text": _("Nobody can choose it any more. Time that was spent in it keeps its name in reports."),
        "action": reverse("settings_away_state_delete", args=[workspace_id, state.pk]),
        "keep_text": _("Keep it"),
        "keep_url": reverse("settings_away_states", args=[workspace_id]),
        "act_text": _("Delete the away state"),
    }
    return dialog(request, "workspaces/components/confirm.html", context)


def _form_page(
    request: HttpRequest, workspace_id: int, form: AwayStateForm, *, title: str, act_text: str
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "act_text": act_text,
        "back_url": reverse("settings_away_states", args=[workspace_id]),
    }
    return render(request, "workspaces/settings/away_state.html", context, status=NOT_VALID if form.is_bound else 200)
