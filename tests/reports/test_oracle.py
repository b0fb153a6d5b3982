"""Every figure and every row of every report is what the oracle computes from the facts, over a history with every corner."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from django.db import connection

from reports.catalogue import REPORTS
from reports.definitions.filters import Filter
from reports.engine.blocks import Block, Breakdown, Roster, Spread, Trend, metrics_of
from reports.engine.scope import report_scope
from reports.models import TallyState
from reports.tallies import folding
from tests.exports.history import History, a_history
from tests.exports.history.chance import chance
from tests.exports.history.ground import EXPORT_AT
from tests.exports.oracle.facts import facts_of
from tests.keeping import kept_in_a_file, one_of
from tests.reports.agreeing import totals_agree
from tests.reports.comparing import Comparer
from tests.reports.oracle.answering import Oracle
from tests.reports.oracle.asking import Question
from tests.reports.oracle.listed import WANTED
from tests.reports.oracle.wanted import Wanted
from tests.reports.questions import MADRID, ZONES, narrowed, parts_of, plain, whole
from tests.reports.tracing import every_block_adds_up, every_figure_is_traced
from workspaces.models import Workspace
from workspaces.working_hours import WorkingHours

# How much is compared: a few questions of all blocks and logs, and each other one of so many hundredths of them. With
# `TERTULIA_ORACLE=100` every question is asked of all.
SHARE = int(os.environ.get("TERTULIA_ORACLE", "2")) / 100
ACTS, SEED = int(os.environ.get("TERTULIA_ORACLE_ACTS", "150")), int(os.environ.get("TERTULIA_ORACLE_SEED", "1"))
TALLIED = ("contacts", "messages", "broadcasts")  # reports with figures of tallies
WEEKEND: list[list[list[int]]] = [[], [[0, 195], [1380, 1440]]]  # Sundays at night, when clocks change
HOURS = [*[[[540, 840], [900, 1140]]] * 4, [[480, 900]], *WEEKEND]


made = kept_in_a_file(lambda: a_history(before=lambda history: chance(history, seed=SEED, acts=ACTS)))


@pytest.fixture
def history(made: History, db: None) -> History:
    """Give the history in a workspace of Madrid, which has no tallies yet."""
    history = one_of(made)
    Workspace.objects.filter(pk=history.workspace_id).update(time_zone=MADRID)
    TallyState.objects.in_workspace(history.workspace_id).delete()
    return history


@pytest.fixture
def comparer(history: History) -> Comparer:
    hours = WorkingHours.of(HOURS)
    stretches = [[(start, end) for start, end in day] for day in HOURS]
    facts = facts_of(history.workspace_id)
    oracle = Oracle(facts, stretches=stretches, first=date(2025, 8, 1), last=date(2026, 5, 1))
    return Comparer(oracle, actor=history.ada, hours=hours, now=EXPORT_AT)


def test_every_report_block_and_log_has_its_oracle() -> None:
    assert WANTED.keys() == REPORTS.keys()
    for key, report in REPORTS.items():
        wanted = WANTED[key]
        assert {name: _shape(block) for name, block in report.blocks.items()} == wanted.blocks
        columns = {name: [column.key for column in log.columns] for name, log in report.logs_by_key.items()}
        assert columns == {name: list(log.cells) for name, log in wanted.logs.items()}
        assert set(report.filters) == {Filter(name) for name in wanted.filters.split()}


def _shape(block: Block) -> Wanted:
    """Return what a block declares, in the oracle's words."""
    told: dict[str, Any] = {"compares": block.compares} if isinstance(block, Trend) else {}
    if isinstance(block, Breakdown):
        told = {"most": block.most, "keeps_empty": block.keeps_empty, "is_fastest_first": block.fastest_first}
    if isinstance(block, Spread):
        told = {"edges": block.edges}
    if isinstance(block, Breakdown | Roster):
        told |= {"by": block.dimension.key, "percentile_days": block.percentile_days}
    return Wanted(shape=type(block).__name__, metrics=tuple(metric.key for metric in metrics_of(block)), **told)


