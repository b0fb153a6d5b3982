"""What each report has to say: its metrics, blocks, logs and filters, as the specification lists them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.reports.oracle.measures import Measure

SECOND, MINUTE, HOUR = 1_000, 60_000, 3_600_000
DAY = 24 * HOUR
A_QUARTER = 92  # days


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A block: its shape, its metrics (the first leads), and by what it is parted."""

    shape: str  # the name of the block's class
    metrics: tuple[str, ...]
    by: str = ""
    compares: bool = False
    most: int = 50
    keeps_empty: bool = True
    is_fastest_first: bool = False
    edges: tuple[int, ...] = ()
    percentile_days: int | None = None  # a longer period has means only


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedLog:
    """A log: its kind of rows and its columns; one that is called otherwise than its cell says so as `column=cell`."""

    kind: str
    columns: str

    @property
    def cells(self) -> dict[str, str]:
        """Return the cell of each column."""
        pairs = (text.split("=") for text in self.columns.split())
        return {pair[0]: pair[-1] for pair in pairs}


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedReport:
    """A report."""

    measures: Mapping[str, Measure]
    blocks: Mapping[str, Wanted]
    logs: Mapping[str, WantedLog]
    filters: str

    def measures_of(self, block: str) -> dict[str, Measure]:
        """Return the measures of a block's metrics; a block of teams may have its own."""
        return {name: self.measures[name] for name in self.blocks[block].metrics}


def cards(*metrics: str) -> Wanted:
    return Wanted(shape="Figures", metrics=metrics)


def trend(*metrics: str, compares: bool = False) -> Wanted:
    return Wanted(shape="Trend", metrics=metrics, compares=compares)


def parts(by: str, *metrics: str, percentile_days: int | None = None) -> Wanted:
    return Wanted(shape="Breakdown", metrics=metrics, by=by, percentile_days=percentile_days)


def heat(metric: str) -> Wanted:
    return Wanted(shape="Heat", metrics=(metric,))


def classes(metric: str, *edges: int) -> Wanted:
    return Wanted(shape="Spread", metrics=(metric,), edges=edges)


def roster(by: str, *metrics: str) -> Wanted:
    return Wanted(shape="Roster", metrics=metrics, by=by, percentile_days=A_QUARTER)


def ranks(by: str, metric: str, *, is_fastest_first: bool) -> Wanted:
    return Wanted(
        shape="Breakdown",
        metrics=(metric,),
        by=by,
        most=10,
        keeps_empty=False,
        is_fastest_first=is_fastest_first,
        percentile_days=A_QUARTER,
    )


def about_mean(metric: str, *by: str, edges: tuple[int, ...] = ()) -> dict[str, Wanted]:
    """Return the blocks of a mean: over time against the preceding period, in classes, and by everything."""
    found = {f"{metric}_trend": trend(metric, compares=True)}
    if edges:
        found[f"{metric}_classes"] = classes(metric, *edges)
    return found | {f"{metric}_by_{each}": parts(each, metric) for each in by}


def mean_of(kind: str, log: str, span: str) -> Measure:
    return Measure(kind=kind, log=log, sort="span", span=span)


NAMED = "conversation_id contact_id contact_name"
ASSIGNED = "timestamp contact_id contact_name source assigned_to assigned_by conversation_id"
EACH_RESPONSE = mean_of("responses", "each_response", "response")
EACH_RESPONSES = WantedLog(
    kind="responses", columns=f"closed_at {NAMED} responded_at user team each_response_time=response"
)
