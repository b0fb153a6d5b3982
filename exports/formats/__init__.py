"""Files that are no CSV, made of one: each converter reads the finished, unguarded CSV and writes its own file beside it."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from exports.catalogue.columns import Column
from exports.catalogue.datasets import Family
from exports.formats.fitting import NotFitting
from exports.models import Format

__all__ = ["Converter", "NotFitting", "converter_of"]


class Converter(Protocol):
    """Reads a CSV file and writes another one; `check` is called now and then, and may raise."""

    def __call__(
        self, source: Path, target: Path, *, columns: Sequence[Column], family: Family, check: Callable[[], None]
    ) -> None: ...


def converter_of(wanted: Format) -> Converter | None:
    """Return what makes a format of CSV; None for CSV itself. Its library is loaded by the worker that needs it, and by nobody else."""
    if wanted is Format.XLSX:
        from exports.formats.xlsx import to_xlsx  # noqa: PLC0415

        return to_xlsx
    if wanted is Format.PARQUET:
        from exports.formats.parquet import to_parquet  # noqa: PLC0415

        return to_parquet
    return None
