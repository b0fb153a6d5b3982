"""Members: what they may do, and when they leave."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from workspaces import events
from workspaces.access import LockedMember, member_for_update, team_for_update
from workspaces.actions.checks import restrictions_of, role_of, text_of
from workspaces.actions.presence import end_presence
from workspaces.actors import Actor, ActorKind
from workspaces.errors import AlreadyMember, LastOwner, OwnAccess, PermissionMissing, RankTooLow
from workspaces.events import record
from workspaces.models import FormerMember, Membership, Notification, User
from workspaces.permissions import ROLE_NAMES, Permission, Role, may_manage_member

LONGEST_REFERENCE = 60


@transaction.atomic
def add_member(
    *, actor: Actor, user_id: int, role: str, restrictions: Iterable[str] = (), team_id: int | None = None, at: datetime
) -> Membership:
    """Make somebody a member without asking them: for the installation's own commands; people are invited instead."""
    actor.require(Permission.MEMBER_MANAGE)
    if actor.kind is not ActorKind.SYSTEM:
        raise PermissionMissing(permission=Permission.MEMBER_MANAGE.value)
    given = role_of(role)
    team = team_for_update(actor, team_id, needs=Permission.TEAM_MANAGE) if team_id is not None else None
    return join(
        actor=actor,
        member=Membership(
            workspace_id=actor.workspace_id,
            user_id=user_id,
            role=given.value,
            restrictions=restrictions_of(restrictions, role=given),
            team=team,
            created_at=at,
        ),
        invitation_id=None,
    )


@transaction.atomic
def change_member(
    *,
    actor: Actor,
    user_id: int,
    role: str,
    restrictions: Iterable[str],
    team_id: int | None,
    reference: str | None = None,
    at: datetime,
) -> Membership:
    """Change role, restrictions, team and reference of a member; it holds from their next request on.

    The reference is the workspace's own, such as a staff number; None leaves it as it is.
    """
    locked = _manageable(actor, user_id)
    member = locked.member
    given = role_of(role)
    require_rank(actor, given)
    if locked.is_last_owner and given is not Role.OWNER:
        raise LastOwner
    if team_id is not None and team_id != member.team_id:
        team_for_update(actor, team_id, needs=Permission.TEAM_MANAGE)
    wanted: dict[str, object] = {
        "role": given.value,
        "restrictions": restrictions_of(restrictions, role=given),
        "team_id": team_id,
    }
    if reference is not None:
        wanted["reference"] = text_of(reference, field="reference", most=LONGEST_REFERENCE, may_be_empty=True)
    changes = {name: [getattr(member, name), value] for name, value in wanted.items() if getattr(member, name) != value}
    if changes:
        for name, (_old, value) in changes.items():
            setattr(member, name, value)
        member.save(update_fields=list(changes))
        record(events.MemberChanged(subject_id=user_id, changes=changes), actor=actor, at=at)
    return member


@transaction.atomic
def remove_member(*, actor: Actor, user_id: int, at: datetime) -> None:
    """Take somebody out of the workspace, who is remembered as they were. It holds at once: every request looks the membership up."""
    locked = _manageable(actor, user_id)
    if locked.is_last_owner:
        raise LastOwner
    end_presence(workspace_id=actor.workspace_id, user_id=user_id, at=at)
    member = locked.member
    FormerMember.objects.create(
        workspace_id=actor.workspace_id,
        user_id=user_id,
        role=member.role,
        restrictions=member.restrictions,
        reference=member.reference,
        team_id=member.team_id,
        last_seen_at=member.last_seen_at,
        joined_at=member.created_at,
        left_at=at,
    )
    member.delete()
    Notification.objects.in_workspace(actor.workspace_id).filter(user_id=user_id).delete()
    record(events.MemberRemoved(subject_id=user_id), actor=actor, at=at)


@transaction.atomic
def note_visit(*, actor: Actor, at: datetime) -> None:
    """Remember when a member was last here; nobody else reads it but the users page."""
    mine = Membership.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0)
    mine.update(last_seen_at=at)


def join(*, actor: Actor, member: Membership, invitation_id: int | None) -> Membership:
    """Write a new membership with its event; somebody who is a member already is refused by the constraint."""
    try:
        with transaction.atomic():
            member.save(force_insert=True)
    except IntegrityError as twice:
        email = User.objects.values_list("email", flat=True).get(pk=member.user_id)
        raise AlreadyMember(email=email) from twice
    FormerMember.objects.in_workspace(member.workspace_id).filter(user_id=member.user_id).delete()
    event = events.MemberJoined(subject_id=member.user_id, role=member.role, invitation_id=invitation_id)
    record(event, actor=actor, at=member.created_at)
    return member


def _manageable(actor: Actor, user_id: int) -> LockedMember:
    locked = member_for_update(actor, user_id, needs=Permission.MEMBER_MANAGE)
    if user_id == actor.user_id:
        raise OwnAccess
    require_rank(actor, Role(locked.member.role))
    return locked


def require_rank(actor: Actor, other: Role) -> None:
    """Managers have agents in their hands, owners everybody; the product itself acts as an owner."""
    own = Role.OWNER if actor.kind is ActorKind.SYSTEM else actor.role
    if own is None or not may_manage_member(own_role=own, other_role=other):
        raise RankTooLow(role=str(ROLE_NAMES[other]))
