"""The page of one contact, and its activity."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from contacts.access import contact_for_reading
from contacts.identifiers import Identifier
from contacts.web.activity import activity_of
from contacts.web.answers import wants_fragment
from contacts.web.presenting import head_of, page_of
from workspaces.web.scoping import actor_of


@require_safe
def contact(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show a contact; the id of one that was merged leads to the contact it went into."""
    actor = actor_of(request)
    row = contact_for_reading(actor, Identifier.of(contact_id))
    if row.pk != contact_id:
        return HttpResponseRedirect(reverse("contact", args=[workspace_id, row.pk]))
    return render(request, "contacts/contact.html", page_of(actor, row))


@require_safe
def contact_activity(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show older lines of what happened; `before` is the id of the last line shown."""
    actor = actor_of(request)
    row = contact_for_reading(actor, Identifier.of(contact_id))
    text = request.GET.get("before", "")
    before = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
    context = {**head_of(row), "activity": activity_of(actor, row.pk, before=before)}
    if wants_fragment(request):
        return render(request, "contacts/activity_rows.html", context)
    return render(request, "contacts/activity_page.html", context)
