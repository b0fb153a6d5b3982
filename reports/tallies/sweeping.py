"""What nobody asks for: tallies of new workspaces and new time zones are built, deltas are folded."""

from functools import partial

from django.db import connection

from reports.tallies.building import build_tallies
from reports.tallies.folding import fold_tallies
from workspaces.jobs import Clock
from workspaces.sweeps import each_apart

TALLIES_DUE = "SELECT workspace_id, act FROM tallies_due()"
BUILD = "build"


def sweep_tallies(*, clock: Clock) -> None:
    """Build and fold what is due, workspace by workspace; two sweeps at once do no harm."""
    with connection.cursor() as cursor:
        cursor.execute(TALLIES_DUE)
        due = cursor.fetchall()
    each_apart(due, partial(_do, clock=clock), sweep="sweep_tallies")


def _do(workspace_id: int, act: str, *, clock: Clock) -> None:
    if act == BUILD:
        build_tallies(workspace_id=workspace_id, at=clock())
    else:
        fold_tallies(workspace_id=workspace_id)
