"""A data set read as a file would hold it, without the job around it."""

import csv
import io
from datetime import datetime

from django.db import connection

from exports.catalogue import DATASETS
from exports.copying import copy_out, prepare
from exports.parameters import Reading
from workspaces.actors import Actor


def rows_of(
    dataset: str,
    actor: Actor,
    *,
    export_at: datetime,
    range_from: datetime | None = None,
    range_to: datetime | None = None,
    filters: dict[str, list[int] | list[str]] | None = None,
    time_zone: str = "UTC",
    language: str = "en",
    is_guarded: bool = True,
    shows_content: bool = False,
) -> list[dict[str, str]]:
    """Return the rows of a data set by column key, in file order. Runs in the open scope of the actor's workspace."""
    lines = _Lines()
    reading = Reading(
        actor=actor,
        export_at=export_at,
        range_from=range_from,
        range_to=range_to,
        filters=filters or {},
        shows_content=shows_content,
    )
    with connection.cursor() as cursor:
        prepared = prepare(
            cursor, DATASETS[dataset], reading, time_zone=time_zone, header_language=language, is_guarded=is_guarded
        )
        copy_out(cursor, prepared, lines)
    keys = [column.key for column in prepared.columns]
    return [dict(zip(keys, cells, strict=True)) for cells in csv.reader(io.StringIO(lines.text(), newline=""))]


class _Lines:
    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, row: bytes) -> None:
        self._parts.append(row)

    def text(self) -> str:
        return b"".join(self._parts).decode()
