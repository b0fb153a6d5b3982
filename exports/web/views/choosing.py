"""From the contacts list to the form: what was chosen there becomes a selection that the form carries."""

import json
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from contacts.selection import Selection
from contacts.web.views.listing import list_state
from workspaces.permissions import Permission
from workspaces.web.scoping import actor_of


@require_http_methods(["GET", "HEAD", "POST"])
def export_contacts(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Lead to the form for the ticked contacts, or for all that match the list's search and filter."""
    actor = actor_of(request)
    actor.require(Permission.DATA_EXPORT)
    query = {"dataset": "contacts"}
    state = list_state(request, actor)
    if request.method == "POST" and request.POST.get("all_matching") != "1":
        ids = Selection.of(request.POST.getlist("chosen")).ids
        query["contacts"] = _text({"ids": list(ids)})
    elif state.is_narrowed:
        chosen: dict[str, object] = {"all": True}
        if state.search:
            chosen["search"] = state.search
        if state.filter:
            chosen["filter"] = state.filter.to_json()
        query["contacts"] = _text(chosen)
    return HttpResponseRedirect(f"{reverse('exports', args=[workspace_id])}?{urlencode(query, safe=',:[]')}")


def _text(chosen: dict[str, object]) -> str:
    return json.dumps(chosen, separators=(",", ":"), ensure_ascii=False)
