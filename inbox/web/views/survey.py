"""The page of a satisfaction survey: whoever has its address answers. It names neither the contact nor the workspace."""

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from inbox.actions.surveys import SCORES, answer_survey, score_survey
from inbox.errors import SurveyNotFound, SurveyOver
from inbox.queries.surveys import SurveyPlace, SurveyShown, survey_place, survey_shown
from inbox.web.helper_forms import AnswerForm
from workspaces.actors import Actor
from workspaces.api.rates import address_of, take_from
from workspaces.errors import DomainError
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID

RATE, BURST = 1.0, 60  # of an address, a second in the long run and at once: 128 bits are not found by trying


@require_http_methods(["GET", "HEAD", "POST"])
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for the score, then what was to be asked after it, then give thanks."""
    language = ""
    try:
        take_from(f"survey:address:{address_of(request)}", rate=RATE, burst=BURST).enforce()
        place = survey_place(token)
        if place is None:
            raise SurveyNotFound
        with workspace_scope(place.workspace_id):
            shown = survey_shown(Actor.system(workspace_id=place.workspace_id), place.survey_id)
        if shown is None:
            raise SurveyNotFound
        language = _language(shown)
        with translation.override(language or translation.get_language()):
            response = _answer(request, place, shown)
    except DomainError as refusal:
        with translation.override(language or translation.get_language()):
            response = _page(request, "refusal", refusal=refusal)
    if language:
        response.headers["Content-Language"] = language
    response.headers["X-Robots-Tag"] = "noindex"
    # Told to nobody else; "no-referrer" would hide from us where the form comes from.
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _language(shown: SurveyShown) -> str:
    """Return the contact's language if the product speaks it; else what the browser asks for stands."""
    code = shown.language[:2].lower()
    return code if code in dict(settings.LANGUAGES) else ""


def _answer(request: HttpRequest, place: SurveyPlace, shown: SurveyShown) -> HttpResponse:
    row = shown.survey
    at = timezone.now()
    wants_answer = bool(row.question) and not row.answer
    if at >= row.expires_at and row.score is None:
        raise SurveyOver
    if request.method == "POST":
        return _post(request, place, shown)
    if row.score is None:
        return _page(request, "score")
    if wants_answer and at < row.expires_at:
        return _page(request, "question", shown=shown, form=AnswerForm())
    return _page(request, "thanks")


def _post(request: HttpRequest, place: SurveyPlace, shown: SurveyShown) -> HttpResponse:
    actor, at = Actor.system(workspace_id=place.workspace_id), timezone.now()
    if shown.survey.score is None:
        score = request.POST.get("score", "")
        if score not in map(str, SCORES):
            return _page(request, "score", status=NOT_VALID)
        with workspace_scope(place.workspace_id):
            score_survey(actor=actor, survey_id=place.survey_id, score=int(score), at=at)
    elif "answer" in request.POST and shown.survey.question and not shown.survey.answer:
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return _page(request, "question", shown=shown, form=form, status=NOT_VALID)
        with workspace_scope(place.workspace_id):
            answer_survey(actor=actor, survey_id=place.survey_id, answer=form.cleaned_data["answer"], at=at)
    return HttpResponseRedirect(request.path, status=303)


def _page(
    request: HttpRequest,
    part: str,
    *,
    shown: SurveyShown | None = None,
    form: forms.Form | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "part": part,
        "scores": SCORES,
        "question": shown.survey.question if shown is not None else "",
        "form": form,
        "refusal": refusal,
        "is_wrong": status == NOT_VALID,
    }
    response = render(request, "inbox/survey.html", context, status=refusal.status if refusal else status)
    if refusal is not None and refusal.retry_after is not None:
        response.headers["Retry-After"] = str(refusal.retry_after)
    return response
