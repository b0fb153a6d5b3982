from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contacts.queries.listing import LONGEST_SEARCH, find_contacts
from contacts.web.presenting import name_of, shown_name, ways_to_reach
from inbox.queries.searching import messages_found
from workspaces.permissions import Permission
from workspaces.web.answers import is_htmx
from workspaces.web.scoping import actor_of

FOUND = 8


@require_safe
def inbox_search(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Find conversations by their contact and by the words of their messages."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]

    def thread(contact_id: int) -> str:
        return reverse("inbox_thread", args=[workspace_id, contact_id])

    people = [
        (shown_name(row), ways_to_reach(row), row.id, thread(row.id))
        for row in (find_contacts(actor, query, most=FOUND) if query else [])
    ]
    found = [(name_of(row.contact), row, thread(row.contact.pk)) for row in messages_found(actor, query)]
    template = "inbox/_found.html" if is_htmx(request) else "inbox/search.html"
    return render(request, template, {"query": query, "people": people, "found": found})
