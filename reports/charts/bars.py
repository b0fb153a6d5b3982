"""Bars over time: stacked or side by side above the axis, mirrored ones below it."""

from collections.abc import Sequence

from reports.charts.axes import value_axis
from reports.charts.plot import Scale, checked, frame, is_whole, line_of
from reports.charts.shapes import Bar, Dot, Line, Plot, Series, Slot, Unit, pct, px

BarChart = Plot
# The part of a slot that its bars fill; thin slots need nearly all of it to stay visible.
FILL = 0.62
FILL_THIN = 0.86
_THIN = 62
_GAP = 1.0
_LEAST = 1.5
_ZERO_MARK = 1.0


def bar_chart(
    *, slots: Sequence[Slot], series: Sequence[Series], unit: Unit, sentence: str, is_stacked: bool = True
) -> BarChart:
    """Bars for each slot; a series of the period before becomes a dashed line.

    is_stacked: series above the axis stand on each other; otherwise side by side. Those below always hang in one stack.
    None draws nothing, 0 draws a thin mark on the axis. ValueError when a series has not one value per slot.
    """
    checked(slots, series)
    up = [one for one in series if not (one.is_below or one.is_previous)]
    down = [one for one in series if one.is_below and not one.is_previous]
    before = [one for one in series if one.is_previous]
    tallest = max(
        (*_heights(up if is_stacked else [], len(slots)), *_largest([] if is_stacked else up), *_largest(before), 0)
    )
    deepest = max((*_heights(down, len(slots)), 0))
    scale = Scale(axis=value_axis(above=tallest, below=deepest, unit=unit, is_whole=is_whole(series)))
    bars: list[Bar] = []
    for index in range(len(slots)):
        if is_stacked:
            bars += _stack(up, index, count=len(slots), scale=scale, is_below=False)
        else:
            for place, one in enumerate(up):
                bars += _stack([one], index, count=len(slots), scale=scale, is_below=False, side=(place, len(up)))
        bars += _stack(down, index, count=len(slots), scale=scale, is_below=True)
    lines: list[Line] = []
    dots: list[Dot] = []
    for one in before:
        line, alone = line_of(one, scale=scale)
        lines.append(line)
        dots += [Dot(x=pct((at + 0.5) / len(slots)), y=px(scale.y(value)), colour=0) for at, value in alone]
    return frame(slots=slots, series=series, unit=unit, sentence=sentence, scale=scale, drawn=(bars, lines, dots))


def _heights(series: Sequence[Series], count: int) -> list[float]:
    return [sum(one.values[index] or 0 for one in series) for index in range(count)]


def _largest(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]


def _stack(
    series: Sequence[Series],
    index: int,
    *,
    count: int,
    scale: Scale,
    is_below: bool,
    side: tuple[int, int] = (0, 1),
) -> list[Bar]:
    """Return the bars of one slot on one side of the axis; `side` is the place among so many beside each other."""
    known = [(one.colour, value) for one in series if (value := one.values[index]) is not None]
    if not known:
        return []
    place, beside = side
    fill = FILL if count <= _THIN else FILL_THIN
    width = fill / beside
    x = (index + (1 - fill) / 2 + place * width) / count
    inner = width * (0.92 if beside > 1 else 1) / count
    if not any(value for _, value in known):
        edge = scale.zero if is_below else scale.zero - _ZERO_MARK
        zero = Bar(x=pct(x), y=px(edge), width=pct(inner), height=px(_ZERO_MARK), colour=known[0][0], kind="plain")
        return [] if is_below else [zero]
    bars, reached = [], _GAP if is_below else 0.0
    filled = [(colour, value) for colour, value in known if value]
    for at, (colour, value) in enumerate(filled):
        height = max(value * scale.unit_height - (_GAP if at else 0), _LEAST)
        y = scale.zero + reached if is_below else scale.zero - reached - height
        is_top = at == len(filled) - 1 and not is_below and count <= _THIN
        bars.append(
            Bar(
                x=pct(x), y=px(y), width=pct(inner), height=px(height), colour=colour, kind="top" if is_top else "plain"
            )
        )
        reached += height + _GAP
    return bars
