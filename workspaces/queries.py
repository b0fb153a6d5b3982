"""Reads about people and workspaces: plain rows, ready to show, in the order that is said."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from workspaces.actors import Actor
from workspaces.errors import (
    AwayStateNotFound,
    MemberNotFound,
    NotificationNotFound,
    TeamNotFound,
    TokenNotFound,
    WorkspaceNotFound,
)
from workspaces.models import (
    ApiToken,
    AwayState,
    Invitation,
    Membership,
    Notification,
    Organization,
    Presence,
    Team,
    User,
    Workspace,
)
from workspaces.notices import Subjects, kinds, kinds_for
from workspaces.permissions import Permission, Role
from workspaces.secret_values import digest
from workspaces.working_hours import WorkingHours

MEMBERS_ON_A_PAGE = 50
MOST_INVITATIONS_SHOWN = 200
MOST_TOKENS_SHOWN = 200
NOTIFICATIONS_ON_A_PAGE = 25
MOST_COUNTED = 100
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WorkspaceChoice:
    """One of a person's workspaces, for the switcher."""

    id: int
    name: str
    role: Role


@dataclass(frozen=True, slots=True)
class InvitationPlace:
    """Where an invitation belongs; found by its secret before a workspace is known."""

    invitation_id: int
    workspace_id: int


def workspaces_of_person(user_id: int) -> list[WorkspaceChoice]:
    """Return the workspaces a person is a member of, by name; it looks past the walls through a definer function."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT workspace_id, name, role FROM workspaces_of_person(%s)", [user_id])
        return [WorkspaceChoice(id=row[0], name=row[1], role=Role(row[2])) for row in cursor.fetchall()]


def invitation_place(secret: str) -> InvitationPlace | None:
    """Return where the invitation with this secret belongs, used or not; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT invitation_id, workspace_id FROM invitation_by_digest(%s)", [digest(secret)])
        row = cursor.fetchone()
    return InvitationPlace(invitation_id=row[0], workspace_id=row[1]) if row else None


def open_invitation(place: InvitationPlace, *, at: datetime) -> Invitation | None:
    """Return an invitation that can still be accepted, with workspace and inviter. Runs in the scope of its workspace."""
    rows = Invitation.objects.in_workspace(place.workspace_id).select_related("workspace", "invited_by")
    return rows.filter(pk=place.invitation_id, used_at=None, withdrawn_at=None, expires_at__gt=at).first()


def person_with_email(email: str) -> User | None:
    """Return the person who logs in with this address, in any case."""
    return User.objects.filter(email__iexact=email).first()


def actor_of_member(*, user_id: int, workspace_id: int, request_id: str = "") -> Actor:
    """Return the person as an actor in the workspace whose scope is open, or raise MemberNotFound."""
    member = Membership.objects.in_workspace(workspace_id).filter(user_id=user_id).first()
    if member is None:
        raise MemberNotFound(user_id=user_id)
    return Actor.member(
        user_id=user_id,
        workspace_id=workspace_id,
        role=member.role,
        restrictions=member.restrictions,
        team_id=member.team_id,
        request_id=request_id,
    )


def actor_now(workspace_id: int, *, user_id: int | None, token_id: int | None, at: datetime) -> Actor | None:
    """Return whoever asked for something earlier, a person or a token, with the rights of today; None when they are gone.

    Runs in the workspace's scope.
    """
    if token_id is not None:
        token = ApiToken.objects.in_workspace(workspace_id).filter(pk=token_id).first()
        if token is None or token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= at):
            return None
        return Actor.token(token_id=token.pk, workspace_id=workspace_id, scopes=list(token.scopes))
    is_member = (
        Membership.objects.in_workspace(workspace_id).filter(user_id=user_id or 0, user__is_active=True).exists()
    )
    return actor_of_member(user_id=user_id, workspace_id=workspace_id) if user_id is not None and is_member else None


def own_workspace(actor: Actor) -> Workspace:
    """Return the actor's workspace."""
    workspace = Workspace.objects.filter(pk=actor.workspace_id).first()
    if workspace is None:
        raise WorkspaceNotFound
    return workspace


def working_hours_of(workspace_id: int) -> WorkingHours | None:
    """Return when a workspace works, on the clock of its time zone; None when it has not said."""
    stored = Workspace.objects.filter(pk=workspace_id).values_list("working_hours", flat=True).first()
    return None if stored is None else WorkingHours.of(stored)


def own_membership(actor: Actor) -> Membership:
    """Return the actor's own membership, with the team."""
    member = (
        Membership.objects.in_workspace(actor.workspace_id)
        .filter(user_id=actor.user_id or 0)
        .select_related("team")
        .first()
    )
    if member is None:
        raise MemberNotFound(user_id=actor.user_id)
    return member


