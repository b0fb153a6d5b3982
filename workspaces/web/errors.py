"""Error pages: what happened, what it means, what to do. A whole page, or a fragment for htmx."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from workspaces.errors import DomainError


def refusal_page(request: HttpRequest, refusal: DomainError) -> HttpResponse:
    """Show a refusal with its own sentence and status."""
    response = _error(request, refusal.status, message=refusal.message)
    if refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400, message=_("The request could not be read. Go back and try again."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 403, message=_("Your role does not allow this."))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 404, message=_("Nothing is at this address, or it was deleted."))


def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500, message=_("Something broke on our side. It has been noted; try again in a moment."))


def unavailable(request: HttpRequest) -> HttpResponse:
    response = _error(request, 503, message=_("A part of the server is away for a moment. Try again in a minute."))
    response.headers["Retry-After"] = "60"
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _error(
        request, 403, message=_("This page was open too long, or cookies are off. Reload it and send the form again.")
    )


def _error(request: HttpRequest, status: int, *, message: str) -> HttpResponse:
    if request.path == "/v2" or request.path.startswith("/v2/"):
        errors = [{"field": None, "code": f"workspaces.http_{status}", "message": message}]
        return JsonResponse({"code": status, "message": message, "errors": errors}, status=status)
    template = "workspaces/errors/fragment.html" if getattr(request, "htmx", False) else "workspaces/errors/error.html"
    return render(request, template, {"status": status, "message": message}, status=status)
