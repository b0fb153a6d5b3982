"""How the settings pages of the inbox ask and answer: a form in a dialog, a question before what cannot be undone."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from workspaces.actors import Actor
from workspaces.errors import DomainError, Kind
from workspaces.web.answers import NOT_VALID, dialog, done, is_htmx

SHOWN_IN_THE_FORM = frozenset({Kind.INVALID, Kind.CONFLICT, Kind.STALE, Kind.TOO_LARGE})
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """A form in a dialog: what it is called, what its button says, and where it leads back to."""

    title: str
    act_text: str
    back_url: str
    template: str = "inbox/settings/form.html"
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked before something goes for good."""

    title: str
    text: str
    act_text: str
    keep_text: str
    back_url: str
    hidden: tuple[tuple[str, str], ...] = ()


class SeenForm(forms.Form):
    """A form that remembers what it showed, so that nobody saves over what they have not seen."""

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, without the mark."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def answer_form(request: HttpRequest, form: forms.Form, act: Callable[[], str], page: FormPage) -> HttpResponse:
    """Show a form; once it is valid, act and go back with what `act` says. A refusal stands in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            text = act()
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, page.back_url, text)
    return show_form(request, form, page)


def show_form(request: HttpRequest, form: forms.Form, page: FormPage) -> HttpResponse:
    """Show a form as it stands, with 422 once something was typed that is not right."""
    form.use_required_attribute = False
    context = {
        "form": form,
        "page_title": page.title,
        "act_text": page.act_text,
        "action": request.get_full_path(),
        "back_url": page.back_url,
        **page.extra,
    }
    return dialog(request, page.template, context, status=NOT_VALID if form.is_bound else 200)


def answer_question(
    request: HttpRequest, act: Callable[[], str], question: Question, *, is_answered: bool | None = None
) -> HttpResponse:
    """Ask; once it is answered, act and go back. A refusal stands under the question."""
    answered = request.method == "POST" if is_answered is None else is_answered
    form = forms.Form({} if answered else None)
    if answered and form.is_valid():
        try:
            text = act()
        except DomainError as refusal:
            put_refusal(form, refusal)
        else:
            return done(request, question.back_url, text)
    context = {
        "title": question.title,
        "page_title": question.title,
        "text": question.text,
        "action": request.get_full_path(),
        "keep_text": question.keep_text,
        "keep_url": question.back_url,
        "act_text": question.act_text,
        "hidden": question.hidden,
        "form": form,
    }
    return dialog(request, "workspaces/components/confirm.html", context, status=NOT_VALID if answered else 200)


def put_refusal(form: forms.Form, refusal: DomainError, *, names: dict[str, str] | None = None) -> None:
    """Put a refusal beside its field, or over the form; what no form can mend goes on as an error."""
    if refusal.kind not in SHOWN_IN_THE_FORM and refusal.field is None:
        raise refusal
    name = (names or {}).get(refusal.field or "", refusal.field)
    form.add_error(name if name in form.fields else None, refusal.message)


def moved(request: HttpRequest, back_url: str, template: str, context: dict[str, Any]) -> HttpResponse:
    """Answer the list as it is after a move."""
    if not is_htmx(request):
        return HttpResponseRedirect(back_url)
    return render(request, template, context)


def place_of(request: HttpRequest) -> int:
    """Return the place that a row is moved to."""
    text = request.POST.get("to", "")
    if not text.isascii() or not text.isdecimal() or len(text) > 4:
        raise Http404
    return int(text)


def id_of(text: str | None) -> int | None:
    """Return an id as it stands in an address; None for anything else."""
    if not text or not text.isascii() or not text.isdecimal() or len(text) > 19:
        return None
    return min(int(text), LARGEST_ID)


def url_of(actor: Actor, name: str, *args: int) -> str:
    """Return the address of a page of the actor's workspace."""
    return reverse(name, args=[actor.workspace_id, *args])
