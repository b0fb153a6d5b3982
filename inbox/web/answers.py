"""How the acts on a thread answer: htmx is told what changed and asks for it; a browser without scripts goes back to the page."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from contacts.models import Contact
from contacts.web.presenting import name_of
from workspaces.web.answers import is_htmx

CHANGED = "tertulia:thread-changed"


def page_url(request: HttpRequest, contact_id: int) -> str:
    """Return the page of the thread that the person came from, else the thread's own."""
    workspace_id = request.actor.workspace_id  # type: ignore[attr-defined]
    came_from = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    own = f"/w/{workspace_id}/inbox/c/{contact_id}"
    if came_from.path.startswith(f"/w/{workspace_id}/inbox") and not came_from.path.startswith(f"{own}/"):
        return came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return thread_url(workspace_id, contact_id)


def thread_url(workspace_id: int, contact_id: int) -> str:
    """Return the page that shows a contact's thread."""
    try:
        return reverse("inbox_thread", args=[workspace_id, contact_id])
    except NoReverseMatch:
        return reverse("contact", args=[workspace_id, contact_id])


def acted(
    request: HttpRequest, contact_id: int, text: str = "", *, to: str = "", triggers: dict[str, object] | None = None
) -> HttpResponse:
    """Say that an act on the thread worked. `to` leads to another page, `triggers` are told to htmx besides."""
    if is_htmx(request) and not to:
        told: dict[str, Any] = {CHANGED: {"contact": contact_id}, "dialog-close": True, **(triggers or {})}
        if text:
            told["toast"] = {"text": text}
        return HttpResponse(status=204, headers={"HX-Trigger": json.dumps(told)})
    if text:
        messages.success(request, text)
    url = to or page_url(request, contact_id)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def dialog(request: HttpRequest, contact: Contact, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Show a form in a dialog; without scripts it stands on a page of its own."""
    boosted = is_htmx(request)
    context = {
        **context,
        "contact": contact,
        "name": name_of(contact),
        "action": request.path,
        "back_url": page_url(request, contact.pk),
        "boosted": boosted,
        "dialog_template": "inbox/_dialog.html",
    }
    return render(request, "inbox/_dialog.html" if boosted else "inbox/dialog_page.html", context, status=status)
