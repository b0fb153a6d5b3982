from tests.factories import Cast, a_token, everything_in
from workspaces.permissions import Permission, Role
from workspaces.queries import workspaces_of_person
from workspaces.scope import workspace_scope
from workspaces.secret_values import is_token


def test_the_cast_stands(cast: Cast) -> None:
    assert [actor.role for actor in cast.actors.values()] == [Role.OWNER, Role.MANAGER, Role.AGENT, Role.OWNER]
    assert cast.ada.may(Permission.TEAM_DELETE)
    assert not cast.max.may(Permission.TEAM_DELETE)
    choices = [(choice.name, choice.role) for choice in workspaces_of_person(cast.max_user.pk)]
    assert choices == [("Acme", Role.MANAGER)]


def test_a_token_is_well_formed_and_its_sum_finds_typing_errors(cast: Cast) -> None:
    token = a_token(cast.ada)
    assert is_token(token)
    assert not is_token(token[:-1] + ("0" if token[-1] != "0" else "1"))
    assert not is_token("tert_short_00000000")


def test_everything_in_tells_two_workspaces_apart(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        acme = everything_in(cast.acme)
    assert len(acme["workspaces_membership"]) == 3
    assert [row["name"] for row in acme["workspaces_workspace"]] == ["Acme"]
