"""Folds, rebuilds and writers at the same time, each on a connection of its own: nothing is lost, and no writer waits."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection

from contacts.models import ContactLogEntry
from inbox.models import Message
from reports.tallies.building import build_in_scope, build_tallies
from reports.tallies.facts import CONTACT_LOG
from reports.tallies.folding import fold_tallies
from reports.tallies.sweeping import sweep_tallies
from tests.factories import NOON, Cast
from tests.inbox.steps import a_channel, hears, later
from tests.reports.tallying import assert_exact, built_everywhere, set_time_zone, some_lines, tally_rows, waiting
from workspaces.scope import workspace_scope

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 100
PATIENCE = 60.0  # seconds


@pytest.fixture
def built(cast: Cast) -> Cast:
    return built_everywhere(cast)


def at_once(*acts: Callable[[], object]) -> None:
    """Do these side by side; raise what one of them raised."""
    failures: list[BaseException] = []

    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except BaseException as failure:  # noqa: BLE001 - told by the thread that waits
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert not any(thread.is_alive() for thread in threads)
    assert failures == []


def a_writer(cast: Cast, message: Message, place: int) -> Callable[[], None]:
    """Return somebody who writes lines and messages, and lets messages climb and go, a transaction each."""

    def write() -> None:
        for turn in range(ROUNDS):
            with workspace_scope(cast.acme.pk):
                some_lines(cast.acme.pk, later(turn * 7), later(turn * 11), user_id=place)
                made = Message.objects.create(
                    workspace_id=cast.acme.pk, contact_id=message.contact_id, channel_id=message.channel_id,
                    direction="outgoing", sender_kind="user", user_id=place, status="queued",
                    created_at=later(turn * 13), provider_at=NOON,
                )  # fmt: skip
            for status in ("sent", "read"):
                with workspace_scope(cast.acme.pk):
                    Message.objects.in_workspace(cast.acme.pk).filter(pk=made.pk).update(status=status)
            if turn % 5 == 0:
                with workspace_scope(cast.acme.pk):
                    Message.objects.in_workspace(cast.acme.pk).filter(pk=made.pk).delete()
                    ContactLogEntry.objects.in_workspace(cast.acme.pk).filter(user_id=place)[:1].get().delete()

    return write


def heard(cast: Cast) -> Message:
    with workspace_scope(cast.acme.pk):
        return hears(cast.ada, a_channel(cast.ada))


def while_writing(cast: Cast, *keepers: Callable[[], object]) -> None:
    """Let three people write, and the keepers go round until they are done."""
    message, done = heard(cast), threading.Event()
    writers = [a_writer(cast, message, place) for place in (1, 2, 3)]
    left = [len(writers)]
    counting = threading.Lock()

    def writing(write: Callable[[], None]) -> None:
        try:
            write()
        finally:
            with counting:
                left[0] -= 1
                if not left[0]:
                    done.set()

    def keeping(keep: Callable[[], object]) -> None:
        while not done.is_set():
            keep()

    at_once(*(partial(writing, write) for write in writers), *(partial(keeping, keep) for keep in keepers))


def test_folding_while_others_write_loses_nothing(built: Cast) -> None:
    fold = partial(fold_tallies, workspace_id=built.acme.pk)
    while_writing(built, fold, fold)
    assert_exact(built.acme)
    fold()
    assert waiting(built.acme) == 0
    assert_exact(built.acme)


def test_building_and_folding_while_others_write_loses_nothing(built: Cast) -> None:
    zones = ("Asia/Tokyo", "America/New_York")
    turns = iter(range(10_000))

    def build() -> None:
        set_time_zone(built.acme, zones[next(turns) % 2])
        build_tallies(workspace_id=built.acme.pk, at=NOON)

    while_writing(built, build, lambda: sweep_tallies(clock=lambda: NOON))
    assert_exact(built.acme)
    sweep_tallies(clock=lambda: NOON)
    assert_exact(built.acme)


def test_what_commits_during_a_build_keeps_its_delta(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        some_lines(built.acme.pk, NOON)
        build_in_scope(workspace_id=built.acme.pk, at=NOON)
        at_once(lambda: one_line(built))  # it does not wait for the build
    assert (waiting(built.acme), tally_rows(CONTACT_LOG, built.acme)[0][-1]) == (1, 1)
    assert_exact(built.acme)
    assert fold_tallies(workspace_id=built.acme.pk) == 1
    assert_exact(built.acme)


def test_what_commits_between_two_statements_of_a_build_is_counted_once(built: Cast) -> None:
    def writing_first(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if "reports_" in sql:
            at_once(lambda: one_line(built))
        return execute(sql, *rest)

    with connection.execute_wrapper(writing_first):
        build_tallies(workspace_id=built.acme.pk, at=NOON)
    assert_exact(built.acme)


def test_what_is_not_committed_is_neither_folded_nor_built(built: Cast) -> None:
    with workspace_scope(built.acme.pk):
        some_lines(built.acme.pk, NOON)
        at_once(lambda: build_tallies(workspace_id=built.acme.pk, at=NOON))
        at_once(lambda: fold_tallies(workspace_id=built.acme.pk))
    assert (waiting(built.acme), tally_rows(CONTACT_LOG, built.acme)) == (1, [])
    assert_exact(built.acme)


def test_a_fold_passes_by_while_somebody_else_keeps_the_tallies(built: Cast) -> None:
    one_line(built)
    folded: list[int] = []
    with workspace_scope(built.acme.pk):
        build_in_scope(workspace_id=built.acme.pk, at=NOON)
        at_once(lambda: folded.append(fold_tallies(workspace_id=built.acme.pk)))
        at_once(lambda: folded.append(fold_tallies(workspace_id=built.globex.pk)))
    assert folded == [0, 0]
    assert_exact(built.acme)


def one_line(cast: Cast) -> None:
    with workspace_scope(cast.acme.pk):
        some_lines(cast.acme.pk, NOON + timedelta(hours=1))
