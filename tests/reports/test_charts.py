"""The geometry of charts: nice axes, exact heights and places, labels that never touch, and words for everything drawn."""

import json
from itertools import pairwise

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from reports.charts.axes import WIDTHS, tick_rows, value_axis
from reports.charts.bars import bar_chart
from reports.charts.donut import donut
from reports.charts.heat import heat_map
from reports.charts.lines import line_chart
from reports.charts.ranks import rank_bars
from reports.charts.shapes import Bar, Part, Plot, Series, Slot, Unit
from reports.charts.words import LETTER_WIDTH, axis_words, brief, words
from reports.web.words import length

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.fixture(autouse=True)
def _english() -> object:
    with translation.override("en"):
        yield


def _slots(count: int, *, label: str = "", url: str = "") -> list[Slot]:
    return [Slot(label=label or str(at), title=f"Day {at}", url=url and f"{url}{at}") for at in range(count)]


def series_of(*values: float | None, key: str = "added", colour: int = 1, **more: bool) -> Series:
    return Series(key=key, label=key.capitalize(), colour=colour, values=values, **more)


def bars_of(*series: Series, is_stacked: bool = True, unit: Unit = Unit.NUMBER) -> Plot:
    slots = _slots(len(series[0].values))
    return bar_chart(slots=slots, series=series, unit=unit, sentence="Contacts per day", is_stacked=is_stacked)


@pytest.mark.parametrize(
    ("above", "below", "unit", "is_whole", "lines"),
    [
        (0, 0, Unit.NUMBER, True, [0, 1, 2, 3]),
        (1, 0, Unit.NUMBER, True, [0, 1, 2, 3]),
        (4, 0, Unit.NUMBER, True, [0, 1, 2, 3, 4]),
        (5, 0, Unit.NUMBER, True, [0, 2, 4, 6]),
        (10, 0, Unit.NUMBER, True, [0, 3, 6, 9, 12]),
        (100, 0, Unit.NUMBER, True, [0, 25, 50, 75, 100]),
        (229, 47, Unit.NUMBER, True, [0, 60, 120, 180, 240]),
        (900, 700, Unit.NUMBER, True, [-400, 0, 400, 800, 1200]),
        (10**9, 0, Unit.NUMBER, True, [0, 250_000_000, 500_000_000, 750_000_000, 1_000_000_000]),
        (2.4, 0, Unit.NUMBER, False, [0, 0.6, 1.2, 1.8, 2.4]),
        (0, 0, Unit.DURATION, True, [0, 1_000, 2_000, 3_000]),
        (252_000, 0, Unit.DURATION, True, [0, 2 * MINUTE, 4 * MINUTE, 6 * MINUTE]),
        (77 * MINUTE, 0, Unit.DURATION, True, [0, 20 * MINUTE, 40 * MINUTE, HOUR, 80 * MINUTE]),
        (30 * HOUR, 0, Unit.DURATION, True, [0, 8 * HOUR, 16 * HOUR, 24 * HOUR, 32 * HOUR]),
        (9 * DAY, 0, Unit.DURATION, True, [0, 3 * DAY, 6 * DAY, 9 * DAY]),
        (400 * DAY, 0, Unit.DURATION, True, [0, 100 * DAY, 200 * DAY, 300 * DAY, 400 * DAY]),
        (0.97, 0, Unit.SHARE, False, [0, 0.25, 0.5, 0.75, 1]),
        (0.51, 0, Unit.SHARE, False, [0, 0.15, 0.3, 0.45, 0.6]),
    ],
)
def test_the_axis_has_four_or_five_lines_at_nice_steps(
    *, above: float, below: float, unit: Unit, is_whole: bool, lines: list[float]
) -> None:
    axis = value_axis(above=above, below=below, unit=unit, is_whole=is_whole)
    assert axis.lines() == pytest.approx(lines)


