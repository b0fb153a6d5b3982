"""Cases that are more than one fault at one point."""

from tests.faults.faults import ended, killed
from tests.faults.servers import wait_for
from tests.faults.trials import Trial, seconds_of, without_bells
from workspaces import jobs
from workspaces.jobs import Job

SLOW_ANSWER = 3.0  # seconds; a broker that does not answer must not hold people up


def undisturbed(trial: Trial) -> None:
    """Nothing happens to it: what the others are compared with."""
    trial.upload()
    trial.check()
    trial.write()


def flushed_while_waiting(trial: Trial, *, phase: str) -> None:
    """The bell is forgotten before a worker heard it."""
    house = trial.house
    worker = house.workers[0]

    def fault(_trial: Trial) -> None:
        wait_for(lambda: house.bells("bulk") > 0, "the bell")
        house.flush_valkey()
        worker.start()

    trial.upload()
    if phase == "check":
        worker.kill()
        trial.check(fault=fault)
        trial.write()
        return
    trial.check()
    worker.kill()
    trial.write(fault=fault)


def valkey_down(trial: Trial) -> None:
    """The broker is away when somebody confirms: the answer comes all the same, and the work is done once it is back."""
    house = trial.house
    trial.upload()
    trial.check()
    house.valkey.kill()
    took = seconds_of(trial.confirm)
    if took > SLOW_ANSWER:
        raise AssertionError(f"a silent broker held the answer up for {took:.1f} s")
    house.start_server(house.valkey)
    trial.wait_for_state("completed")


def crashed_and_killed(trial: Trial, *, point: str) -> None:
    """The database loses what was staged, and the worker dies after staging again, before it has planned again."""
    house = trial.house

    def fault(_trial: Trial) -> None:
        house.arm("planning-again")
        house.crash_postgres()
        house.let_go(point)
        house.await_point("planning-again")
        killed(trial)

    trial.upload()
    trial.check()
    trial.write(point, fault)


def two_workers(trial: Trial, *, phase: str) -> None:
    """While one worker has the import, both hear more bells for it; only the first one works."""
    house = trial.house
    first, second = house.workers
    second.start()
    wait_for(lambda: second.said("ready.") > 0, "the second worker")
    job, point = (Job.VALIDATE_IMPORT, "staged-1") if phase == "check" else (Job.COMMIT_IMPORT, "chunk-1")

    def fault(_trial: Trial) -> None:
        heard = ended(first) + ended(second)
        for _ in range(8):
            jobs.ring(job, workspace_id=trial.actor.workspace_id, import_id=trial.import_id)
        # One is held at the point; the other hears bells and finds nothing to do.
        wait_for(lambda: ended(first) + ended(second) >= heard + 6, "bells for nothing")
        house.disarm()

    trial.upload()
    if phase == "check":
        trial.check(point, fault)
        trial.write()
    else:
        trial.check()
        trial.write(point, fault)
    if trial.claims() != 2:
        raise AssertionError(f"the import was claimed {trial.claims()} times")


def three_deaths(trial: Trial) -> None:
    """Each attempt ends with the worker's death: the import fails, says so, and frees its place."""
    house = trial.house
    trial.before = trial.state()
    trial.upload()
    house.arm("staged-1")
    trial.map()
    for _ in range(3):
        house.await_point("staged-1")
        house.workers[0].kill()
        house.disarm()
        house.arm("staged-1")
        house.workers[0].start()
    trial.wait_for_state("failed")
    house.disarm()
    row = trial.now()
    if row.error_code != "imports.attempts_spent" or row.is_active:
        raise AssertionError(f"ended as {row.state} {row.error_code}")
    with without_bells():
        trial.cancel(trial.another_upload())  # the place is free


def cancelled(trial: Trial, *, point: str) -> None:
    """Somebody cancels amid the writing: what is written stays, and the result file tells which rows those are."""
    house = trial.house

    def fault(_trial: Trial) -> None:
        if point == "between-chunks":
            trial.cancel()
            house.disarm()
            return
        house.disarm()  # inside a chunk the row is locked: cancelling waits for the chunk's end
        trial.cancel()

    trial.upload()
    trial.check()
    trial.write(point, fault, end="cancelled")
    wait_for(lambda: trial.now().result_key != "", "the result file", pause=0.1)
