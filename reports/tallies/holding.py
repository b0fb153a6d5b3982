"""One at a time keeps a workspace's tallies: a lock that the open transaction owns. Writers never meet it."""

from typing import Any

HOLD = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
TRY_TO_HOLD = "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))"


def hold(cursor: Any, workspace_id: int) -> None:
    """Wait until nobody else keeps the workspace's tallies. A later statement sees all that they did."""
    cursor.execute(HOLD, [_name(workspace_id)])


def try_to_hold(cursor: Any, workspace_id: int) -> bool:
    """Tell whether nobody else keeps the workspace's tallies, and if so keep them."""
    cursor.execute(TRY_TO_HOLD, [_name(workspace_id)])
    return bool(cursor.fetchone()[0])


def _name(workspace_id: int) -> str:
    return f"reports.tallies:{workspace_id}"
