"""The axis from zero with its nice steps, and the labels under it that never touch."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from reports.charts.shapes import Slot, Tick, TickRow, Unit, pct
from reports.charts.words import LETTER_WIDTH

MOST_LINES = 5
LEAST_LINES = 4
_DIGITS = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
_DURATIONS = (
    *(count * _SECOND for count in (1, 2, 5, 10, 15, 20, 30)),
    *(count * _MINUTE for count in (1, 2, 3, 5, 10, 15, 20, 30)),
    *(count * _HOUR for count in (1, 2, 3, 4, 6, 8, 12)),
)
# The least width of a plot in each layout of reports.css, in pixels at the usual letter size.
WIDTHS = (("wide", 640), ("medium", 400), ("narrow", 200))
_LABEL_GAP = 12
_NOTHING = 1e-9
_EVERY = (1, 2, 3, 4, 5, 6, 7, 10, 14, 21, 28, 42, 56, 91, 119, 140, 183)
_LONGEST_LABEL = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAxis:
    """From `-bottom` to `top` in the unit of the values; grid lines at multiples of `step`."""

    step: float
    top: float
    bottom: float

    def lines(self) -> list[float]:
        """Every grid line from the lowest to the highest; those under the axis are negative."""
        return [self.step * count for count in range(-floor(self.bottom / self.step), round(self.top / self.step) + 1)]


def value_axis(*, above: float, below: float, unit: Unit, is_whole: bool) -> ValueAxis:
    """Return the smallest nice step with at most five lines, and at least four.

    above, below: the largest values on either side of zero. is_whole: every value is a whole number, so steps are too.
    """
    step = next(
        step for step in _steps(above + below, unit, is_whole=is_whole) if _count(above, below, step) <= MOST_LINES
    )
    up = max(ceil(above / step), 1)
    missing = LEAST_LINES - _count(above, below, step)
    return ValueAxis(step=step, top=step * (up + max(missing, 0)), bottom=below)


def _count(above: float, below: float, step: float) -> int:
    return max(ceil(above / step), 1) + 1 + floor(below / step)


def _steps(span: float, unit: Unit, *, is_whole: bool) -> list[float]:
    """Steps from small to large, the last of them surely large enough."""
    if unit is Unit.DURATION:
        days = [count * _DAY for count in _decimal_steps(max(span / _DAY, 4), is_whole=True)]
        return [*_DURATIONS, *days]
    return _decimal_steps(span, is_whole=is_whole and unit is Unit.NUMBER)


def _decimal_steps(span: float, *, is_whole: bool) -> list[float]:
    if span < _NOTHING:
        return [1.0 if is_whole else 0.25]
    lowest = floor(log10(span)) - 1
    steps = [float(f"{digit}e{power}") for power in range(lowest, lowest + 3) for digit in _DIGITS]
    return [step for step in steps if not is_whole or (step >= 1 and step == int(step))]


def tick_rows(slots: Sequence[Slot]) -> tuple[TickRow, ...]:
    """Return the labels for each layout, counted from the last slot that has one, which is always named."""
    return tuple(TickRow(width=name, ticks=_ticks(slots, width)) for name, width in WIDTHS)


def _ticks(slots: Sequence[Slot], width: int) -> tuple[Tick, ...]:
    labels = [_short(slot.label) for slot in slots]
    named = [index for index, label in enumerate(labels) if label]
    if not named:
        return ()
    longest = max(map(len, labels)) * LETTER_WIDTH
    each = width / len(slots)
    # A label at the edge is pushed inwards, towards its neighbour.
    pushed = max(longest - each, 0) / 2
    fewest = ceil((longest + _LABEL_GAP + pushed) / (width / len(named)))
    every = _EVERY[at] if (at := bisect_left(_EVERY, fewest)) < len(_EVERY) else fewest
    kept: list[_Placed] = []
    for index in named[::-every]:
        placed = _placed(index, labels[index], each=each, width=width)
        if not kept or placed.end + _LABEL_GAP <= kept[0].start:
            kept.insert(0, placed)
    return tuple(placed.tick for placed in kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    tick: Tick
    start: float
    end: float


def _placed(index: int, label: str, *, each: float, width: int) -> _Placed:
    """Centre a label under its slot, unless that would push it over the plot's edge."""
    length, middle = len(label) * LETTER_WIDTH, (index + 0.5) * each
    if length <= each or length / 2 <= middle <= width - length / 2:
        anchor, x, start = "middle", middle, middle - length / 2
    elif middle < length / 2:
        anchor, x, start = "start", index * each, index * each
    else:
        anchor, x, start = "end", (index + 1) * each, (index + 1) * each - length
    return _Placed(tick=Tick(x=pct(x / width), anchor=anchor, words=label), start=start, end=start + length)


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else f"{label[: _LONGEST_LABEL - 1]}…"
