"""What a report was asked, as the oracle reads it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.reports.oracle.clocks import first_moment

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whole days of a zone, in what buckets, narrowed by what. `seen` names whose contacts the viewer sees; None: everybody's."""

    zone: str
    first: date
    last: date
    frequency: str = "day"
    filters: Mapping[str, tuple[int | str, ...]] = field(default_factory=dict)
    in_working_hours: bool = False
    seen: frozenset[int] | None = None

    @property
    def clock(self) -> ZoneInfo:
        """The zone's clock."""
        return ZoneInfo(self.zone)

    @property
    def days(self) -> int:
        """How many days it is about."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """Its first moment."""
        return first_moment(self.first, self.clock)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return first_moment(self.last + DAY, self.clock)

    @property
    def preceding(self) -> "Question":
        """The same about as many days right before."""
        return replace(self, first=self.first - self.days * DAY, last=self.first - DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What of a log is looked into: the rows behind a metric, in a bucket, a cell of a heat map, a class of a length, or with one
    value of a dimension.
    """

    metric: str = ""
    start: datetime | None = None
    end: datetime | None = None
    weekday: int | None = None
    hour: int | None = None
    at_least: float | None = None
    below: float | None = None
    by: str = ""
    value: int | str | None = None
