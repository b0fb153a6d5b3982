"""Charts on the page: named, escaped, without inline style, readable in both themes, moved over by keys and fingers."""

import json
import math
import re
from collections.abc import Iterator
from contextlib import contextmanager
from mimetypes import guess_type
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from reports.charts.bars import bar_chart
from reports.charts.donut import donut
from reports.charts.heat import heat_map
from reports.charts.lines import line_chart
from reports.charts.ranks import rank_bars
from reports.charts.shapes import Part, Series, Slot, Unit
from reports.web.tabling import ShownCell, ShownHead, ShownTable
from tests.axe import barriers
from tests.browsers import lent, width_at
from tests.reports.test_charts import bars_of, parts_of, series_of
from tests.ui.test_contrast import THEMES, TOKENS, _colours, _contrast, _rgb

STYLES = TOKENS.parent


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _drawn(chart: object, **context: object) -> str:
    return render_to_string(getattr(chart, "template"), {"chart": chart, **context})  # noqa: B009 - any of five classes


def _every_chart() -> list[object]:
    hostile = '<b title="x">'
    slots = [Slot(label=hostile, title=hostile, url='/x?a="1"') for _ in range(3)]
    series = [series_of(1, None, 0), series_of(2.5, 1, 3, key=hostile, is_previous=True)]
    parts = [Part(key="a", label=hostile, value=3, url="/a", icon="whatsapp"), *parts_of(1, 0)]
    named = {"unit": Unit.NUMBER, "sentence": hostile}
    return [
        bar_chart(slots=slots, series=series, unit=Unit.NUMBER, sentence=hostile),
        line_chart(slots=slots, series=series, unit=Unit.NUMBER, sentence=hostile),
        donut(parts=parts, total_label=hostile, sentence=hostile),
        rank_bars(parts=parts, unit=Unit.NUMBER, sentence=hostile),
        heat_map(rows=[hostile], columns=["00"], values=[[3]], urls=[["/h"]], **named),  # type: ignore[arg-type]
    ]


def test_every_chart_escapes_what_people_wrote_says_its_sentence_and_has_no_inline_style() -> None:
    for chart in _every_chart():
        with translation.override("es"):
            page = _drawn(chart)
        assert "<b title" not in page
        assert "&lt;b title=&quot;x&quot;&gt;" in page
        assert not re.search(r"\sstyle=|<style|\son\w+=", page)
        # No comma of another language in a place where SVG wants a point.
        assert not re.search(r' (?:x|y|cx|cy|width|height|d|stroke-dasharray)="[^"]*,', page)


def test_a_plot_is_a_named_picture_with_named_slots_beside_it() -> None:
    slots = [Slot(label="1 Nov", title="Sunday 1 November", url="/rows?day=1"), Slot(label="2 Nov", title="Monday")]
    chart = bar_chart(slots=slots, series=[series_of(3, 1200)], unit=Unit.NUMBER, sentence="Contacts added")
    page = _drawn(chart)
    picture = re.search(r"<svg class=\"chart-drawing\".*?</svg>", page, re.DOTALL)
    assert picture is not None
    assert 'role="img"' in picture.group()
    assert 'aria-label="Contacts added"' in picture.group()
    assert "<a " not in picture.group()
    assert '<a href="/rows?day=1" aria-label="Sunday 1 November: 3"' in page
    assert '<span role="img" aria-label="Monday: 1,200"' in page
    assert 'class="bar top series-1"' in page
    assert "chart-legend" not in page


def test_the_legend_stands_in_the_chart_or_outside() -> None:
    chart = bars_of(series_of(1, 2), series_of(2, 1, key="before", is_previous=True))
    assert 'class="key previous"' in _drawn(chart)
    assert "chart-legend" not in _drawn(chart, is_legend_outside=True)
    assert json.loads(chart.series)[1] == {"label": "Before", "colour": 1, "previous": True}


