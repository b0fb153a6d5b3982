"""How a page that changed something answers: in the browser's way, or in htmx's."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from workspaces.errors import DomainError, Kind

NOT_VALID = 422
SHOWN_IN_THE_FORM = frozenset({Kind.INVALID, Kind.CONFLICT})


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx asks, and so whether a fragment is the answer."""
    return bool(getattr(request, "htmx", False))


def done(request: HttpRequest, url: str, text: str) -> HttpResponse:
    """Say that it worked and go on to a page."""
    messages.success(request, text)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def refuse_in(form: forms.Form, refusal: DomainError) -> None:
    """Put a refusal beside the field it is about, or over the form; what the form cannot mend goes on as an error."""
    if refusal.kind not in SHOWN_IN_THE_FORM:
        raise refusal
    form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer a dialog's inside to htmx, and a whole page around the same to everybody else."""
    boosted = is_htmx(request)
    context = {**context, "boosted": boosted, "dialog_template": template}
    return render(request, template if boosted else "workspaces/people/dialog_page.html", context, status=status)
