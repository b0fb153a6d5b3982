"""Work on rows that nobody asked for: one row that fails is logged, and the others go on."""

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from workspaces.actors import Actor
from workspaces.scope import workspace_scope

logger = logging.getLogger(__name__)


def each_apart(rows: Iterable[tuple[Any, ...]], act: Callable[..., object], *, sweep: str) -> int:
    """Call `act` with the ids of each row, and log where it fails; return for how many it did not."""
    done = 0
    for row in rows:
        try:
            act(*row)
        except Exception:  # one row must not keep the others waiting
            logger.exception("sweep: %s row=%s", sweep, row)
        else:
            done += 1
    return done


def sweep_rows(due: str, parameters: Sequence[datetime], act: Callable[[Actor, int], object], *, sweep: str) -> int:
    """Let the system act on each row that a definer function finds due, in the scope of the row's workspace.

    due: a statement whose rows are workspace and id. The rows are judged again under their locks, so that two sweeps at once do
    no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(due, parameters)
        rows = cursor.fetchall()

    def in_scope(workspace_id: int, row_id: int) -> None:
        with workspace_scope(workspace_id):
            act(Actor.system(workspace_id=workspace_id), row_id)

    return each_apart(rows, in_scope, sweep=sweep)
