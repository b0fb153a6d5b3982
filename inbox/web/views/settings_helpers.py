"""Settings: virtual agents, and the satisfaction survey."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from inbox.actions.virtual_agents import (
    add_virtual_agent,
    change_virtual_agent,
    delete_virtual_agent,
    shown_values,
)
from inbox.errors import VirtualAgentNotFound
from inbox.fingerprints import fingerprint
from inbox.models import VirtualAgent
from inbox.queries.helpers import channels_to_take, virtual_agent_list
from inbox.web.helper_forms import KIND_NAMES, SurveySettingsForm, VirtualAgentForm
from inbox.web.settings_pages import FormPage, Question, answer_form, answer_question, url_of
from inbox.web.views.settings_lists import settings_form
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web.answers import NOT_VALID, done
from workspaces.web.scoping import actor_of

READ_OR_POST = ["GET", "HEAD", "POST"]


@require_safe
def settings_virtual_agents(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List the virtual agents and auto-responders."""
    del workspace_id
    actor = actor_of(request)
    found = virtual_agent_list(actor)
    names = {
        row.pk: row.name for row in channels_to_take(actor, kept={one for row in found for one in row.channel_ids})
    }
    rows = [
        {
            "row": row,
            "kind": KIND_NAMES[row.kind],
            "channels": [names[channel_id] for channel_id in row.channel_ids if channel_id in names],
        }
        for row in found
    ]
    return render(request, "inbox/settings/virtual_agents.html", {"rows": rows})


@require_http_methods(READ_OR_POST)
def settings_virtual_agent_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Add one."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.CHANNEL_MANAGE)
    form = VirtualAgentForm(
        request.POST if request.method == "POST" else None,
        channels=channels_to_take(actor),
        is_new=True,
        initial={"kind": VirtualAgent.Kind.VIRTUAL_AGENT.value},
    )

    def act() -> str:
        row = add_virtual_agent(actor=actor, at=timezone.now(), **form.typed)
        return _("“%(name)s” is added. Its program finds it by the number %(id)s.") % {"name": row.name, "id": row.pk}

    page = FormPage(
        title=_("Add virtual agent"), act_text=_("Add virtual agent"), back_url=url_of(actor, "settings_virtual_agents")
    )
    return answer_form(request, form, act, page)


@require_http_methods(READ_OR_POST)
def settings_virtual_agent_edit(request: HttpRequest, workspace_id: int, virtual_agent_id: int) -> HttpResponse:
    """Change one."""
    del workspace_id
    actor = actor_of(request)
    row = _virtual_agent(actor, virtual_agent_id)
    values = shown_values(row)
    form = VirtualAgentForm(
        request.POST if request.method == "POST" else None,
        channels=channels_to_take(actor, kept=row.channel_ids),
        is_new=False,
        initial={**values, "seen": fingerprint(values)},
    )

    def act() -> str:
        change_virtual_agent(
            actor=actor, virtual_agent_id=row.pk, seen=form.cleaned_data["seen"], at=timezone.now(), **form.typed
        )
        return _("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]}

    page = FormPage(
        title=_("Edit virtual agent"), act_text=_("Save"), back_url=url_of(actor, "settings_virtual_agents")
    )
    return answer_form(request, form, act, page)


@require_POST
def settings_virtual_agent_switch(request: HttpRequest, workspace_id: int, virtual_agent_id: int) -> HttpResponse:
    """Switch one on or off."""
    del workspace_id
    actor = actor_of(request)
    is_on = request.POST.get("is_on") == "1"
    row = change_virtual_agent(actor=actor, virtual_agent_id=virtual_agent_id, is_on=is_on, at=timezone.now())
    words = _("“%(name)s” is on again.") if is_on else _("“%(name)s” is off. It finishes what it holds.")
    return done(request, url_of(actor, "settings_virtual_agents"), words % {"name": row.name})


@require_http_methods(READ_OR_POST)
def settings_virtual_agent_delete(request: HttpRequest, workspace_id: int, virtual_agent_id: int) -> HttpResponse:
    """Ask before one is deleted, and delete it."""
    del workspace_id
    actor = actor_of(request)
    row = _virtual_agent(actor, virtual_agent_id)

    def act() -> str:
        delete_virtual_agent(actor=actor, virtual_agent_id=row.pk, at=timezone.now())
        return _("“%(name)s” is deleted.") % {"name": row.name}

    question = Question(
        title=_("Delete “%(name)s”?") % {"name": row.name},
        text=_("What it holds goes to people. Its messages and figures stay, under its name."),
        act_text=_("Delete virtual agent"),
        keep_text=_("Keep the virtual agent"),
        back_url=url_of(actor, "settings_virtual_agents"),
    )
    return answer_question(request, act, question)


@require_http_methods(READ_OR_POST)
def settings_survey(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show and change the satisfaction survey."""
    del workspace_id
    actor = actor_of(request)
    actor.require(Permission.SETTINGS_MANAGE)
    form, answer = settings_form(request, actor, SurveySettingsForm, "settings_survey")
    if answer is not None:
        return answer
    return render(request, "inbox/settings/survey.html", {"form": form}, status=NOT_VALID if form.is_bound else 200)


def _virtual_agent(actor: Actor, virtual_agent_id: int) -> VirtualAgent:
    for row in virtual_agent_list(actor):
        if row.pk == virtual_agent_id:
            return row
    raise VirtualAgentNotFound(virtual_agent_id=virtual_agent_id)
