"""A connection of its own whose one transaction sees the database as it is at one moment, and writes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

BEGIN = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY"


@contextmanager
def snapshot(*, workspace_id: int, most_seconds: float) -> Iterator[BaseDatabaseWrapper]:
    """Open a transaction of one workspace: repeatable, read-only, no statement longer than the given time."""
    wrapper = connections["default"].copy()
    try:
        wrapper.ensure_connection()
        wrapper.set_autocommit(False)
        with wrapper.cursor() as cursor:
            cursor.execute(BEGIN)
            cursor.execute(
                "SELECT set_config('tertulia.workspace_id', %s, true), set_config('statement_timeout', %s, true)",
                [str(workspace_id), str(max(1, int(most_seconds * 1000)))],
            )
        yield wrapper
    finally:
        wrapper.close()


def cancel(wrapper: BaseDatabaseWrapper) -> None:
    """End the statement that runs on a connection, from another thread."""
    driver: Any = wrapper.connection
    if driver is not None:
        driver.cancel()
