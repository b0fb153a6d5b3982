"""The ways from a figure of a chart or a table to the rows behind it; nothing where there are none, or no log that holds them."""

from collections.abc import Sequence

from reports.engine.answers import Answer, Line, Part
from reports.engine.blocks import Block, Breakdown, Roster, metrics_of
from reports.engine.facts import Metric
from reports.engine.periods import Bucket
from reports.web.state import PageState


def bucket_url(lines: Sequence[Line], number: int, bucket: Bucket, state: PageState) -> str:
    """Return the way to the rows of a stretch of time: those of the first line that has some."""
    line = next((line for line in lines if line.figures[number].count and line.metric.log), None)
    if line is None:
        return ""
    ends = {"cut_from": int(bucket.start.timestamp()), "cut_to": int(bucket.end.timestamp())}
    return state.log_url(line.metric.log, {"metric": line.metric.key, **ends})


def hour_url(answer: Answer, weekday: int, hour: int, state: PageState) -> str:
    """Return the way to the rows of an hour of a weekday."""
    metric = metrics_of(answer.block)[0]
    if not metric.log or not answer.heat[weekday][hour]:
        return ""
    return state.log_url(metric.log, {"metric": metric.key, "weekday": weekday, "hour": hour})


def class_url(answer: Answer, number: int, state: PageState) -> str:
    """Return the way to the rows of a class of a time."""
    metric = metrics_of(answer.block)[0]
    if not metric.log or not answer.classes[number]:
        return ""
    return state.log_url(metric.log, {"spread": answer.block.key, "class": number})


def part_url(block: Block, metric: Metric, part: Part, state: PageState) -> str:
    """Return the address of the rows behind a metric of one part; nothing where no filter can name it."""
    assert isinstance(block, Breakdown | Roster)  # noqa: S101 - only these have parts
    name = block.dimension.filter
    figure = part.figures.get(metric.key)
    if not metric.log or figure is None or not figure.count:
        return ""
    if part.value is not None and name in state.report.filters and name in metric.fact.filters:
        return state.log_url(metric.log, {"metric": metric.key, name.value: part.value})
    given = {} if part.value is None else {"value": part.value}
    return state.log_url(metric.log, {"metric": metric.key, "of": block.dimension.key, **given})
