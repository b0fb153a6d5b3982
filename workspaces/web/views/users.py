"""Settings: the members of the workspace and those who are invited."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from workspaces import queries
from workspaces.actions import (
    change_member,
    invite_member,
    remove_member,
    resend_invitation,
    withdraw_invitation,
)
from workspaces.actors import Actor
from workspaces.errors import DomainError, OwnAccess, RankTooLow
from workspaces.models import Invitation, Membership
from workspaces.permissions import (
    RESTRICTION_NAMES,
    ROLE_NAMES,
    Permission,
    Restriction,
    Role,
    may_manage_member,
)
from workspaces.web.answers import NOT_VALID, dialog, done, refuse_in
from workspaces.web.forms import ROLE_TEXTS, InviteForm, MemberForm
from workspaces.web.scoping import actor_of

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A member as the list shows them."""

    member: Membership
    role_name: object
    restriction_names: list[object]
    is_reader: bool


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """A pending invitation as the list shows it."""

    invitation: Invitation
    role_name: object
    has_expired: bool
    is_manageable: bool


@require_GET
def users(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """List members and pending invitations."""
    actor = actor_of(request)
    actor.require(Permission.MEMBER_MANAGE)
    page = queries.members_page(actor, after=_key(request.GET.get("after", "")))
    address = reverse("settings_users", args=[workspace_id])
    context = {
        "members": [_member_row(actor, member) for member in page.rows],
        "page": page,
        "newer_url": f"{address}?after={page.before}" if page.before is not None else "",
        "older_url": f"{address}?after={page.after}" if page.after is not None else "",
        "invitations": _invitation_rows(actor, at=timezone.now()),
        "roles": [{"name": ROLE_NAMES[role], "text": ROLE_TEXTS[role]} for role in Role],
    }
    return render(request, "workspaces/settings/users.html", context)


@require_http_methods(["GET", "POST"])
def invite(request: HttpRequest, workspace_id: int) -> HttpResponse:
    """Ask whom to invite and as what, and invite them."""
    actor = actor_of(request)
    actor.require(Permission.MEMBER_MANAGE)
    form = InviteForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            invite_member(
                actor=actor,
                email=email,
                role=form.cleaned_data["role"],
                restrictions=form.restrictions,
                at=timezone.now(),
            )
        except DomainError as refusal:
            refuse_in(form, refusal)
        else:
            text = _("Invitation sent to %(email)s") % {"email": email}
            return done(request, reverse("settings_users", args=[workspace_id]), text)
    context = {
        "form": form,
        "action": reverse("settings_invite", args=[workspace_id]),
        "back_url": reverse("settings_users", args=[workspace_id]),
        "page_title": _("Invite somebody"),
    }
    return dialog(request, "workspaces/settings/invite.html", context, status=NOT_VALID if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, workspace_id: int, user_id: int) -> HttpResponse:
    """Show a member, and change role, restrictions, team and reference."""
    actor = actor_of(request)
    actor.require(Permission.MEMBER_MANAGE)
    member = queries.member(actor, min(user_id, LARGEST_ID))
    teams = list(queries.teams(actor))
    form = MemberForm(request.POST or None, initial=MemberForm.values_of(member), actor=actor, teams=teams)
    if request.method == "POST":
        _require_manageable(actor, member)
        if form.is_valid():
            try:
                change_member(
                    actor=actor,
                    user_id=user_id,
                    role=form.cleaned_data["role"],
                    restrictions=form.restrictions,
                    team_id=form.cleaned_data["team"],
                    reference=form.cleaned_data["reference"],
                    at=timezone.now(),
                )
            except DomainError as refusal:
                refuse_in(form, refusal)
            else:
                text = _("Access of %(name)s saved") % {"name": member.user.name}
                return done(request, reverse("settings_users", args=[workspace_id]), text)
    context = {
        "row": _member_row(actor, member),
        "form": form,
        "is_manageable": _is_manageable(actor, member),
        "remove_url": reverse("settings_user_remove", args=[workspace_id, user_id]),
    }
    status = NOT_VALID if form.is_bound else 200
    return render(request, "workspaces/settings/user.html", context, status=status)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, workspace_id: int, user_id: int) -> HttpResponse:
    """Ask before a member is removed, and remove them."""
    actor = actor_of(request)
    actor.require(Permission.MEMBER_MANAGE)
    member = queries.member(actor, min(user_id, LARGEST_ID))
    name = member.user.name
    if request.method == "POST":
        remove_member(actor=actor, user_id=user_id, at=timezone.now())
        text = _("%(name)s was removed") % {"name": name}
        return done(request, reverse("settings_users", args=[workspace_id]), text)
    _require_manageable(actor, member)
    context = {
        "title": _("Remove %(name)s?") % {"name": name},
        "page_title": _("Remove a member"),
        "text": _(
            "%(name)s loses access to this workspace at once. Their account and what they did here stay."
            " You can invite them again."
        )
        % {"name": name},
        "action": reverse("settings_user_remove", args=[workspace_id, user_id]),
        "keep_text": _("Keep them"),
        "keep_url": reverse("settings_user", args=[workspace_id, user_id]),
        "act_text": _("Remove %(name)s") % {"name": name},
    }
    return dialog(request, "workspaces/components/confirm.html", context)


@require_POST
def resend(request: HttpRequest, workspace_id: int, invitation_id: int) -> HttpResponse:
    """Send an invitation again."""
    invitation = resend_invitation(
        actor=actor_of(request), invitation_id=min(invitation_id, LARGEST_ID), at=timezone.now()
    )
    text = _("Invitation sent again to %(email)s") % {"email": invitation.email}
    return done(request, reverse("settings_users", args=[workspace_id]), text)


@require_POST
def withdraw(request: HttpRequest, workspace_id: int, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation."""
    withdraw_invitation(actor=actor_of(request), invitation_id=min(invitation_id, LARGEST_ID), at=timezone.now())
    return done(request, reverse("settings_users", args=[workspace_id]), _("Invitation withdrawn"))


def _key(text: str) -> int:
    return min(int(text), LARGEST_ID) if text.isdecimal() else 0


def _member_row(actor: Actor, member: Membership) -> MemberRow:
    return MemberRow(
        member=member,
        role_name=ROLE_NAMES[Role(member.role)],
        restriction_names=[RESTRICTION_NAMES[Restriction(value)] for value in member.restrictions],
        is_reader=member.user_id == actor.user_id,
    )


def _invitation_rows(actor: Actor, *, at: datetime) -> list[InvitationRow]:
    return [
        InvitationRow(
            invitation=invitation,
            role_name=ROLE_NAMES[Role(invitation.role)],
            has_expired=invitation.expires_at <= at,
            is_manageable=may_manage_member(own_role=actor.role or Role.AGENT, other_role=Role(invitation.role)),
        )
        for invitation in queries.pending_invitations(actor)[: queries.MOST_INVITATIONS_SHOWN]
    ]


def _is_manageable(actor: Actor, member: Membership) -> bool:
    own_role = actor.role or Role.AGENT
    return member.user_id != actor.user_id and may_manage_member(own_role=own_role, other_role=Role(member.role))


def _require_manageable(actor: Actor, member: Membership) -> None:
    """Refuse before asking; the action refuses again."""
    if member.user_id == actor.user_id:
        raise OwnAccess
    if not _is_manageable(actor, member):
        raise RankTooLow(role=str(ROLE_NAMES[Role(member.role)]))
