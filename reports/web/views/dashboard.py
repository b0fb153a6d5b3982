"""The dashboard: how things stand now, and what of it changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from reports.web.dashboard_blocks import blocks_of, page_of
from reports.web.dashboard_state import DashboardState
from workspaces.permissions import Permission
from workspaces.web.scoping import actor_of


@require_safe
def dashboard(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show what is open, what the team has in hand, what could be merged and what happened last."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    state = DashboardState.read(request, actor)
    return render(request, "reports/dashboard.html", page_of(actor, state, at=timezone.now()))


@require_safe
def dashboard_now(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Return the blocks of the page as they are now; `only` names some of them."""
    actor = actor_of(request)
    actor.require(Permission.MESSAGE_READ)
    only = frozenset(request.GET.get("only", "").split(",")) - {""}
    blocks = blocks_of(actor, DashboardState.read(request, actor), only=only, at=timezone.now())
    return render(request, "reports/dashboard_now.html", blocks)
