from typing import Any

from allauth.account.models import EmailAddress
from django.apps import apps
from django.db import transaction

from tests.casting import copied, recorded
from tests.factories import PASSWORD, Cast, a_cast, a_token, everything_in
from workspaces.models import Organization, User, Workspace
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


def everything_of(cast: Cast) -> dict[str, Any]:
    """Return all rows that there are for a cast, with names in the place of ids, and without passwords."""
    people = {user.pk: name for name, user in cast.users.items()}
    places = {cast.acme.pk: "acme", cast.globex.pk: "globex"}
    named = {"user_id": people, "actor_id": people, "workspace_id": places, "id": {}, "password": {}}
    house = {"organization_id": {cast.acme.organization_id: "the house"}}
    rows = {model.__name__: list(model.objects.order_by("pk").values()) for model in (Organization, User, EmailAddress)}
    for workspace in (cast.acme, cast.globex):
        with workspace_scope(workspace.pk):
            tables = everything_in(workspace)
        rows |= {f"{workspace.name} {table}": found for table, found in tables.items() if found}
    told: dict[str, Any] = {}
    for table, found in rows.items():
        told[table] = []
        for row in found:
            subjects = {"workspace": places, "member": people}.get(row.get("subject_kind", ""), {})
            known = {**named, **house, "subject_id": subjects}
            told[table].append(
                {name: known[name].get(value) if name in known else value for name, value in row.items()}
            )
    return told


def test_a_copied_cast_is_what_the_actions_make(db: None) -> None:
    before = transaction.savepoint()
    made = a_cast()
    recording = recorded(made)
    by_actions = everything_of(made)
    transaction.savepoint_rollback(before)
    copy = copied(recording)
    assert everything_of(copy) == by_actions
    tables = [
        f"{name} workspaces_{table}"
        for table in ("eventrecord", "membership", "workspace")
        for name in ("Acme", "Globex")
    ]
    assert sorted(by_actions) == sorted(["EmailAddress", "Organization", "User", *tables])
    assert {name: actor.permissions for name, actor in copy.actors.items()} == {
        name: actor.permissions for name, actor in made.actors.items()
    }
    assert [actor.id for actor in copy.actors.values()] == [user.pk for user in copy.users.values()]
    assert {actor.workspace_id for actor in copy.actors.values()} == {copy.acme.pk, copy.globex.pk}
    assert not {copy.acme.pk, copy.globex.pk} & {made.acme.pk, made.globex.pk}
    assert list(User.objects.order_by("pk")) == [copy.ada_user, copy.gus_user, copy.max_user, copy.ben_user]
    assert all(user.check_password(PASSWORD) for user in copy.users.values())


def test_nothing_but_the_cast_is_written_for_it(cast: Cast) -> None:
    written = set()
    for workspace in (cast.acme, cast.globex):
        with workspace_scope(workspace.pk):
            written |= {model.__name__ for model in apps.get_models() if model._default_manager.exists()}
    assert written - {"Permission", "ContentType"} == {
        *("EmailAddress", "EventRecord", "Membership", "Organization", "User", "Workspace")
    }
    with workspace_scope(cast.globex.pk):
        assert [row.name for row in Workspace.objects.filter(pk=cast.globex.pk)] == ["Globex"]
