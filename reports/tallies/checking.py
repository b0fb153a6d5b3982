"""Checking: are tallies and deltas together what the raw rows say?"""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from reports.tallies.facts import FACTS, Fact
from reports.tallies.holding import hold

STATE = "SELECT time_zone FROM reports_tallystate WHERE workspace_id = %s"
MOST_TOLD = 200  # of one fact: more say nothing new


@dataclass(frozen=True, slots=True)
class Difference:
    """A day's count that the raw rows do not bear out; `key` is what it was counted by, in words of the tally's columns."""

    table: str
    day: date
    key: str
    tallied: int
    raw: int


def differences(*, workspace_id: int) -> list[Difference] | None:
    """Compare, in the open scope of the workspace; None when it has no tallies yet.

    Each fact is compared by one statement, whose snapshot no writer can come between; folds and builds wait for the scope's end.
    """
    with connection.cursor() as cursor:
        hold(cursor, workspace_id)
        cursor.execute(STATE, [workspace_id])
        state = cursor.fetchone()
        if state is None:
            return None
        found = []
        for fact in FACTS:
            given = {"workspace_id": workspace_id, "time_zone": state[0], "most": MOST_TOLD}
            cursor.execute(COMPARE[fact], given)
            for day, *values, tallied, raw in cursor.fetchall():
                key = " ".join(f"{name}={value}" for name, value in zip(fact.columns, values, strict=True))
                found.append(Difference(fact.table, day, key, int(tallied), int(raw)))
        return found


def _compare(fact: Fact) -> str:
    columns = ", ".join(fact.columns)
    every = f"day, {columns}"
    return f"""
WITH kept AS (
    SELECT {every}, sum(n) AS n FROM (
        SELECT {every}, n FROM {fact.tally} WHERE workspace_id = %(workspace_id)s
        UNION ALL
        SELECT (slot AT TIME ZONE %(time_zone)s)::date, {columns}, n FROM {fact.delta} WHERE workspace_id = %(workspace_id)s
    ) AS parts (day, {columns}, n) GROUP BY {every}),
counted AS (
    SELECT {every}, count(*) AS n FROM (
        SELECT ({fact.moment} AT TIME ZONE %(time_zone)s)::date, {", ".join(fact.values)}
          FROM {fact.table} m WHERE m.workspace_id = %(workspace_id)s AND {fact.condition}
    ) AS rows (day, {columns}) GROUP BY {every})
SELECT {every}, coalesce(kept.n, 0), coalesce(counted.n, 0)
  FROM kept FULL JOIN counted USING ({every})
 WHERE coalesce(kept.n, 0) <> coalesce(counted.n, 0)
 ORDER BY {every} LIMIT %(most)s"""  # noqa: S608 - names of our own tables


COMPARE = {fact: _compare(fact) for fact in FACTS}