def test_a_chart_without_any_value_says_so() -> None:
    empty = [
        bars_of(series_of(None, None)),
        line_chart(slots=[], series=[series_of()], unit=Unit.NUMBER, sentence=""),
        donut(parts=[], total_label="", sentence=""),
        rank_bars(parts=[], unit=Unit.NUMBER, sentence=""),
        heat_map(rows=["Mon"], columns=["00"], values=[[None]], unit=Unit.NUMBER, sentence=""),
    ]
    for chart in empty:
        assert "No data for this range and these filters" in _drawn(chart)
        assert "<svg" not in _drawn(chart)
    assert "<svg" in _drawn(bars_of(series_of(0, 0)))


METRIC = {
    "label": "First response",
    "colour": 2,
    "value": "4 min 12 s",
    "change": "4%",
    "direction": "down",
    "previous": "4 min 30 s",
    "hint": "From the first message to the first answer.",
    "definition": "Only conversations that were answered.",
    "rows_url": "/rows",
    "extras": [("Median", "3 min"), ("p90", "17 min")],
    "why_empty": "",
}


def _metric(**changes: object) -> str:
    page = render_to_string("reports/charts/metric.html", {"metric": {**METRIC, **changes}})
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_metric_says_its_change_its_definition_and_the_way_to_its_rows() -> None:
    shown = _metric()
    assert "4 min 12 s down 4% ( 4 min 30 s in the period before )" in shown.replace("(4", "( 4").replace(
        "before)", "before )"
    )
    assert "Median 3 min p90 17 min" in shown
    assert shown.endswith("From the first message to the first answer. See the rows : First response")
    page = render_to_string("reports/charts/metric.html", {"metric": METRIC})
    assert 'popovertarget="about-first-response"' in page
    assert 'id="about-first-response" popover' in page
    assert 'aria-label="How First response is counted"' in page


def test_a_metric_without_a_value_shows_a_dash_and_why() -> None:
    shown = _metric(value="", change="", previous="", extras=[], rows_url="", why_empty="Nobody has answered yet.")
    assert "– Nobody has answered yet." in shown
    assert "period before" not in shown
    assert "See the rows" not in shown
    assert "new" in _metric(change="new", direction="").split()


def test_the_table_has_row_heads_links_and_the_spread_of_a_mean() -> None:
    page = render_to_string("reports/table.html", {"table": _table()})
    assert re.search(r'<th scope="row">\s*21 Nov\s*</th>', page)
    assert re.search(r'<td class="end">\s*<a class="rows-link" href="/rows">79</a>', page)
    assert re.search(r"Median</span> 1 min · <span[^>]*>90th percentile</span> 4 min", page)
    assert re.search(r'aria-sort="descending">\s*<a href="/sorted"', page)
    assert '<caption class="sr">Added per day</caption>' in page


def _table() -> ShownTable:
    return ShownTable(
        key="added",
        caption="Added per day",
        heads=[
            ShownHead(key="day", label="Day", is_number=False),
            ShownHead(key="added", label="Added", is_number=True, sort_url="/sorted", order="descending"),
        ],
        rows=[
            [
                ShownCell(words="21 Nov", is_number=False),
                ShownCell(words="79", is_number=True, url="/rows", median="1 min", p90="4 min"),
            ]
        ],
        is_wide=False,
    )


def _mixed(front: str, ground: str, part: float) -> str:
    """Return what color-mix in oklab makes of two oklch() colours."""

    def lab(colour: str) -> tuple[float, float, float]:
        light, chroma, hue = (float(one) for one in colour.removeprefix("oklch(").removesuffix(")").split())
        return light, chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))

    light, a, b = (part * one + (1 - part) * other for one, other in zip(lab(front), lab(ground), strict=True))
    return f"oklch({light} {math.hypot(a, b)} {math.degrees(math.atan2(b, a))})"


