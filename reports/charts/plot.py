"""What bars and lines share: axis, grid, labels, legend, and the areas that pointer and keys move over."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from reports.charts.axes import ValueAxis, tick_rows
from reports.charts.shapes import Area, Bar, Dot, GridLine, Line, Mark, Plot, Series, Slot, Unit, px
from reports.charts.words import LETTER_WIDTH, axis_words, named, words

TOP = 14.0
PLOT_HEIGHT = 196.0
LABEL_HEIGHT = 26.0
TEMPLATE = "reports/charts/plot.html"
BOX_WIDTH = 1000
_GUTTER_GAP = 10


@dataclass(slots=True, kw_only=True)
class Drawn:
    """What stands on the axis, in the order in which it is drawn."""

    bars: list[Bar] = field(default_factory=list)
    fills: list[Line] = field(default_factory=list)
    paths: list[Line] = field(default_factory=list)
    dots: list[Dot] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """From a value to pixels from the top."""

    axis: ValueAxis

    @property
    def unit_height(self) -> float:
        return PLOT_HEIGHT / (self.axis.top + self.axis.bottom)

    @property
    def zero(self) -> float:
        return TOP + self.axis.top * self.unit_height

    def y(self, value: float) -> float:
        return self.zero - value * self.unit_height


def checked(slots: Sequence[Slot], series: Sequence[Series]) -> None:
    """Raise ValueError when a series does not fit the slots or goes below zero: a mistake of the report, not of a reader."""
    for one in series:
        if len(one.values) != len(slots):
            raise ValueError(f"{one.key} has {len(one.values)} values for {len(slots)} slots")
        if any(value is not None and value < 0 for value in one.values):
            raise ValueError(f"{one.key} goes below zero")


def is_whole(series: Sequence[Series]) -> bool:
    return all(value is None or value == int(value) for one in series for value in one.values)


def frame(
    *,
    slots: Sequence[Slot],
    series: Sequence[Series],
    unit: Unit,
    sentence: str,
    scale: Scale,
    drawn: Drawn,
) -> Plot:
    """Put what was drawn on its axis."""
    top = max(scale.axis.top, scale.axis.bottom)
    lines = tuple(
        GridLine(y=px(scale.y(value)), words=axis_words(abs(value), top=top, unit=unit), is_axis=value == 0)
        for value in scale.axis.lines()
    )
    gutter = round(max(len(line.words) for line in lines) * LETTER_WIDTH) + _GUTTER_GAP
    marks = tuple(_mark(one, is_mirrored=any(each.is_below for each in series)) for one in series)
    return Plot(
        template=TEMPLATE,
        sentence=sentence,
        height=px(TOP + PLOT_HEIGHT + LABEL_HEIGHT),
        label_y=px(TOP + PLOT_HEIGHT + LABEL_HEIGHT - 6),
        gutter=str(gutter),
        gutter_end=str(gutter - _GUTTER_GAP),
        lines=lines,
        tick_rows=tick_rows(slots),
        areas=tuple(_area(slot, index, series=series, unit=unit) for index, slot in enumerate(slots)),
        marks=marks,
        series=json.dumps([{"label": m.label, "colour": m.colour, "previous": m.is_previous} for m in marks]),
        bars=tuple(drawn.bars),
        fills=tuple(drawn.fills),
        paths=tuple(drawn.paths),
        dots=tuple(drawn.dots),
        has_legend=len(marks) > 1,
        is_empty=all(value is None for one in series for value in one.values),
    )


def _mark(one: Series, *, is_mirrored: bool) -> Mark:
    legend = one.label
    if is_mirrored and not one.is_previous:
        side = gettext("%(series)s, below") if one.is_below else gettext("%(series)s, above")
        legend = side % {"series": one.label}
    return Mark(label=one.label, legend=legend, colour=one.colour, is_previous=one.is_previous)


def _area(slot: Slot, index: int, *, series: Sequence[Series], unit: Unit) -> Area:
    values = [words(one.values[index], unit) for one in series]
    pairs = [(one.label if len(series) > 1 else "", value) for one, value in zip(series, values, strict=True)]
    return Area(title=slot.title, name=named(slot.title, pairs), values=json.dumps(values), url=slot.url)


def line_of(one: Series, *, scale: Scale) -> tuple[Line, list[tuple[int, float]]]:
    """Return the line of a series with a gap wherever nothing is known, and the points that stand alone."""
    each = BOX_WIDTH / max(len(one.values), 1)
    steps, alone = [], []
    for index, value in enumerate(one.values):
        if value is None:
            continue
        has_before = index > 0 and one.values[index - 1] is not None
        has_after = index + 1 < len(one.values) and one.values[index + 1] is not None
        if has_before or has_after:
            steps.append(f"{'L' if has_before else 'M'}{px((index + 0.5) * each)} {px(scale.y(value))}")
        else:
            alone.append((index, value))
    return Line(path=" ".join(steps), colour=one.colour, is_previous=one.is_previous), alone
