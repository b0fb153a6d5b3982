"""Folds and rebuilds: days of the zone, batches, crashes, and nobody else's rows."""

from collections.abc import Callable
from datetime import date, timedelta
from unittest.mock import patch

import pytest
from django.db import connection, transaction

from reports.models import MessageTallyDelta, TallyState
from reports.tallies import folding
from reports.tallies.building import build_tallies
from reports.tallies.facts import CONTACT_LOG, MESSAGES
from reports.tallies.folding import fold_tallies
from reports.tallies.reading import has_tallies
from reports.tallies.sweeping import sweep_tallies
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later
from tests.reports.tallying import (
    a_contact,
    assert_exact,
    built_everywhere,
    counted,
    folded_exactly,
    read,
    set_time_zone,
    some_lines,
    tally_rows,
    utc,
    waiting,
)
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def built(cast: Cast) -> Cast:
    return built_everywhere(cast)


CHANGES = (
    (3, 8),
    (3, 29),
    (4, 5),
    (10, 4),
    (10, 25),
    (11, 1),
)  # days of 2026 on which one of the zones changes its clock


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"])
def test_days_are_those_of_the_zone_across_its_changes_of_the_clock(built: Cast, zone: str) -> None:
    set_time_zone(built.acme, zone)
    build_tallies(workspace_id=built.acme.pk, at=NOON)
    moments = [utc(2026, *day) + timedelta(minutes=11 * step) for day in CHANGES for step in range(-240, 240)]
    with workspace_scope(built.acme.pk):
        some_lines(built.acme.pk, *moments)
    folded_exactly(built)
    before = tally_rows(CONTACT_LOG, built.acme)
    build_tallies(workspace_id=built.acme.pk, at=NOON)
    assert tally_rows(CONTACT_LOG, built.acme) == before


def test_a_range_of_days_reads_those_days_only_folded_or_not(built: Cast) -> None:
    first, last = date(2026, 3, 2), date(2026, 3, 3)
    set_time_zone(built.acme, "America/New_York")
    build_tallies(workspace_id=built.acme.pk, at=NOON)
    edges = (utc(2026, 3, 2, 4, 59), utc(2026, 3, 2, 5), utc(2026, 3, 4, 4, 59), utc(2026, 3, 4, 5))
    for _ in ("waiting", "folded"):
        with workspace_scope(built.acme.pk):
            some_lines(built.acme.pk, *edges)
            found = read(CONTACT_LOG, built.acme.pk, "America/New_York", first=first, last=last)
        assert [(key[0], n) for key, n in sorted(found.items(), key=str)] in (
            [(first, 1), (last, 1)],
            [(first, 2), (last, 2)],
        )
        fold_tallies(workspace_id=built.acme.pk)
    with workspace_scope(built.acme.pk):
        assert read(CONTACT_LOG, built.acme.pk, "America/New_York", first=first, last=last).total() == 4


