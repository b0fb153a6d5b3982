"""A file of every data set in every format, made by the real job and opened by programs that other people use."""

import gzip
import os
import signal
import subprocess
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import openpyxl
import pandas as pd
import pytest
from django.core.files.storage import default_storage

from contacts.actions import add_contact, add_contact_field
from contacts.models.contact import Source
from exports import files
from exports.actions import cancel_export, leases, run_export
from exports.catalogue import DATASETS
from exports.catalogue.columns import Column
from exports.formats import parquet, xlsx
from exports.models import Export, State
from tests.exports.committed import a_committed_history
from tests.exports.history.ground import EXPORT_AT
from tests.exports.readers import (
    csv_by_duckdb,
    csv_by_pandas,
    lines_of,
    parquet_by_duckdb,
    parquet_by_pandas,
    sheet_by_openpyxl,
    with_line_feeds,
    without_guard,
)
from tests.exports.steps import after, asked, clock, content, made, now
from tests.factories import NOON, Cast
from workspaces.actors import Actor
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)

MADRID = ZoneInfo("Europe/Madrid")
OTHERS = ("gzip", "xlsx", "parquet")
WHOLE = {"from_day": date(2026, 3, 1), "to_day": date(2026, 4, 7), "time_zone": "Europe/Madrid"}


def one(actor: Actor, dataset: str, **choices: Any) -> Export:
    """Make one file of the whole history."""
    days = WHOLE if DATASETS[dataset].needs_range else {"time_zone": WHOLE["time_zone"]}
    row = made(actor, dataset=dataset, at=EXPORT_AT, **days, **choices)
    assert row.state == State.COMPLETED, (dataset, choices, row.error_code)
    return row


def columns_of(actor: Actor, dataset: str) -> tuple[Column, ...]:
    with workspace_scope(actor.workspace_id):
        return DATASETS[dataset].columns_in(actor.workspace_id)


def path_of(row: Export) -> str:
    return default_storage.path(row.file_key)


def test_every_data_set_in_every_format_holds_the_same_cells(*, is_long: bool) -> None:
    """CSV by pandas and DuckDB, unpacked gzip byte by byte, sheets by openpyxl, Parquet by pandas and DuckDB.

    Beside its CSV each data set takes one of the other formats in turn, and in a long run all of them.
    """
    actor = a_committed_history().ada
    for number, dataset in enumerate(DATASETS):
        others = OTHERS if is_long else OTHERS[number % 3 :][:1]
        columns = columns_of(actor, dataset)
        guarded = one(actor, dataset)
        plain = content(guarded)
        lines = lines_of(plain)
        assert len(lines) > 2, dataset
        assert csv_by_pandas(path_of(guarded)) == csv_by_duckdb(path_of(guarded)) == lines, dataset
        raw = without_guard(lines, columns)
        facts = (columns, DATASETS[dataset].family, MADRID)
        if "gzip" in others:
            assert gzip.decompress(content(one(actor, dataset, is_gzipped=True))) == plain
        if "xlsx" in others:
            sheet = path_of(one(actor, dataset, format="xlsx"))
            assert sheet_by_openpyxl(sheet, *facts) == with_line_feeds(raw), dataset
        if "parquet" in others:
            packed = path_of(one(actor, dataset, format="parquet"))
            assert parquet_by_duckdb(packed, *facts) == parquet_by_pandas(packed, *facts) == raw, dataset


def a_contact(actor: Actor, **values: str) -> None:
    with workspace_scope(actor.workspace_id):
        add_contact(actor=actor, values=values, source=Source.USER, at=NOON)  # type: ignore[arg-type]


