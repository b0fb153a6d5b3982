"""A file of each data set in each format, opened by pandas, DuckDB and LibreOffice, and compared cell by cell.

    .venv/bin/python bench/open_exports.py [--soffice soffice]

Starts a PostgreSQL and a Valkey of its own in a temporary folder, fills a workspace with the history of the tests, and makes
each file by the real job. What Python's own CSV reader finds in the plain file is what every reader must find. LibreOffice
reads each file and writes it as CSV again; a CSV file goes through a sheet of its own in between, its columns read as text.
A line break inside a cell of a sheet is a line feed, whatever it was before; these cells are counted apart.
"""
# ruff: noqa: E402, PLC0415 - Django is set up only once the servers run

import argparse
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from _servers import bench_cache, bench_server

MADRID = ZoneInfo("Europe/Madrid")
MOST_COLUMNS = 80
# Comma, double quote, UTF-8, from line 1; every column is text.
READ_AS_TEXT = "44,34,76,1," + "/".join(f"{column}/2" for column in range(1, MOST_COLUMNS + 1)) + ",0,false,false"
# The same, cells as they are shown.
WRITTEN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"
MADE: dict[str, dict[str, Any]] = {
    "csv": {},
    "for-excel": {"for_excel": True},
    "csv.gz": {"is_gzipped": True},
    "xlsx": {"format": "xlsx"},
    "parquet": {"format": "parquet"},
}


@dataclass
class Tally:
    """Cells compared and damaged, by reader, and the first damage of each; line breaks of another kind are counted apart."""

    cells: dict[str, int] = field(default_factory=dict)
    breaks: dict[str, int] = field(default_factory=dict)
    damaged: dict[str, int] = field(default_factory=dict)
    first: dict[str, str] = field(default_factory=dict)

    def compare(self, reader: str, wanted: list[list[str]], found: list[list[str]]) -> tuple[int, int]:
        """Count; a cell that is missing or too many is damaged."""
        from tests.exports.readers import with_line_feeds

        cells = bad = 0
        for line in range(max(len(wanted), len(found))):
            one = wanted[line] if line < len(wanted) else []
            other = found[line] if line < len(found) else []
            for place in range(max(len(one), len(other))):
                cells += 1
                if one[place : place + 1] == other[place : place + 1]:
                    continue
                if with_line_feeds([one[place : place + 1]]) == with_line_feeds([other[place : place + 1]]):
                    self.breaks[reader] = self.breaks.get(reader, 0) + 1
                else:
                    bad += 1
                    said = f"line {line}, column {place}: {one[place : place + 1]} became {other[place : place + 1]}"
                    self.first.setdefault(reader, said)
        self.cells[reader] = self.cells.get(reader, 0) + cells
        self.damaged[reader] = self.damaged.get(reader, 0) + bad
        return cells, bad


def make_all(folder: Path) -> dict[str, Any]:
    """Make every file by the real job; return the columns by data set."""
    from django.core.files.storage import default_storage

    from exports.catalogue import DATASETS
    from tests.exports.committed import a_committed_history
    from tests.exports.history.ground import EXPORT_AT
    from tests.exports.steps import made
    from workspaces.scope import workspace_scope

    actor = a_committed_history().ada
    columns = {}
    for dataset in DATASETS.values():
        days = {"from_day": date(2026, 3, 1), "to_day": date(2026, 4, 7)} if dataset.needs_range else {}
        for ending, choices in MADE.items():
            row = made(actor, dataset=dataset.key, at=EXPORT_AT, time_zone="Europe/Madrid", **days, **choices)
            target = folder / ending / f"{dataset.key}.{'csv' if ending == 'for-excel' else ending}"
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(Path(default_storage.path(row.file_key)).read_bytes())
        with workspace_scope(actor.workspace_id):
            columns[dataset.key] = dataset.columns_in(actor.workspace_id)
    return columns


