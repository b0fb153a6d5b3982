"""What a report is made of: blocks that each answer one question, logs with the rows behind them, and the filters of all."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reports.definitions.filters import Filter
from reports.engine.facts import Dimension, Fact, Metric, Words

PERCENTILE_DAYS = 92  # of a quarter; where they take long, a longer period has means only


class Shape(StrEnum):
    """How a block is drawn."""

    BARS = "bars"
    MIRRORED = "mirrored"  # the first metric above the axis, the others below
    LINES = "lines"
    DONUT = "donut"
    RANKS = "ranks"
    TABLE = "table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """A row of metric cards, each compared with the preceding period."""

    key: str
    metrics: tuple[Metric, ...]
    title: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """Metrics over time. Lines of one metric are compared with the preceding period."""

    key: str
    title: Words
    metrics: tuple[Metric, ...]
    shape: Shape = Shape.BARS
    compares: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """One metric by the values of a dimension, the largest first; with others beside it in the table."""

    key: str
    title: Words
    metric: Metric
    dimension: Dimension
    shape: Shape = Shape.RANKS
    beside: tuple[Metric, ...] = ()
    most: int = 50
    keeps_empty: bool = True  # rows without a value are a part of their own
    fastest_first: bool = False
    is_ranking: bool = False  # its parts have places
    percentile_days: int | None = None  # a longer period has means only; None: none is too long


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """A count by weekday and hour of the zone's clocks."""

    key: str
    title: Words
    metric: Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A time in classes: `edges` are milliseconds between them, in rising order."""

    key: str
    title: Words
    metric: Metric
    edges: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A table of one row per value of a dimension, over several facts: whoever has a figure has a row."""

    key: str
    title: Words
    dimension: Dimension
    metrics: tuple[Metric, ...]
    beside: str = ""  # a Naming-like column beside the name: "team" is the person's team of today
    percentile_days: int | None = PERCENTILE_DAYS  # of many times at once they take long


Block = Figures | Trend | Breakdown | Heat | Spread | Roster


class Cell(StrEnum):
    """What stands in a cell of a log or of a table."""

    MOMENT = "moment"
    NUMBER = "number"
    MILLISECONDS = "milliseconds"
    CONTACT = "contact"  # id
    CONVERSATION = "conversation"  # id
    MESSAGE = "message"  # id
    CONTACT_NAME = "contact_name"
    TEXT = "text"
    WORD = "word"
    PERSON = "person"  # id, shown as a name
    TEAM = "team"  # the same
    CHANNEL = "channel"  # the same
    SENDER = "sender"  # a pair: a name, and the code of what kind of sender it is where there is none
    # Of tables only.
    CODE = "code"  # the raw value beside its words; pages leave it out
    DAY = "day"
    SHARE = "share"  # of 1
    WEEKDAY = "weekday"  # 0 is Monday
    HOUR = "hour"
    FIGURE = "figure"  # a pair: what it is, and its value


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a log; `sql` is over the fact's aliases and those of the log's joins.

    A column of a metric shows a row's value as the metric counts it, in working hours where they are asked for. A contact's name
    without SQL is the one that the fact's contact has today.
    """

    key: str
    title: Words
    cell: Cell
    sql: str = ""
    metric: Metric | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """The rows of a fact, the latest first."""

    key: str
    title: Words
    fact: Fact
    columns: tuple[Column, ...]
    joins: str = ""  # LEFT JOINs that give names, at most one row each
    dataset: str = ""  # of the data export that has all of them
    download: tuple[Column, ...] = ()  # the columns of its file, where those are others
    explains: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the page: its words and its blocks."""

    key: str
    title: Words
    blocks: tuple[Block, ...]
    explains: Words = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report."""

    key: str
    title: Words
    lead: Words
    sections: tuple[Section, ...]
    logs: tuple[Log, ...]
    filters: tuple[Filter, ...]

    @property
    def blocks(self) -> Mapping[str, Block]:
        """Every block by its key, in the order of the page."""
        return {block.key: block for section in self.sections for block in section.blocks}

    @property
    def logs_by_key(self) -> Mapping[str, Log]:
        """Every log by its key."""
        return {log.key: log for log in self.logs}


def metrics_of(block: Block) -> tuple[Metric, ...]:
    """Return the metrics of a block."""
    if isinstance(block, Figures | Trend | Roster):
        return block.metrics
    if isinstance(block, Breakdown):
        return (block.metric, *block.beside)
    return (block.metric,)
