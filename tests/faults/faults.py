"""What is done to the processes while one of them waits at a point."""

import os
import signal

from imports.actions import sweep_imports
from tests.faults.pace import ENDED, LEASE_SECONDS
from tests.faults.servers import Running, wait_for
from tests.faults.trials import Trial, clock


def killed(trial: Trial) -> None:
    """End the worker and its pool, and start one anew."""
    worker = trial.house.workers[0]
    worker.kill()
    trial.house.disarm()
    worker.start()


def pool_killed(trial: Trial) -> None:
    """End the process that does the work, as the kernel does when memory is short; its parent makes another."""
    (child,) = trial.house.workers[0].children()
    os.kill(child, signal.SIGKILL)
    trial.house.disarm()


def flushed(trial: Trial) -> None:
    """Forget every bell while the job runs."""
    trial.house.flush_valkey()
    trial.house.disarm()


def valkey_restarted(trial: Trial) -> None:
    """End the broker while the job runs; it comes back empty."""
    house = trial.house
    house.valkey.kill()
    house.disarm()
    wait_for(lambda: trial.now().state == "completed", "the end without a broker", pause=0.1)
    house.start_server(house.valkey)


def crashed(trial: Trial) -> None:
    """Crash the database, which empties the unlogged tables."""
    trial.house.crash_postgres()
    trial.house.disarm()


def frozen(trial: Trial) -> None:
    """Freeze the worker until another has taken over, and thaw it: it must not write a byte."""
    first, second = trial.house.workers
    before = trial.claims()
    before_thaw = ended(first)
    first.signal_group(signal.SIGSTOP)
    trial.house.disarm()
    second.start()
    try:
        wait_for(lambda: trial.claims() > before, "the second worker")
        row = trial.now()
        wait_for(lambda: trial.now().state != row.state, "the second worker's end", pause=0.1)
    finally:
        first.signal_group(signal.SIGCONT)
    wait_for(lambda: ended(first) > before_thaw, "the thawed worker's end")


def deployed(trial: Trial) -> None:
    """Ask the worker to end, as a new version does; the job that it has goes to its end."""
    old, new = trial.house.workers
    before = trial.claims()
    os.kill(old.pid, signal.SIGTERM)  # the leader alone, as containers do: its pool goes on
    new.start()
    wait_for(lambda: new.said("ready.") > 0, "the new worker")
    trial.house.disarm()
    wait_for(lambda: not old.is_running, "the old worker's end")
    if trial.claims() != before:
        raise AssertionError("the job did not go to its end")


def deployed_by_force(trial: Trial) -> None:
    """Ask the worker and its pool to end, and end them by force when their grace is over, as the supervisor does."""
    old, new = trial.house.workers
    old.stop()
    trial.house.disarm()
    new.start()


def killed_without_beat(trial: Trial) -> None:
    """Kill the worker while nobody sweeps; then sweep once by hand."""
    house = trial.house
    house.beat.kill()
    claims = trial.claims()
    killed(trial)
    house.flush_valkey()  # what the worker had not acknowledged, and what beat rang before it was killed
    wait_for(lambda: house.workers[0].said("ready.") > 0, "the new worker")
    wait_for(lambda: (trial.now().lease_until or clock()) < clock(), "the end of the lease", pause=0.1)
    sweep_imports(clock=clock)
    wait_for(lambda: trial.claims() > claims, "a worker that heard the sweep", seconds=LEASE_SECONDS)


def ended(worker: Running) -> int:
    """Count the tasks that came to an end."""
    return worker.said(f"{ENDED} imports.validate") + worker.said(f"{ENDED} imports.commit")
