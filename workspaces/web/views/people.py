"""A person's own pages, the same in every workspace: profile, appearance, sign-in and security."""

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.internal.flows.sessions import end_other_sessions
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import queries
from workspaces.actions import change_appearance, change_profile
from workspaces.errors import DomainError
from workspaces.models import User
from workspaces.web.answers import NOT_VALID, done, is_htmx, refuse_in
from workspaces.web.context import LAST_WORKSPACE, workspaces_of
from workspaces.web.devices import device_of
from workspaces.web.forms import ProfileForm


@dataclass(frozen=True, slots=True)
class SignIn:
    """One place where the person is logged in."""

    device: str
    address: str
    began_at: datetime
    last_seen_at: datetime
    is_this_one: bool


@login_required
@require_GET
def workspaces(request: HttpRequest) -> HttpResponse:
    """List every workspace of the person."""
    choices = workspaces_of(_person(request).pk, current_id=request.session.get(LAST_WORKSPACE))
    return render(request, "workspaces/people/workspaces.html", {"choices": choices})


@login_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show and change name, language, theme and shortcuts."""
    user = _person(request)
    form = ProfileForm(request.POST or None, initial=ProfileForm.values_of(user))
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_profile(user_id=user.pk, profile=form.profile(), at=timezone.now())
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            with override(changed.language or None):
                return done(request, reverse("account_profile"), _("Profile saved"))
    status = NOT_VALID if form.is_bound else 200
    return render(request, "workspaces/people/profile.html", {"form": form}, status=status)


@login_required
@require_POST
def appearance(request: HttpRequest) -> HttpResponse:
    """Change theme or language from the account menu, and go back to where the person was."""
    theme, language = request.POST.get("theme"), request.POST.get("language")
    change_appearance(
        user_id=_person(request).pk, theme="" if theme == "system" else theme, language=language, at=timezone.now()
    )
    if is_htmx(request) or "text/html" not in request.headers.get("Accept", "text/html"):
        return HttpResponse(status=204)
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return HttpResponseRedirect(wanted if is_ours else reverse("home"))


@login_required
@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Show password, second factor, recovery codes and sign-ins."""
    user = _person(request)
    context = {
        "factor": queries.second_factor(user.pk),
        "sign_ins": _sign_ins(user),
    }
    return render(request, "workspaces/people/security.html", context)


@login_required
@require_POST
def end_other_sign_ins(request: HttpRequest) -> HttpResponse:
    """End every sign-in of the person but this one."""
    end_other_sessions(request, _person(request))
    return done(request, reverse("account_security"), _("Every other sign-in has ended"))


def _sign_ins(user: User) -> list[SignIn]:
    return [
        SignIn(
            device=device_of(row.user_agent),
            address=row.ip,
            began_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_this_one=row.is_current(),
        )
        for row in queries.sign_ins(user)
    ]


def _person(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - every caller asks for a log-in
    return user
