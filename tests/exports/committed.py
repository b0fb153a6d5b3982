"""The rich history, committed: exports read on a connection of their own, which sees nothing else."""

from django.db import connection, transaction

from tests.exports.history import History, a_history


def a_committed_history() -> History:
    """Make the history in one transaction, in a test with real ones. Nobody is rung for, and nothing is told."""
    with transaction.atomic():
        connection.atomic_blocks[-1]._from_testcase = True  # type: ignore[attr-defined]
        history = a_history()
        connection.run_on_commit = []
    return history