def test_another_workspace_sees_nothing_of_it(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        hears(built.ada, a_channel(built.ada))
        a_contact(built, "Ana")
    for fold in (False, True):
        if fold:
            fold_tallies(workspace_id=built.acme.pk)
        with workspace_scope(built.globex.pk):
            for fact in (MESSAGES, CONTACT_LOG):
                assert read(fact, built.acme.pk, "UTC") == read(fact, built.globex.pk, "UTC") == {}
    fold_tallies(workspace_id=built.globex.pk)
    build_tallies(workspace_id=built.globex.pk, at=NOON)
    assert_exact(built.acme)


def test_without_tallies_nothing_is_folded_and_the_sweep_builds_them(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        a_contact(cast, "Ana")
        assert not has_tallies(cast.acme.pk, "UTC")
    assert (fold_tallies(workspace_id=cast.acme.pk), waiting(cast.acme)) == (0, 1)
    sweep_tallies(clock=lambda: NOON)
    with workspace_scope(cast.acme.pk):
        assert has_tallies(cast.acme.pk, "UTC")
        assert not has_tallies(cast.acme.pk, "Europe/Madrid")
        assert not has_tallies(cast.globex.pk, "UTC")
        assert TallyState.objects.in_workspace(cast.acme.pk).get().built_at == NOON
    assert waiting(cast.acme) == 0
    assert_exact(cast.acme)
    assert_exact(cast.globex)


def test_the_sweep_folds_what_waits_and_builds_anew_for_another_zone(built: Cast) -> None:
    late = utc(2026, 3, 2, 23, 30)
    with workspace_scope(built.acme.pk):
        some_lines(built.acme.pk, late)
    sweep_tallies(clock=lambda: later(1))
    assert [row[0] for row in tally_rows(CONTACT_LOG, built.acme)] == [date(2026, 3, 2)]
    with workspace_scope(built.acme.pk):
        assert TallyState.objects.in_workspace(built.acme.pk).get().built_at == NOON
    set_time_zone(built.acme, "Asia/Tokyo")
    sweep_tallies(clock=lambda: later(2))
    assert [row[0] for row in tally_rows(CONTACT_LOG, built.acme)] == [date(2026, 3, 3)]
    with workspace_scope(built.acme.pk):
        assert has_tallies(built.acme.pk, "Asia/Tokyo")
        assert not has_tallies(built.acme.pk, "UTC")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM tallies_due()")
            assert cursor.fetchall() == []


def test_a_flood_is_folded_in_batches_of_which_a_run_does_so_many(built: Cast) -> None:
    with patch.object(folding, "BATCH", 3), patch.object(folding, "MOST_BATCHES", 2):
        with workspace_scope(built.acme.pk):
            for place in range(8):
                some_lines(built.acme.pk, later(place))
        assert (fold_tallies(workspace_id=built.acme.pk), waiting(built.acme)) == (6, 2)
        assert_exact(built.acme)
        assert (fold_tallies(workspace_id=built.acme.pk), waiting(built.acme)) == (2, 0)
        assert_exact(built.acme)


def break_statement(part: str) -> Callable[..., object]:
    """Return a wrapper of statements that fails after the one with these words was run."""

    def wrapper(execute: Callable[..., object], sql: str, *rest: object) -> object:
        answer = execute(sql, *rest)
        if part in sql:
            raise RuntimeError("the worker died")
        return answer

    return wrapper


@pytest.mark.parametrize("part", ["MERGE INTO reports_contacttally", "MERGE INTO reports_messagetally"])
def test_a_fold_that_dies_midway_changes_nothing(built: Cast, part: str) -> None:
    with workspace_scope(built.acme.pk):
        hears(built.ada, a_channel(built.ada))
    before = waiting(built.acme)
    with connection.execute_wrapper(break_statement(part)), pytest.raises(RuntimeError, match="died"):
        fold_tallies(workspace_id=built.acme.pk)
    assert (waiting(built.acme), tally_rows(MESSAGES, built.acme), tally_rows(CONTACT_LOG, built.acme)) == (
        before,
        [],
        [],
    )
    folded_exactly(built)


def test_a_rebuild_that_dies_midway_changes_nothing(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        hears(built.ada, a_channel(built.ada))
    fold_tallies(workspace_id=built.acme.pk)
    with workspace_scope(built.acme.pk):
        a_contact(built, "Ana")
    set_time_zone(built.acme, "Asia/Tokyo")
    before = (waiting(built.acme), tally_rows(MESSAGES, built.acme), tally_rows(CONTACT_LOG, built.acme))
    for part in (
        "INSERT INTO reports_contacttally",
        "INSERT INTO reports_messagetally",
        "INSERT INTO reports_tallystate",
    ):
        with connection.execute_wrapper(break_statement(part)), pytest.raises(RuntimeError, match="died"):
            build_tallies(workspace_id=built.acme.pk, at=NOON)
        after = (waiting(built.acme), tally_rows(MESSAGES, built.acme), tally_rows(CONTACT_LOG, built.acme))
        assert after == before
    assert_exact(built.acme)


def test_a_refused_write_leaves_no_delta(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        hears(built.ada, a_channel(built.ada))
        transaction.set_rollback(True)
    assert waiting(built.acme) == 0
    with workspace_scope(built.acme.pk):
        assert MessageTallyDelta.objects.in_workspace(built.acme.pk).count() == 0
        assert counted(MESSAGES, built.acme.pk, "UTC") == {}
