"""Lines over time, with gaps where nothing is known."""

from collections.abc import Sequence

from reports.charts.axes import value_axis
from reports.charts.plot import Drawn, Scale, checked, frame, is_whole, line_of
from reports.charts.shapes import Dot, Plot, Series, Slot, Unit, pct, px

LineChart = Plot
# Up to so many slots every point has a dot; beyond, only points without neighbours do.
MOST_DOTS = 31


def line_chart(*, slots: Sequence[Slot], series: Sequence[Series], unit: Unit, sentence: str) -> LineChart:
    """One line for each series, the period before dashed. ValueError when a series has not one value per slot."""
    checked(slots, series)
    highest = max((value for one in series for value in one.values if value is not None), default=0.0)
    scale = Scale(axis=value_axis(above=highest, below=0, unit=unit, is_whole=is_whole(series)))
    drawn = Drawn()
    # The period before lies under the present one.
    for one in sorted(series, key=lambda each: not each.is_previous):
        line, alone = line_of(one, scale=scale)
        drawn.paths.append(line)
        is_dotted = len(slots) <= MOST_DOTS and not one.is_previous
        points = [(at, value) for at, value in enumerate(one.values) if value is not None] if is_dotted else alone
        drawn.dots += [
            Dot(x=pct((at + 0.5) / len(slots)), y=px(scale.y(value)), colour=0 if one.is_previous else one.colour)
            for at, value in points
        ]
    return frame(slots=slots, series=series, unit=unit, sentence=sentence, scale=scale, drawn=drawn)
