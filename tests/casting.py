"""The cast once more: what the actions wrote for the first test is written again for the others, under new ids.

Made by actions, the cast is seventy-seven statements, and more than two thousand tests ask for it.
"""

import copy
import json
from dataclasses import dataclass, replace
from typing import Any

from allauth.account.models import EmailAddress
from django.db import connection, models, transaction

from tests.factories import Cast, a_cast
from workspaces.actors import Actor
from workspaces.models import EventRecord, Membership, Organization, User, Workspace
from workspaces.scope import enter_workspace

Row = dict[str, Any]
HOUSE = (Organization, User, EmailAddress)  # no workspace's own
WALLED = (Workspace, Membership, EventRecord)
SUBJECTS: dict[str, type[models.Model]] = {"workspace": Workspace, "member": User}  # of events, by subject_kind


@dataclass(frozen=True, slots=True)
class Recording:
    """The first cast, and its rows in the order of writing: table, the name of the workspace whose they are, values."""

    cast: Cast
    rows: tuple[tuple[type[models.Model], str | None, Row], ...]


class Ids:
    """New ids for a recording's rows, by table and old id."""

    def __init__(self, recording: Recording) -> None:
        old: dict[type[models.Model], list[int]] = {}
        for model, _, row in recording.rows:
            old.setdefault(model, []).append(row["id"])
        question = " UNION ALL ".join(
            f"SELECT nextval('{model._meta.db_table}_id_seq') FROM generate_series(1, {len(ids)})"
            for model, ids in old.items()
        )
        with connection.cursor() as cursor:
            cursor.execute(question)
            fresh = (number for (number,) in cursor.fetchall())
        self._new = {(model, number): next(fresh) for model, ids in old.items() for number in ids}

    def of(self, model: type[models.Model], number: Any) -> Any:
        """Return the new id in the place of an old one; None stays."""
        return None if number is None else self._new[model, number]


_recording: Recording | None = None


def the_cast() -> Cast:
    """Return a cast of one's own: by actions in a process's first test, and then copies of that one."""
    global _recording  # noqa: PLW0603 - once in a process
    if _recording:
        return copied(_recording)
    cast = a_cast()
    _recording = recorded(cast)
    return cast


def recorded(cast: Cast) -> Recording:
    """Read what the actions wrote for a cast; nothing else may have been written yet."""
    people = [user.pk for user in cast.users.values()]
    house: dict[type[models.Model], list[int]] = {Organization: [cast.acme.organization_id]}
    rows: list[tuple[type[models.Model], str | None, Row]] = []
    for model in HOUSE:
        column = "user_id" if model is EmailAddress else "id"
        rows += [(model, None, row) for row in _rows(model, f"{column} = ANY(%s)", house.get(model, people))]
    for workspace in (cast.acme, cast.globex):
        with transaction.atomic():
            enter_workspace(workspace.pk)
            for walled in WALLED:
                column = "id" if walled is Workspace else "workspace_id"
                rows += [(walled, workspace.name, row) for row in _rows(walled, f"{column} = %s", workspace.pk)]
    return Recording(cast=_with_ids(cast, lambda _, number: number), rows=tuple(rows))


def copied(recording: Recording) -> Cast:
    """Write a recording's rows under new ids, and return the cast that they are."""
    ids = Ids(recording)
    cast = _with_ids(recording.cast, ids.of)
    workspaces = {workspace.name: workspace.pk for workspace in (cast.acme, cast.globex)}
    statements, values, inside = [], [], None
    for (model, name), rows in _by_table(recording, ids).items():
        if name is not None and name != inside:
            statements.append("SELECT set_config('tertulia.workspace_id', %s, true)")
            values.append(str(workspaces[name]))
            inside = name
        table = model._meta.db_table
        statements.append(f"INSERT INTO {table} SELECT * FROM jsonb_populate_recordset(NULL::{table}, %s)")
        values.append(json.dumps(rows))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(";".join(statements), values)
    return cast


def _rows(model: type[models.Model], condition: str, value: Any) -> list[Row]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {model._meta.db_table} t WHERE {condition} ORDER BY id", [value])
        return [json.loads(row) for (row,) in cursor.fetchall()]


def _by_table(recording: Recording, ids: Ids) -> dict[tuple[type[models.Model], str | None], list[Row]]:
    tables: dict[tuple[type[models.Model], str | None], list[Row]] = {}
    for model, name, row in recording.rows:
        tables.setdefault((model, name), []).append({**row, **_ids_in(model, row, ids)})
    return tables


def _ids_in(model: type[models.Model], row: Row, ids: Ids) -> Row:
    """Return the columns of a row that hold ids, with the new ones."""
    found = {"id": ids.of(model, row["id"])}
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey):
            found[field.column] = ids.of(field.related_model, row[field.column])
    if model is EventRecord:
        found["actor_id"] = ids.of(User, row["actor_id"])
        found["subject_id"] = ids.of(SUBJECTS[row["subject_kind"]], row["subject_id"])
    return found


def _with_ids(cast: Cast, of: Any) -> Cast:
    """Return a copy of a cast that no test has touched; of: gives the new id in the place of a table's old one."""

    def workspace(one: Workspace) -> Workspace:
        its = copy.copy(one)
        its._state.fields_cache.clear()
        its.pk, its.organization_id = of(Workspace, one.pk), of(Organization, one.organization_id)
        return its

    def user(one: User) -> User:
        theirs = copy.deepcopy(one)
        theirs.pk = of(User, one.pk)
        return theirs

    def actor(one: Actor) -> Actor:
        return replace(one, id=of(User, one.id), workspace_id=of(Workspace, one.workspace_id))

    return Cast(
        acme=workspace(cast.acme),
        globex=workspace(cast.globex),
        ada=actor(cast.ada),
        max=actor(cast.max),
        ben=actor(cast.ben),
        gus=actor(cast.gus),
        ada_user=user(cast.ada_user),
        max_user=user(cast.max_user),
        ben_user=user(cast.ben_user),
        gus_user=user(cast.gus_user),
    )
