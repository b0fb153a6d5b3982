"""The pane beside the thread, again."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from inbox.web.thread_context import pane_of, thread_contact
from workspaces.web.answers import is_htmx
from workspaces.web.scoping import actor_of


@require_safe
def inbox_contact_pane(request: HttpRequest, workspace_id: int, contact_id: int) -> HttpResponse:
    """Show what is known about the contact now; without scripts the contact's own page does."""
    actor = actor_of(request)
    contact = thread_contact(actor, contact_id)
    if not is_htmx(request):
        return HttpResponseRedirect(reverse("contact", args=[workspace_id, contact.pk]))
    return render(request, "inbox/_contact_inside.html", pane_of(actor, contact))
