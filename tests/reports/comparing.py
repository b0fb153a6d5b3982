"""Reports as the product answers them beside the same ones computed by the oracle, value by value."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from reports.access import metrics_by_key
from reports.catalogue import REPORTS
from reports.definitions.filters import Filter
from reports.engine.answers import Answer, answer
from reports.engine.asking import Asked, reading_of
from reports.engine.facts import Figure
from reports.engine.reading import Cut, Reading
from reports.engine.rows import is_applicable, log_rows
from tests.reports.oracle.answering import Expected, Oracle
from tests.reports.oracle.asking import Part, Question
from tests.reports.oracle.listed import WANTED
from tests.reports.oracle.measures import Fig
from tests.reports.oracle.wanted import Wanted, WantedReport
from workspaces.actors import Actor
from workspaces.working_hours import WorkingHours

# Milliseconds. A conversation keeps the sum of its responses in whole ones, each of them rounded.
CLOSE, CLOSE_TO_SUMS = 0.01, 1.0
MICROSECOND = timedelta(microseconds=1)


@dataclass(slots=True)
class Tally:
    """What was compared, and the places where report and oracle differ."""

    questions: int = 0
    blocks: Counter[str] = field(default_factory=Counter)  # answers of blocks by report
    logs: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    differences: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))  # by block or log

    def __str__(self) -> str:
        lines = [
            f"{key:14} {self.blocks[key]:6,} blocks {self.logs[key]:5,} logs {count:10,} values"
            for key, count in self.values.items()
        ]
        lines += [f"{place}: {len(found)}, first of all {found[0]}" for place, found in self.differences.items()]
        wrong = sum(map(len, self.differences.values()))
        blocks, logs, values = (sum(each.values()) for each in (self.blocks, self.logs, self.values))
        total = (
            f"questions {self.questions:,}, blocks {blocks:,}, logs {logs:,}, values {values:,}, differences {wrong:,}"
        )
        return "\n".join([*lines, total])


class Comparer:
    """Compares in the open scope of a history's workspace."""

    def __init__(self, oracle: Oracle, *, actor: Actor, hours: WorkingHours, now: datetime) -> None:
        self.oracle = oracle
        self.tally = Tally()
        self.actor, self._hours, self._now = actor, hours, now

    def reading(self, question: Question, *, using: str) -> Reading:
        """Return a question as pages ask it."""
        self.tally.questions += 1
        asked = Asked(
            first=question.first.isoformat(),
            last=question.last.isoformat(),
            frequency=question.frequency,
            filters={Filter(name): [str(value) for value in chosen] for name, chosen in question.filters.items()},
            in_working_hours=question.in_working_hours,
        )
        reading = reading_of(
            asked, actor=self.actor, using=using, zone=question.clock, hours=self._hours, now=self._now
        )
        assert reading.period.frequency == question.frequency, question
        return reading if question.seen is None else replace(reading, seen_assignees=sorted(question.seen))

    def blocks(self, key: str, chosen: Iterable[str], question: Question, reading: Reading) -> None:
        """Compare blocks of one report."""
        report = WANTED[key]
        for name in chosen:
            wanted, found = self.oracle.answer(report, name, question), answer(REPORTS[key].blocks[name], reading)
            self.tally.blocks[key] += 1
            seen = _Seen(self.tally, key, f"{key}/{name}", question)
            _compare_answers(seen, report, report.blocks[name], wanted, found)

    def log(self, key: str, name: str, question: Question, reading: Reading, part: Part | None = None) -> int:
        """Compare one log of a report, or a part of it; return how many rows it has."""
        part = part or Part()
        report, log = WANTED[key], REPORTS[key].logs_by_key[name]
        of_metrics = report if key != "logs" else WANTED[name.split("_", maxsplit=1)[0]]
        seen = _Seen(self.tally, key, f"{key}/log/{name}", question, part)
        applies = self.oracle.applies(report.logs[name].kind, question)
        seen.same("applicable", applies, is_applicable(log, reading))
        if not applies:
            return 0
        cut = None
        if part != Part():
            cut = Cut(
                start=part.start,
                end=part.end,
                weekday=part.weekday,
                hour=part.hour,
                metric=metrics_by_key(REPORTS[key])[part.metric] if part.metric else None,
                at_least=part.at_least,
                below=part.below,
                part=part.by,
                value=None if part.value is None else str(part.value),
            )
        wanted = self.oracle.rows(of_metrics, report.logs[name], question, part)
        found = log_rows(log, reading, cut=cut)
        self.tally.logs[key] += 1
        seen.same("count", len(wanted), found.count)
        seen.same("rows", len(wanted), len(found.rows))
        if cut is None and len(wanted) > 2:
            seen.same("a page", found.rows[1:3], log_rows(log, reading, first=1, most=2).rows)
        for number, (row, other) in enumerate(zip(wanted, found.rows, strict=False)):
            for column, value, shown in zip(report.logs[name].cells, row, other, strict=True):
                seen.cell(f"row {number} {column}", value, shown)
        return len(wanted)


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where values are compared."""

    tally: Tally
    report: str
    place: str
    question: Question
    part: Part | None = None

    def same(self, what: str, wanted: object, found: object) -> None:
        self.tally.values[self.report] += 1
        if wanted != found:
            self.note(what, wanted, found)

    def near(self, what: str, wanted: float | None, found: float | None, *, within: float) -> None:
        self.tally.values[self.report] += 1
        is_unknown = wanted is None or found is None
        if (wanted is not found) if is_unknown else abs((wanted or 0) - (found or 0)) > within:
            self.note(what, wanted, found)

    def cell(self, what: str, wanted: object, found: object) -> None:
        """Compare a cell of a log, in which an empty text is none."""
        if isinstance(wanted, float) and found is not None:
            self.near(what, wanted, float(str(found)), within=CLOSE_TO_SUMS)
        else:
            self.same(what, wanted or None if isinstance(wanted, str) else wanted, None if found == "" else found)

    def figure(self, what: str, wanted: Fig, found: Figure, *, within: float) -> None:
        self.same(f"{what} count", wanted.count, found.count)
        self.near(f"{what} value", wanted.value, found.value, within=within)
        self.near(f"{what} median", wanted.median, found.median, within=within)
        self.near(f"{what} p90", wanted.p90, found.p90, within=within)

    def note(self, what: str, wanted: object, found: object) -> None:
        about = f"{self.question}" if self.part is None else f"{self.question} {self.part}"
        self.tally.differences[self.place].append(f"{about}\n  {what}: expected {wanted!r}, got {found!r}")


def _within(report: WantedReport, metric: str) -> float:
    """Return how near two figures have to be: counts and their means exactly, but for what a float cannot hold."""
    measure = report.measures[metric]
    if not measure.is_mean or measure.sort == "answers":
        return 1e-9
    return CLOSE_TO_SUMS if measure.sort == "responses" else CLOSE


def _compare_answers(seen: _Seen, report: WantedReport, block: Wanted, wanted: Expected, found: Answer) -> None:
    seen.same("state", wanted.state, found.state.value)
    seen.same("unfit", wanted.unfit, frozenset(name.value for name in found.unfit))
    if wanted.state == "not_applicable":
        return
    seen.same("left out", wanted.left_out, tuple(metric.key for metric in found.left_out))
    seen.same("cards", [name for name, _now, _before in wanted.cards], [card.metric.key for card in found.cards])
    for (name, now, before), card in zip(wanted.cards, found.cards, strict=False):
        seen.figure(name, now, card.figure, within=_within(report, name))
        seen.figure(f"{name} before", before, card.previous, within=_within(report, name))
    if block.shape == "Trend":
        _compare_buckets(seen, wanted.starts, found)
        _compare_lines(seen, report, wanted, found)
    seen.same("heat", wanted.heat, [list(row) for row in found.heat])
    seen.same("classes", wanted.classes, list(found.classes))
    if block.shape in {"Breakdown", "Roster"}:
        _compare_parts(seen, report, block, wanted, found)


def _compare_buckets(seen: _Seen, starts: list[datetime], found: Answer) -> None:
    """Compare the ends of buckets, and the days that they begin and end on."""
    ends, clock = [*starts[1:], seen.question.end], seen.question.clock
    wanted = [
        (start, end, start.astimezone(clock).date(), (end - MICROSECOND).astimezone(clock).date())
        for start, end in zip(starts, ends, strict=True)
    ]
    shown = [(bucket.start, bucket.end, bucket.day, bucket.last_day) for bucket in found.buckets]
    seen.same("buckets", wanted, shown)


def _compare_lines(seen: _Seen, report: WantedReport, wanted: Expected, found: Answer) -> None:
    seen.same("lines", [name for name, _line, _before in wanted.lines], [line.metric.key for line in found.lines])
    for (name, line, before), other in zip(wanted.lines, found.lines, strict=False):
        within = _within(report, name)
        _compare_line(seen, name, line, other.figures, within=within)
        seen.same(f"{name} has a line before", before is not None, other.previous is not None)
        _compare_line(seen, f"{name} before", before or [], other.previous or (), within=within)


def _compare_line(seen: _Seen, name: str, wanted: Sequence[Fig], found: Sequence[Figure], *, within: float) -> None:
    seen.same(f"{name} length", len(wanted), len(found))
    for number, (fig, other) in enumerate(zip(wanted, found, strict=False)):
        seen.figure(f"{name} {number}", fig, other, within=within)


def _compare_parts(seen: _Seen, report: WantedReport, block: Wanted, wanted: Expected, found: Answer) -> None:
    """Compare every part; those of a breakdown stand in order, and those beyond the most that it shows are counted."""
    for part in found.parts:
        figures = wanted.parts.get(part.value)
        if figures is None:
            seen.note(f"part {part.value}", None, part)
            continue
        seen.same(f"metrics of {part.value}", set(figures), set(part.figures))
        for name, fig in figures.items():
            seen.figure(f"{part.value} {name}", fig, part.figures[name], within=_within(report, name))
    seen.same("different parts", len(found.parts), len({part.value for part in found.parts}))
    if block.shape == "Roster":
        seen.same("parts", set(wanted.parts), {part.value for part in found.parts})
        return
    lead, within = block.metrics[0], _within(report, block.metrics[0])
    in_order = sorted((figs[lead].value or 0 for figs in wanted.parts.values()), reverse=not block.is_fastest_first)
    seen.same("parts", len(in_order[: block.most]), len(found.parts))
    for number, (value, part) in enumerate(zip(in_order, found.parts, strict=False)):
        seen.near(f"place {number}", value, part.figures[lead].value, within=within)
    seen.same("more", max(0, len(in_order) - block.most), found.more)
    if report.measures[lead].sort == "count":
        seen.same("total", sum(figs[lead].count for figs in wanted.parts.values()), found.total.count)
