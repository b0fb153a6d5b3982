"""The page of the inbox: the list of an inbox, and beside it the thread and its contact."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.queries import tags
from inbox.access import conversation_for_reading
from inbox.errors import InboxNotFound
from inbox.queries.behaviour import settings_of
from inbox.queries.listing import Place, list_page, rows_of_contacts
from inbox.queries.lists import channels
from inbox.queries.narrowing import Only, Sort, State
from inbox.web.list_rows import rows_shown
from inbox.web.list_state import ListState
from inbox.web.list_words import ONLY_NAMES, SORT_NAMES, STATE_NAMES
from inbox.web.navigation import InboxLink, inbox_links, view_of
from inbox.web.thread_context import thread_contact, thread_of
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web.scoping import actor_of

MOST_CHANGED = 50
LAST_VIEW = "inbox_view"  # in the session: the inbox that the person looked at last


@require_safe
def inbox(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Lead to the inbox that the person looked at last, or to the first one they may open."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    last = request.session.get(LAST_VIEW, {}).get(str(workspace_id), "")
    known = [link.view for link in inbox_links(actor)]
    return HttpResponseRedirect(reverse("inbox_view", args=[workspace_id, last if last in known else known[0]]))


@require_safe
def inbox_view(request: HttpRequest, workspace_id: int, view: str) -> HttpResponse:
    """Show an inbox; its list is the page, or for a filter of the list only that."""
    actor = actor_of(request)
    context = _list_context(request, actor, view)
    if request.headers.get("HX-Target") == "inbox-list":
        response = render(request, "inbox/_list.html", context)
        response.headers["HX-Push-Url"] = context["state"].url()
        return response
    return render(request, "inbox/inbox.html", context)


@require_safe
def inbox_thread_in(request: HttpRequest, workspace_id: int, view: str, contact_id: int) -> HttpResponse:
    """Show a thread beside an inbox; to the list's script only the two panes."""
    actor = actor_of(request)
    at = timezone.now()
    thread = thread_of(actor, contact_id, at=at)
    back = {"back_url": ListState.read(request, workspace_id, view).url()}
    if request.headers.get("HX-Target") == "panes":
        return render(request, "inbox/_panes.html", {**thread, **back})
    return render(
        request, "inbox/inbox.html", {**_list_context(request, actor, view, current=contact_id), **thread, **back}
    )


@require_safe
def inbox_thread(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Lead to a contact's thread in the inbox that the person looked at last."""
    actor = actor_of(request)
    thread_contact(actor, contact_id)
    last = request.session.get(LAST_VIEW, {}).get(str(workspace_id), "")
    known = [link.view for link in inbox_links(actor)]
    view = last if last in known else known[0]
    return HttpResponseRedirect(reverse("inbox_thread_in", args=[workspace_id, view, contact_id]))


@require_safe
def inbox_conversation(request: HttpRequest, workspace_id: int, conversation_id: int) -> HttpResponse:
    """Lead from a conversation's address, as files of exports hold it, to its contact's thread."""
    row = conversation_for_reading(actor_of(request), conversation_id)
    return HttpResponseRedirect(reverse("inbox_thread", args=[workspace_id, row.contact_id]))


@require_safe
def inbox_rows(request: HttpRequest, workspace_id: int, view: str) -> HttpResponse:
    """Return more rows: those after a place, or, out of their order, those of contacts that changed."""
    actor = actor_of(request)
    _open_view(actor, view)
    state = ListState.read(request, workspace_id, view)
    at, behaviour = timezone.now(), settings_of(workspace_id)
    current = _number(request.GET.get("current", ""))
    asked = [int(part) for part in request.GET.get("contacts", "").split(",") if part.isdecimal()][:MOST_CHANGED]
    if asked:
        found = rows_of_contacts(actor, state.listing, asked)
        rows = rows_shown(found, state, behaviour=behaviour, current=current, at=at)
        gone = sorted(set(asked) - {row.contact_id for row in rows})
        return render(request, "inbox/_changed_rows.html", {"rows": rows, "gone": gone})
    page = list_page(actor, state.listing, after=Place.parse(request.GET.get("after", "")))
    rows = rows_shown(page.rows, state, behaviour=behaviour, current=current, at=at)
    more = state.rows_url(after=str(page.next)) if page.next else ""
    return render(request, "inbox/_rows.html", {"rows": rows, "more_url": more})


@require_safe
def inbox_nav(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Return the inboxes with their counts, for the navigation."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    links = inbox_links(actor)
    return render(request, "inbox/_nav.html", {"links": links, "open_view": request.GET.get("view", "")})


def _list_context(request: HttpRequest, actor: Actor, view: str, *, current: int | None = None) -> dict[str, Any]:
    link = _open_view(actor, view)
    views = request.session.get(LAST_VIEW, {})
    if views.get(str(actor.workspace_id)) != view:
        request.session[LAST_VIEW] = {**views, str(actor.workspace_id): view}
    state = ListState.read(request, actor.workspace_id, view)
    page = list_page(actor, state.listing)
    listing = state.listing
    return {
        "view": link,
        "links": inbox_links(actor),
        "state": state,
        "rows": rows_shown(
            page.rows, state, behaviour=settings_of(actor.workspace_id), current=current, at=timezone.now()
        ),
        "more_url": state.rows_url(after=str(page.next)) if page.next else "",
        "is_narrowed": listing.is_narrowed,
        "clear_url": reverse("inbox_view", args=[actor.workspace_id, view]),
        "states": [(STATE_NAMES[each], state.url(state=each.value), each is listing.state) for each in State],
        "sorts": [(each.value, SORT_NAMES[each], each is listing.sort) for each in Sort],
        "onlies": [(each.value, ONLY_NAMES[each], each is listing.only) for each in Only],
        "channels": [(row.pk, row.name, row.pk == listing.channel_id) for row in channels(actor)],
        "tags": [(row.pk, row.name, row.pk == listing.tag_id) for row in tags(actor)],
        "list_url": state.url(),
        "rows_url": state.rows_url(),
        "current_contact": current,
        "may_bulk": actor.may(Permission.CONVERSATION_BULK),
    }


def _open_view(actor: Actor, view: str) -> InboxLink:
    actor.require(Permission.MESSAGE_READ)
    link = view_of(actor, view)
    if link is None:
        raise InboxNotFound(view=view)
    return link


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
