"""Who reads a report, of which days, narrowed by what: everything that decides its figures beside their definitions."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from reports.definitions.filters import Filter
from reports.definitions.working_time import Points
from reports.engine.facts import Fact, Metric
from reports.engine.periods import Period
from workspaces.actors import Actor

Values = tuple[int, ...] | tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A part of a period that somebody looks into: a bucket of a chart, a cell of a heat map, a class of a time."""

    start: datetime | None = None
    end: datetime | None = None
    weekday: int | None = None  # 0 is Monday
    hour: int | None = None
    metric: Metric | None = None  # the rows behind it only
    part: str = ""  # a dimension's key: the rows of one of its values only
    value: str | None = None  # as text; None for the rows without one
    at_least: float | None = None  # milliseconds of the metric
    below: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A question to the reports. `working` is given when times are counted in working hours."""

    actor: Actor
    using: str  # the connection, inside `report_scope`
    period: Period
    filters: Mapping[Filter, Values] = field(default_factory=dict)
    has_tallies: bool = False
    has_working_hours: bool = False  # the workspace has said when it works
    working: Points | None = None
    seen_assignees: list[int] | None = None  # whose contacts the actor sees; None for everybody's

    def not_applicable(self, fact: Fact) -> tuple[Filter, ...]:
        """Return the chosen filters that a fact lacks."""
        return tuple(name for name in self.filters if name not in fact.filters)
