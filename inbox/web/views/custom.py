"""Saved inboxes: made, changed and deleted by their creator."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.queries import contact_fields
from contacts.web.filter_form import Vocabulary, act_on, read_tree
from contacts.web.filter_view import Drawing
from inbox.actions import delete_custom_inbox, save_custom_inbox
from inbox.actions.custom_inboxes import InboxValues
from inbox.errors import CustomInboxNotFound
from inbox.models import CustomInbox
from inbox.queries.custom import custom_inbox, ground_of_filters
from inbox.queries.lists import channels, teams
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.queries import members
from workspaces.web.answers import done
from workspaces.web.scoping import actor_of

LONGEST_QUIET = 24 * 365


@require_http_methods(["GET", "HEAD", "POST"])
def custom_inbox_new(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Make a saved inbox."""
    return _page(request, workspace_id, None)


@require_http_methods(["GET", "HEAD", "POST"])
def custom_inbox_edit(request: HttpRequest, workspace_id: int, inbox_id: int) -> HttpResponse:
    """Change a saved inbox of one's own."""
    actor = actor_of(request)
    row = custom_inbox(actor, inbox_id)
    if row.owner_id != actor.user_id:
        raise CustomInboxNotFound(inbox_id=inbox_id)
    return _page(request, workspace_id, row)


@require_POST
def custom_inbox_delete(request: HttpRequest, workspace_id: int, inbox_id: int) -> HttpResponse:
    """Delete a saved inbox of one's own."""
    delete_custom_inbox(actor=actor_of(request), inbox_id=inbox_id, at=timezone.now())
    return done(request, reverse("inbox", args=[workspace_id]), _("The inbox is deleted. Its conversations stay."))


def _page(request: HttpRequest, workspace_id: int, row: CustomInbox | None) -> HttpResponse:
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    given = request.POST if request.method == "POST" else _stored(row)
    zone, country = ground_of_filters(actor)
    vocabulary = Vocabulary(contact_fields(actor), zone=zone, default_country=country)
    act = request.POST.get("do", "")
    tree = act_on(read_tree(given), act)
    condition = vocabulary.filter_of(tree)
    refusal = ""
    if request.method == "POST" and not act and not any(error for _place, error in tree.errors()):
        try:
            saved = save_custom_inbox(
                actor=actor,
                inbox_id=row.pk if row is not None else None,
                values=_values(given, contact=condition.to_json() if condition else None),
                at=timezone.now(),
            )
        except DomainError as problem:
            refusal = problem.message
        else:
            return HttpResponseRedirect(reverse("inbox_view", args=[workspace_id, f"custom-{saved.pk}"]))
    context = {
        "row": row,
        "name": given.get("name", ""),
        "sharing": given.get("sharing", "me"),
        "quiet_hours": given.get("quiet_hours", ""),
        "tree": Drawing(actor, vocabulary).draw(tree),
        "refusal": refusal,
        **_choices(actor, given),
    }
    failed = request.method == "POST" and not act
    return render(request, "inbox/custom_inbox.html", context, status=422 if failed else 200)


def _stored(row: CustomInbox | None) -> QueryDict:
    """Return what was typed when the inbox was saved, as the form reads it."""
    return QueryDict("" if row is None else str(row.conditions.get("form", "")))


def _values(given: QueryDict, *, contact: object) -> InboxValues:
    hours = given.get("quiet_hours", "")
    typed = given.copy()
    for name in ("csrfmiddlewaretoken", "do"):
        typed.pop(name, None)
    sharing = given.get("sharing", "me")
    return InboxValues(
        name=given.get("name", ""),
        conditions={
            "contact": contact,
            "channels": _ids(given, "channels"),
            "last_channels": _ids(given, "last_channels"),
            "quiet_hours": min(int(hours), LONGEST_QUIET) if hours.isdecimal() and len(hours) < 9 else 0,
            "form": typed.urlencode(),
        },
        shared_with_all=sharing == "all",
        shared_user_ids=_ids(given, "users") if sharing == "some" else [],
        shared_team_ids=_ids(given, "teams") if sharing == "some" else [],
    )


def _ids(given: QueryDict, name: str) -> list[int]:
    return [int(value) for value in given.getlist(name) if value.isdecimal() and len(value) < 19]


def _choices(actor: Actor, given: QueryDict) -> dict[str, Any]:
    known = list(channels(actor))
    chosen = {name: set(_ids(given, name)) for name in ("channels", "last_channels", "users", "teams")}
    return {
        "channels": [(row.pk, row.name, row.pk in chosen["channels"]) for row in known],
        "last_channels": [(row.pk, row.name, row.pk in chosen["last_channels"]) for row in known],
        "users": [
            (row.user_id, row.user.name, row.user_id in chosen["users"])
            for row in members(actor)
            if row.user_id != actor.user_id
        ],
        "teams": [(team.pk, team.name, team.pk in chosen["teams"]) for team in teams(actor)],
    }
