"""How reports read tallies: exact at every moment, as what is not folded yet is added.

Ask `has_tallies` and run the statement in one snapshot (`reports.engine.scope.report_scope`): a rebuild for another time zone may
commit between two statements of a plain transaction.
"""

from django.db import connections

from reports.tallies.facts import Fact

HAS_TALLIES = "SELECT EXISTS (SELECT FROM reports_tallystate WHERE workspace_id = %s AND time_zone = %s)"


def has_tallies(workspace_id: int, time_zone: str, *, using: str = "default") -> bool:
    """Tell whether the workspace's tallies are built by days of this time zone; without them reports read raw rows.

    using: the connection of the report's transaction. Runs in the workspace's scope.
    """
    with connections[using].cursor() as cursor:
        cursor.execute(HAS_TALLIES, [workspace_id, time_zone])
        row = cursor.fetchone()
    return row is not None and bool(row[0])


def tallied(fact: Fact) -> str:
    """Return a subselect, in parentheses and without alias, whose `n` add up to the number of raw rows.

    Parameters: %(workspace_id)s, %(time_zone)s, and %(first_day)s to %(last_day)s, dates, both included. A key may come in several
    rows, and single n may be 0 or less: sum(n) counts, and a group whose sum is 0 has no raw row. Columns:

    - CONTACT_LOG: day date, kind text, source text, channel_id bigint or NULL, user_id bigint or NULL, n bigint;
    - MESSAGES: day date, direction text, status text ('' of incoming ones, else pending, sent, delivered, read or failed),
      sender_kind text, channel_id bigint or NULL, user_id bigint or NULL, team_id bigint or NULL (the user's when they wrote),
      sender_id bigint or NULL (the broadcast's or virtual agent's), n bigint.
    """
    day = "(d.slot AT TIME ZONE %(time_zone)s)::date"
    return f"""(
    SELECT t.day, {_columns(fact, "t")}, t.n
      FROM {fact.tally} t
     WHERE t.workspace_id = %(workspace_id)s AND t.day BETWEEN %(first_day)s AND %(last_day)s
    UNION ALL
    SELECT {day}, {_columns(fact, "d")}, d.n
      FROM {fact.delta} d
     WHERE d.workspace_id = %(workspace_id)s AND {day} BETWEEN %(first_day)s AND %(last_day)s)"""  # noqa: S608 - names of our own tables


def _columns(fact: Fact, alias: str) -> str:
    words = [f"{alias}.{name}" for name, _ in fact.words]
    ids = [f"nullif({alias}.{name}, 0) AS {name}" for name, _ in fact.ids]
    return ", ".join((*words, *ids))
