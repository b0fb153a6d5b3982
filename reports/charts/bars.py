"""Bars over time: stacked or side by side above the axis, mirrored ones below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.axes import value_axis
from reports.charts.plot import BOX_WIDTH, Drawn, Scale, checked, frame, is_whole, line_of
from reports.charts.shapes import Bar, Dot, Line, Plot, Series, Slot, Unit, pct, px

BarChart = Plot
# The part of a slot that its bars fill; thin slots need nearly all of it to stay visible.
FILL = 0.62
FILL_THIN = 0.86
_THIN = 62
# No bar is wider than this part of the plot, however few there are.
WIDEST = 0.1
_BESIDE = 0.92  # of the place of a bar that has neighbours
_GAP = 1.0
_LEAST = 1.5
_ZERO_MARK = 2.0
_NO_SERIES = 0  # grey: in the colour of a series it would pass for a small value


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
    pieces: list[_Piece] = []
    for index in range(len(slots)):
        if is_stacked:
            pieces += _stack(up, index, scale=scale, is_below=False)
        else:
            for place, one in enumerate(up):
                pieces += _stack([one], index, scale=scale, is_below=False, side=(place, len(up)))
        pieces += _stack(down, index, scale=scale, is_below=True)
    drawn = Drawn()
    if len(slots) > _THIN:
        drawn.fills = _as_paths(pieces)
    else:
        drawn.bars = [_as_bar(piece) for piece in pieces]
    for one in before:
        line, alone = line_of(one, scale=scale)
        drawn.paths.append(line)
        drawn.dots += [Dot(x=pct((at + 0.5) / len(slots)), y=px(scale.y(value)), colour=0) for at, value in alone]
    return frame(slots=slots, series=series, unit=unit, sentence=sentence, scale=scale, drawn=drawn)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """x and width as parts of the plot's width, y and height in pixels."""

    x: float
    y: float
    width: float
    height: float
    colour: int
    is_top: bool


def _as_bar(piece: _Piece) -> Bar:
    return Bar(
        x=pct(piece.x),
        y=px(piece.y),
        width=pct(piece.width),
        height=px(piece.height),
        colour=piece.colour,
        kind="top" if piece.is_top else "plain",
    )


def _as_paths(pieces: Sequence[_Piece]) -> list[Line]:
    paths: dict[int, list[str]] = {}
    for piece in pieces:
        x, width = px(piece.x * BOX_WIDTH), px(piece.width * BOX_WIDTH)
        paths.setdefault(piece.colour, []).append(f"M{x} {px(piece.y)}h{width}v{px(piece.height)}h-{width}z")
    return [Line(path="".join(path), colour=colour, is_previous=False) for colour, path in paths.items()]


def _heights(series: Sequence[Series], count: int) -> list[float]:
    return [sum(one.values[index] or 0 for one in series) for index in range(count)]


def _largest(series: Sequence[Series]) -> list[float]:
    return [value for one in series for value in one.values if value is not None]


def _stack(
    series: Sequence[Series], index: int, *, scale: Scale, is_below: bool, side: tuple[int, int] = (0, 1)
) -> list[_Piece]:
    """Return the bars of one slot on one side of the axis; `side` is the place among so many beside each other."""
    known = [(one.colour, value) for one in series if (value := one.values[index]) is not None]
    filled = [(colour, value) for colour, value in known if value]
    if not known or (is_below and not filled):
        return []
    x, width = _place(index, count=len(series[0].values), side=side)
    if not filled:
        y = scale.zero - _ZERO_MARK
        return [_Piece(x=x, y=y, width=width, height=_ZERO_MARK, colour=_NO_SERIES, is_top=False)]
    pieces, reached = [], _GAP if is_below else 0.0
    for at, (colour, value) in enumerate(filled):
        height = max(value * scale.unit_height - (_GAP if at else 0), _LEAST)
        y = scale.zero + reached if is_below else scale.zero - reached - height
        is_top = at == len(filled) - 1 and not is_below
        pieces.append(_Piece(x=x, y=y, width=width, height=height, colour=colour, is_top=is_top))
        reached += height + _GAP
    return pieces


def _place(index: int, *, count: int, side: tuple[int, int]) -> tuple[float, float]:
    """Return where a bar begins and how wide it is, as parts of the plot's width."""
    place, beside = side
    fill = min(FILL if count <= _THIN else FILL_THIN, WIDEST * count * beside)
    each = fill / beside
    return (index + (1 - fill) / 2 + place * each) / count, each * (_BESIDE if beside > 1 else 1) / count
