"""How the pages of this app answer: whole pages, fragments for htmx, dialogs that are pages too."""

import json
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from workspaces.errors import DomainError


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page."""
    htmx = getattr(request, "htmx", None)
    return bool(htmx) and not htmx.history_restore_request


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer what a dialog holds; without htmx the same stands on a page of its own."""
    if wants_fragment(request):
        return render(request, template, context, status=status)
    return render(request, "contacts/dialog_page.html", {**context, "dialog_template": template}, status=status)


def done(request: HttpRequest, url: str, text: str = "") -> HttpResponse:
    """Go to an address after an act, and say there what was done."""
    if text:
        messages.success(request, text)
    if wants_fragment(request):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def with_toast(response: HttpResponse, text: str) -> HttpResponse:
    """Let htmx say in passing what was done."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text}})
    return response


def put_refusal(form: forms.Form, refusal: DomainError, *, names: dict[str, str] | None = None) -> None:
    """Show a refusal at the form's field it is about, or above the form; one about rights or presence goes on."""
    if refusal.status not in {400, 409, 412}:
        if refusal.field is None:
            raise refusal
    name = (names or {}).get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message)
