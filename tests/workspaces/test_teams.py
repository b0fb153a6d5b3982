import pytest

from tests.factories import NOON, Cast, everything_in
from workspaces.actions import change_team, create_team, delete_team
from workspaces.actions.teams import MOST_TEAMS
from workspaces.errors import LimitReached, MemberNotFound, NameTaken, PermissionMissing, TeamNotFound
from workspaces.models import EventRecord, Membership, Team
from workspaces.queries import teams
from workspaces.scope import workspace_scope


def test_a_member_is_in_one_team_at_most(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        people = [cast.max_user.pk, cast.ben_user.pk]
        create_team(actor=cast.ada, name="Sales", member_ids=people, at=NOON)
        support = create_team(actor=cast.ada, name="Support", member_ids=[cast.ben_user.pk], at=NOON)
        assert Membership.objects.get(user=cast.ben_user).team == support
        assert [(team.name, team.member_count) for team in teams(cast.ada)] == [("Sales", 1), ("Support", 1)]  # type: ignore[attr-defined]


def test_a_changed_team_has_exactly_the_members_that_are_named(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.max, name="Sales", member_ids=[cast.ben_user.pk], at=NOON)
        change_team(
            actor=cast.max,
            team_id=team.pk,
            name="Sales north",
            description="The north",
            member_ids=[cast.max_user.pk],
            at=NOON,
        )
        assert list(Membership.objects.filter(team=team).values_list("user_id", flat=True)) == [cast.max_user.pk]
        event = EventRecord.objects.filter(type="workspaces.team.changed").latest("pk")
        assert event.data == {"member_ids": [cast.max_user.pk]}


def test_names_of_teams_are_unique_in_any_case(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        create_team(actor=cast.ada, name="Sales", at=NOON)
        other = create_team(actor=cast.ada, name="Support", at=NOON)
        before = everything_in(cast.acme)
        with pytest.raises(NameTaken):
            create_team(actor=cast.ada, name="SALES", at=NOON)
        with pytest.raises(NameTaken):
            change_team(actor=cast.ada, team_id=other.pk, name="sales", description="", member_ids=[], at=NOON)
        assert everything_in(cast.acme) == before


def test_somebody_who_is_no_member_joins_no_team(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(MemberNotFound):
            create_team(actor=cast.ada, name="Sales", member_ids=[cast.gus_user.pk], at=NOON)
        assert everything_in(cast.acme) == before


def test_there_are_a_hundred_teams_at_most(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        Team.objects.bulk_create(
            [Team(workspace=cast.acme, name=f"Team {number}", created_at=NOON) for number in range(MOST_TEAMS)]
        )
        with pytest.raises(LimitReached):
            create_team(actor=cast.ada, name="One more", at=NOON)
        assert Team.objects.count() == 100


def test_owners_delete_teams_and_members_stay(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.max, name="Sales", member_ids=[cast.ben_user.pk], at=NOON)
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            delete_team(actor=cast.max, team_id=team.pk, at=NOON)
        assert everything_in(cast.acme) == before
        delete_team(actor=cast.ada, team_id=team.pk, at=NOON)
        assert Membership.objects.get(user=cast.ben_user).team is None
        assert not Team.objects.exists()


def test_another_workspaces_team_does_not_exist_here(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Sales", at=NOON)
    with workspace_scope(cast.globex.pk):
        before = everything_in(cast.globex)
        with pytest.raises(TeamNotFound):
            delete_team(actor=cast.gus, team_id=team.pk, at=NOON)
        assert everything_in(cast.globex) == before