def through_libreoffice(soffice: str, folder: Path) -> None:
    """Let LibreOffice read every CSV file and every sheet, and write what it has understood into `<name>-again`."""

    def convert(source: str, ending: str, target: str, *more: str) -> None:
        files = sorted(str(path) for path in (folder / source).iterdir())
        profile = f"-env:UserInstallation=file://{folder / 'profile'}"
        command = [soffice, profile, "--headless", *more, "--convert-to", ending, "--outdir", str(folder / target)]
        subprocess.run([*command, *files], check=True, capture_output=True, timeout=900)

    for source in ("csv", "for-excel"):
        convert(source, "xlsx", f"{source}-sheets", f"--infilter=CSV:{READ_AS_TEXT}")
        convert(f"{source}-sheets", WRITTEN, f"{source}-again")
    convert("xlsx", WRITTEN, "xlsx-again")


def compared(folder: Path, key: str, columns: Any, tally: Tally) -> Iterator[tuple[str, int, int]]:
    """Compare every reader's cells of one data set with those of the plain file."""
    from exports.catalogue import DATASETS
    from tests.exports import readers

    lines = readers.lines_of((folder / "csv" / f"{key}.csv").read_bytes())
    raw = readers.without_guard(lines, columns)
    facts = (columns, DATASETS[key].family, MADRID)
    path = {ending: str(folder / ending / f"{key}.{ending}") for ending in MADE}
    path["for-excel"] = str(folder / "for-excel" / f"{key}.csv")

    def again(source: str) -> list[list[str]]:
        return readers.lines_of((folder / f"{source}-again" / f"{key}.csv").read_bytes())

    found = {
        "CSV, pandas": (lines, readers.csv_by_pandas(path["csv"])),
        "CSV, DuckDB": (lines, readers.csv_by_duckdb(path["csv"])),
        "CSV, LibreOffice": (lines, again("csv")),
        "CSV for Excel, pandas": (lines, readers.csv_by_pandas(path["for-excel"])),
        "CSV for Excel, DuckDB": (lines, readers.csv_by_duckdb(path["for-excel"])),
        "CSV for Excel, LibreOffice": (lines, again("for-excel")),
        "gzip, pandas": (lines, readers.csv_by_pandas(path["csv.gz"])),
        "gzip, DuckDB": (lines, readers.csv_by_duckdb(path["csv.gz"])),
        "XLSX, pandas": (raw, readers.sheet_by_pandas(path["xlsx"], *facts)),
        "XLSX, openpyxl": (raw, readers.sheet_by_openpyxl(path["xlsx"], *facts)),
        "XLSX, LibreOffice": (raw, [raw[0], *_as_text(again("xlsx")[1:], columns)]),
        "Parquet, pandas": (raw, readers.parquet_by_pandas(path["parquet"], *facts)),
        "Parquet, DuckDB": (raw, readers.parquet_by_duckdb(path["parquet"], *facts)),
    }
    for reader, (wanted, got) in found.items():
        yield reader, *tally.compare(reader, wanted, got)


def _as_text(rows: list[list[str]], columns: Any) -> list[list[str]]:
    """Write what LibreOffice shows of numbers and truths as our CSV has it."""
    from exports.catalogue.columns import Kind

    def cell(shown: str, kind: Kind) -> str:
        if kind is Kind.BOOLEAN:
            return shown.lower()
        return str(float(shown)) if kind is Kind.NUMBER and shown else shown

    return [[cell(shown, column.kind) for shown, column in zip(row, columns, strict=True)] for row in rows]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--soffice", default="soffice")
    given = parser.parse_args()
    with bench_server() as server, bench_cache(server):
        server.fresh()
        import django

        django.setup()
        folder = server.folder / "opened"
        folder.mkdir()
        columns = make_all(folder)
        through_libreoffice(given.soffice, folder)
        tally = Tally()
        print("| data set | reader | cells compared | damaged |\n|---|---|---|---|")
        for key, of_dataset in columns.items():
            for reader, cells, damaged in compared(folder, key, of_dataset, tally):
                print(f"| {key} | {reader} | {cells:,} | {damaged:,} |")
        print(
            "\n| reader | data sets | cells compared | damaged | CR became LF | first damage |\n|---|---|---|---|---|---|"
        )
        for reader, cells in tally.cells.items():
            counts = f"{cells:,} | {tally.damaged[reader]:,} | {tally.breaks.get(reader, 0)}"
            print(f"| {reader} | {len(columns)} | {counts} | {tally.first.get(reader, '')} |")


if __name__ == "__main__":
    main()
