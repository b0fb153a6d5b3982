"""What the oracle and the reports are both asked: days of many zones, filters alone and together, parts of logs."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random

from tests.reports.oracle import clocks
from tests.reports.oracle.answering import Oracle
from tests.reports.oracle.asking import Part, Question
from tests.reports.oracle.listed import WANTED

MADRID, SANTIAGO, KOLKATA, LORD_HOWE, UTC = (
    "Europe/Madrid",
    "America/Santiago",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "UTC",
)
ZONES = (MADRID, SANTIAGO, KOLKATA, LORD_HOWE, UTC)
YEAR = (date(2025, 4, 8), date(2026, 4, 7))
# Weeks with a night in which clocks change, of the zone that changes them.
NIGHTS = (
    (MADRID, date(2025, 10, 22), date(2025, 10, 28)),
    (MADRID, date(2026, 3, 25), date(2026, 3, 31)),
    (SANTIAGO, date(2025, 9, 4), date(2025, 9, 10)),
    (SANTIAGO, date(2026, 4, 1), date(2026, 4, 7)),
    (LORD_HOWE, date(2025, 10, 2), date(2025, 10, 8)),
    (LORD_HOWE, date(2026, 4, 1), date(2026, 4, 7)),
)


def plain(zone: str) -> Iterator[Question]:
    """Yield a day, a week with a changed clock, months and a year of a zone, unfiltered."""
    for day in (date(2026, 3, 10), date(2026, 3, 29), date(2026, 4, 4), date(2025, 10, 26)):
        yield Question(zone=zone, first=day, last=day, frequency="hour")
    for own, first, last in NIGHTS:
        if own == zone:
            yield Question(zone=zone, first=first, last=last)
            yield Question(zone=zone, first=first, last=last, frequency="hour")
    yield Question(zone=zone, first=date(2026, 3, 8), last=date(2026, 4, 7))
    yield Question(zone=zone, first=date(2025, 9, 20), last=date(2025, 10, 31), frequency="week")
    yield Question(zone=zone, first=date(2025, 9, 3), last=date(2025, 12, 3), frequency="month")
    for frequency in ("day", "week", "month"):
        yield Question(zone=zone, first=YEAR[0], last=YEAR[1], frequency=frequency)


def whole() -> tuple[Question, ...]:
    """Return the longest quarter that has percentiles everywhere, in working hours, the year of the whole history, and the week
    of a night in which clocks change: hour by hour, and day by day in another zone.
    """
    quarter = Question(
        zone=MADRID, first=date(2026, 1, 6), last=date(2026, 4, 7), frequency="week", in_working_hours=True
    )
    there = Question(zone=KOLKATA, first=NIGHTS[0][1], last=NIGHTS[0][2])
    night = Question(zone=MADRID, first=NIGHTS[0][1], last=NIGHTS[0][2], frequency="hour")
    return quarter, Question(zone=MADRID, first=YEAR[0], last=YEAR[1], frequency="month"), night, there


def narrowed(oracle: Oracle, report: str, random: Random, *, several: int) -> Iterator[Question]:
    """Yield questions with each filter of a report alone, and with two or three at once."""
    names = WANTED[report].filters.split()
    values = {name: _values(oracle, report, name) for name in names}
    chosen = [[name] for name in names if values[name]]
    chosen += [random.sample(names, random.choice((2, 3)) if len(names) > 2 else 2) for _ in range(several)]
    for together in chosen:
        filters = {name: _some(random, values[name]) for name in together if values[name]}
        base = random.choice([*plain(random.choice(ZONES))][-6:])
        yield replace(base, filters=filters, in_working_hours=random.random() < 0.4)


def _values(oracle: Oracle, report: str, name: str) -> list[int | str]:
    """Return the values that rows of a report have in a filter."""
    kinds = {log.kind for log in WANTED[report].logs.values()}
    found = {item.filters.get(name) for kind in kinds for item in oracle.items[kind]}
    texts = sorted(value for value in found if isinstance(value, str) and value)
    numbers = sorted(value for value in found if isinstance(value, int) and (value or name == "assigned_to"))
    return [*numbers, *texts]


def _some(random: Random, values: Sequence[int | str]) -> tuple[int | str, ...]:
    return tuple(random.sample(values, min(len(values), random.choice((1, 1, 2, 4)))))


def parts_of(oracle: Oracle, report: str, log: str, question: Question, random: Random) -> Iterator[Part]:
    """Yield parts of a log: the rows behind each of its metrics, and of those a bucket, an hour of the week and a class."""
    wanted = WANTED[report]
    kind, clock = wanted.logs[log].kind, question.clock
    if not oracle.applies(kind, question):
        return
    items = oracle.found(kind, question)
    shown_in_blocks = {name for block in wanted.blocks.values() for name in block.metrics}
    for name, measure in wanted.measures.items():
        if measure.log != log or name not in shown_in_blocks:
            continue
        yield Part(metric=name)
        if not items:
            continue
        item = random.choice(items)
        shown = item.at.astimezone(clock)
        yield Part(metric=name, weekday=shown.weekday(), hour=shown.hour)
        yield Part(metric=name, weekday=random.randrange(7))
        starts = [*clocks.spots(question.first, question.last, clock, question.frequency).values(), question.end]
        number = next(number for number, start in enumerate(starts) if start > item.at)
        yield Part(metric=name, start=starts[number - 1], end=starts[number])
        edges = next((block.edges for block in wanted.blocks.values() if block.edges and name in block.metrics), ())
        for block in wanted.blocks.values():
            if block.by and name == block.metrics[0]:
                yield Part(metric=name, by=block.by, value=item.parts[block.by] or None)
        for low, high in zip((None, *edges), (*edges, None), strict=True) if edges else ():
            yield Part(metric=name, at_least=low, below=high)
