"""From answers to what templates print: cards, charts or tables, their definitions, and what stands where nothing can be shown."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from reports.definitions.filters import Filter
from reports.engine.answers import Answer, Card, State, has_percentiles
from reports.engine.blocks import Block, Breakdown, Figures, Roster, Shape, Spread, Trend, metrics_of
from reports.engine.facts import Sort
from reports.engine.filters import SPECS
from reports.engine.reading import Reading
from reports.engine.tables import table_of, unit_cell
from reports.web import words
from reports.web.charting import chart_of
from reports.web.state import PageState
from reports.web.tabling import UNSORTED, ShownTable, table_context
from reports.web.tabling import Sort as Order
from workspaces.web import formats

SMALL_CHANGE = 0.0995  # 9.9 % keeps its decimal, 10 % has none


@dataclass(slots=True)
class Drawn:
    """One block as its template prints it."""

    key: str
    title: str
    state: str
    kind: str = ""  # of block, for the stylesheet
    shape: str = ""
    has_chart: bool = True
    definitions: list[tuple[str, str]] = field(default_factory=list)
    per: str = ""
    note: str = ""  # what the chosen filters leave out
    unfit_title: str = ""
    unfit_text: str = ""
    without_url: str = ""  # the page without the filters that do not fit, or that leave nothing
    cards: list[dict[str, Any]] = field(default_factory=list)
    chart: Any = None
    table: ShownTable | None = None
    is_table: bool = False  # the table is shown, not the chart
    chart_url: str = ""
    table_url: str = ""
    csv_url: str = ""
    more: str = ""


def draw(answer: Answer, reading: Reading, state: PageState, *, as_table: bool, sort: Order = UNSORTED) -> Drawn:
    """Return a block ready to print. Runs inside `report_scope`."""
    block = answer.block
    drawn = Drawn(
        key=block.key,
        title=str(block.title),
        state=answer.state.value,
        kind=kind_of(block),
        shape=getattr(block, "shape", ""),
        has_chart=not _is_only_table(block),
        definitions=_definitions(answer),
        csv_url=state.block_csv_url(block.key),
        chart_url=state.block_url(block.key),
        table_url=state.block_url(block.key, {"view": "table"}),
    )
    if answer.state is State.NOT_APPLICABLE:
        drawn.unfit_title, drawn.unfit_text = words.not_applicable(filter_names(answer.unfit))
        drawn.without_url = state.page_url(dict.fromkeys(name.value for name in answer.unfit))
        return drawn
    if answer.left_out:
        left = ", ".join(str(metric.title) for metric in answer.left_out)
        names = filter_names(answer.unfit)
        drawn.note = _("Without %(metrics)s: not counted by %(filters)s") % {"metrics": left, "filters": names}
    if isinstance(block, Figures):
        drawn.cards = [_card(card, state) for card in answer.cards]
        return drawn
    if answer.state is State.NO_DATA:
        drawn.unfit_title, drawn.unfit_text = words.no_data(filter_names(reading.filters))
        drawn.without_url = (
            state.page_url(dict.fromkeys(name.value for name in reading.filters)) if reading.filters else ""
        )
        return drawn
    if isinstance(block, Trend):
        drawn.per = str(words.PER[reading.period.frequency])
    if answer.more:
        drawn.more = _("The first %(shown)s; %(more)s more are left out.") % {
            "shown": formats.number(len(answer.parts)),
            "more": formats.number(answer.more),
        }
    drawn.is_table = as_table or not drawn.has_chart
    if drawn.is_table and isinstance(block, Breakdown | Roster) and _lacks_percentiles(block, reading):
        told = _("Medians and 90th percentiles are worked out for %(days)s days at most.")
        drawn.more = f"{drawn.more} {told % {'days': block.percentile_days}}".strip()
    if drawn.is_table:
        drawn.table = table_context(answer, table_of(answer, reading), state, period=reading.period, sort=sort)
    else:
        drawn.chart = chart_of(answer, reading, state)
    return drawn


def _lacks_percentiles(block: Breakdown | Roster, reading: Reading) -> bool:
    return any(metric.sort is Sort.MEAN for metric in metrics_of(block)) and not has_percentiles(block, reading)


def filter_names(filters: Iterable[Filter]) -> str:
    """Return the words of filters."""
    return ", ".join(str(SPECS[name].title) for name in filters)


def place_of(block: Block) -> str:
    """Return where a block stands on a wide page, as class names have it: among cards, beside another one, or in full width."""
    if isinstance(block, Figures):
        return "figures"
    is_half = isinstance(block, Spread) or (isinstance(block, Breakdown) and block.shape in {Shape.DONUT, Shape.RANKS})
    return "halves" if is_half else "blocks"


def kind_of(block: Block) -> str:
    """Return what sort of block it is, as class names have it."""
    return type(block).__name__.lower()


def _is_only_table(block: Block) -> bool:
    return isinstance(block, Roster) or (isinstance(block, Breakdown) and block.shape is Shape.TABLE)


def _definitions(answer: Answer) -> list[tuple[str, str]]:
    block = answer.block
    if isinstance(block, Figures):
        return []  # each card has its own
    return [(str(metric.title), str(metric.definition)) for metric in metrics_of(block)]


def _card(card: Card, state: PageState) -> dict[str, Any]:
    metric, figure, previous = card.metric, card.figure, card.previous
    cell = unit_cell(metric)
    change, direction = change_words(figure.value, previous.value)
    extras = []
    if metric.sort is Sort.MEAN and figure.value is not None:
        extras = [
            (_("Median"), words.cell_words(cell, figure.median)),
            (_("90th percentile"), words.cell_words(cell, figure.p90)),
            (_("Rows"), formats.number(figure.count)),
        ]
    return {
        "key": metric.key,
        "label": str(metric.title),
        "colour": metric.colour,
        "value": words.cell_words(cell, figure.value),
        "change": change,
        "direction": direction,
        "previous": words.cell_words(cell, previous.value) if previous.value is not None else "",
        "hint": str(metric.hint),
        "definition": str(metric.definition),
        "rows_url": state.log_url(metric.log, {"metric": metric.key}) if metric.log and figure.count else "",
        "extras": extras,
        "why_empty": _("Nothing in this period to take it of.") if figure.value is None else "",
    }


def change_words(value: float | None, before: float | None) -> tuple[str, str]:
    """Return the change against the preceding period in words, and its direction; nothing when one is unknown."""
    if value is None or before is None:
        return "", ""
    if value == before:
        return _("no change"), "same"
    if before == 0:
        return _("from 0"), "up"
    change = abs(value - before) / before
    return formats.share(change, 1, decimals=1 if change < SMALL_CHANGE else 0), "up" if value > before else "down"