@given(
    above=st.floats(min_value=0, max_value=1e9), below=st.floats(min_value=0, max_value=1e9), unit=st.sampled_from(Unit)
)
def test_every_axis_holds_its_values_with_four_or_five_lines(above: float, below: float, unit: Unit) -> None:
    axis = value_axis(above=above, below=below, unit=unit, is_whole=False)
    assert axis.top >= above * (1 - 1e-9)
    assert axis.bottom == below
    assert len(axis.lines()) in {4, 5}
    assert 0 in axis.lines()


@pytest.mark.parametrize(
    ("value", "top", "unit", "shown"),
    [
        (48_210, 60_000, Unit.NUMBER, "48,210"),
        (250_000, 500_000, Unit.NUMBER, "250\N{NO-BREAK SPACE}k"),
        (250_000_000, 10**9, Unit.NUMBER, "250\N{NO-BREAK SPACE}M"),
        (10**9, 10**9, Unit.NUMBER, "1,000\N{NO-BREAK SPACE}M"),
        (0.6, 2.4, Unit.NUMBER, "0.6"),
        (0, 10**9, Unit.NUMBER, "0"),
        (0, HOUR, Unit.DURATION, "0"),
        (90 * MINUTE, HOUR, Unit.DURATION, "1\N{NO-BREAK SPACE}h 30\N{NO-BREAK SPACE}min"),
        (0.25, 1, Unit.SHARE, "25%"),
        (0.025, 0.1, Unit.SHARE, "2.5%"),
    ],
)
def test_grid_lines_have_short_words(value: float, top: float, unit: Unit, shown: str) -> None:
    assert axis_words(value, top=top, unit=unit) == shown


def test_values_are_written_in_full_and_in_the_readers_language() -> None:
    assert words(None, Unit.NUMBER) == "–"
    assert words(48_210, Unit.NUMBER) == "48,210"
    assert words(2.0, Unit.NUMBER) == "2"
    assert words(2.44, Unit.NUMBER) == "2.4"
    assert words(252_000, Unit.DURATION) == "4\N{NO-BREAK SPACE}min 12\N{NO-BREAK SPACE}s"
    for milliseconds in (251_499, 251_500, 251_999.6, 59_500, 499):
        assert words(milliseconds, Unit.DURATION) == length(milliseconds), "charts, tables and cards round alike"
    assert words(0.51, Unit.SHARE) == "51.0%"
    with translation.override("es"):
        assert words(0.51, Unit.SHARE) == "51,0\N{NARROW NO-BREAK SPACE}%"
        assert axis_words(0.25, top=1, unit=Unit.SHARE) == "25\N{NARROW NO-BREAK SPACE}%"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (998, Unit.NUMBER, "998"),
        (1_240, Unit.NUMBER, "1.2\N{NO-BREAK SPACE}k"),
        (48_210, Unit.NUMBER, "48\N{NO-BREAK SPACE}k"),
        (2_000_000, Unit.NUMBER, "2\N{NO-BREAK SPACE}M"),
        (252_000, Unit.DURATION, "4\N{NO-BREAK SPACE}min"),
        (0.514, Unit.SHARE, "51%"),
    ],
)
def test_cells_have_the_briefest_words(value: float, unit: Unit, shown: str) -> None:
    assert brief(value, unit) == shown


def _named(count: int, width: str, *, label: str = "24 Oct") -> list[int]:
    """Return the slots whose labels stand at a width, by the place of the label's slot."""
    slots = [Slot(label=f"{label}~{at}"[: len(label)], title="") for at in range(count)]
    row = next(row for row in tick_rows(slots) if row.width == width)
    places = [float(tick.x.rstrip("%")) / 100 * count for tick in row.ticks]
    shift = {"middle": 0.5, "start": 0.0, "end": 1.0}
    return [round(place - shift[tick.anchor]) for place, tick in zip(places, row.ticks, strict=True)]


