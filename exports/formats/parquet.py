"""Parquet for analysts: typed columns, made by a process of its own (`exports.formats.arrow`)."""

import csv
import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from exports.catalogue.columns import Column, Kind
from exports.catalogue.datasets import Family

PATIENCE_SECONDS = 0.5
WORDS_OF_KIND = {
    Kind.INTEGER: "whole",
    Kind.SECONDS: "whole",
    Kind.NUMBER: "decimal",
    Kind.BOOLEAN: "truth",
}


def to_parquet(
    source: Path, target: Path, *, columns: Sequence[Column], family: Family, check: Callable[[], None]
) -> None:
    """Write a CSV file as Parquet, its columns named by the file's first line. When `check` raises, the process is killed.

    Ids stay text, as in every file. Date-times of the workspace family have no offset there, so none here; those of the
    performance family are moments.
    """
    with source.open(encoding="utf-8", newline="") as lines:
        headers = next(csv.reader(lines))
    asked = {
        "source": str(source),
        "target": str(target),
        "columns": [
            {"name": name, "type": _type(column, family)}
            for name, column in zip(_distinct(headers), columns, strict=True)
        ],
    }
    command = [sys.executable, "-P", str(Path(__file__).with_name("arrow.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            said = _said(process, json.dumps(asked), check)
        except BaseException:  # the time of the worker's task may be over, too
            process.kill()
            raise
        if process.returncode != 0:
            raise OSError(f"Parquet could not be written: {said[-500:]}")


def _said(process: "subprocess.Popen[str]", asked: str, check: Callable[[], None]) -> str:
    """Wait for the end of a process, and return what it complained of."""
    given: str | None = asked
    while True:
        try:
            return process.communicate(given, timeout=PATIENCE_SECONDS)[1]
        except subprocess.TimeoutExpired:
            given = None
        check()


def _type(column: Column, family: Family) -> str:
    if column.kind is Kind.DATETIME:
        return "clock" if family is Family.WORKSPACE else "moment"
    return WORDS_OF_KIND.get(column.kind, "text")


def _distinct(names: Sequence[str]) -> list[str]:
    """Number the names that come again; capitals make no difference to most readers."""
    taken: set[str] = set()
    distinct = []
    for name in names:
        number, free = 1, name
        while free.casefold() in taken:
            number += 1
            free = f"{name} ({number})"
        taken.add(free.casefold())
        distinct.append(free)
    return distinct
