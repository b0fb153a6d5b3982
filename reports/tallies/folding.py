"""Folding: deltas go into the tallies, so that there are never many to add up."""

from django.db import connection

from reports.tallies.facts import FACTS, Fact
from reports.tallies.holding import try_to_hold
from workspaces.scope import workspace_scope

BATCH = 20_000  # deltas of one transaction: some tenths of a second
MOST_BATCHES = 10  # of one workspace in one run, so that a flood in one does not keep the others waiting

TIME_ZONE = "SELECT time_zone FROM reports_tallystate WHERE workspace_id = %s"


def fold_tallies(*, workspace_id: int) -> int:
    """Fold a workspace's deltas into its tallies, some batches of them; return how many. A job: it opens its own scopes.

    Each batch is one transaction, so that a crash loses and doubles nothing. Without tallies, or while somebody else keeps them,
    nothing is folded.
    """
    folded = 0
    for _ in range(MOST_BATCHES):
        counts = _fold_batch(workspace_id)
        folded += sum(counts)
        if max(counts, default=0) < BATCH:
            break
    return folded


def _fold_batch(workspace_id: int) -> list[int]:
    with workspace_scope(workspace_id), connection.cursor() as cursor:
        if not try_to_hold(cursor, workspace_id):
            return []
        cursor.execute(TIME_ZONE, [workspace_id])
        state = cursor.fetchone()
        if state is None:
            return []
        counts = []
        for fact in FACTS:
            cursor.execute(CHOOSE[fact], {"workspace_id": workspace_id, "most": BATCH})
            ids = cursor.fetchone()[0] or []
            if ids:
                cursor.execute(FOLD[fact], {"workspace_id": workspace_id, "time_zone": state[0], "ids": ids})
            counts.append(len(ids))
        return counts


def _choose(fact: Fact) -> str:
    """Return the choice of a batch. Deltas add up in any order, so that any batch is as good as another."""
    return (
        f"SELECT array_agg(id) FROM (SELECT id FROM {fact.delta}"  # noqa: S608 - names of our own tables
        " WHERE workspace_id = %(workspace_id)s LIMIT %(most)s) chosen"
    )


def _fold(fact: Fact) -> str:
    """Return the one statement that takes deltas away and adds them to their days; a day's row that comes to 0 goes."""
    columns = ", ".join(fact.columns)
    same = " AND ".join(f"t.{name} = s.{name}" for name in fact.columns)
    summed = ", ".join(f"s.{name}" for name in fact.columns)
    return f"""
WITH gone AS (
    DELETE FROM {fact.delta} WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::bigint[]) RETURNING slot, {columns}, n),
sums AS (
    SELECT (slot AT TIME ZONE %(time_zone)s)::date AS day, {columns}, sum(n)::bigint AS n FROM gone GROUP BY 1, {columns}
    HAVING sum(n) <> 0)
MERGE INTO {fact.tally} t USING sums s ON t.workspace_id = %(workspace_id)s AND t.day = s.day AND {same}
 WHEN MATCHED AND t.n + s.n = 0 THEN DELETE
 WHEN MATCHED THEN UPDATE SET n = t.n + s.n
 WHEN NOT MATCHED THEN INSERT (workspace_id, day, {columns}, n) VALUES (%(workspace_id)s, s.day, {summed}, s.n)"""  # noqa: S608 - likewise


CHOOSE = {fact: _choose(fact) for fact in FACTS}
FOLD = {fact: _fold(fact) for fact in FACTS}