def test_labels_are_thinned_by_width_and_the_last_slot_is_always_named() -> None:
    assert _named(7, "wide") == [0, 1, 2, 3, 4, 5, 6]
    assert _named(30, "wide") == [2, 5, 8, 11, 14, 17, 20, 23, 26, 29]
    assert _named(30, "narrow") == [1, 15, 29]
    assert _named(366, "wide") == [29, 71, 113, 155, 197, 239, 281, 323, 365]
    assert _named(1, "narrow") == [0]
    assert [row.ticks for row in tick_rows([])] == [(), (), ()]


def test_a_label_too_long_for_the_axis_is_shortened() -> None:
    slots = [Slot(label="Somebody with a long name", title="")]
    assert [tick.words for tick in tick_rows(slots)[0].ticks] == ["Somebody with a…"]


@given(lengths=st.lists(st.integers(min_value=1, max_value=30), min_size=1, max_size=400))
def test_labels_never_touch_and_never_leave_the_plot(lengths: list[int]) -> None:
    slots = [Slot(label="x" * length, title="") for length in lengths]
    for (_, width), row in zip(WIDTHS, tick_rows(slots), strict=True):
        ends = []
        for tick in row.ticks:
            x, length = float(tick.x.rstrip("%")) / 100 * width, len(tick.words) * LETTER_WIDTH
            start = {"middle": x - length / 2, "start": x, "end": x - length}[tick.anchor]
            ends.append((start, start + length))
        assert all(after[0] - before[1] > 11.9 for before, after in pairwise(ends))
        assert all(start > -0.1 and end < width + 0.1 for start, end in ends)


def _places(bars: tuple[Bar, ...]) -> list[tuple[str, str, str, str]]:
    return [(bar.x, bar.y, bar.width, bar.height) for bar in bars]


def test_bars_stand_on_the_axis_with_heights_in_proportion() -> None:
    # 0 to 100 over 196 px from 14 px: 1.96 px for each.
    chart = bars_of(series_of(100, 50, 0, None, 25, 75, 1, 2, 3, 4))
    assert [line.words for line in chart.lines] == ["0", "25", "50", "75", "100"]
    assert [line.y for line in chart.lines] == ["210", "161", "112", "63", "14"]
    assert [line.is_axis for line in chart.lines] == [True, False, False, False, False]
    assert _places(chart.bars)[:4] == [
        ("1.9%", "14", "6.2%", "196"),
        ("11.9%", "112", "6.2%", "98"),
        ("21.9%", "208", "6.2%", "2"),  # nothing happened: a mark on the axis; nothing known: no mark
        ("41.9%", "161", "6.2%", "49"),
    ]
    assert len(chart.bars) == 9


def test_series_above_the_axis_stack_with_a_gap_and_only_the_highest_is_round() -> None:
    chart = bars_of(series_of(*[60] * 10), series_of(*[40] * 10, key="b", colour=2))
    assert _places(chart.bars)[:2] == [("1.9%", "92.4", "6.2%", "117.6"), ("1.9%", "14", "6.2%", "77.4")]
    assert [(bar.colour, bar.kind) for bar in chart.bars[:2]] == [(1, "plain"), (2, "top")]


def test_mirrored_series_hang_under_the_axis_on_the_same_scale() -> None:
    # 240 above and 32 below share 196 px: 0.7206 px for each, the axis at 14 + 172.94.
    chart = bars_of(
        series_of(*[229] * 10),
        series_of(*[27] * 10, key="deleted", colour=3, is_below=True),
        series_of(*[5] * 10, key="merged", colour=2, is_below=True),
    )
    assert [line.y for line in chart.lines if line.is_axis] == ["186.94"]
    assert [(bar.y, bar.height, bar.colour) for bar in chart.bars[:3]] == [
        ("21.93", "165.01", 1),
        ("187.94", "19.46", 3),
        ("208.4", "2.6", 2),
    ]
    assert [bar.kind for bar in chart.bars[:3]] == ["top", "plain", "plain"]
    assert [mark.legend for mark in chart.marks] == ["Added, above", "Deleted, below", "Merged, below"]


