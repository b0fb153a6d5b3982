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
    heads: Sequence[str] | None = None,
) -> HeatMap:
    """Return a table of `values[row][column]`, with a number in every cell that is not zero. ValueError when they do not fit.

    heads: the columns as briefly as they stand above their cells, which tell them in full.
    """
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
        columns=tuple(heads or columns),
        rows=tuple(drawn),
        steps=_legend(
            largest,
            unit,
            is_whole=unit is Unit.NUMBER
            and all(value is None or value == int(value) for line in values for value in line),
        ),
        is_empty=all(value is None for line in values for value in line),
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


def _legend(largest: float, unit: Unit, *, is_whole: bool) -> tuple[HeatStep, ...]:
    """Zero, then what each step holds: "1–12" for counts, "≤ 8 min" for the rest. A step that holds no count is left out."""
    steps = [HeatStep(step="0", words="0")]
    for step in range(1, STEPS + 1 if largest else 1):
        first, last = int(largest * (step - 1) / STEPS) + 1, int(largest * step / STEPS)
        if not is_whole:
            steps.append(HeatStep(step=str(step), words=f"≤ {words(largest * step / STEPS, unit)}"))
        elif first == last:
            steps.append(HeatStep(step=str(step), words=words(last, unit)))
        elif first < last:
            steps.append(HeatStep(step=str(step), words=f"{words(first, unit)}–{words(last, unit)}"))
    return tuple(steps)
