"""The cast of the tests, and small functions that bring about a state through actions."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from workspaces.actions import (
    NewPerson,
    WorkspaceSettings,
    add_member,
    create_organization,
    create_person,
    create_token,
    create_workspace,
)
from workspaces.actors import Actor
from workspaces.models import Organization, User, Workspace
from workspaces.queries import actor_of_member
from workspaces.scope import workspace_scope

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PASSWORD = "three wet umbrellas"


@dataclass(frozen=True, slots=True)
class Cast:
    """Ada (owner), Max (manager) and Ben (agent) of Acme; Gus (owner) of Globex. Actors by first name, people as `…_user`."""

    acme: Workspace
    globex: Workspace
    ada: Actor
    max: Actor
    ben: Actor
    gus: Actor
    ada_user: User
    max_user: User
    ben_user: User
    gus_user: User

    @property
    def users(self) -> dict[str, User]:
        """The four people by first name, in small letters."""
        return {"ada": self.ada_user, "max": self.max_user, "ben": self.ben_user, "gus": self.gus_user}

    @property
    def actors(self) -> dict[str, Actor]:
        """The four actors by first name, in small letters."""
        return {"ada": self.ada, "max": self.max, "ben": self.ben, "gus": self.gus}


def a_cast() -> Cast:
    """Make both workspaces and their people."""
    organization = create_organization(name="Test House", at=NOON)
    ada, gus = a_person("ada@example.com", "Ada Ferrer"), a_person("gus@example.com", "Gus Okoye")
    acme = a_workspace("Acme", owner=ada, organization=organization)
    globex = a_workspace("Globex", owner=gus, organization=organization)
    max_user, max_actor = a_member(acme, email="max@example.com", name="Max Marín", role="manager")
    ben_user, ben_actor = a_member(acme, email="ben@example.com", name="Ben Tanaka", role="agent")
    return Cast(
        acme=acme,
        globex=globex,
        ada=actor_in(acme, ada),
        max=max_actor,
        ben=ben_actor,
        gus=actor_in(globex, gus),
        ada_user=ada,
        max_user=max_user,
        ben_user=ben_user,
        gus_user=gus,
    )


def a_person(email: str, name: str = "Somebody Else") -> User:
    """Make somebody who can log in with PASSWORD."""
    first_name, _, last_name = name.partition(" ")
    return create_person(
        email=email, person=NewPerson(first_name=first_name, last_name=last_name, password=PASSWORD), at=NOON
    )


def a_workspace(name: str, *, owner: User, organization: Organization | None = None, **settings: Any) -> Workspace:
    """Make a workspace with an owner; further words are WorkspaceSettings."""
    organization = organization or create_organization(name=name, at=NOON)
    return create_workspace(
        owner_id=owner.pk, organization_id=organization.pk, settings=WorkspaceSettings(name=name, **settings), at=NOON
    )


def a_member(
    workspace: Workspace,
    *,
    email: str,
    name: str = "Somebody Else",
    role: str = "agent",
    restrictions: tuple[str, ...] = (),
    team_id: int | None = None,
) -> tuple[User, Actor]:
    """Make a person and put them into a workspace; return them as person and as actor."""
    user = a_person(email, name)
    with workspace_scope(workspace.pk):
        add_member(
            actor=Actor.system(workspace_id=workspace.pk),
            user_id=user.pk,
            role=role,
            restrictions=restrictions,
            team_id=team_id,
            at=NOON,
        )
    return user, actor_in(workspace, user)


def actor_in(workspace: Workspace, user: User) -> Actor:
    """Return a person as the actor they are now in a workspace: after a change of role, ask again."""
    with workspace_scope(workspace.pk):
        return actor_of_member(user_id=user.pk, workspace_id=workspace.pk)


def a_token(actor: Actor, *, scopes: tuple[str, ...] = ("read", "write", "export"), name: str = "Robot") -> str:
    """Make an API token and return it as it stands in the Authorization header."""
    with workspace_scope(actor.workspace_id):
        return create_token(actor=actor, name=name, scopes=scopes, at=NOON)[1]


def browser_of(user: User | None) -> Client:
    """Return a browser in which somebody is logged in, or nobody."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def everything_in(workspace: Workspace) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every tenant table of a workspace, to compare before with after. Runs in its scope."""
    models = [
        model
        for model in apps.get_models()
        if any(field.name == "workspace" for field in model._meta.get_fields()) and not model._meta.proxy
    ]
    rows: dict[str, list[dict[str, Any]]] = {model._meta.db_table: [] for model in models}
    full = _tables_with_rows(list(rows), workspace)
    for model in models:
        if model._meta.db_table in full:
            found = model._default_manager.filter(workspace_id=workspace.pk).order_by("pk").values()
            rows[model._meta.db_table] = [
                {name: bytes(value) if isinstance(value, memoryview) else value for name, value in row.items()}
                for row in found
            ]
    rows["workspaces_workspace"] = [dict(row) for row in Workspace.objects.filter(pk=workspace.pk).values()]
    return rows


def _tables_with_rows(tables: list[str], workspace: Workspace) -> set[str]:
    """Ask for all tables at once: most of them are empty in most tests."""
    question = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table} WHERE workspace_id = {int(workspace.pk)})"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(question)
        return {table for (table,) in cursor.fetchall()}
