"""Answers as charts: slots, series and parts, each with the way to its rows."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext as _

from reports.charts.bars import bar_chart
from reports.charts.donut import donut
from reports.charts.heat import heat_map
from reports.charts.lines import line_chart
from reports.charts.ranks import rank_bars
from reports.charts.shapes import Part as ChartPart
from reports.charts.shapes import Series, Slot, Unit
from reports.engine.answers import Answer, Part
from reports.engine.blocks import Block, Breakdown, Heat, Shape, Spread, Trend
from reports.engine.facts import Figure, Metric, Naming, Sort
from reports.engine.names import channel_kinds
from reports.engine.reading import Reading
from reports.engine.tables import part_names
from reports.web import words
from reports.web.rows_urls import bucket_url, class_url, hour_url, part_url
from reports.web.state import PageState

# What has a colour of its own: a message that failed is red wherever it stands. The rest goes by order.
COLOURS = {"pending": 4, "sent": 5, "delivered": 2, "read": 6, "failed": 3}


def chart_of(answer: Answer, reading: Reading, state: PageState) -> object:
    """Return an answer's chart as its template prints it. Runs inside `report_scope`."""
    return DRAW[type(answer.block)](answer, reading, state)


def _unit(metric: Metric) -> Unit:
    return Unit.DURATION if metric.is_time else Unit.NUMBER


def _trend(answer: Answer, reading: Reading, state: PageState) -> object:
    block = answer.block
    assert isinstance(block, Trend)  # noqa: S101 - chosen by its type
    period = reading.period
    lead = answer.lines[0].metric
    slots = [
        Slot(
            label=label,
            title=words.bucket_title(bucket, period.frequency, period.zone),
            url=bucket_url(answer.lines, number, bucket, state),
        )
        for number, (bucket, label) in enumerate(zip(answer.buckets, words.bucket_labels(period), strict=True))
    ]
    series = [
        Series(
            key=line.metric.key,
            label=str(line.metric.title),
            colour=line.metric.colour,
            values=tuple(figure.value for figure in line.figures),
            is_below=block.shape is Shape.MIRRORED and number > 0,
        )
        for number, line in enumerate(answer.lines)
    ]
    series += [
        Series(
            key=f"{line.metric.key}_previous",
            label=_("%(metric)s, preceding period") % {"metric": line.metric.title}
            if len(answer.lines) > 1
            else _("Preceding period"),
            colour=line.metric.colour,
            values=_fitted(line.previous, len(slots)),
            is_previous=True,
        )
        for line in answer.lines
        if line.previous is not None
    ]
    sentence = _("%(title)s %(per)s, %(range)s.") % {
        "title": block.title,
        "per": words.PER[period.frequency],
        "range": words.range_words(period.first, period.last),
    }
    if block.shape is Shape.LINES:
        return line_chart(slots=slots, series=series, unit=_unit(lead), sentence=sentence)
    return bar_chart(slots=slots, series=series, unit=_unit(lead), sentence=sentence)


def _fitted(figures: tuple[Figure, ...], count: int) -> tuple[float | None, ...]:
    """Return the preceding period's values under this one's slots: where clocks change it may have one more or fewer."""
    values = [figure.value for figure in figures[:count]]
    return (*values, *([None] * (count - len(values))))


def _breakdown(answer: Answer, reading: Reading, state: PageState) -> object:
    block = answer.block
    assert isinstance(block, Breakdown)  # noqa: S101 - chosen by its type
    names = part_names(answer, reading)
    is_of_channels = block.dimension.naming is Naming.CHANNELS
    kinds = channel_kinds(workspace_id=reading.actor.workspace_id, using=reading.using) if is_of_channels else {}
    metric = block.metric
    is_donut = block.shape is Shape.DONUT and metric.sort is Sort.COUNT
    parts = [
        ChartPart(
            key=str(part.value),
            label=names[part.value],
            value=part.figures[metric.key].value or 0,
            url=part_url(block, metric, part, state),
            icon=kinds.get(part.value, ""),
            colour=COLOURS.get(str(part.value), 0) if is_donut else metric.colour,
            place=_place(part, answer) if block.is_ranking else "",
        )
        for part in answer.parts
    ]
    sentence = _("%(title)s: %(first)s comes first.") % {"title": block.title, "first": parts[0].label}
    if is_donut:
        return donut(
            parts=parts,
            total_label=str(metric.title).lower(),
            sentence=sentence,
            other_label=_("Everything else"),
            whole=answer.total.count,
        )
    whole = answer.total.count if metric.sort is Sort.COUNT else None
    return rank_bars(parts=parts, unit=_unit(metric), sentence=sentence, whole=whole)


def _place(part: Part, answer: Answer) -> str:
    """Return a part's place in a ranking; those with the same figure share it."""
    block = answer.block
    assert isinstance(block, Breakdown)  # noqa: S101 - chosen by its type
    values = [other.figures[block.metric.key].value for other in answer.parts]
    return str(values.index(part.figures[block.metric.key].value) + 1)


def _heat(answer: Answer, _reading: Reading, state: PageState) -> object:
    block = answer.block
    assert isinstance(block, Heat)  # noqa: S101 - chosen by its type
    urls = [
        [hour_url(answer, weekday, hour, state) for hour in range(len(hours))]
        for weekday, hours in enumerate(answer.heat)
    ]
    return heat_map(
        rows=[words.weekday(number) for number in range(7)],
        columns=[words.hour(number) for number in range(24)],
        heads=[f"{number:02}" for number in range(24)],
        values=answer.heat,
        unit=Unit.NUMBER,
        sentence=_("%(title)s by weekday and hour.") % {"title": block.title},
        urls=urls,
    )


def _spread(answer: Answer, _reading: Reading, state: PageState) -> object:
    block = answer.block
    assert isinstance(block, Spread)  # noqa: S101 - chosen by its type
    edges = (None, *block.edges, None)
    parts = [
        ChartPart(
            key=str(number),
            label=words.class_words(edges[number], edges[number + 1]),
            value=count,
            url=class_url(answer, number, state),
            colour=block.metric.colour,
        )
        for number, count in enumerate(answer.classes)
    ]
    return rank_bars(parts=parts, unit=Unit.NUMBER, sentence=str(block.title), whole=sum(answer.classes))


DRAW: Mapping[type[Block], Callable[[Answer, Reading, PageState], object]] = {
    Trend: _trend,
    Breakdown: _breakdown,
    Heat: _heat,
    Spread: _spread,
}