def test_what_programs_like_to_spoil_stays_as_it_is(cast: Cast) -> None:
    """Words that look like formulas, numbers and dates; accents; a phone number; a line break; an empty cell."""
    a_contact(cast.ada, first_name="=1+1", last_name="José Ñandú €🦜", phone="+34600123456")
    a_contact(cast.ada, first_name="007", last_name="1-2")
    a_contact(cast.ada, first_name="@cmd", last_name="NULL")
    wanted = [["=1+1", "José Ñandú €🦜", "+34600123456"], ["007", "1-2", None], ["@cmd", "NULL", None]]
    sheet = openpyxl.load_workbook(path_of(made(cast.ada, format="xlsx"))).active
    assert sheet is not None
    assert [[cell.value for cell in row[1:4]] for row in sheet.iter_rows(min_row=2)] == wanted
    assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row[1:4]} == {
        "s",
        "n",
    }  # "n": an empty one
    assert sheet.freeze_panes == "A2"
    with duckdb.connect() as database:
        packed = path_of(made(cast.ada, format="parquet"))
        names = database.execute("SELECT FirstName, LastName, PhoneNumber FROM read_parquet(?)", [packed]).fetchall()
        assert [list(row) for row in names] == wanted
    frame = pd.read_csv(path_of(made(cast.ada)), dtype=str, keep_default_na=False)
    assert [*frame["FirstName"]] == ["'=1+1", "007", "'@cmd"]
    assert [*frame["PhoneNumber"]] == ["+34600123456", "", ""]
    assert frame["ContactID"].str.isdigit().all()


def test_headers_of_parquet_are_in_the_language_that_was_chosen_and_differ(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        add_contact_field(actor=cast.ada, name="Nombre", kind="text", at=NOON)
    a_contact(cast.ada, first_name="Cleo")
    names = [*pd.read_parquet(path_of(made(cast.ada, format="parquet", header_language="es"))).columns]
    assert names[:2] == ["ID de contacto", "Nombre"]
    assert names[-1] == "nombre (2)"


def test_an_empty_file_has_its_columns_all_the_same(cast: Cast) -> None:
    assert pd.read_parquet(path_of(made(cast.ada, format="parquet"))).shape == (0, 14)
    assert pd.read_excel(path_of(made(cast.ada, format="xlsx"))).shape == (0, 14)
    assert pd.read_csv(path_of(made(cast.ada, for_excel=True))).shape == (0, 14)


def test_what_excel_cannot_hold_fails_and_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Ada", "Bo", "Cleo"):
        a_contact(cast.ada, first_name=name)
    monkeypatch.setattr(xlsx, "MOST_ROWS", 3)
    row = made(cast.ada, format="xlsx")
    assert (row.state, row.error_code, row.attempt) == (State.FAILED, "exports.too_many_rows_for_excel", 1)
    monkeypatch.undo()
    monkeypatch.setattr(xlsx, "LONGEST_TEXT", 8)
    a_contact(cast.ada, first_name="🦜🦜🦜🦜🦜")  # ten characters as Excel counts
    row = made(cast.ada, format="xlsx")
    assert (row.state, row.error_code) == (State.FAILED, "exports.text_too_long_for_excel")
    assert [*files.spool_folder().glob("*")] == []
    assert made(cast.ada, format="parquet").state == State.COMPLETED


def test_a_cancelled_export_ends_the_process_that_writes_parquet(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    a_contact(cast.ada, first_name="Cleo")
    row = asked(cast.ada, format="parquet")
    started: list[subprocess.Popen[str]] = []

    class Frozen(subprocess.Popen[str]):
        """It never gets anywhere, and meanwhile Max cancels."""

        def __init__(self, *args: Any, **more: Any) -> None:
            super().__init__(*args, **more)
            os.kill(self.pid, signal.SIGSTOP)
            started.append(self)
            with workspace_scope(cast.acme.pk):
                cancel_export(actor=cast.max, export_id=row.pk, at=after(1))

    monkeypatch.setattr("exports.formats.parquet.subprocess.Popen", Frozen)
    monkeypatch.setattr(parquet, "PATIENCE_SECONDS", 0.05)
    monkeypatch.setattr(leases, "PULSE_SECONDS", 0.05)
    run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert [process.returncode for process in started] == [-signal.SIGKILL]
    assert (now(row).state, now(row).file_key) == (State.CANCELLED, "")
    assert [*files.spool_folder().glob("*")] == []


def test_a_parquet_process_that_fails_gives_the_export_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    row = asked(cast.ada, format="parquet")
    monkeypatch.setattr(parquet, "_type", lambda *_: "nothing known")
    with pytest.raises(OSError, match="Parquet could not be written"):
        run_export(workspace_id=cast.acme.pk, export_id=row.pk, clock=clock())
    assert now(row).state == State.QUEUED
