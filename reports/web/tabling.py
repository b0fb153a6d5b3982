"""Answers as tables on a page: every figure leads to its rows, median and 90th percentile stand under their mean."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from reports.engine.answers import Answer
from reports.engine.blocks import Block, Breakdown, Cell, Heat, Roster, Spread, Trend, metrics_of
from reports.engine.periods import Period
from reports.engine.tables import Head, Table
from reports.web import words
from reports.web.rows_urls import bucket_url, class_url, hour_url, part_url
from reports.web.state import PageState

NUMERIC = {Cell.NUMBER, Cell.MILLISECONDS, Cell.SHARE, Cell.FIGURE}
HOURS = 24


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that a table goes by, the largest first; words from A."""

    key: str
    is_rising: bool = False


UNSORTED = Sort("")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownHead:
    """`sort_url` is empty where a table has an order of its own; `order` is what aria-sort says."""

    key: str
    label: str
    is_number: bool
    has_spread: bool = False
    sort_url: str = ""
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """Words, the address of the rows behind them, and the spread of a mean."""

    words: str
    is_number: bool
    url: str = ""
    median: str = ""
    p90: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTable:
    """What `reports/table.html` prints."""

    key: str
    caption: str
    heads: list[ShownHead]
    rows: list[list[ShownCell]]
    is_wide: bool


def table_context(
    answer: Answer, table: Table, state: PageState, *, period: Period, sort: Sort = UNSORTED
) -> ShownTable:
    """Return an answer's table as a page prints it; raw codes are left to files and the API."""
    block = answer.block
    table = _brief(_joined(answer, table, period), block)
    folded = _folded(block, table.heads)
    shown = [
        number
        for number, head in enumerate(table.heads)
        if head.cell is not Cell.CODE and number not in {at for pair in folded.values() for at in pair}
    ]
    can_sort = isinstance(block, Roster) or bool(folded)
    rows = _sorted(table, sort) if can_sort else list(enumerate(table.rows))
    link = _links(answer, table, state)
    return ShownTable(
        key=block.key,
        caption=str(block.title),
        heads=[
            _head(table.heads[number], state, block, sort=sort if can_sort else None, has_spread=number in folded)
            for number in shown
        ],
        rows=[[_cell(table.heads, row, number, at, folded, link) for number in shown] for at, row in rows],
        is_wide=isinstance(block, Roster),
    )


def _joined(answer: Answer, table: Table, period: Period) -> Table:
    """Return a table over time or by length with one column for what files have two for: where each row begins and ends."""
    if isinstance(answer.block, Trend):
        head = Head("from", words.FREQUENCIES[period.frequency], Cell.TEXT)
        names = [words.bucket_words(bucket, period.frequency, period.zone) for bucket in answer.buckets]
    elif isinstance(answer.block, Spread):
        head = Head("at_least", _("Length"), Cell.TEXT)
        names = [words.class_words(at_least, below) for at_least, below, *_rest in table.rows]
    else:
        return table
    rows = [(name, *row[2:]) for name, row in zip(names, table.rows, strict=True)]
    return Table((head, *table.heads[2:]), rows)


def _brief(table: Table, block: Block) -> Table:
    """Return a table of one metric with heads that do not repeat its name, which files need."""
    if len(metrics_of(block)) > 1:
        return table
    key = metrics_of(block)[0].key
    short = {f"{key}_median": _("Median"), f"{key}_p90": _("90th percentile"), f"{key}_previous": _("Preceding period")}
    heads = tuple(replace(head, title=short.get(head.key, head.title)) for head in table.heads)
    return Table(heads, table.rows)


def _folded(block: Block, heads: Sequence[Head]) -> dict[int, tuple[int, int]]:
    """Return the columns of means in a roster, with those of their median and 90th percentile, which they take in."""
    if not isinstance(block, Roster):
        return {}
    at = {head.key: number for number, head in enumerate(heads)}
    return {
        number: (at[f"{head.key}_median"], at[f"{head.key}_p90"])
        for number, head in enumerate(heads)
        if f"{head.key}_median" in at
    }


def _sorted(table: Table, sort: Sort) -> list[tuple[int, tuple[Any, ...]]]:
    """Return the rows with the numbers that they had before; what is unknown comes last."""
    rows = list(enumerate(table.rows))
    at = next((number for number, head in enumerate(table.heads) if head.key == sort.key), None)
    if at is None:
        return rows
    is_number = table.heads[at].cell in NUMERIC
    known = [row for row in rows if row[1][at] not in {None, ""}]
    unknown = [row for row in rows if row[1][at] in {None, ""}]
    known.sort(
        key=lambda row: row[1][at] if is_number else str(row[1][at]).casefold(), reverse=is_number is not sort.is_rising
    )
    return known + unknown


def _head(head: Head, state: PageState, block: Block, *, sort: Sort | None, has_spread: bool) -> ShownHead:
    is_number = head.cell in NUMERIC
    url = order = ""
    if sort is not None:
        is_current = sort.key == head.key
        rises = is_current and not sort.is_rising
        url = state.block_url(block.key, {"view": "table", "sort": head.key, **({"rising": "1"} if rises else {})})
        if is_current:
            order = "descending" if is_number is not sort.is_rising else "ascending"
    return ShownHead(
        key=head.key, label=str(head.title), is_number=is_number, has_spread=has_spread, sort_url=url, order=order
    )


def _cell(
    heads: Sequence[Head],
    row: tuple[Any, ...],
    number: int,
    at: int,
    folded: Mapping[int, tuple[int, int]],
    link: Callable[[int, str], str],
) -> ShownCell:
    head = heads[number]
    median, p90 = folded.get(number, (None, None))
    has_value = median is not None and p90 is not None and row[number] is not None
    return ShownCell(
        words=words.cell_words(head.cell, row[number]),
        is_number=head.cell in NUMERIC,
        url=link(at, head.key),
        median=words.cell_words(heads[median].cell, row[median]) if has_value and median is not None else "",
        p90=words.cell_words(heads[p90].cell, row[p90]) if has_value and p90 is not None else "",
    )


def _links(answer: Answer, table: Table, state: PageState) -> Callable[[int, str], str]:
    """Return a function from a row's number in the answer and a column's key to the address of the rows behind the figure."""
    block = answer.block
    metrics = {metric.key: metric for metric in metrics_of(block)}

    def nowhere(_row: int, _key: str) -> str:
        return ""

    def trend(row: int, key: str) -> str:
        return bucket_url([line for line in answer.lines if line.metric.key == key], row, answer.buckets[row], state)

    def parts(row: int, key: str) -> str:
        return part_url(block, metrics[key], part_of[codes[row]], state) if key in metrics else ""

    def heat(row: int, key: str) -> str:
        return hour_url(answer, *divmod(row, HOURS), state) if key == "count" else ""

    def spread(row: int, key: str) -> str:
        return class_url(answer, row, state) if key == "count" else ""

    part_of = {part.value: part for part in answer.parts}
    codes = [row[0] for row in table.rows] if part_of else []  # a roster goes by name
    made: Mapping[type, Callable[[int, str], str]] = {
        Trend: trend,
        Breakdown: parts,
        Roster: parts,
        Heat: heat,
        Spread: spread,
    }
    return made.get(type(block), nowhere)