def members(actor: Actor) -> QuerySet[Membership]:
    """Return the members with person and team, in the order in which they joined."""
    actor.require(Permission.SPACE_READ)
    rows = Membership.objects.in_workspace(actor.workspace_id)
    return rows.select_related("user", "team").order_by("user_id")


@dataclass(frozen=True, slots=True)
class MembersPage:
    """Members with ids of people above a key. before, after: keys of the neighbouring pages; first: 1-based position."""

    rows: list[Membership]
    before: int | None
    after: int | None
    first: int
    total: int

    @property
    def last(self) -> int:
        """The position of the last row."""
        return self.first + len(self.rows) - 1


def members_page(actor: Actor, *, after: int = 0, most: int = MEMBERS_ON_A_PAGE) -> MembersPage:
    """Return the members whose person's id is above `after`; they grow by invitation, so a count costs little."""
    everybody = members(actor)
    rows = list(everybody.filter(user_id__gt=after)[: most + 1])
    earlier = everybody.filter(user_id__lte=after)
    keys = list(earlier.order_by("-user_id").values_list("user_id", flat=True)[: most + 1]) if after else []
    return MembersPage(
        rows=rows[:most],
        before=None if not keys else (keys[most] if len(keys) > most else 0),
        after=rows[most - 1].user_id if len(rows) > most else None,
        first=(earlier.count() if keys else 0) + 1,
        total=everybody.count(),
    )


def member(actor: Actor, user_id: int) -> Membership:
    """Return one member, or raise MemberNotFound."""
    found = members(actor).filter(user_id=user_id).first()
    if found is None:
        raise MemberNotFound(user_id=user_id)
    return found


def managers_of(actor: Actor, *, most: int = 5) -> list[User]:
    """Return a few people who manage the workspace, owners first."""
    actor.require(Permission.SPACE_READ)
    rows = Membership.objects.in_workspace(actor.workspace_id).filter(role__in=[Role.OWNER, Role.MANAGER])
    return [row.user for row in rows.select_related("user").order_by("-role", "user_id")[:most]]


def pending_invitations(actor: Actor) -> QuerySet[Invitation]:
    """Return invitations that are neither used nor withdrawn, the newest first; expired ones are among them."""
    actor.require(Permission.MEMBER_MANAGE)
    rows = Invitation.objects.in_workspace(actor.workspace_id).filter(used_at=None, withdrawn_at=None)
    return rows.select_related("invited_by").order_by("-pk")


def teams(actor: Actor) -> QuerySet[Team]:
    """Return the teams by name, each with its `member_count`; there are 100 at most."""
    actor.require(Permission.SPACE_READ)
    rows = Team.objects.in_workspace(actor.workspace_id)
    return rows.annotate(member_count=Count("memberships")).order_by(Lower("name"), "pk")


def team(actor: Actor, team_id: int) -> Team:
    """Return one team with its `member_count`, or raise TeamNotFound."""
    found = teams(actor).filter(pk=team_id).first()
    if found is None:
        raise TeamNotFound(team_id=team_id)
    return found


def live_tokens(actor: Actor) -> QuerySet[ApiToken]:
    """Return tokens that are not revoked, the newest first, with their maker; expired ones are among them."""
    actor.require(Permission.TOKEN_MANAGE)
    rows = ApiToken.objects.in_workspace(actor.workspace_id).filter(revoked_at=None)
    return rows.select_related("created_by").order_by("-pk")


def live_token(actor: Actor, token_id: int) -> ApiToken:
    """Return one token that is not revoked, or raise TokenNotFound."""
    found = live_tokens(actor).filter(pk=token_id).first()
    if found is None:
        raise TokenNotFound
    return found


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """How a person's second factor stands. on_since: None while it is off; codes_left: None without recovery codes."""

    on_since: datetime | None
    codes_left: int | None


def second_factor(user_id: int) -> SecondFactor:
    """Return how a person's second factor stands."""
    kinds = {row.type: row for row in Authenticator.objects.filter(user_id=user_id)}
    totp, codes = kinds.get(Authenticator.Type.TOTP), kinds.get(Authenticator.Type.RECOVERY_CODES)
    return SecondFactor(
        on_since=totp.created_at if totp else None,
        codes_left=len(codes.wrap().get_unused_codes()) if codes else None,
    )


def sign_ins(user: User) -> list[UserSession]:
    """Return where a person is logged in, the latest seen first; those that have ended are forgotten on the way."""
    rows: list[UserSession] = UserSession.objects.purge_and_list(user)
    return sorted(rows, key=lambda row: row.last_seen_at, reverse=True)