@pytest.mark.parametrize("theme", THEMES)
def test_numbers_can_be_read_on_every_step_of_a_heat_map(theme: str) -> None:
    css = (STYLES / "screens/reports.css").read_text(encoding="utf-8")
    parts = {step: int(part) / 100 for step, part in re.findall(r"\.heat-(\d) { --heat: (\d+)%", css)}
    assert parts == {"0": 0, "1": 0.1, "2": 0.22, "3": 0.36, "4": 0.5, "5": 1}
    side = THEMES.index(theme)
    pairs = re.findall(r"--([\w-]+): light-dark\((oklch\([^)]*\)), (oklch\([^)]*\))\);", TOKENS.read_text("utf-8"))
    tokens = {name: both[side] for name, *both in pairs}
    grounds = {step: _rgb(_mixed(tokens["series-1"], tokens["sunken"], part)) for step, part in parts.items()}
    inks = {step: _colours()["accent-on" if step == "5" else "ink"][theme] for step in parts}
    assert [step for step in parts if _contrast(inks[step], grounds[step]) < 4.5] == []


PAGE = """<!DOCTYPE html><html lang="en" data-theme="{{ theme }}"><head><title>Charts</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
{% for name in sheets %}<link rel="stylesheet" href="/static/workspaces/css/{{ name }}.css">{% endfor %}
{% include "reports/charts/scripts.html" %}</head><body><main class="sheet"><div class="page"><h1>Charts</h1>
{% include "reports/charts/metric.html" %}
{% for chart in charts %}<section class="card"><div class="body">{% include chart.template %}</div></section>{% endfor %}
<section class="card">{% include "reports/table.html" %}</section></div></main></body></html>"""
SHEETS = ("tokens", "base", "components", "blocks", "shell", "screens/reports", "screens/report-page")
POLICY = "default-src 'none'; script-src 'nonce-n' 'strict-dynamic'; style-src 'self'; img-src 'self' data:"


def _page_of_charts(theme: str) -> str:
    slots = [Slot(label=f"{at + 1} Nov", title=f"Day {at + 1}", url=f"/rows/{at + 1}") for at in range(30)]
    up = Series(key="a", label="Added", colour=1, values=tuple(range(30)))
    down = Series(key="d", label="Deleted", colour=3, values=tuple(range(30)), is_below=True)
    before = Series(key="b", label="Before", colour=1, values=tuple(range(30)), is_previous=True)
    parts = [Part(key=str(at), label=f"Channel {at}", value=at, url="/rows", icon="sms") for at in range(9)]
    charts = [
        bar_chart(slots=slots, series=[up, down, before], unit=Unit.NUMBER, sentence="Contacts per day"),
        line_chart(slots=slots, series=[up, before], unit=Unit.DURATION, sentence="Times per day"),
        donut(parts=parts, total_label="added", sentence="By source"),
        rank_bars(parts=parts, unit=Unit.NUMBER, sentence="By channel"),
        heat_map(
            rows=["Mon", "Tue"],
            columns=[f"{hour:02}" for hour in range(24)],
            values=[list(range(24)), list(range(24, 48))],
            unit=Unit.NUMBER,
            sentence="Busy hours",
        ),
    ]
    shown = {"theme": theme, "sheets": SHEETS, "csp_nonce": "n", "charts": charts, "metric": METRIC, "table": _table()}
    return Template(PAGE).render(Context(shown))


def _answer(route: Route) -> None:
    path = route.request.url.partition("charts.test")[2]
    if path.startswith("/static/"):
        found = Path(str(finders.find(path.removeprefix("/static/"))))
        route.fulfill(body=found.read_bytes(), content_type=guess_type(path)[0])
    elif path in {"/light", "/dark"}:
        headers = {"content-security-policy": POLICY}
        route.fulfill(body=_page_of_charts(path[1:]), content_type="text/html; charset=utf-8", headers=headers)
    else:
        route.fulfill(body="<title>Rows</title>", content_type="text/html")


