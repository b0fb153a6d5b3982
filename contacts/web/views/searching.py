"""What the command palette finds: contacts, what the apps above find, and pages to jump to. Without scripts it is a page of its own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts.queries.listing import LONGEST_SEARCH, find_contacts
from contacts.values import folded
from contacts.web.answers import wants_fragment
from contacts.web.palette import Found, Item, found_above
from contacts.web.presenting import shown_name, ways_to_reach
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.web.context import shell
from workspaces.web.scoping import actor_of

FOUND = 8


@require_safe
def search(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Find contacts by a part of name, phone or e-mail or by id, what the apps above know, and pages by a part of their name."""
    del workspace_id
    actor = actor_of(request)
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH]
    groups = [group for group in _groups(request, actor, query) if group.items]
    template = "workspaces/components/palette_results.html" if wants_fragment(request) else "contacts/search.html"
    return render(request, template, {"query": query, "groups": groups})


def _groups(request: HttpRequest, actor: Actor, query: str) -> list[Found]:
    contacts = find_contacts(actor, query, most=FOUND) if query else []
    people = [
        Item(
            shown_name(row),
            reverse("contact", args=[actor.workspace_id, row.id]),
            meta=ways_to_reach(row),
            id=row.id,
        )
        for row in contacts
    ]
    pages = [item for item in _pages(request, actor) if folded(query) in folded(item.label)]
    return [
        Found(_("Contacts"), people),
        *found_above(actor, query, [row.id for row in contacts]),
        Found(_("Pages"), pages),
    ]


def _pages(request: HttpRequest, actor: Actor) -> list[Item]:
    """Return the pages of the navigation, and the acts that have a page."""
    found: list[Item] = []
    frame = shell(request)["shell"]
    for entry in getattr(frame, "nav", []):
        found.append(Item(entry.label, entry.url, icon=entry.icon))
        found += [Item(f"{entry.label} / {child.label}", child.url, icon="arrow") for child in entry.children]
    if actor.may(Permission.CONTACT_WRITE):
        found.append(Item(_("Add contact"), reverse("contact_new", args=[actor.workspace_id]), icon="plus"))
    return found
