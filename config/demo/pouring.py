"""Rows by the ten thousand: COPY into a temporary table, which has no wall, and one INSERT from there."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

NULL = "\\N"


def pour(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Write rows that have their ids already, with every column of their model but the generated ones."""
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]  # noqa: SLF001 - Django's documented API
    columns = [str(field.column) for field in fields]
    names = [field.attname for field in fields]
    as_json = {field.attname for field in fields if isinstance(field, models.JSONField)}
    table = model._meta.db_table  # noqa: SLF001 - likewise
    listed = ", ".join(columns)
    file = io.StringIO()
    csv.writer(file).writerows(_values(row, names, as_json) for row in rows)
    file.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE poured (LIKE {table}) ON COMMIT DROP")
        cursor.copy_expert(f"COPY poured ({listed}) FROM STDIN WITH (FORMAT csv, NULL '{NULL}')", file)
        cursor.execute(f"INSERT INTO {table} ({listed}) SELECT {listed} FROM poured ORDER BY id")  # noqa: S608 - names of our own model
        cursor.execute("DROP TABLE poured")


def number(model: type[models.Model], rows: Iterable[Any]) -> None:
    """Give rows the next ids of their table, in their order."""
    rows = list(rows)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],  # noqa: SLF001 - likewise
        )
        ids = [one for (one,) in cursor.fetchall()]
    for row, one in zip(rows, ids, strict=True):
        row.__dict__["id"] = one


def _values(row: models.Model, names: list[str], as_json: set[str]) -> list[object]:
    given = row.__dict__
    return [_text(given[name], is_json=name in as_json) for name in names]


def _text(value: object, *, is_json: bool) -> object:
    if is_json:
        return json.dumps(value, ensure_ascii=False)
    if value is None:
        return NULL
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"\\x{value.hex()}"
    return value
