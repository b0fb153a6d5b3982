"""What is done while a worker waits at a point, and what must come of it: a whole file, once."""

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from exports.actions import cancel_export
from tests.faults.exports.trials import PROMISED, SECONDS, Trial, clock
from tests.faults.servers import NeverHappened, Running, wait_for
from tests.faults.trials import Vacuous
from workspaces.scope import workspace_scope

SLOW_ANSWER = 3.0  # seconds; a broker that does not answer must not hold people up

Fault = Callable[[Trial], None]


def undisturbed(trial: Trial) -> None:
    """Nothing happens."""
    trial.ask()
    trial.judge_file()


def at(trial: Trial, *, point: str, do: Fault, attempts: int) -> None:
    """Ask, wait for a worker at the point, let the fault happen; then the file is made, by so many attempts."""
    trial.ask_and_await(point)
    before = trial.now()
    began = time.monotonic()
    do(trial)
    row = trial.judge_file()
    took = time.monotonic() - began
    trial.say(f"{took:.0f} s from the fault to the file", unless=took < PROMISED)
    if trial.claims() < attempts:
        raise Vacuous(f"it was claimed {trial.claims()} times, which is as if nothing had happened")
    trial.say(f"{row.attempt} attempts for {attempts}", unless=row.attempt == attempts)
    if before.state == "completed":
        trial.say("what was complete was made again", unless=before.file_key == row.file_key)


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
    wait_for(lambda: child not in trial.house.workers[0].children(), "the end of the pool's process", seconds=SECONDS)
    trial.house.disarm()


def restarted_fast(trial: Trial) -> None:
    """Restart the database as an administrator does: every connection is ended first."""
    trial.house.restart_postgres()
    trial.house.disarm()


def crashed(trial: Trial) -> None:
    """Crash the database."""
    trial.house.crash_postgres()
    trial.house.disarm()


def postgres_silent(trial: Trial) -> None:
    """The database says nothing for longer than a lease, and every connection stands; then it goes on where it was."""
    house = trial.house
    trial.ask_and_await("amid-rows")
    pids = [house.postgres.pid, *house.postgres.children()]
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        house.disarm()
        time.sleep(2 * trial.lease)
        frozen = [pid for pid in pids if _letter(pid) == "T"]
    finally:
        for pid in reversed(pids):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)
    if len(frozen) != len(pids):
        raise Vacuous("the database did not stand still")
    trial.judge_file()


def _letter(pid: int) -> str:
    """Return the kernel's letter for a process: T when it is stopped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def flushed(trial: Trial) -> None:
    """Forget every bell while the job runs."""
    trial.house.flush_valkey()
    trial.house.disarm()


def valkey_restarted(trial: Trial) -> None:
    """End the broker while the job runs; it comes back empty, once the job is done."""
    house = trial.house
    house.valkey.kill()
    house.disarm()
    trial.wait_for_state("completed")
    house.start_server(house.valkey)


def deployed(trial: Trial) -> None:
    """Ask the worker to end, as a new version does; the job that it has goes to its end."""
    old, new = trial.house.workers
    os.kill(old.pid, signal.SIGTERM)  # the leader alone, as containers do: its pool goes on
    new.start()
    wait_for(lambda: new.said("ready.") > 0, "the new worker", seconds=SECONDS)
    trial.house.disarm()
    wait_for(lambda: not old.is_running, "the old worker's end", seconds=SECONDS)


def frozen(trial: Trial) -> None:
    """Freeze the worker beyond its lease, until another has made the file; thaw it: it must leave no byte."""
    first, second = trial.house.workers
    ends = ended(first)
    first.signal_group(signal.SIGSTOP)
    trial.house.disarm()
    second.start()
    try:
        done = trial.wait_for_state("completed")
        if trial.claims() < 2:
            raise Vacuous("no other worker took over")
    finally:
        first.signal_group(signal.SIGCONT)
    wait_for(lambda: ended(first) > ends, "the thawed worker's end", seconds=SECONDS)
    after = trial.now()
    same = (after.file_key, after.sha256, after.attempt) == (done.file_key, done.sha256, done.attempt)
    trial.say("the thawed worker wrote into the row", unless=same)


def ended(worker: Running) -> int:
    """Count the exports that came to an end in a worker, well or badly."""
    return worker.said("has ended: exports.run")


def three_deaths(trial: Trial) -> None:
    """Each attempt ends with the worker's death: the export fails, says so, and frees its place."""
    house = trial.house
    house.arm("amid-rows")
    trial.ask()
    for _ in range(3):
        trial.await_point("amid-rows")
        house.workers[0].kill()
        house.disarm()
        house.arm("amid-rows")
        house.workers[0].start()
    trial.wait_for_state("failed")
    house.disarm()
    if trial.claims() != 3:
        raise Vacuous(f"it was claimed {trial.claims()} times")
    trial.judge_ended("failed", "exports.attempts_spent")
    result = trial.result
    trial.ask()
    trial.judge_file()
    trial.result = f"{result}; the next one completed"


