"""The faults, each at the stages where it can hit. A case whose fault did not hit is vacuous, and that fails it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from tests.faults import longer, storage, uploads
from tests.faults.faults import (
    crashed,
    deployed,
    deployed_by_force,
    flushed,
    frozen,
    killed,
    killed_without_beat,
    pool_killed,
    valkey_restarted,
)
from tests.faults.trials import Fault, Trial
from tests.faults.verdicts import (
    Verdict,
    as_far_as_it_came,
    as_undisturbed,
    nothing_written,
    told_to_nobody,
    written_and_failed,
)

CHECK, WRITE = "check", "write"
UPLOAD_STAGES = {
    "upload, being looked at": "detecting",
    "upload, half stored": "half-stored",
    "upload, stored": "uploaded",
}
FROZEN = "frozen past its lease, then thawed"


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table. attempts: how often workers took the import at least, the undisturbed run being 2."""

    fault: str
    stage: str
    run: Callable[[Trial], None]
    attempts: int = 2
    judge: Verdict = as_undisturbed


def cases(last_chunk: int) -> list[Case]:
    """Return all of them; the file has so many chunks."""
    middle = last_chunk // 2 + 1
    check_stages = {
        "validating, before the first row": "validating",
        "validating, early": "staged-1",
        "validating, late": f"staged-{last_chunk}",
        "planning": "planned",
        "review about to show": "errors-kept",
    }
    write_stages = {
        "committing, first chunk": "chunk-1",
        "committing, between chunks": "between-chunks",
        "committing, middle chunk": f"chunk-{middle}",
        "committing, last chunk": f"chunk-{last_chunk}",
        "before the result file": "before-result",
        "result file written, not published": "publishing",
        "result file half published": "half-published",
        "result file published": "result-kept",
        "completing": "completing",
        "completed, not tidied": "forgotten",
    }
    listed = [Case("none", "from upload to end", longer.undisturbed)]
    listed += [
        Case("kill -9 of the web server", stage, partial(uploads.killed, point=point), judge=told_to_nobody)
        for stage, point in UPLOAD_STAGES.items()
    ]
    listed += [_at(CHECK, "kill -9 of the worker", stage, point, killed, 3) for stage, point in check_stages.items()]
    for stage, point in write_stages.items():
        listed.append(_at(WRITE, "kill -9 of the worker", stage, point, killed, 2 if point == "forgotten" else 3))
    listed += [
        _at(CHECK, "kill -9 of the pool's process", "validating, early", "staged-1", pool_killed, 3),
        _at(WRITE, "kill -9 of the pool's process", "committing, middle chunk", f"chunk-{middle}", pool_killed, 3),
        Case("Valkey FLUSHALL", "check asked for, no worker yet", partial(longer.flushed_while_waiting, phase=CHECK)),
        Case("Valkey FLUSHALL", "commit asked for, no worker yet", partial(longer.flushed_while_waiting, phase=WRITE)),
        _at(WRITE, "Valkey FLUSHALL", "committing, middle chunk", f"chunk-{middle}", flushed, 2),
        Case("Valkey down, then started", "commit asked for", longer.valkey_down),
        _at(WRITE, "Valkey down, then started", "committing, middle chunk", f"chunk-{middle}", valkey_restarted, 2),
    ]
    for stage in ("validating, early", "planning", "review about to show"):
        listed.append(_at(CHECK, "PostgreSQL crash and restart", stage, check_stages[stage], crashed, 3))
    for stage in ("committing, middle chunk", "committing, between chunks", "result file published", "completing"):
        listed.append(_at(WRITE, "PostgreSQL crash and restart", stage, write_stages[stage], crashed, 3))
    both = partial(longer.crashed_and_killed, point=f"chunk-{middle}")
    two_workers = "two workers, eight bells"
    return [
        *listed,
        Case("PostgreSQL crash, then kill -9", "staged again, not yet planned", both, 4),
        Case("disk full, then freed", "upload", storage.full_for_upload, judge=told_to_nobody),
        Case("disk full, then freed", "file of the rows with errors", storage.full_for_errors, 3),
        Case("disk full, then freed", "result file", storage.full_for_result, 3),
        Case("disk full for good", "result file", storage.full_for_good, 4, judge=written_and_failed),
        Case(two_workers, "check", partial(longer.two_workers, phase=CHECK)),
        Case(two_workers, "commit", partial(longer.two_workers, phase=WRITE)),
        _at(CHECK, FROZEN, "validating, early", "staged-1", frozen, 3),
        _at(WRITE, FROZEN, "committing, inside a chunk", f"chunk-{middle}", frozen, 3),
        _at(WRITE, FROZEN, "committing, between chunks", "between-chunks", frozen, 3),
        _at(WRITE, FROZEN, "result file published", "result-kept", frozen, 3),
        _at(WRITE, "deploy: SIGTERM to the worker", "committing, middle chunk", f"chunk-{middle}", deployed, 2),
        _at(WRITE, "deploy: SIGTERM to the group", "committing, middle chunk", f"chunk-{middle}", deployed_by_force, 3),
        _at(WRITE, "no beat, swept by hand", "committing, middle chunk", f"chunk-{middle}", killed_without_beat, 3),
        Case("three deaths", "validating", longer.three_deaths, 3, judge=nothing_written),
        Case(
            "cancelled", "inside a chunk", partial(longer.cancelled, point=f"chunk-{middle}"), judge=as_far_as_it_came
        ),
        Case("cancelled", "between chunks", partial(longer.cancelled, point="between-chunks"), judge=as_far_as_it_came),
    ]


def _at(phase: str, fault: str, stage: str, point: str, do: Fault, attempts: int) -> Case:
    def run(trial: Trial) -> None:
        trial.upload()
        if phase == CHECK:
            trial.check(point, do)
            trial.write()
        else:
            trial.check()
            trial.write(point, do)

    return Case(fault, stage, run, attempts)
