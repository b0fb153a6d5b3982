"""What reports count, and the figures that they make of it: declared once, turned into SQL in `reports.engine.statements`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise

from reports.definitions.filters import Filter

Words = Promise | str


class Unit(StrEnum):
    """What a figure's number is of."""

    NUMBER = "number"
    MILLISECONDS = "milliseconds"


class Naming(StrEnum):
    """How the values of a dimension or a log's cell become words."""

    PEOPLE = "people"  # ids of users, members or not any more
    TEAMS = "teams"  # ids, of former ones too
    CHANNELS = "channels"  # ids
    BROADCASTS = "broadcasts"  # ids
    WORDS = "words"  # codes; `reports.engine.words` has them
    TEXT = "text"  # as it stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Dimension:
    """What figures are parted by. `empty` is the word for rows without a value."""

    key: str
    title: Words
    naming: Naming
    empty: Words
    filter: Filter | None = None  # what a click on one of its values adds


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A daily roll-up of a fact in the workspace's zone: rows under the fact's alias and column names, with `day` and `n` beside.

    It answers counts that are narrowed by nothing else than `filters`.
    """

    source: str
    filters: frozenset[Filter]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A kind of row that is counted: where it comes from, the moment that it counts by, and what can narrow and part it.

    Every text is SQL over the aliases of `source`. A filter that a fact lacks is not applicable to it.
    """

    key: str
    source: str
    workspace: str
    id: str
    moment: str
    contact: str
    condition: str = ""
    filters: Mapping[Filter, str]  # the expression that is one of those chosen
    dimensions: Mapping[str, str] = field(default_factory=dict)  # by the key of a Dimension
    tally: Tally | None = None
    is_covered: bool = False  # an index holds its moment, id and filters: a log picks its rows there
    same_moment: str = ""  # of a joined table, where it is the same: filters on that table find its index by it


class Sort(StrEnum):
    """How a metric is computed from its rows."""

    COUNT = "count"  # of the rows
    DISTINCT = "distinct"  # of the different values
    MEAN = "mean"  # of the values, with median and ninetieth percentile


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A figure: its words, and the one definition of it in SQL.

    `definition` is what people read behind it. A span of two moments has a variant in working hours. A `ratio` takes the place of the
    plain mean of the values, where a row holds several of them.
    """

    key: str
    title: Words
    hint: Words  # one line
    definition: Words
    fact: Fact
    sort: Sort = Sort.COUNT
    unit: Unit = Unit.NUMBER
    condition: str = ""
    span: tuple[str, str] | None = None  # of two moments: milliseconds between them
    value: str = ""  # of what is no span
    ratio: tuple[str, str] | tuple[()] = ()  # of one row: the mean is the sum of the one over the sum of the other
    working: "Metric | None" = None  # takes its place when times are counted in working hours; for what is no span
    row: str = ""  # the value of one row of the log, where `value` is over more tables than the log's fact has
    log: str = ""  # the report's log that holds its rows
    colour: int = 1  # of its series, the same over a whole report

    @property
    def is_time(self) -> bool:
        return self.unit is Unit.MILLISECONDS


@dataclass(frozen=True, slots=True)
class Figure:
    """A metric's value, None when unknown: nothing to take it of. `count` is the number of rows behind it."""

    value: float | None
    count: int
    median: float | None = None
    p90: float | None = None
