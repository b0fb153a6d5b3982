"""A ring of at most six parts, with its table always beside it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext

from reports.charts.shapes import Part, Unit, px
from reports.charts.words import words
from workspaces.web import formats

MOST_PARTS = 6
# Lengths along the ring, whose whole is 100.
_GAP = 0.6
_LEAST = 0.5
OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """`dash` and `offset` are stroke-dasharray and stroke-dashoffset on a circle of pathLength 100; no dash, no arc."""

    label: str
    value: str
    share: str
    url: str
    colour: int
    icon: str
    dash: str
    offset: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Donut:
    template: str
    sentence: str
    total: str
    total_size: str  # "large", "middle" or "small", by the length of the words
    total_label: str
    slices: tuple[Slice, ...]
    is_empty: bool


def donut(
    *,
    parts: Sequence[Part],
    total_label: str,
    sentence: str,
    other_label: str = "",
    unit: Unit = Unit.NUMBER,
    whole: float = 0,
) -> Donut:
    """Parts of a whole, clockwise from the top. More than six become the five largest and "Other" (`other_label`).

    whole: where it is more than the parts, the rest stands under "Other" too.
    """
    other = other_label or gettext("Other")
    rest = whole - sum(part.value for part in parts)
    if rest > 0:
        parts = [*parts, Part(key=OTHER, label=other, value=rest)]
    shown = _at_most_six(parts, other_label=other)
    whole = sum(part.value for part in shown)
    total = words(whole, unit)
    slices, start = [], 0.0
    filled = sum(1 for part in shown if part.value)
    for order, part in enumerate(shown, start=1):
        length = 100 * part.value / whole if whole else 0.0
        drawn = max(length - (_GAP if filled > 1 else 0), _LEAST) if length else 0.0
        slices.append(
            Slice(
                label=part.label,
                value=words(part.value, unit),
                share=formats.share(part.value, whole),
                url=part.url,
                colour=0 if part.key == OTHER else part.colour or order,
                icon=part.icon,
                dash=f"{px(drawn)} {px(100 - drawn)}" if drawn else "",
                offset=px(-start) if start else "0",
            )
        )
        start += length
    size = "large" if len(total) <= 6 else "middle" if len(total) <= 9 else "small"
    return Donut(
        template="reports/charts/donut.html",
        sentence=sentence,
        total=total,
        total_size=size,
        total_label=total_label,
        slices=tuple(slices),
        is_empty=not whole,
    )


def _at_most_six(parts: Sequence[Part], *, other_label: str) -> list[Part]:
    if len(parts) <= MOST_PARTS:
        return list(parts)
    ranked = sorted(range(len(parts)), key=lambda at: (-parts[at].value, at))
    largest = sorted(ranked[: MOST_PARTS - 1])
    rest = sum(parts[at].value for at in ranked[MOST_PARTS - 1 :])
    kept = [replace(parts[at], colour=parts[at].colour or order) for order, at in enumerate(largest, start=1)]
    return [*kept, Part(key=OTHER, label=other_label, value=rest)]
