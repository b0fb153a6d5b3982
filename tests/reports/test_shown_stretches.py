"""How days and hours stand on a page: under the axis, in tables, and while they are still to come; which log it opens with."""

import re
from datetime import UTC, date, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import translation

from reports.catalogue.contacts import ADDED
from reports.charts.axes import tick_rows
from reports.charts.heat import heat_map
from reports.charts.shapes import Slot, Unit
from reports.engine.answers import Answer, Line, State
from reports.engine.blocks import Trend
from reports.engine.facts import Figure
from reports.engine.happened import so_far
from reports.engine.periods import Frequency, Period, period_of
from reports.web import words
from reports.web.charting import COLOURS
from tests.factories import Cast
from tests.reports.shopping import Shop

DAYS = "from=2026-03-09&to=2026-03-12"
MADRID = ZoneInfo("Europe/Madrid")


@pytest.fixture
def cast(shop: Shop) -> Cast:
    return shop.cast


def period(first: int, last: int, frequency: Frequency) -> Period:
    return period_of(date(2026, 3, first), date(2026, 3, last), zone=MADRID, frequency=frequency)


def table_of(browser: Client, cast: Cast, block: str, query: str = DAYS) -> list[str]:
    """Return the rows of the table behind a chart, the head first."""
    page = browser.get(f"/w/{cast.acme.pk}/reports/{block}?{query}&view=table").content.decode()
    rows = re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in rows]


def test_hours_of_one_day_are_named_and_those_of_several_by_their_day() -> None:
    assert words.bucket_labels(period(9, 9, Frequency.HOUR))[:2] == ["00:00", "01:00"]
    labels = words.bucket_labels(period(27, 30, Frequency.HOUR))  # the clocks go forward on the 29th
    named = [(place, label) for place, label in enumerate(labels) if label]
    assert named == [(0, "27 Mar"), (24, "28 Mar"), (48, "29 Mar"), (71, "30 Mar")]
    assert words.bucket_labels(period(9, 11, Frequency.DAY)) == ["9 Mar", "10 Mar", "11 Mar"]
    assert words.bucket_labels(period(9, 22, Frequency.MONTH)) == ["Mar 2026"]


def test_only_slots_with_words_are_named_under_the_axis() -> None:
    slots = [Slot(label=f"{at // 24} Mar" if at % 24 == 0 else "", title="") for at in range(168)]
    shown = {row.width: [tick.words for tick in row.ticks] for row in tick_rows(slots)}
    assert shown["wide"] == ["0 Mar", "1 Mar", "2 Mar", "3 Mar", "4 Mar", "5 Mar", "6 Mar"]
    assert shown["narrow"] == ["0 Mar", "3 Mar", "6 Mar"]
    assert [row.ticks for row in tick_rows([Slot(label="", title="")])] == [(), (), ()]


def test_a_heat_map_has_brief_heads_and_tells_its_columns_in_full() -> None:
    heat = heat_map(rows=["Monday"], columns=["09:00"], heads=["09"], values=[[3]], unit=Unit.NUMBER, sentence="")
    assert heat.columns == ("09",)
    assert heat.rows[0].cells[0].name == "Monday, 09:00: 3"


def test_hours_to_come_are_unknown_and_those_that_began_keep_their_figures() -> None:
    buckets = period(9, 9, Frequency.HOUR).buckets
    line = Line(metric=ADDED, figures=(Figure(0, 0),) * 24, previous=(Figure(2, 2),) * 24)
    block = Trend(key="added", title="Added", metrics=(ADDED,))
    answer = Answer(block=block, state=State.READY, buckets=buckets, lines=(line,))
    shown = so_far(answer, now=datetime(2026, 3, 9, 13, 0, tzinfo=UTC)).lines[0]
    assert [figure.value for figure in shown.figures] == [0] * 15 + [None] * 9
    assert shown.previous == line.previous
    assert so_far(answer, now=datetime(2026, 3, 10, 13, 0, tzinfo=UTC)) is answer


def test_a_stretch_is_one_cell_of_a_table() -> None:
    hour, day, week = (period(9, 12, each) for each in (Frequency.HOUR, Frequency.DAY, Frequency.WEEK))
    assert words.bucket_words(hour.buckets[9], hour.frequency, MADRID) == "9 Mar 2026, 09:00–10:00"
    assert words.bucket_words(day.buckets[1], day.frequency, MADRID) == "10 Mar 2026"
    assert words.bucket_words(week.buckets[0], week.frequency, MADRID) == "9–12 Mar 2026"


def test_the_day_at_the_head_of_a_tooltip_begins_with_a_capital_letter() -> None:
    assert words.long_day(date(2026, 3, 9)) == "Monday 9 March"
    with translation.override("es"):
        assert words.long_day(date(2026, 3, 9)) == "Lunes 9 de marzo"


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_cache")
def test_the_table_of_one_figure_does_not_repeat_its_name_in_every_head(shop: Shop, ada: Client) -> None:
    over_time = table_of(ada, shop.cast, "responses/block/first_response_time_trend")
    assert over_time[0] == "Day First response time Median 90th percentile Preceding period"
    assert over_time[1].startswith("9 Mar 2026 ")
    assert len(over_time) == 5
    lengths = table_of(ada, shop.cast, "responses/block/first_response_time_classes")
    assert lengths[0] == "Length Rows Share"
    assert lengths[1:3] == ["< 30 s 1 33.3%", "30 s – 2 min 0 0.0%"]
    both = table_of(ada, shop.cast, "conversations/block/opened_against_closed", f"{DAYS}&frequency=week")
    assert both[0] == "Week Opened Closed"
    assert both[1].startswith("9–12 Mar 2026 5 ")


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_cache")
def test_a_page_opens_with_the_first_log_that_the_chosen_filters_apply_to(shop: Shop, ada: Client) -> None:
    def opened(query: str) -> list[str]:
        page = ada.get(f"/w/{shop.cast.acme.pk}/reports/contacts?{query}").content.decode()
        return re.findall(r'id="log"\s+hx-get="[^"]+/log/(\w+)\?', page)

    assert opened(DAYS) == ["added"]
    assert opened(f"{DAYS}&channels={shop.line.pk}") == ["connected"]


@pytest.mark.django_db
@pytest.mark.usefixtures("fresh_cache")
def test_a_day_that_goes_on_says_that_it_is_compared_with_a_whole_one(shop: Shop, ada: Client) -> None:
    pages = [
        ada.get(f"/w/{shop.cast.acme.pk}/reports/contacts?range={preset}").content.decode()
        for preset in ("today", "yesterday")
    ]
    assert ["so far, compared with all of" in page for page in pages] == [True, False]


def test_what_failed_is_as_red_among_the_statuses_as_by_itself() -> None:
    assert COLOURS["failed"] == 3
    assert COLOURS["delivered"] == 2
    assert len(set(COLOURS.values())) == len(COLOURS)
