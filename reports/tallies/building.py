"""Building: all tallies of a workspace anew, from its raw rows, by days of its present time zone."""

from datetime import datetime

from django.db import connection

from reports.tallies.facts import FACTS, Fact
from reports.tallies.holding import hold
from workspaces.scope import workspace_scope

TIME_ZONE = "SELECT time_zone FROM workspaces_workspace WHERE id = %s"
PUT_STATE = """
INSERT INTO reports_tallystate (workspace_id, time_zone, built_at) VALUES (%(workspace_id)s, %(time_zone)s, %(at)s)
    ON CONFLICT (workspace_id) DO UPDATE SET time_zone = excluded.time_zone, built_at = excluded.built_at"""


def build_tallies(*, workspace_id: int, at: datetime) -> None:
    """Count a workspace's raw rows into its tallies, whatever stood there. A job: it opens its own scope.

    Nobody waits for it: who writes goes on, and who reads sees the tallies before or after it. A crash changes nothing.
    """
    with workspace_scope(workspace_id):
        build_in_scope(workspace_id=workspace_id, at=at)


def build_in_scope(*, workspace_id: int, at: datetime) -> None:
    """Do the same in the scope that is open, to whose end the workspace's other folds and builds wait."""
    with connection.cursor() as cursor:
        hold(cursor, workspace_id)
        cursor.execute(TIME_ZONE, [workspace_id])
        row = cursor.fetchone()
        if row is None:
            return
        given = {"workspace_id": workspace_id, "time_zone": row[0], "at": at}
        for fact in FACTS:
            cursor.execute(f"DELETE FROM {fact.tally} WHERE workspace_id = %(workspace_id)s", given)  # noqa: S608 - names of our own tables
            cursor.execute(COUNT[fact], given)
        cursor.execute(PUT_STATE, given)


def _count(fact: Fact) -> str:
    """Return the one statement that counts raw rows and forgets their deltas.

    Being one statement, it has one snapshot: a row that it counts is one whose delta it forgets, as both committed together. What
    commits later keeps its delta and is folded.
    """
    columns = ", ".join(fact.columns)
    groups = ", ".join(str(place) for place in range(2, len(fact.columns) + 3))
    return f"""
WITH gone AS (DELETE FROM {fact.delta} WHERE workspace_id = %(workspace_id)s)
INSERT INTO {fact.tally} (workspace_id, day, {columns}, n)
SELECT %(workspace_id)s, ({fact.moment} AT TIME ZONE %(time_zone)s)::date, {", ".join(fact.values)}, count(*)
  FROM {fact.table} m
 WHERE m.workspace_id = %(workspace_id)s AND {fact.condition}
 GROUP BY {groups} ORDER BY 2"""  # noqa: S608 - likewise


COUNT = {fact: _count(fact) for fact in FACTS}