def test_nothing_deleted_leaves_one_mark_on_the_axis_and_none_below() -> None:
    chart = bars_of(series_of(0), series_of(0, key="deleted", colour=3, is_below=True))
    assert [(bar.y, bar.height, bar.colour) for bar in chart.bars] == [("208", "2", 0)]


def test_grouped_series_stand_side_by_side() -> None:
    chart = bars_of(series_of(*[10] * 10), series_of(*[20] * 10, key="b", colour=2), is_stacked=False)
    assert _places(chart.bars)[:2] == [("1.9%", "112", "2.852%", "98"), ("5%", "14", "2.852%", "196")]


def test_a_single_bar_is_no_wider_than_a_tenth_of_the_plot() -> None:
    assert _places(bars_of(series_of(3)).bars) == [("45%", "14", "10%", "196")]


def test_a_value_too_small_to_see_still_has_a_mark() -> None:
    assert bars_of(series_of(10**9, 1)).bars[1].height == "1.5"


def test_a_year_of_bars_is_one_path_for_each_colour() -> None:
    chart = bars_of(series_of(*[100] * 366), series_of(*[50] * 366, key="b", colour=2, is_below=True))
    assert chart.bars == ()
    assert [(fill.colour, fill.path.count("M")) for fill in chart.fills] == [(1, 366), (2, 366)]
    assert chart.fills[0].path.startswith("M0.19 37.06h2.35v115.29h-2.35z")
    assert len(chart.areas) == 366


def test_the_period_before_is_a_dashed_line_over_the_bars() -> None:
    chart = bars_of(series_of(100, 50), series_of(50, 100, key="before", is_previous=True))
    assert [(path.path, path.is_previous) for path in chart.paths] == [("M250 112 L750 14", True)]
    assert len(chart.bars) == 2


def test_lines_break_where_nothing_is_known() -> None:
    series = series_of(0, 50, None, 100, None, 25, 25)
    chart = line_chart(slots=_slots(7), series=[series], unit=Unit.NUMBER, sentence="Open")
    assert chart.paths[0].path == "M71.43 210 L214.29 112 M785.71 161 L928.57 161"
    assert [(dot.x, dot.y) for dot in chart.dots][:3] == [("7.143%", "210"), ("21.429%", "112"), ("50%", "14")]
    assert len(chart.dots) == 5


def test_a_long_line_has_dots_only_where_a_point_stands_alone() -> None:
    values = [None, 1.0, None, *[2.0] * 40]
    chart = line_chart(slots=_slots(43), series=[series_of(*values)], unit=Unit.NUMBER, sentence="Open")
    assert [dot.x for dot in chart.dots] == ["3.488%"]


def test_the_period_before_lies_under_the_lines() -> None:
    series = [series_of(1, 2), series_of(2, 1, key="before", is_previous=True)]
    chart = line_chart(slots=_slots(2), series=series, unit=Unit.NUMBER, sentence="Open")
    assert [path.is_previous for path in chart.paths] == [True, False]
    assert [mark.label for mark in chart.marks] == ["Added", "Before"]


def test_every_slot_says_its_values_in_words() -> None:
    chart = bars_of(series_of(229), series_of(None, key="deleted", colour=3, is_below=True))
    assert chart.areas[0].name == "Day 0: Added 229, Deleted –"
    assert json.loads(chart.areas[0].values) == ["229", "–"]
    assert bars_of(series_of(229)).areas[0].name == "Day 0: 229"


def test_a_series_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="added has 1 values for 2 slots"):
        bar_chart(slots=_slots(2), series=[series_of(1)], unit=Unit.NUMBER, sentence="")
    with pytest.raises(ValueError, match="added goes below zero"):
        line_chart(slots=_slots(1), series=[series_of(-1)], unit=Unit.NUMBER, sentence="")
    with pytest.raises(ValueError, match="one value for each row and column"):
        heat_map(rows=["Monday"], columns=["00", "01"], values=[[1]], unit=Unit.NUMBER, sentence="")


