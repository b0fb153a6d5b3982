"""What a run is compared with: the undisturbed one, whole or in part."""

from collections.abc import Callable

from tests.faults.people import first_rows
from tests.faults.state import OF_CONTACTS, State
from tests.faults.trials import Trial

# Takes a trial that is over and the undisturbed state; returns what is and what should be.
Verdict = Callable[[Trial, State], tuple[State, State]]

STOPPED = ",Skipped,The import was stopped before this row."


def as_undisturbed(trial: Trial, undisturbed: State) -> tuple[State, State]:
    """Everything is the same."""
    return trial.state(), undisturbed


def told_to_nobody(trial: Trial, undisturbed: State) -> tuple[State, State]:
    """Likewise, but a token asked for the import, and a token gets no notification."""
    return trial.state().without("news"), undisturbed.without("news")


def nothing_written(trial: Trial, _undisturbed: State) -> tuple[State, State]:
    """The contacts are those from before."""
    if trial.before is None:
        raise AssertionError("nobody looked before")
    return trial.state().only(*OF_CONTACTS, "files"), trial.before.only(*OF_CONTACTS, "files")


def written_and_failed(trial: Trial, undisturbed: State) -> tuple[State, State]:
    """All rows are written and the result file is there; only the import itself says that it failed."""
    parts = (*OF_CONTACTS, "chunks", "files", "errors file", "result file", "left staged")
    return trial.state().only(*parts), undisturbed.only(*parts)


def as_far_as_it_came(trial: Trial, _undisturbed: State) -> tuple[State, State]:
    """The contacts are those of an undisturbed import of the rows that were reached; the file says so of the others."""
    row = trial.now()
    shorter = trial.again(first_rows(trial.content, row.progress_done))
    ours, theirs = trial.state(), shorter.state()
    lines, reached = ours.lines["result file"], theirs.lines["result file"]
    stopped = sum(line.endswith(STOPPED) for line in lines[len(reached) :])
    if stopped != row.rows - row.progress_done or lines[: len(reached)] != reached:
        raise AssertionError(f"the result file says of {stopped} rows that they were not reached")
    return ours.only(*OF_CONTACTS, "chunks", "files"), theirs.only(*OF_CONTACTS, "chunks", "files")
