"""Taking one wall away, so that the other is tested alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

import psycopg2

from workspaces.models.walled import WalledQuerySet

WALLED_TABLES = """
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
   AND (c.relname = 'workspaces_workspace'
        OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped))
 ORDER BY 1
"""


def walled_tables(dsn: str) -> list[str]:
    """Return every table that belongs to a tenant, as PostgreSQL itself knows them."""
    return [row[0] for row in asked(dsn, WALLED_TABLES)]


def asked(dsn: str, sql: str, parameters: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Run one statement on a connection of its own and return its rows."""
    connection = psycopg2.connect(dsn)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            return list(cursor.fetchall()) if cursor.description else []
    finally:
        connection.close()


@contextmanager
def without_policies(owner_dsn: str) -> Iterator[None]:
    """Switch row-level security off on every table: only the code's own filters are left. Needs real transactions."""
    tables = walled_tables(owner_dsn)
    asked(owner_dsn, "".join(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY;' for name in tables))
    try:
        yield
    finally:
        asked(owner_dsn, "".join(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY;' for name in tables))


@contextmanager
def without_filters() -> Iterator[None]:
    """Make `in_workspace` filter nothing: only the policies are left."""
    with mock.patch.object(WalledQuerySet, "in_workspace", lambda rows, _workspace_id: rows.all()):
        yield
