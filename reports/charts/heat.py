"""A table whose cells are tinted by their value: hours by weekdays."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from reports.charts.shapes import Unit
from reports.charts.words import brief, named, words

STEPS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """`step` is 0 for zero, 1 to 5 by fifths of the largest value, and "none" for what is not known."""

    title: str
    name: str
    values: str  # the full words, as JSON, as tooltips take them
    words: str
    step: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    label: str
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatStep:
    step: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    template: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[HeatRow, ...]
    steps: tuple[HeatStep, ...]
    is_empty: bool


def heat_map(
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    values: Sequence[Sequence[float | None]],
    unit: Unit,
    sentence: str,
    urls: Sequence[Sequence[str]] | None = None,
) -> HeatMap:
    """Return a table of `values[row][column]`, with a number in every cell that is not zero. ValueError when they do not fit."""
    if len(values) != len(rows) or any(len(line) != len(columns) for line in values):
        raise ValueError("a heat map needs one value for each row and column")
    largest = max((value for line in values for value in line if value is not None), default=0.0)
    drawn = [
        HeatRow(
            label=row,
            cells=tuple(
                _cell(
                    f"{row}, {column}",
                    values[at][place],
                    largest=largest,
                    unit=unit,
                    url=urls[at][place] if urls is not None else "",
                )
                for place, column in enumerate(columns)
            ),
        )
        for at, row in enumerate(rows)
    ]
    return HeatMap(
        template="reports/charts/heat.html",
        sentence=sentence,
        columns=tuple(columns),
        rows=tuple(drawn),
        steps=_legend(largest, unit),
        is_empty=not largest,
    )


def _cell(title: str, value: float | None, *, largest: float, unit: Unit, url: str) -> HeatCell:
    shown = words(value, unit)
    return HeatCell(
        title=title,
        name=named(title, [("", shown)]),
        values=json.dumps([shown]),
        words="" if not value else brief(value, unit),
        step="none" if value is None else str(ceil(STEPS * value / largest) if value else 0),
        url=url,
    )


def _legend(largest: float, unit: Unit) -> tuple[HeatStep, ...]:
    """Zero, then the upper end of each step; counts end at whole numbers, and steps that hold none are left out."""
    if not largest:
        return ()
    ends: list[HeatStep] = [HeatStep(step="0", words="0")]
    for step in range(1, STEPS + 1):
        end = largest * step / STEPS
        is_count = unit is Unit.NUMBER and largest == int(largest)
        shown = words(int(end) if is_count else end, unit)
        if (is_count and int(end) < 1) or shown == ends[-1].words:
            continue
        ends.append(HeatStep(step=str(step), words=shown if step == 1 else f"≤ {shown}"))
    return tuple(ends)
