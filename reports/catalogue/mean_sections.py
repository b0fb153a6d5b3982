"""The part of a report that is about one mean: over time, in classes, and by whom and by what."""

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from reports.catalogue import dimensions
from reports.engine.blocks import Block, Breakdown, Section, Shape, Spread, Trend
from reports.engine.facts import Dimension, Metric, Words

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
DAY = 24 * HOUR

TITLES: Mapping[Dimension, Words] = {
    dimensions.FIRST_RESPONDER: _("By user who responded first"),
    dimensions.FIRST_ASSIGNEE: _("By first assignee"),
    dimensions.LAST_ASSIGNEE: _("By last assignee"),
    dimensions.CLOSED_BY_USER: _("By user who closed"),
    dimensions.CLOSED_BY_TEAM: _("By team that closed"),
    dimensions.OPENED_CHANNEL: _("By channel"),
    dimensions.CATEGORY: _("By category"),
    dimensions.OPENED_SOURCE: _("By opened source"),
    dimensions.CLOSED_SOURCE: _("By closed source"),
}


def mean_section(
    metric: Metric, *, by: Sequence[Dimension], classes: tuple[int, ...] = (), first: Sequence[Block] = ()
) -> Section:
    """Return the section of a mean.

    by: what it is parted by. classes: the milliseconds between its classes of length, in rising order. first: blocks that come
    before those that part it.
    """
    blocks: list[Block] = [
        Trend(key=f"{metric.key}_trend", title=_("Over time"), metrics=(metric,), shape=Shape.LINES, compares=True)
    ]
    if classes:
        blocks.append(Spread(key=f"{metric.key}_classes", title=_("By length"), metric=metric, edges=classes))
    blocks += first
    blocks += [
        Breakdown(key=f"{metric.key}_by_{dimension.key}", title=TITLES[dimension], metric=metric, dimension=dimension)
        for dimension in by
    ]
    return Section(key=metric.key, title=metric.title, explains=metric.hint, blocks=tuple(blocks))
