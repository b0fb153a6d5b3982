"""Coming in: the first page after logging in, and invitations."""

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from workspaces import queries
from workspaces.actions import accept_invitation
from workspaces.errors import DomainError, InvitationNotValid
from workspaces.models import Invitation, User
from workspaces.permissions import RESTRICTION_NAMES, ROLE_NAMES, Restriction, Role
from workspaces.scope import workspace_scope
from workspaces.web.answers import NOT_VALID, refuse_in
from workspaces.web.context import LAST_WORKSPACE, workspaces_of
from workspaces.web.forms import ROLE_TEXTS, NewPersonForm
from workspaces.web.middleware import secure_answer
from workspaces.web.scoping import actor_of

INVITATION_SECRET = "invitation_secret"  # noqa: S105 - the name of a place in the session
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Send a person on to the workspace they used last, or to their first one."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    choices = workspaces_of(int(request.user.pk), current_id=request.session.get(LAST_WORKSPACE))
    if not choices:
        return render(request, "workspaces/people/no_workspace.html")
    return redirect(next((choice for choice in choices if choice.current), choices[0]).url)


@require_GET
def workspace_home(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Show an agent where they are: role, team, who manages the workspace, and the way to a contact."""
    del workspace_id
    actor = actor_of(request)
    member = queries.own_membership(actor)
    role = Role(member.role)
    limits = [RESTRICTION_NAMES[Restriction(value)] for value in member.restrictions]
    context = {
        "member": member,
        "role_name": ROLE_NAMES[role],
        "role_text": ROLE_TEXTS[role],
        "limits": limits,
        "managers": queries.managers_of(actor),
    }
    return render(request, "workspaces/people/home.html", context)


@require_GET
@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Take the secret out of the address: it goes into the session, and the page behind has an address that tells nothing."""
    if queries.invitation_place(secret) is None:
        raise InvitationNotValid
    request.session[INVITATION_SECRET] = secret
    return secure_answer(HttpResponseRedirect("/invitation"))


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as its page shows it."""

    invitation: Invitation
    has_account: bool

    def is_for(self, request: HttpRequest) -> bool:
        """Whether the person who is logged in is the one invited."""
        user = request.user
        return isinstance(user, User) and user.email.lower() == self.invitation.email.lower()


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def invitation_open(request: HttpRequest) -> HttpResponse:
    """Show the invitation that the session holds, and accept it."""
    offer = _offer(request)
    form = NewPersonForm(request.POST or None)
    if request.method == "POST":
        response = _accept(request, offer, form)
        if response is not None:
            return response
    if not request.user.is_authenticated and offer.has_account:
        return redirect_to_login(request.path)
    role = Role(offer.invitation.role)
    context = {
        "invitation": offer.invitation,
        "role_name": ROLE_NAMES[role],
        "role_text": ROLE_TEXTS[role],
        "is_for_reader": offer.is_for(request),
        "form": form,
    }
    status = NOT_VALID if request.method == "POST" else 200
    return render(request, "workspaces/people/invitation.html", context, status=status)


def _offer(request: HttpRequest) -> Offer:
    place = queries.invitation_place(request.session.get(INVITATION_SECRET, ""))
    if place is None:
        raise InvitationNotValid
    with workspace_scope(place.workspace_id):
        found = queries.open_invitation(place, at=timezone.now())
    if found is None:
        raise InvitationNotValid
    return Offer(invitation=found, has_account=queries.person_with_email(found.email) is not None)


def _accept(request: HttpRequest, offer: Offer, form: NewPersonForm) -> HttpResponse | None:
    """Accept, or return None with the reasons in the form."""
    is_new = not request.user.is_authenticated
    if is_new and not offer.has_account and not form.is_valid():
        return None
    person = form.person(language=get_language() or "") if is_new and not offer.has_account else None
    try:
        joined = accept_invitation(
            secret=request.session[INVITATION_SECRET],
            user_id=None if is_new else request.user.pk,
            new_person=person,
            at=timezone.now(),
        )
    except DomainError as refusal:
        refuse_in(form, refusal)
        return None
    del request.session[INVITATION_SECRET]
    if is_new:
        login(request, joined.user, backend=BACKEND)
    request.session[LAST_WORKSPACE] = joined.workspace_id
    text = _("You are a member of %(workspace)s now.") % {"workspace": offer.invitation.workspace.name}
    messages.success(request, text)
    return redirect("home")
