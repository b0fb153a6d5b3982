"""The tenant scope: one transaction in which PostgreSQL shows, and accepts, the rows of one workspace only."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def workspace_scope(workspace_id: int) -> Iterator[None]:
    """Open one transaction in which Postgres shows, and accepts, the rows of one workspace only."""
    with transaction.atomic(durable=True):
        enter_workspace(workspace_id)
        yield


def enter_workspace(workspace_id: int) -> None:
    """Set the tenant of the transaction that is open; it ends with that transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('tertulia.workspace_id', %s, true)", [str(workspace_id)])
