"""What a page answers when its import has gone on meanwhile."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from imports.models import ContactImport
from imports.web.presenting import step_url
from workspaces.errors import DomainError


def moved_on(request: HttpRequest, row: ContactImport, refusal: DomainError) -> HttpResponse:
    """Lead to where the import is now, and say why the act was not done."""
    messages.warning(request, refusal.message)
    return HttpResponseRedirect(step_url(row))
