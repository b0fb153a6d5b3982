import pytest

from tests.factories import NOON, Cast, a_member, actor_in, everything_in
from workspaces.actions import add_member, change_member, create_team, remove_member
from workspaces.actors import Actor
from workspaces.errors import (
    AlreadyMember,
    LastOwner,
    MemberNotFound,
    OwnAccess,
    PermissionMissing,
    RankTooLow,
    TeamNotFound,
    ValueNotValid,
)
from workspaces.models import EventRecord, Membership
from workspaces.permissions import Permission
from workspaces.scope import workspace_scope


def test_a_changed_member_has_exactly_the_new_access(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        team = create_team(actor=cast.ada, name="Support", at=NOON)
        change_member(
            actor=cast.ada,
            user_id=cast.ben_user.pk,
            role="agent",
            restrictions=["show_only_mine", "restrict_contact_deletion"],
            team_id=team.pk,
            at=NOON,
        )
        member = Membership.objects.get(user=cast.ben_user)
        assert member.restrictions == ["restrict_contact_deletion", "show_only_mine"]
        assert member.team_id == team.pk
        event = EventRecord.objects.get(type="workspaces.member.changed")
        assert event.subject_id == cast.ben_user.pk
        assert event.data == {
            "changes": {
                "restrictions": [[], ["restrict_contact_deletion", "show_only_mine"]],
                "team_id": [None, team.pk],
            }
        }
    now = actor_in(cast.acme, cast.ben_user)
    assert now.sees_own_contacts_only
    assert not now.may(Permission.CONTACT_DELETE)


def test_a_manager_changes_agents_only(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        for user_id, role in ((cast.ada_user.pk, "agent"), (cast.ben_user.pk, "manager"), (cast.ben_user.pk, "owner")):
            with pytest.raises(RankTooLow):
                change_member(actor=cast.max, user_id=user_id, role=role, restrictions=[], team_id=None, at=NOON)
        with pytest.raises(RankTooLow):
            remove_member(actor=cast.max, user_id=cast.ada_user.pk, at=NOON)
        assert everything_in(cast.acme) == before
        remove_member(actor=cast.max, user_id=cast.ben_user.pk, at=NOON)
        assert not Membership.objects.filter(user=cast.ben_user).exists()


def test_nobody_changes_or_removes_their_own_access(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(OwnAccess):
            change_member(
                actor=cast.ada, user_id=cast.ada_user.pk, role="agent", restrictions=[], team_id=None, at=NOON
            )
        with pytest.raises(OwnAccess):
            remove_member(actor=cast.ada, user_id=cast.ada_user.pk, at=NOON)
        assert everything_in(cast.acme) == before


def test_the_last_owner_stays(cast: Cast) -> None:
    system = Actor.system(workspace_id=cast.acme.pk)
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(LastOwner):
            remove_member(actor=system, user_id=cast.ada_user.pk, at=NOON)
        with pytest.raises(LastOwner):
            change_member(
                actor=system, user_id=cast.ada_user.pk, role="manager", restrictions=[], team_id=None, at=NOON
            )
        assert everything_in(cast.acme) == before


def test_one_of_two_owners_may_go(cast: Cast) -> None:
    second, _actor = a_member(cast.acme, email="olga@example.com", role="owner")
    with workspace_scope(cast.acme.pk):
        remove_member(actor=cast.ada, user_id=second.pk, at=NOON)
        assert list(Membership.objects.filter(role="owner").values_list("user_id", flat=True)) == [cast.ada_user.pk]


@pytest.mark.parametrize(
    ("role", "restrictions"),
    [("owner", ["restrict_data_export"]), ("manager", ["show_only_mine"]), ("agent", ["restrict_space_setting"])],
)
def test_restrictions_must_fit_the_role(cast: Cast, role: str, restrictions: list[str]) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(ValueNotValid) as refused:
            change_member(
                actor=cast.ada, user_id=cast.ben_user.pk, role=role, restrictions=restrictions, team_id=None, at=NOON
            )
        assert refused.value.field == "restrictions"
        assert everything_in(cast.acme) == before


def test_people_and_teams_of_another_workspace_do_not_exist_here(cast: Cast) -> None:
    with workspace_scope(cast.globex.pk):
        theirs = create_team(actor=cast.gus, name="Theirs", at=NOON)
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(MemberNotFound):
            remove_member(actor=cast.ada, user_id=cast.gus_user.pk, at=NOON)
        with pytest.raises(TeamNotFound):
            change_member(
                actor=cast.ada,
                user_id=cast.ben_user.pk,
                role="agent",
                restrictions=[],
                team_id=theirs.pk,
                at=NOON,
            )
        assert everything_in(cast.acme) == before


def test_only_the_installation_itself_adds_people_without_asking_them(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            add_member(actor=cast.ada, user_id=cast.gus_user.pk, role="agent", at=NOON)
        with pytest.raises(AlreadyMember):
            add_member(actor=Actor.system(workspace_id=cast.acme.pk), user_id=cast.ben_user.pk, role="agent", at=NOON)
        assert everything_in(cast.acme) == before


def test_an_agent_manages_nobody(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        before = everything_in(cast.acme)
        with pytest.raises(PermissionMissing):
            remove_member(actor=cast.ben, user_id=cast.max_user.pk, at=NOON)
        assert everything_in(cast.acme) == before
