"""What blocks and logs have to answer, from the rows alone."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from tests.exports.oracle.facts import Facts
from tests.exports.oracle.stories import stories_of
from tests.reports.oracle import clocks
from tests.reports.oracle.asking import DAY, Part, Question
from tests.reports.oracle.conversations import conversations
from tests.reports.oracle.items import Item, Items, Value, assignments, comments, contact_lines, messages
from tests.reports.oracle.measures import Fig, Lengths, Measure
from tests.reports.oracle.wanted import Wanted, WantedLog, WantedReport

Figs = dict[str, Fig]


@dataclass(kw_only=True)
class Expected:
    """The answer of a block; what its shape does not have is empty."""

    state: str
    unfit: frozenset[str] = frozenset()
    left_out: tuple[str, ...] = ()
    cards: list[tuple[str, Fig, Fig]] = field(default_factory=list)
    starts: list[datetime] = field(default_factory=list)  # of the buckets
    lines: list[tuple[str, list[Fig], list[Fig] | None]] = field(default_factory=list)
    parts: dict[Value, Figs] = field(default_factory=dict)
    heat: list[list[int]] = field(default_factory=list)
    classes: list[int] = field(default_factory=list)


class Oracle:
    """The facts of a workspace as rows that count. first, last: days around all that is asked."""

    def __init__(self, facts: Facts, *, stretches: clocks.Stretches, first: date, last: date) -> None:
        stories = stories_of(facts)
        self.items: Items = {
            **contact_lines(facts),
            **assignments(facts),
            **messages(facts),
            **comments(facts),
            **conversations(facts, stories),
        }
        self._owners = {contact.id: contact.assignee_id for contact in facts.contacts.values()}
        self._days = (first, last)
        self._stretches = stretches
        self._worked: dict[str, Lengths] = {}
        self._found: dict[tuple[str, str], list[Item]] = {}

    def lengths(self, question: Question) -> Lengths:
        """Return what counts milliseconds, as the question wants it."""
        if not question.in_working_hours:
            return clocks.elapsed
        if question.zone not in self._worked:
            self._worked[question.zone] = clocks.working_time(self._stretches, question.clock, *self._days)
        return self._worked[question.zone]

    def applies(self, kind: str, question: Question) -> bool:
        """Tell whether rows of a kind have every filter that was chosen."""
        return question.filters.keys() <= self.items[kind][0].filters.keys()

    def found(self, kind: str, question: Question) -> list[Item]:
        """Return the rows of a kind that the question is about."""
        key = (kind, repr(question))
        if key not in self._found:
            start, end = question.start, question.end
            self._found[key] = [
                item for item in self.items[kind] if start <= item.at < end and self._is_chosen(item, question)
            ]
        return self._found[key]

    def _is_chosen(self, item: Item, question: Question) -> bool:
        if question.seen is not None and self._owners.get(item.contact_id) not in question.seen:
            return False
        return all(item.filters[name] in chosen for name, chosen in question.filters.items())

    def answer(self, report: WantedReport, key: str, question: Question) -> Expected:
        """Answer one block."""
        block = report.blocks[key]
        every = report.measures_of(key)
        measures = {name: each for name, each in every.items() if self.applies(each.kind, question)}
        left_out = tuple(name for name in every if name not in measures)
        unfit = frozenset(
            name for each in every.values() for name in question.filters if name not in self.items[each.kind][0].filters
        )
        leads = block.shape in {"Breakdown", "Heat", "Spread"}
        if not measures or (leads and block.metrics[0] in left_out):
            return Expected(state="not_applicable", unfit=unfit)
        expected = self._answered(block, measures, question)
        expected.unfit, expected.left_out = unfit, left_out
        return expected

    def _answered(self, block: Wanted, measures: dict[str, Measure], question: Question) -> Expected:
        lead = measures[block.metrics[0]] if block.metrics[0] in measures else next(iter(measures.values()))
        if block.shape == "Figures":
            now, before = (self._figures(measures, each) for each in (question, question.preceding))
            return Expected(state="ready", cards=[(name, now[name], _bare(before[name])) for name in measures])
        if block.shape == "Trend":
            return self._trend(block, measures, question)
        if block.shape in {"Breakdown", "Roster"}:
            return self._parts(block, measures, question)
        if block.shape == "Heat":
            return self._heat(lead, question)
        return self._classes(block, lead, question)

    def _figures(self, measures: dict[str, Measure], question: Question) -> Figs:
        lengths = self.lengths(question)
        return {name: each.figure(self.found(each.kind, question), lengths) for name, each in measures.items()}

    def _trend(self, block: Wanted, measures: dict[str, Measure], question: Question) -> Expected:
        starts = list(clocks.spots(question.first, question.last, question.clock, question.frequency).values())
        lines: list[tuple[str, list[Fig], list[Fig] | None]] = []
        for name, measure in measures.items():
            before = self._line_before(measure, question) if block.compares else None
            lines.append((name, self._line(measure, question), before))
        has_rows = any(fig.count for _name, line, _before in lines for fig in line)
        return Expected(state="ready" if has_rows else "no_data", starts=starts, lines=lines)

    def _line(self, measure: Measure, question: Question) -> list[Fig]:
        clock, frequency = question.clock, question.frequency
        found: dict[clocks.Spot, list[Item]] = {
            spot: [] for spot in clocks.spots(question.first, question.last, clock, frequency)
        }
        for item in self.found(measure.kind, question):
            found[clocks.spot_of(item.at, clock, frequency)].append(item)
        return [measure.figure(items, self.lengths(question)) for items in found.values()]

    def _line_before(self, measure: Measure, question: Question) -> list[Fig]:
        """Return the preceding period in stretches as long as those it is compared with: of as many days earlier."""
        before, clock = question.preceding, question.clock
        if question.frequency == "hour":
            return [_bare(fig) for fig in self._line(measure, before)]
        length = question.days * DAY
        found: dict[clocks.Spot, list[Item]] = {
            spot: [] for spot in clocks.spots(question.first, question.last, clock, question.frequency)
        }
        for item in self.found(measure.kind, before):
            day = item.at.astimezone(clock).date() + length
            found[clocks.spot_of_day(day, question.frequency)].append(item)
        return [_bare(measure.figure(items, self.lengths(question))) for items in found.values()]

    def _parts(self, block: Wanted, measures: dict[str, Measure], question: Question) -> Expected:
        is_roster, lengths = block.shape == "Roster", self.lengths(question)
        has_percentiles = block.percentile_days is None or question.days <= block.percentile_days
        values: set[Value] = set()
        rows: dict[str, dict[Value, list[Item]]] = {}
        for name, measure in measures.items():
            rows[name] = _parted(self.found(measure.kind, question), block.by)
            values |= rows[name].keys()
        parts: dict[Value, Figs] = {}
        for value in values:
            figures = {
                name: each.figure(rows[name].get(value, []), lengths, has_percentiles=has_percentiles)
                for name, each in measures.items()
            }
            counts = figures.values() if is_roster else [figures[block.metrics[0]]]
            is_shown = value is not None or (block.keeps_empty and not is_roster)
            if is_shown and any(fig.count for fig in counts):
                parts[value] = figures
        return Expected(state="ready" if parts else "no_data", parts=parts)

    def _heat(self, measure: Measure, question: Question) -> Expected:
        cells = [[0] * 24 for _ in range(7)]
        for item in self._behind(measure, question):
            shown = item.at.astimezone(question.clock)
            cells[shown.weekday()][shown.hour] += 1
        return Expected(state="ready" if any(map(any, cells)) else "no_data", heat=cells)

    def _classes(self, block: Wanted, measure: Measure, question: Question) -> Expected:
        lengths = self.lengths(question)
        edges = [float("-inf"), *block.edges, float("inf")]
        values = [
            value for item in self.found(measure.kind, question) if (value := measure.value(item, lengths)) is not None
        ]
        counts = Counter(
            number
            for value in values
            for number, (low, high) in enumerate(pairwise(edges))
            if low <= round(value, 3) < high
        )
        classes = [counts[number] for number in range(len(edges) - 1)]
        return Expected(state="ready" if values else "no_data", classes=classes)

    def _behind(self, measure: Measure, question: Question) -> Iterable[Item]:
        lengths = self.lengths(question)
        return (item for item in self.found(measure.kind, question) if measure.holds(item, lengths))

    def rows(self, report: WantedReport, log: WantedLog, question: Question, part: Part) -> list[list[object]]:
        """Return the cells of a log, the latest row first."""
        lengths, clock = self.lengths(question), question.clock
        measure = report.measures[part.metric] if part.metric else None
        kept: list[Item] = []
        for item in self.found(log.kind, question):
            shown = item.at.astimezone(clock)
            value = measure.value(item, lengths) if measure is not None and measure.is_mean else None
            if (
                (part.start is None or item.at >= part.start)
                and (part.end is None or item.at < part.end)
                and part.weekday in {None, shown.weekday()}
                and part.hour in {None, shown.hour}
                and (measure is None or measure.holds(item, lengths))
                and (not part.by or (item.parts[part.by] or None) == part.value)
                and (part.at_least is None or (value is not None and round(value, 3) >= part.at_least))
                and (part.below is None or (value is not None and round(value, 3) < part.below))
            ):
                kept.append(item)
        kept.sort(key=lambda item: (item.at, item.id), reverse=True)
        return [_cells(report, log, item, lengths) for item in kept]


def _bare(fig: Fig) -> Fig:
    """Return a figure of the preceding period: it has a mean only."""
    return Fig(fig.value, fig.count)


def _parted(items: Sequence[Item], by: str) -> dict[Value, list[Item]]:
    found: dict[Value, list[Item]] = {}
    for item in items:
        found.setdefault(item.parts[by] or None, []).append(item)
    return found


def _cells(report: WantedReport, log: WantedLog, item: Item, lengths: Lengths) -> list[object]:
    return [_cell(report, item, cell, lengths) for cell in log.cells.values()]


def _cell(report: WantedReport, item: Item, cell: str, lengths: Lengths) -> object:
    """Return a cell: what the row is, a length of its own, or what a metric makes of it."""
    if cell in item.cells:
        return item.cells[cell]
    if cell in item.spans:
        start, end = item.spans[cell]
        return None if start is None or end is None else lengths(start, end)
    return report.measures[cell].value(item, lengths)
