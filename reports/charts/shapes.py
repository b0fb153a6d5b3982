"""What charts are made of: what a report hands in, and the pieces that more than one template prints.

Coordinates are texts ready for SVG attributes: "52.5" in pixels from the top, "3.333%" of the plot's width from the left.
So a chart fills whatever width it gets while its letters keep their size, and no language writes a comma into a path.
"""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """NUMBER: a count or an average; DURATION: milliseconds; SHARE: a part of one, 0.51 for 51 %."""

    NUMBER = "number"
    DURATION = "duration"
    SHARE = "share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One value per slot: None where nothing is known, never below zero. `colour` is 1 to 6, or 0 for grey."""

    key: str
    label: str
    colour: int
    values: tuple[float | None, ...]
    is_below: bool = False  # mirrored: drawn under the axis
    is_previous: bool = False  # the period before: a dashed, quiet line


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One place on the axis: "24 Oct" or nothing under it, "Saturday 24 October" in its tooltip, its rows behind `url`."""

    label: str
    title: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of a whole, never below zero. `colour` 0 means by order; `icon` is a kind of channel."""

    key: str
    label: str
    value: float
    url: str = ""
    colour: int = 0
    icon: str = ""
    place: str = ""  # in a ranking


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line of the legend, and of the tooltip."""

    label: str
    legend: str
    colour: int
    is_previous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine:
    y: str
    words: str
    is_axis: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    x: str
    anchor: str  # start, middle or end
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TickRow:
    """The labels under the axis that fit one width of the plot: "wide", "medium" or "narrow"."""

    width: str
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What a pointer, a key or a reader of the screen finds at one slot. `values` are words, as JSON, one per mark."""

    title: str
    name: str
    values: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    colour: int
    kind: str  # "top" has round corners, "plain" has none


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A path in a box of 1,000 units by `Plot.height` pixels that is stretched to the plot's width."""

    path: str
    colour: int
    is_previous: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    x: str
    y: str
    colour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """Bars, lines and dots over one axis from zero. `is_empty`: no slot has a value."""

    template: str
    sentence: str
    height: str
    label_y: str
    gutter: str
    gutter_end: str
    lines: tuple[GridLine, ...]
    tick_rows: tuple[TickRow, ...]
    areas: tuple[Area, ...]
    marks: tuple[Mark, ...]
    series: str  # the marks as JSON, for the tooltip
    bars: tuple[Bar, ...]
    fills: tuple[Line, ...]  # many thin bars as one path for each colour
    paths: tuple[Line, ...]
    dots: tuple[Dot, ...]
    has_legend: bool
    is_empty: bool


def px(value: float) -> str:
    """52.5, 168: at most two decimals, whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def pct(fraction: float) -> str:
    """0.033333 is "3.333%"."""
    return f"{100 * fraction:.3f}".rstrip("0").rstrip(".") + "%"