def readable_notifications(actor: Actor) -> QuerySet[Notification]:
    """Return the actor's own notifications whose subjects they may open: all others are as if they were not there."""
    mine = Notification.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0)
    # Most kinds share their subjects, and every page asks: so it asks a short question.
    together: dict[Subjects | None, list[str]] = {}
    for name in kinds_for(actor):
        together.setdefault(kinds()[name].subjects, []).append(name)
    may_be_told = Q()
    for subjects, names in together.items():
        of_kinds = Q(kind__in=names)
        may_be_told |= (
            of_kinds if subjects is None else of_kinds & Q(Exists(subjects(actor).filter(pk=OuterRef("subject_id"))))
        )
    return mine.filter(may_be_told) if may_be_told else mine.none()


def notifications(actor: Actor) -> QuerySet[Notification]:
    """Return the actor's own notifications that they may read, the newest first."""
    return readable_notifications(actor).order_by("-pk")


def notifications_page(
    actor: Actor, *, is_archived: bool | None, before: int | None = None, most: int = NOTIFICATIONS_ON_A_PAGE
) -> list[Notification]:
    """Return new notifications, archived ones, or all (None); `before` is the id of the last one shown."""
    rows = notifications(actor)
    if is_archived is not None:
        rows = rows.filter(archived_at__isnull=not is_archived)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows[:most])


def notification(actor: Actor, notification_id: int) -> Notification:
    """Return one of the actor's own notifications, or raise NotificationNotFound."""
    found = notifications(actor).filter(pk=notification_id).first() if 0 < notification_id <= LARGEST_ID else None
    if found is None:
        raise NotificationNotFound
    return found


def unseen_count(actor: Actor) -> int:
    """Return how many new notifications the actor has not seen; MOST_COUNTED stands for that many and more."""
    rows = notifications(actor).filter(archived_at=None, seen_at=None)
    return rows.order_by()[:MOST_COUNTED].count()


@dataclass(frozen=True, slots=True)
class MemberPresence:
    """How somebody is here: `state` is online, busy or offline; away_name: the reason they gave, or nothing."""

    user_id: int
    name: str
    state: str
    away_state_id: int | None = None
    away_name: str = ""


def presence_of_members(actor: Actor) -> dict[int, MemberPresence]:
    """Return every member's presence by the person's id; whoever was never here is offline."""
    actor.require(Permission.SPACE_READ)
    rows = Presence.objects.in_workspace(actor.workspace_id).select_related("away_state")
    known = {row.user_id: row for row in rows}
    people = Membership.objects.in_workspace(actor.workspace_id).select_related("user").order_by("user_id")
    return {row.user_id: _presence(row.user, known.get(row.user_id)) for row in people}


def own_presence(actor: Actor) -> MemberPresence | None:
    """Return the choice of the person who asks, as it counts while they are here; None when no person acts."""
    if actor.user_id is None:
        return None
    rows = Presence.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id)
    row = rows.select_related("away_state", "user").first()
    if row is None:
        return MemberPresence(user_id=actor.user_id, name="", state=Presence.Choice.ONLINE.value)
    row.is_offline = False
    return _presence(row.user, row)


def _presence(user: User, row: Presence | None) -> MemberPresence:
    if row is None or row.is_offline:
        return MemberPresence(user_id=user.pk, name=user.name, state="offline")
    state = row.away_state
    return MemberPresence(
        user_id=user.pk,
        name=user.name,
        state=row.choice,
        away_state_id=state.pk if state else None,
        away_name=state.name if state else "",
    )


def away_states(actor: Actor, *, only_on: bool = False) -> list[AwayState]:
    """Return the workspace's away states by name; there are 30 at most."""
    actor.require(Permission.SPACE_READ)
    rows = AwayState.objects.in_workspace(actor.workspace_id).filter(deleted_at=None)
    return list((rows.filter(is_on=True) if only_on else rows).order_by(Lower("name"), "pk"))


def away_state(actor: Actor, away_state_id: int) -> AwayState:
    """Return one away state that is not deleted, or raise AwayStateNotFound."""
    found = next((row for row in away_states(actor) if row.pk == away_state_id), None)
    if found is None:
        raise AwayStateNotFound
    return found


def organizations(id_or_name: str = "") -> QuerySet[Organization]:
    """Return the installation's organisations by name; only those with this id or name where one is given."""
    rows = Organization.objects.order_by("name", "pk")
    if not id_or_name:
        return rows
    is_id = id_or_name.isdecimal() and int(id_or_name) <= LARGEST_ID
    return rows.filter(pk=int(id_or_name)) if is_id else rows.filter(name__iexact=id_or_name)