def parts_of(*values: float) -> list[Part]:
    return [Part(key=f"p{at}", label=f"Part {at}", value=value) for at, value in enumerate(values)]


def test_the_ring_is_divided_clockwise_from_the_top() -> None:
    ring = donut(parts=parts_of(50, 25, 0, 25), total_label="added", sentence="By source")
    assert [(one.dash, one.offset) for one in ring.slices] == [
        ("49.4 50.6", "0"),
        ("24.4 75.6", "-50"),
        ("", "-75"),
        ("24.4 75.6", "-75"),
    ]
    assert [(one.value, one.share, one.colour) for one in ring.slices] == [
        ("50", "50.0%", 1),
        ("25", "25.0%", 2),
        ("0", "0.0%", 3),
        ("25", "25.0%", 4),
    ]
    assert (ring.total, ring.total_size) == ("100", "large")


def test_one_part_fills_the_ring_and_none_leaves_it_empty() -> None:
    assert donut(parts=parts_of(7, 0), total_label="", sentence="").slices[0].dash == "100 0"
    empty = donut(parts=parts_of(0, 0), total_label="", sentence="")
    assert (empty.is_empty, [one.dash for one in empty.slices]) == (True, ["", ""])
    assert [one.share for one in empty.slices] == ["–", "–"]


def test_beyond_six_parts_the_five_largest_stay_in_their_order_and_the_rest_are_one() -> None:
    ring = donut(parts=parts_of(1, 50, 2, 40, 30, 20, 10), total_label="", sentence="", other_label="Elsewhere")
    assert [(one.label, one.value, one.colour) for one in ring.slices] == [
        ("Part 1", "50", 1),
        ("Part 3", "40", 2),
        ("Part 4", "30", 3),
        ("Part 5", "20", 4),
        ("Part 6", "10", 5),
        ("Elsewhere", "3", 0),
    ]
    assert len(donut(parts=parts_of(1, 2, 3, 4, 5, 6), total_label="", sentence="").slices) == 6


def test_ranks_are_measured_by_the_largest_and_counts_have_shares() -> None:
    ranks = rank_bars(parts=parts_of(1022, 511, 1, 0), unit=Unit.NUMBER, sentence="By channel", whole=1534)
    assert [(bar.width, bar.value, bar.share) for bar in ranks.bars] == [
        ("100%", "1,022", "66.6%"),
        ("50%", "511", "33.3%"),
        ("1%", "1", "0.1%"),
        ("", "0", "0.0%"),
    ]
    assert not rank_bars(parts=parts_of(60_000), unit=Unit.DURATION, sentence="").has_shares


def test_cells_are_tinted_in_five_steps_and_hold_their_number() -> None:
    heat = heat_map(
        rows=["Monday"],
        columns=["00", "01", "02", "03", "04"],
        values=[[None, 0, 1, 13, 60]],
        unit=Unit.NUMBER,
        sentence="Busy hours",
        urls=[["", "", "", "", "/rows"]],
    )
    assert [(cell.step, cell.words, cell.url) for cell in heat.rows[0].cells] == [
        ("none", "", ""),
        ("0", "", ""),
        ("1", "1", ""),
        ("2", "13", ""),
        ("5", "60", "/rows"),
    ]
    assert heat.rows[0].cells[4].name == "Monday, 04: 60"
    assert [step.words for step in heat.steps] == ["0", "1–12", "13–24", "25–36", "37–48", "49–60"]


def test_steps_that_hold_no_count_are_left_out_of_the_legend() -> None:
    heat = heat_map(rows=["Mon"], columns=["00"], values=[[3]], unit=Unit.NUMBER, sentence="")
    assert [(step.step, step.words) for step in heat.steps] == [("0", "0"), ("2", "1"), ("4", "2"), ("5", "3")]
