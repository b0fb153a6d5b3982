"""Disks that are full, and stores that fail: an export says so within a minute, or is made once they work again."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.exports.faults import ended, killed
from tests.faults.exports.pace import STORE, STORE_SAYS
from tests.faults.exports.trials import SECONDS, Trial
from tests.faults.servers import wait_for
from tests.faults.storage import SIZE_MB, Disk
from tests.faults.trials import Vacuous

SPOOL, FILES = "spool", "store"
SOON = 60.0  # seconds until an export that cannot be kept says so
FAILED = "exports.storage_failed"


def full_and_freed(trial: Trial, *, what: str) -> None:
    """No room at the first attempt, room again afterwards."""
    with _disk(trial, what) as disk:
        _ask_and_fill(trial, disk, what)
        worker = trial.house.workers[0]
        wait_for(lambda: _complaints(trial) > 0 and ended(worker) > 0, "a complaint about the disk", seconds=SECONDS)
        disk.free()
        row = trial.judge_file()
        if row.attempt < 2:
            raise Vacuous("the first attempt found room")


def full_for_good(trial: Trial, *, what: str) -> None:
    """No room for any attempt: the export fails with a reason, no part of a file is left, and the next one is made."""
    with _disk(trial, what) as disk:
        _ask_and_fill(trial, disk, what)
        _fails_then_recovers(trial, complaints=lambda: _complaints(trial), repair=disk.free)


def store_fails(trial: Trial, *, kind: str) -> None:
    """The store fails once, in whatever way."""
    house = trial.house
    house.workers[0].kill()
    house.workers[1].start()
    house.workers[0].start()  # a second one would take over if the first were thought to be dead
    for worker in house.workers:
        wait_for(lambda worker=worker: worker.said("ready.") > 0, "two workers", seconds=SECONDS)  # type: ignore[misc]
    _tell_store(trial, kind, times=1)
    trial.ask()
    row = trial.judge_file()
    if not any(worker.said(f"{STORE_SAYS} {kind}") for worker in house.workers):
        raise Vacuous("the store was not reached")
    wanted = 1 if kind == "slow" else 2
    trial.say(f"{row.attempt} attempts for {wanted}", unless=row.attempt == wanted)


def killed_half_published(trial: Trial) -> None:
    """The worker dies when half of the file is in a store elsewhere: nobody sees the half, and the next one is whole."""
    _tell_store(trial, "far", times=1)
    trial.ask_and_await("half-published")
    if not any(name.endswith(".tmp") for name in trial.strays()):
        raise Vacuous("there is no half of a file")
    killed(trial)
    row = trial.judge_file()
    trial.say(f"{row.attempt} attempts for 2", unless=row.attempt == 2)


def store_fails_for_good(trial: Trial, *, kind: str) -> None:
    """The store fails each time."""
    _tell_store(trial, kind, times=99)
    trial.ask()
    said = f"{STORE_SAYS} {kind}"
    worker = trial.house.workers[0]
    _fails_then_recovers(trial, complaints=lambda: worker.said(said), repair=trial.house.disarm)


def _fails_then_recovers(trial: Trial, *, complaints: Callable[[], int], repair: Callable[[], None]) -> None:
    began = time.monotonic()
    trial.wait_for_state("failed")
    took = time.monotonic() - began
    if complaints() < 3:
        raise Vacuous(f"it failed {complaints()} times")
    trial.say(f"it took {took:.0f} s to say so", unless=took < SOON)
    trial.judge_ended("failed", FAILED)
    result = trial.result
    repair()
    trial.ask()
    trial.judge_file()
    trial.result = f"{result}; the next one completed"


def _tell_store(trial: Trial, kind: str, *, times: int) -> None:
    (trial.house.points / STORE).write_text(f"{kind} {times}", encoding="ascii")


def _ask_and_fill(trial: Trial, disk: Disk, what: str) -> None:
    point = "claimed" if what == SPOOL else "before-publishing"
    trial.ask_and_await(point)
    (child,) = trial.house.workers[0].children()
    disk.fill(pid=child)
    trial.house.disarm()


def _complaints(trial: Trial) -> int:
    worker = trial.house.workers[0]
    return worker.said("OSError: [Errno 28]") + worker.said("OSError: [Errno 27]")


@contextmanager
def _disk(trial: Trial, what: str) -> Iterator[Disk]:
    """Put the spool, or the store's folder of exports, on a small disk of its own, which stays until the trial is over."""
    folder: Path = trial.spool if what == SPOOL else trial.folder.parent
    folder.mkdir(parents=True, exist_ok=True)
    trial.house.workers[0].kill()  # its words are counted from here
    trial.house.workers[0].start()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB * 4}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(mount, capture_output=True, check=False).returncode == 0
    if mounted:
        trial.at_the_end(lambda: subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False))
    disk = Disk(folder, is_own=mounted)
    try:
        yield disk
    finally:
        disk.free()