def test_every_figure_has_as_many_rows_as_the_log_behind_it(made: History, db: None) -> None:
    every_figure_is_traced(made)


def test_the_parts_of_every_block_add_up_to_its_figure(made: History, db: None) -> None:
    every_block_adds_up(made)


def test_every_figure_and_every_row_is_what_the_facts_say(history: History, comparer: Comparer) -> None:
    random = Random(SEED)
    asked = list(_asked(comparer, random, viewer=history.users["ben"].pk))
    random.shuffle(asked)
    quarter, year, night, there = whole()
    for number, state in enumerate((_raw, _counting, _partly_folded, _folded)):
        state(history)
        for keys, question in asked[number::4]:
            _compare(comparer, keys, question, random)
        if state is _raw:
            _compare(comparer, tuple(REPORTS), quarter, random, is_whole=True)
        if state is _partly_folded:
            _compare(comparer, TALLIED, night, random, is_whole=True)
            _compare(comparer, TALLIED, there, random, is_whole=True)
    _compare(comparer, tuple(REPORTS), year, random, is_whole=True)
    tally = comparer.tally
    print(f"\n{tally}")  # noqa: T201 - `bin/test tests/reports/test_oracle.py -s` shows it
    assert not tally.differences, str(tally)
    assert all(tally.values[key] > 1_000 for key in REPORTS), str(tally)
    totals_agree(history)


def _asked(comparer: Comparer, random: Random, *, viewer: int) -> Iterator[tuple[tuple[str, ...], Question]]:
    """Yield questions with the reports that they are asked of. viewer: a person who sees their own contacts only."""
    for zone in ZONES:
        for question in plain(zone):
            for each in (question, replace(question, in_working_hours=True)):
                if random.random() < max(SHARE, 0.2):
                    yield tuple(REPORTS), each
        yield tuple(REPORTS), replace(question, seen=frozenset({viewer}))
    for key in REPORTS:
        for question in narrowed(comparer.oracle, key, random, several=3):
            yield (key,), question


def _compare(
    comparer: Comparer, keys: Sequence[str], question: Question, random: Random, *, is_whole: bool = False
) -> None:
    """Compare some blocks and logs of reports; at least two of each where one report is asked alone."""
    least = 2 if len(keys) == 1 else 0
    with report_scope(comparer.actor.workspace_id) as using:
        reading = comparer.reading(question, using=using)
        for key in keys:
            blocks, logs = list(WANTED[key].blocks), list(WANTED[key].logs)
            if not is_whole:
                every = len(logs) if keys == ("logs",) else least
                blocks, logs = _some(blocks, random, least=least), _some(logs, random, least=every)
            comparer.blocks(key, blocks, question, reading)
            for log in logs:
                comparer.log(key, log, question, reading)
                for part in parts_of(comparer.oracle, key, log, question, random):
                    is_class = question.in_working_hours and (part.at_least, part.below) != (None, None)
                    if (is_whole and is_class) or random.random() < max(SHARE, 0.06):
                        comparer.log(key, log, question, reading, part)


def _some(names: list[str], random: Random, *, least: int) -> list[str]:
    """Return some of the names, so many at least."""
    count = max(least, sum(random.random() < SHARE for _ in names))
    return random.sample(names, min(len(names), count))


def _raw(history: History) -> None:
    """No tallies: all is counted from raw rows."""
    assert not TallyState.objects.in_workspace(history.workspace_id).exists()


def _counting(history: History) -> None:
    """Tallies of which nothing is folded yet."""
    TallyState.objects.create(workspace_id=history.workspace_id, time_zone=MADRID, built_at=EXPORT_AT)


def _partly_folded(history: History) -> None:
    """Some of the deltas are folded."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(folding, "BATCH", 40)
        patch.setattr(folding, "MOST_BATCHES", 3)
        assert folding.fold_tallies(workspace_id=history.workspace_id) == 240
    history.enter()


def _folded(history: History) -> None:
    """All of them are."""
    assert folding.fold_tallies(workspace_id=history.workspace_id) > 100
    history.enter()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM reports_messagetallydelta")
        assert cursor.fetchone() == (0,)
