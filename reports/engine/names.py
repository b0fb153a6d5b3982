"""What ids in figures mean, people and teams of the past included. Runs inside `report_scope`, on its connection."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import connections

from reports.definitions.names import PEOPLE, TEAMS
from reports.engine.facts import Naming
from reports.engine.words import word

STATEMENTS = {
    Naming.PEOPLE: f"WITH {PEOPLE} SELECT id, name FROM people WHERE id = ANY(%(ids)s::bigint[])",  # noqa: S608 - fixed text
    Naming.TEAMS: f"WITH {TEAMS} SELECT id, name FROM teams WHERE id = ANY(%(ids)s::bigint[])",  # noqa: S608 - fixed text
    Naming.CHANNELS: "SELECT id, name FROM inbox_channel WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::bigint[])",
    Naming.BROADCASTS: "SELECT id, name FROM inbox_broadcast WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::bigint[])",
}


def names_of(naming: Naming, values: Collection[Any], *, workspace_id: int, using: str) -> Mapping[Any, str]:
    """Return the words of values; an id that means nothing any more is its number."""
    known = {value for value in values if value is not None}
    if not known:
        return {}
    if naming is Naming.WORDS:
        return {value: word(value) for value in known}
    if naming is Naming.TEXT:
        return {value: str(value) for value in known}
    with connections[using].cursor() as cursor:
        cursor.execute(STATEMENTS[naming], {"workspace_id": workspace_id, "ids": sorted(known)})
        found = dict(cursor.fetchall())
    return {value: found.get(value) or f"#{value}" for value in known}


def channel_kinds(*, workspace_id: int, using: str) -> Mapping[int, str]:
    """Return the kind of each channel, for its sign."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT id, kind FROM inbox_channel WHERE workspace_id = %s", [workspace_id])
        return dict(cursor.fetchall())


def teams_of_people(*, workspace_id: int, using: str) -> Mapping[int, str]:
    """Return the name of the team that each member is in today."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT m.user_id, t.name FROM workspaces_membership m JOIN workspaces_team t ON t.id = m.team_id"
            " WHERE m.workspace_id = %s",
            [workspace_id],
        )
        return dict(cursor.fetchall())


def contacts_that_are_there(ids: Iterable[Any], *, workspace_id: int, using: str) -> frozenset[int]:
    """Return those that have a page: a contact that was deleted may keep its name in a log, but leads nowhere."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT id FROM contacts_contact WHERE workspace_id = %s AND id = ANY(%s::bigint[])",
            [workspace_id, sorted({contact_id for contact_id in ids if contact_id is not None})],
        )
        return frozenset(contact_id for (contact_id,) in cursor.fetchall())
