"""Bars in a row each: who or what has how much of a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.charts.shapes import Part, Unit, pct
from reports.charts.words import words
from workspaces.web import formats

# A part that exists stays visible, however small it is beside the largest.
_LEAST = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class RankBar:
    """`width` is a share of the longest bar; empty when there is nothing to draw."""

    label: str
    value: str
    share: str
    url: str
    colour: int
    icon: str
    place: str
    width: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RankBars:
    template: str
    sentence: str
    bars: tuple[RankBar, ...]
    has_shares: bool
    is_empty: bool


def rank_bars(*, parts: Sequence[Part], unit: Unit, sentence: str, whole: float | None = None) -> RankBars:
    """One bar for each part, in the order given. Colour 0 is the first series.

    whole: what shares are of, also where not all parts are shown; without it there are none.
    """
    largest = max((part.value for part in parts), default=0.0)
    has_shares = whole is not None
    return RankBars(
        template="reports/charts/ranks.html",
        sentence=sentence,
        bars=tuple(
            RankBar(
                label=part.label,
                value=words(part.value, unit),
                share=formats.share(part.value, whole) if whole is not None else "",
                url=part.url,
                colour=part.colour or 1,
                icon=part.icon,
                place=part.place,
                width=pct(max(part.value / largest, _LEAST)) if part.value else "",
            )
            for part in parts
        ),
        has_shares=has_shares,
        is_empty=not largest,
    )
