"""The faults, each at the stages where it can hit. A case whose fault did not hit is vacuous, and that fails it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults.exports import faults, over_http, storage, times, writers
from tests.faults.exports.trials import Trial

STAGES = ("claimed", "amid-rows", "before-publishing", "published", "before-commit", "committed")


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table."""

    name: str
    how: str
    run: Callable[[Trial], None]


def cases() -> list[Case]:
    """Return all of them."""
    listed = [Case("none", "from the request to the file", faults.undisturbed)]
    for name, fault in (("kill -9 of the pool's process", faults.pool_killed), ("kill -9 of the group", faults.killed)):
        listed += [_at(name, stage, fault, attempts=1 if stage == "committed" else 2) for stage in STAGES]
    listed += [
        Case("three deaths", "kill -9 amid rows, each attempt", faults.three_deaths),
        _at("PostgreSQL restarted fast", "amid-rows", faults.restarted_fast),
        _at("PostgreSQL restarted fast", "published", faults.restarted_fast),
        _at("PostgreSQL crash and restart", "claimed", faults.crashed),
        _at("PostgreSQL crash and restart", "amid-rows", faults.crashed),
        _at("PostgreSQL crash and restart", "published", faults.crashed),
        _at("PostgreSQL crash and restart", "before-commit", faults.crashed),
        Case("PostgreSQL silent for two leases", "amid rows", faults.postgres_silent),
        Case("Valkey FLUSHALL", "asked for, no worker yet", faults.flushed_while_waiting),
        _at("Valkey FLUSHALL", "amid-rows", faults.flushed, attempts=1),
        Case("Valkey down for 15 s", "asked for", faults.valkey_down),
        _at("Valkey down, then started", "amid-rows", faults.valkey_restarted, attempts=1),
        _at("Valkey down, then started", "before-commit", faults.valkey_restarted, attempts=1),
        Case("beat stopped, then started", "kill -9 amid rows", faults.without_beat),
        Case("two beats, two workers", "held beyond a lease", faults.two_beats),
        _at("deploy: SIGTERM to the worker", "amid-rows", faults.deployed, attempts=1),
    ]
    for what in (storage.SPOOL, storage.FILES):
        listed += [
            Case("disk full, then freed", what, partial(storage.full_and_freed, what=what)),
            Case("disk full for good", what, partial(storage.full_for_good, what=what)),
        ]
    listed.append(Case("kill -9 of the group", "half published, store elsewhere", storage.killed_half_published))
    for kind, how in (("error", "answers 500"), ("cut", "hangs up at 50 %"), ("slow", "two leases for a file")):
        listed.append(Case("store fails once", how, partial(storage.store_fails, kind=kind)))
    for kind, how in (("error", "answers 500"), ("cut", "hangs up at 50 %")):
        listed.append(Case("store fails for good", how, partial(storage.store_fails_for_good, kind=kind)))
    listed += [
        _at("frozen past its lease, then thawed", stage, faults.frozen)
        for stage in ("amid-rows", "before-publishing", "published", "before-commit")
    ]
    return [
        *listed,
        Case(f"{over_http.AT_ONCE} requests at once", "POST /v2/export", over_http.many_at_once),
        Case(f"{over_http.PLACES} workspaces at once", "two workers", over_http.many_places),
        Case("too long", "amid rows, clock moved", times.too_long),
        Case("too long", "no worker in time, clock moved", times.too_long_in_the_queue),
        Case("too long", "published, clock moved", times.published_too_late),
        Case("cancelled", "amid rows", faults.cancelled),
        Case("cancelled", "after kill -9, published", faults.cancelled_after_a_death),
        Case("day 7", "clock moved", over_http.expired),
        Case("day 7", "kill -9 between file and row", over_http.expired_and_killed),
        Case("download", "whole, parts, by others", over_http.downloads),
        Case("demoted", "while it waits", over_http.demoted_while_waiting),
        Case("demoted", "amid rows", over_http.demoted_meanwhile),
        Case("writers meanwhile", "messages", partial(writers.written_meanwhile, dataset="messages")),
        Case("writers meanwhile", "contacts", partial(writers.written_meanwhile, dataset="contacts")),
    ]


def _at(name: str, stage: str, fault: faults.Fault, *, attempts: int = 2) -> Case:
    return Case(name, stage.replace("-", " "), partial(faults.at, point=stage, do=fault, attempts=attempts))
