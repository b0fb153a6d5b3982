"""Rows by SQL for measurements: columns that are not named get a neutral value of their type."""

from collections.abc import Mapping
from typing import Any

NEUTRAL = {
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "bigint": "0",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
    "timestamp with time zone": "now()",
    "bytea": "''",
}
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
   AND is_identity = 'NO' AND is_generated = 'NEVER'"""


def insert(cursor: Any, table: str, columns: Mapping[str, str], source: str) -> None:
    """Insert what `SELECT columns FROM source` gives; columns: SQL by name."""
    cursor.execute(COLUMNS, [table])
    missing = {name: NEUTRAL.get(kind, "''") for name, kind in cursor.fetchall() if name not in columns}
    every = {**columns, **missing}
    cursor.execute(f"INSERT INTO {table} ({', '.join(every)}) SELECT {', '.join(every.values())} FROM {source}")
