"""Teams: made, renamed, filled and deleted. A member is in one at most."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction

from workspaces import events
from workspaces.access import team_for_update, workspace_for_update
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, MemberNotFound, NameTaken
from workspaces.events import record
from workspaces.models import FormerTeam, Membership, Team
from workspaces.permissions import Permission

MOST_TEAMS = 100


@transaction.atomic
def create_team(
    *, actor: Actor, name: str, description: str = "", member_ids: Collection[int] = (), at: datetime
) -> Team:
    """Make a team of members, who leave the teams they were in. member_ids: ids of people."""
    workspace = workspace_for_update(actor, needs=Permission.TEAM_MANAGE)
    if Team.objects.in_workspace(actor.workspace_id).count() >= MOST_TEAMS:
        raise LimitReached(limit=MOST_TEAMS)
    team = Team(workspace=workspace, created_at=at)
    _name(team, name=name, description=description)
    members = _set_members(team, member_ids)
    record(events.TeamCreated(subject_id=team.pk), actor=actor, at=at)
    if members:
        record(events.TeamChanged(subject_id=team.pk, member_ids=members), actor=actor, at=at)
    return team


@transaction.atomic
def change_team(
    *, actor: Actor, team_id: int, name: str, description: str, member_ids: Collection[int], at: datetime
) -> Team:
    """Rename a team and say who is in it; whoever is not named leaves it. member_ids: ids of people."""
    team = team_for_update(actor, team_id, needs=Permission.TEAM_MANAGE)
    _name(team, name=name, description=description)
    record(events.TeamChanged(subject_id=team.pk, member_ids=_set_members(team, member_ids)), actor=actor, at=at)
    return team


@transaction.atomic
def delete_team(*, actor: Actor, team_id: int, at: datetime) -> None:
    """Delete a team; its members stay in the workspace, without a team. Its name is remembered under its id."""
    team = team_for_update(actor, team_id, needs=Permission.TEAM_DELETE)
    Membership.objects.in_workspace(actor.workspace_id).filter(team=team).update(team=None)
    FormerTeam.objects.create(
        workspace_id=actor.workspace_id, team_id=team_id, name=team.name, created_at=team.created_at, deleted_at=at
    )
    Team.objects.in_workspace(actor.workspace_id).filter(pk=team_id).delete()
    record(events.TeamDeleted(subject_id=team_id), actor=actor, at=at)


def _name(team: Team, *, name: str, description: str) -> None:
    team.name = text_of(name, field="name", most=80)
    team.description = text_of(description, field="description", most=255, may_be_empty=True)
    try:
        with transaction.atomic():
            team.save()
    except IntegrityError as taken:
        raise NameTaken(name=team.name, field="name") from taken


def _set_members(team: Team, user_ids: Collection[int]) -> list[int]:
    """Put exactly these people into the team, locked lower id first; return their ids in order."""
    wanted = set(user_ids)
    rows = Membership.objects.in_workspace(team.workspace_id)
    touched = rows.filter(user_id__in=wanted) | rows.filter(team=team)
    locked = list(touched.select_for_update(of=("self",)).order_by("pk"))
    missing = wanted - {member.user_id for member in locked}
    if missing:
        raise MemberNotFound(user_id=min(missing), field="members")
    rows.filter(team=team).exclude(user_id__in=wanted).update(team=None)
    rows.filter(user_id__in=wanted).update(team=team)
    return sorted(wanted)
