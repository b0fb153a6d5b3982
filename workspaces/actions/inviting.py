"""Invitations: the only way into a workspace, once per invitation, within seven days."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from workspaces import events
from workspaces.access import invitation_for_update, workspace_for_update
from workspaces.actions.checks import restrictions_of, role_of
from workspaces.actions.invitation_mail import send_invitation
from workspaces.actions.members import join, require_rank
from workspaces.actions.people import NewPerson, address_of, create_person
from workspaces.actors import Actor
from workspaces.errors import (
    AccountExists,
    AlreadyMember,
    DomainError,
    InvitationForSomeoneElse,
    InvitationNotValid,
)
from workspaces.events import record
from workspaces.models import Invitation, Membership, User
from workspaces.permissions import Permission
from workspaces.queries import actor_of_member, invitation_place
from workspaces.scope import workspace_scope
from workspaces.secret_values import digest, new_invitation_secret

VALID_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Joined:
    """Who came in, and where."""

    user: User
    workspace_id: int


@transaction.atomic
def invite_member(*, actor: Actor, email: str, role: str, restrictions: Iterable[str] = (), at: datetime) -> Invitation:
    """Invite somebody by mail, which leaves after the transaction. A new invitation takes the place of an open one."""
    workspace = workspace_for_update(
        actor, needs=Permission.MEMBER_MANAGE
    )  # so that one person is invited once at a time
    given = role_of(role)
    require_rank(actor, given)
    address = address_of(email)
    if Membership.objects.in_workspace(actor.workspace_id).filter(user__email__iexact=address).exists():
        raise AlreadyMember(email=address, field="email")
    _withdraw_open(actor, address, at=at)
    secret = new_invitation_secret()
    invitation = Invitation.objects.create(
        workspace=workspace,
        email=address,
        role=given.value,
        restrictions=restrictions_of(restrictions, role=given),
        secret_sha256=digest(secret),
        invited_by_id=actor.user_id,
        created_at=at,
        expires_at=at + VALID_FOR,
    )
    record(events.MemberInvited(subject_id=invitation.pk, role=given.value), actor=actor, at=at)
    send_invitation(invitation, secret=secret, workspace=workspace)
    return invitation


@transaction.atomic
def resend_invitation(*, actor: Actor, invitation_id: int, at: datetime) -> Invitation:
    """Send an open invitation again, with a new secret and seven days more; the earlier link stops working."""
    workspace = workspace_for_update(actor, needs=Permission.MEMBER_MANAGE)
    invitation = invitation_for_update(actor, invitation_id, needs=Permission.MEMBER_MANAGE)
    require_rank(actor, role_of(invitation.role))
    secret = new_invitation_secret()
    invitation.secret_sha256 = digest(secret)
    invitation.expires_at = at + VALID_FOR
    invitation.invited_by_id = actor.user_id
    invitation.save(update_fields=["secret_sha256", "expires_at", "invited_by"])
    record(events.InvitationResent(subject_id=invitation.pk), actor=actor, at=at)
    send_invitation(invitation, secret=secret, workspace=workspace)
    return invitation


@transaction.atomic
def withdraw_invitation(*, actor: Actor, invitation_id: int, at: datetime) -> None:
    """Make an open invitation worthless."""
    invitation = invitation_for_update(actor, invitation_id, needs=Permission.MEMBER_MANAGE)
    require_rank(actor, role_of(invitation.role))
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record(events.InvitationWithdrawn(subject_id=invitation.pk), actor=actor, at=at)


def accept_invitation(*, secret: str, user_id: int | None, new_person: NewPerson | None, at: datetime) -> Joined:
    """Come in with the secret of an invitation: as the person who is logged in, or as a new one.

    It opens the scope of the invitation's workspace, hence runs outside of any other.
    """
    place = invitation_place(secret)
    if place is None:
        raise InvitationNotValid
    with workspace_scope(place.workspace_id):
        invitation = _use(place.workspace_id, place.invitation_id, at=at)
        _require_inviter(invitation)
        user = _person(invitation, user_id=user_id, new_person=new_person, at=at)
        member = Membership(
            workspace_id=place.workspace_id,
            user=user,
            role=invitation.role,
            restrictions=invitation.restrictions,
            created_at=at,
        )
        actor = Actor.member(
            user_id=user.pk,
            workspace_id=place.workspace_id,
            role=member.role,
            restrictions=member.restrictions,
            team_id=None,
        )
        join(actor=actor, member=member, invitation_id=invitation.pk)
    return Joined(user=user, workspace_id=place.workspace_id)


def _withdraw_open(actor: Actor, address: str, *, at: datetime) -> None:
    open_ones = Invitation.objects.in_workspace(actor.workspace_id).filter(
        email__iexact=address, used_at=None, withdrawn_at=None
    )
    for earlier in open_ones.select_for_update(of=("self",)).order_by("pk"):
        require_rank(actor, role_of(earlier.role))
        earlier.withdrawn_at = at
        earlier.save(update_fields=["withdrawn_at"])
        record(events.InvitationWithdrawn(subject_id=earlier.pk), actor=actor, at=at)


def _use(workspace_id: int, invitation_id: int, *, at: datetime) -> Invitation:
    """Mark the invitation used, if nobody did before and its time is not over."""
    rows = Invitation.objects.in_workspace(workspace_id)
    usable = rows.filter(pk=invitation_id, used_at=None, withdrawn_at=None, expires_at__gt=at)
    if usable.update(used_at=at) == 0:
        raise InvitationNotValid
    return rows.get(pk=invitation_id)


def _require_inviter(invitation: Invitation) -> None:
    """Whoever invited must still be allowed to: an owner who left opens no doors."""
    try:
        inviter = actor_of_member(user_id=invitation.invited_by_id or 0, workspace_id=invitation.workspace_id)
        inviter.require(Permission.MEMBER_MANAGE)
        require_rank(inviter, role_of(invitation.role))
    except DomainError as refused:
        raise InvitationNotValid from refused


def _person(invitation: Invitation, *, user_id: int | None, new_person: NewPerson | None, at: datetime) -> User:
    if user_id is not None:
        user = User.objects.get(pk=user_id)
        if user.email.lower() != invitation.email.lower():
            raise InvitationForSomeoneElse(email=invitation.email)
        return user
    if new_person is None or User.objects.filter(email__iexact=invitation.email).exists():
        raise AccountExists(email=invitation.email)
    return create_person(email=invitation.email, person=new_person, at=at)
