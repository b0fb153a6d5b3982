"""How the pages of this app answer, beyond what all pages share: dialogs that are pages too, and toasts for htmx."""

import json
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from workspaces.errors import DomainError
from workspaces.web.answers import is_htmx

NOT_VALID = 422


def wants_fragment(request: HttpRequest) -> bool:
    """Tell whether htmx asks for a part of a page; going back in history asks for the whole."""
    return is_htmx(request) and not request.htmx.history_restore_request  # type: ignore[attr-defined]


def dialog(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Answer what a dialog holds; without htmx the same stands on a page of its own."""
    boosted = wants_fragment(request)
    context = {**context, "boosted": boosted, "dialog_template": template}
    return render(request, template if boosted else "contacts/dialog_page.html", context, status=status)


def with_toast(response: HttpResponse, text: str) -> HttpResponse:
    """Let htmx say in passing what was done."""
    response.headers["HX-Trigger"] = json.dumps({"toast": {"text": text}})
    return response


def put_refusal(form: forms.Form, refusal: DomainError, *, names: dict[str, str] | None = None) -> None:
    """Show a refusal at the form's field it is about, or above the form; one about rights or presence goes on."""
    if refusal.status not in {400, 409, 412} and refusal.field is None:
        raise refusal
    name = (names or {}).get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message)