def flushed_while_waiting(trial: Trial) -> None:
    """The bell is forgotten before a worker heard it."""
    house = trial.house
    house.workers[0].kill()
    trial.ask()
    wait_for(lambda: house.bells("bulk") > 0, "the bell")
    house.flush_valkey()
    house.workers[0].start()
    trial.judge_file()


def valkey_down(trial: Trial) -> None:
    """The broker is away for a while when somebody asks: the answer comes all the same, the work once it is back."""
    house = trial.house
    house.valkey.kill()
    began = time.monotonic()
    trial.ask()
    took = time.monotonic() - began
    trial.say(f"a silent broker held the answer up for {took:.1f} s", unless=took < SLOW_ANSWER)
    time.sleep(15)
    if trial.claims():
        raise Vacuous("a worker heard of it without a broker")
    house.start_server(house.valkey)
    trial.judge_file()


def without_beat(trial: Trial) -> None:
    """The worker dies while nobody sweeps; when somebody does again, the file is made: late, and once."""
    house = trial.house
    house.beat.kill()
    trial.ask_and_await("amid-rows")
    house.flush_valkey()
    killed(trial)
    wait_for(lambda: house.workers[0].said("ready.") > 0, "the new worker", seconds=SECONDS)
    time.sleep(2 * trial.lease)
    if trial.claims() != 1:
        raise Vacuous("a worker took it although nobody swept")
    house.beat.start()
    trial.judge_file()


def two_beats(trial: Trial) -> None:
    """Two beats ring for the same work in two workers: it is done once."""
    house = trial.house
    for more in (house.second_beat, house.workers[1]):
        more.start()
    trial.at_the_end(house.second_beat.kill)
    wait_for(lambda: house.second_beat.said("Sending due task") > 1, "the second beat", seconds=SECONDS)
    killed_at = ended(house.workers[0])
    trial.ask_and_await("amid-rows")
    time.sleep(2 * trial.lease)  # the lease is renewed all the while
    house.disarm()
    row = trial.judge_file()
    trial.say(f"{row.attempt} attempts", unless=row.attempt == trial.claims() == 1)
    if ended(house.workers[0]) + ended(house.workers[1]) <= killed_at:
        raise NeverHappened("no worker said that it had ended")


def cancelled(trial: Trial) -> None:
    """Somebody cancels amid the rows: the worker stops, and nothing is left."""
    trial.ask_and_await("amid-rows")
    cancel(trial)
    trial.house.disarm()
    trial.judge_ended("cancelled", "", is_told=False)
    if not trial.claims():
        raise Vacuous("no worker had it")


def cancelled_after_a_death(trial: Trial) -> None:
    """The worker dies when its file is in the store; before another comes, somebody cancels: the file goes all the same."""
    trial.ask_and_await("published")
    trial.house.workers[0].kill()
    if not trial.strays():
        raise Vacuous("no file was published")
    cancel(trial)
    trial.house.disarm()
    trial.house.workers[0].start()
    trial.judge_ended("cancelled", "", is_told=False)


def cancel(trial: Trial) -> None:
    """End the export as the page does."""
    with workspace_scope(trial.place.workspace_id):
        cancel_export(actor=trial.place.owner, export_id=trial.export_id, at=clock())