@contextmanager
def _opened(browser: Browser, *, path: str = "/light", **options: object) -> Iterator[Page]:
    with lent(browser, **options) as context:
        page = context.new_page()
        page.route("**/*", _answer)
        page.goto(f"http://charts.test{path}")
        yield page


WIDE = {"width": 1200, "height": 900}
PHONE = {"width": 360, "height": 740}


@pytest.mark.browser
@pytest.mark.parametrize("theme", THEMES)
def test_nothing_bars_anybody_from_a_chart(browser: Browser, theme: str) -> None:
    with _opened(browser, path=f"/{theme}", viewport=WIDE) as page:
        for size in (WIDE, PHONE):
            assert width_at(page, **size) == size["width"]
            assert barriers(page) == []
            smallest = page.evaluate(
                "Math.min(...[...document.querySelectorAll('.chart :is(text, td, th, li)')].map((one) => parseFloat(getComputedStyle(one).fontSize)))"
            )
            assert smallest == 12


@pytest.mark.browser
def test_a_chart_is_one_tab_stop_whose_slots_the_arrows_reach_and_enter_follows(browser: Browser) -> None:
    with _opened(browser, viewport=WIDE) as page:
        tip = page.locator(".chart-tip:visible")
        first = page.locator("[data-chart]").first
        assert first.locator("[data-area]").evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length") == 1
        first.locator("[data-area]").first.focus()
        page.keyboard.press("ArrowRight")
        assert tip.inner_text().split() == ["Day", "2", "Added", "1", "Deleted", "1", "Before", "1"]
        page.keyboard.press("Escape")
        assert tip.count() == 0
        page.keyboard.press("End")
        assert tip.inner_text().split()[:2] == ["Day", "30"]
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Enter")
        page.wait_for_url("**/rows/29")


@pytest.mark.browser
def test_arrows_move_through_a_heat_map_in_both_directions(browser: Browser) -> None:
    with _opened(browser, viewport=WIDE) as page:
        page.locator(".chart-heat [data-area]").first.focus()
        for key in ("ArrowDown", "ArrowRight"):
            page.keyboard.press(key)
        assert page.locator(".chart-tip:visible").inner_text().split() == ["Tue,", "01", "25"]
        page.keyboard.press("ArrowUp")
        assert page.locator(".chart-tip:visible").inner_text().split() == ["Mon,", "01", "1"]


@pytest.mark.browser
def test_the_first_tap_reads_and_the_second_follows(browser: Browser) -> None:
    with _opened(browser, viewport=PHONE, has_touch=True, is_mobile=True) as page:
        slot = page.locator("[data-area]").nth(20)
        slot.tap()
        assert page.locator(".chart-tip:visible").inner_text().splitlines()[-1] == "Tap again to see the rows"
        slot.tap()
        page.wait_for_url("**/rows/21")


@pytest.mark.browser
def test_slots_are_links_without_scripts(browser: Browser) -> None:
    with _opened(browser, viewport=WIDE, java_script_enabled=False) as page:
        page.locator("[data-area]").nth(7).click()
        page.wait_for_url("**/rows/8")


@pytest.mark.browser
def test_a_swapped_chart_works_again_and_leaves_nothing_behind(browser: Browser) -> None:
    with _opened(browser, viewport=WIDE) as page:
        page.evaluate(
            """async () => {
                const { scan } = await import("/static/workspaces/js/bind.js");
                const old = document.querySelector("[data-chart]");
                const next = old.cloneNode(true);
                next.querySelector(".chart-tip").remove();
                document.dispatchEvent(new CustomEvent("htmx:beforeCleanupElement", { detail: { elt: old } }));
                old.replaceWith(next);
                scan(next);
            }"""
        )
        assert page.locator(".chart-tip").count() == 3
        page.locator("[data-area]").nth(3).hover()
        assert page.locator(".chart-tip:visible").inner_text().split()[:4] == ["Day", "4", "Added", "3"]
