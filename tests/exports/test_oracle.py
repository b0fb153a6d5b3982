"""Every cell of every data set is what the oracle computes from the facts, over a history with every corner."""

from collections.abc import Iterator
from datetime import date

import pytest

from exports.catalogue import DATASETS
from tests.exports.comparing import Case, Comparer, filters_of
from tests.exports.history import History, a_history
from tests.exports.oracle.listed import ORACLE
from tests.exports.totalling import totals_agree
from tests.keeping import kept_in_a_file, one_of

MADRID, SANTIAGO = "Europe/Madrid", "America/Santiago"
PLAIN = (
    Case(),
    Case(zone=SANTIAGO),
    Case(zone="UTC", is_guarded=False, shows_content=True),
    Case(first=date(2026, 3, 10), last=date(2026, 3, 10)),
    Case(first=date(2026, 3, 26), last=date(2026, 3, 28)),
    Case(first=date(2026, 3, 29), last=date(2026, 3, 29)),  # twenty-three hours long
    Case(zone=SANTIAGO, first=date(2026, 4, 4), last=date(2026, 4, 4)),  # twenty-five
    Case(zone=SANTIAGO, first=date(2026, 4, 5), last=date(2026, 4, 5)),
    Case(zone="Asia/Kolkata", first=date(2026, 4, 1), last=date(2026, 4, 3), shows_content=True),
    Case(zone="UTC", first=date(2026, 3, 5), last=date(2026, 3, 5)),  # begun and ended by the same events
    Case(zone="America/St_Johns", first=date(2026, 3, 30), last=date(2026, 3, 31)),
    Case(viewer="own", shows_content=True),
    Case(viewer="team", zone=SANTIAGO),
)


def _cases(comparer: Comparer, dataset: str) -> Iterator[Case]:
    yield from PLAIN
    for filters in filters_of(comparer, dataset):
        yield Case(filters=filters, shows_content=True)
        yield Case(filters=filters, viewer="team", zone=SANTIAGO, first=date(2026, 3, 18), last=date(2026, 4, 2))


made = kept_in_a_file(a_history)


@pytest.fixture
def history(made: History, db: None) -> History:
    return one_of(made)


def test_totals_agree_across_data_sets_and_with_pages(history: History) -> None:
    totals_agree(history)


def test_every_cell_of_every_data_set_is_what_the_facts_say(history: History) -> None:
    comparer = Comparer(history)
    for dataset in DATASETS:
        for case in _cases(comparer, dataset):
            comparer.compare(dataset, case)
    report = comparer.report
    print(f"\n{report}")  # noqa: T201 - `bin/test tests/exports/test_oracle.py -s` shows it
    assert not report.differences, str(report)
    assert DATASETS.keys() == ORACLE.keys()
    assert all(count > 100 for count in report.cells.values()), str(report)
