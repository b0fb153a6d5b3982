"""Acts on many conversations: first the question with its number, then the act."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from inbox import actions
from inbox.queries.listing import count_up_to
from inbox.queries.lists import closing_categories
from inbox.selection import ConversationSelection
from inbox.web.list_state import ListState
from inbox.web.thread_context import SNOOZES
from workspaces.actors import Actor
from workspaces.errors import DomainError
from workspaces.permissions import Permission
from workspaces.queries import members
from workspaces.web.answers import done, is_htmx
from workspaces.web.scoping import actor_of

ACTS = ("assign", "tag", "snooze", "read", "close")
KEPT = ("all_matching", "state", "only", "sort", "channel", "tag", "act")
MOST = 2_001


@require_POST
def inbox_bulk(request: HttpRequest, workspace_id: int, view: str) -> HttpResponse:
    """Ask what exactly is to be done with the chosen conversations, and do it once `sure` comes along."""
    actor = actor_of(request)
    actor.require(Permission.CONVERSATION_BULK)
    state = ListState.read(request, workspace_id, view)
    act = request.POST.get("act", "")
    if act not in ACTS:
        raise Http404
    chosen = _chosen(request, state)
    number = count_up_to(chosen.conversations(actor), MOST)
    refusal = ""
    if request.POST.get("sure") == "1" or act == "read":
        try:
            text = _run(request, actor, act, chosen)
        except DomainError as problem:
            refusal = problem.message
        else:
            return done(request, state.url(), text)
    context = {
        "action": reverse("inbox_bulk", args=[workspace_id, view]),
        "back_url": state.url(),
        "kept": [
            *((name, request.POST.get(name, "")) for name in KEPT),
            *(("chosen", value) for value in request.POST.getlist("chosen")),
        ],
        "act": act,
        "refusal": refusal,
        **_words(act, number),
        **_choices(actor, act),
    }
    status = 422 if refusal else 200
    template = "inbox/_bulk_question.html" if is_htmx(request) else "inbox/bulk_page.html"
    response = render(request, template, context, status=status)
    if is_htmx(request):
        response.headers["HX-Trigger"] = "dialog-open"
    return response


def _chosen(request: HttpRequest, state: ListState) -> ConversationSelection:
    if request.POST.get("all_matching") == "1":
        return ConversationSelection(listing=state.listing)
    ids = [int(value) for value in request.POST.getlist("chosen") if value.isdecimal() and len(value) < 19]
    return ConversationSelection(ids=tuple(ids))


def _run(request: HttpRequest, actor: Actor, act: str, chosen: ConversationSelection) -> str:
    at, given = timezone.now(), request.POST
    match act:
        case "assign":
            user_id = int(given["user_id"]) if given.get("user_id", "").isdecimal() else None
            number = actions.assign_conversations(actor=actor, chosen=chosen, user_id=user_id, at=at)
            return ngettext("%(count)s conversation assigned.", "%(count)s conversations assigned.", number) % {
                "count": number
            }
        case "tag":
            names = [name.strip() for name in given.get("names", "").split(",") if name.strip()]
            number = actions.tag_conversations(actor=actor, chosen=chosen, names=names, at=at)
            return ngettext("%(count)s contact tagged.", "%(count)s contacts tagged.", number) % {"count": number}
        case "snooze":
            minutes = int(given["minutes"]) if given.get("minutes", "").isdecimal() else 0
            until = at + timedelta(minutes=min(minutes, 527_000))
            number = actions.snooze_conversations(actor=actor, chosen=chosen, until=until, at=at)
            return ngettext("%(count)s conversation snoozed.", "%(count)s conversations snoozed.", number) % {
                "count": number
            }
        case "read":
            number = actions.read_conversations(actor=actor, chosen=chosen, at=at)
            return ngettext(
                "%(count)s conversation marked as read.", "%(count)s conversations marked as read.", number
            ) % {"count": number}
        case _:
            category, summary = given.get("category", ""), given.get("summary", "")
            number = actions.close_conversations(actor=actor, chosen=chosen, category=category, summary=summary, at=at)
            return ngettext("%(count)s conversation closed.", "%(count)s conversations closed.", number) % {
                "count": number
            }


def _words(act: str, number: int) -> dict[str, str]:
    count = {"count": str(number) if number < MOST else f"{MOST - 1}+"}
    titles = {
        "assign": ngettext("Assign %(count)s conversation", "Assign %(count)s conversations", number),
        "tag": ngettext(
            "Tag the contact of %(count)s conversation", "Tag the contacts of %(count)s conversations", number
        ),
        "snooze": ngettext("Snooze %(count)s conversation", "Snooze %(count)s conversations", number),
        "read": ngettext("Mark %(count)s conversation as read", "Mark %(count)s conversations as read", number),
        "close": ngettext("Close %(count)s conversation", "Close %(count)s conversations", number),
    }
    text = _("Those that are closed already, or whose contact is blocked, are left alone.") if act == "close" else ""
    return {"title": titles[act] % count, "act_text": titles[act] % count, "text": text}


def _choices(actor: Actor, act: str) -> dict[str, Any]:
    match act:
        case "assign":
            return {"members": [(row.user_id, row.user.name) for row in members(actor)]}
        case "snooze":
            return {"snoozes": SNOOZES}
        case "close":
            return {"categories": [row.name for row in closing_categories(actor)]}
    return {}
