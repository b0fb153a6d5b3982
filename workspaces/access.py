"""The doors: an id from outside becomes a locked row of the actor's workspace, with the permission that it needs."""

from dataclasses import dataclass

from workspaces.actors import Actor
from workspaces.errors import (
    AwayStateNotFound,
    HookNotFound,
    InvitationNotFound,
    MemberNotFound,
    NotificationNotFound,
    TeamNotFound,
    TokenNotFound,
    WorkspaceNotFound,
)
from workspaces.models import ApiToken, AwayState, HookEndpoint, Invitation, Membership, Notification, Team, Workspace
from workspaces.permissions import Permission, Role
from workspaces.queries import readable_notifications

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class LockedMember:
    """A member, locked together with every owner, so that two owners cannot remove each other at the same moment."""

    member: Membership
    owner_ids: frozenset[int]

    @property
    def is_last_owner(self) -> bool:
        """Whether the workspace would be without an owner if this member were none."""
        return self.owner_ids == {self.member.user_id}


def workspace_for_update(actor: Actor, *, needs: Permission) -> Workspace:
    """Lock the actor's workspace; limits that count rows are checked under this lock.

    The lock leaves the key alone: rows that only refer to the workspace can still be written meanwhile.
    """
    actor.require(needs)
    workspace = Workspace.objects.select_for_update(no_key=True).filter(pk=actor.workspace_id).first()
    if workspace is None:
        raise WorkspaceNotFound
    return workspace


def member_for_update(actor: Actor, user_id: int, *, needs: Permission) -> LockedMember:
    """Lock a member and all owners of the workspace, lower ids first."""
    actor.require(needs)
    rows = Membership.objects.in_workspace(actor.workspace_id)
    owners_and_member = rows.filter(role=Role.OWNER) | rows.filter(user_id=user_id)
    locked = list(owners_and_member.select_for_update(of=("self",)).select_related("user").order_by("pk"))
    member = next((row for row in locked if row.user_id == user_id), None)
    if member is None:
        raise MemberNotFound(user_id=user_id)
    return LockedMember(member=member, owner_ids=frozenset(row.user_id for row in locked if row.role == Role.OWNER))


def team_for_update(actor: Actor, team_id: int, *, needs: Permission) -> Team:
    """Lock one team."""
    actor.require(needs)
    team = (
        Team.objects.in_workspace(actor.workspace_id)
        .select_for_update(of=("self",), no_key=True)
        .filter(pk=team_id)
        .first()
    )
    if team is None:
        raise TeamNotFound(team_id=team_id)
    return team


def invitation_for_update(actor: Actor, invitation_id: int, *, needs: Permission) -> Invitation:
    """Lock one invitation that is neither used nor withdrawn; it may have expired."""
    actor.require(needs)
    open_ones = Invitation.objects.in_workspace(actor.workspace_id).filter(used_at=None, withdrawn_at=None)
    invitation = open_ones.select_for_update(of=("self",)).filter(pk=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound
    return invitation


def token_for_update(actor: Actor, token_id: int, *, needs: Permission) -> ApiToken:
    """Lock one API token that is not revoked."""
    actor.require(needs)
    live = ApiToken.objects.in_workspace(actor.workspace_id).filter(revoked_at=None)
    token = live.select_for_update(of=("self",)).filter(pk=token_id).first()
    if token is None:
        raise TokenNotFound
    return token


def away_state_for_update(actor: Actor, away_state_id: int, *, needs: Permission) -> AwayState:
    """Lock one away state that is not deleted; it may be switched off."""
    actor.require(needs)
    kept = AwayState.objects.in_workspace(actor.workspace_id).filter(deleted_at=None)
    found = (
        kept.select_for_update(of=("self",)).filter(pk=away_state_id).first()
        if 0 < away_state_id <= LARGEST_ID
        else None
    )
    if found is None:
        raise AwayStateNotFound
    return found


def notification_for_update(actor: Actor, notification_id: int) -> Notification:
    """Lock one of the actor's own notifications that they may read."""
    rows = readable_notifications(actor).select_for_update(of=("self",))
    found = rows.filter(pk=notification_id).first() if 0 < notification_id <= LARGEST_ID else None
    if found is None:
        raise NotificationNotFound
    return found


def hook_for_update(actor: Actor, hook_id: int) -> HookEndpoint:
    """Lock one webhook, on or off."""
    actor.require(Permission.HOOK_MANAGE)
    rows = HookEndpoint.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",), no_key=True)
    found = rows.filter(pk=hook_id).first() if 0 < hook_id <= LARGEST_ID else None
    if found is None:
        raise HookNotFound
    return found
