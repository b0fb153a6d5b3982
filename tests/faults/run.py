"""The fault run: `bin/faults [--rows N] [--chunk N] [--only PATTERN]`."""

# ruff: noqa: PLC0415, T201 - Django reads its settings once the servers of this run are known; it prints a table

import argparse
import logging
import re
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.pace import CHUNK_ROWS
from tests.faults.people import a_file
from tests.faults.servers import Furniture, House, NeverHappened, wait_for

if TYPE_CHECKING:
    from tests.faults.cases import Case
    from tests.faults.state import State

TITLES = ("fault", "stage", "outcome", "attempts", "rows lost", "rows doubled", "seconds")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    fault: str
    stage: str
    outcome: str
    attempts: int
    lost: int
    doubled: int
    seconds: float
    complaints: tuple[str, ...] = ()

    @property
    def is_good(self) -> bool:
        """Whether the case held."""
        return self.outcome == "same"

    def cells(self) -> tuple[str, ...]:
        """Return the line as the table shows it."""
        lost, doubled = (str(number) if number >= 0 else "?" for number in (self.lost, self.doubled))
        return (self.fault, self.stage, self.outcome, str(self.attempts), lost, doubled, f"{self.seconds:.1f}")


def main() -> int:
    """Run the cases; return 1 when one of them does not hold."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # so that nothing is left behind
    began = time.monotonic()
    house = House(Furniture(environment={CHUNK_ROWS: str(options.chunk)}))
    try:
        lines = _run(house, options)
    finally:
        house.close()
    print(f"\n{options.rows:,} rows in chunks of {options.chunk:,}, {time.monotonic() - began:.0f} seconds in all\n")
    _print_table(lines)
    bad = [line for line in lines if not line.is_good]
    for line in bad:
        print(f"\n{line.fault}, {line.stage}: {line.outcome}", *line.complaints, sep="\n  ")
    print(f"\n{len(bad)} of {len(lines)} cases did not hold." if bad else f"\nAll {len(lines)} cases held.")
    return 1 if bad else 0


def _run(house: House, options: argparse.Namespace) -> list[Line]:
    import django

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    house.shorten_idle_transactions()
    from tests.faults.cases import cases

    listed = cases(last_chunk=-(-options.rows // options.chunk))
    content = a_file(rows=options.rows)
    chosen = [case for case in listed[1:] if re.search(options.only, f"{case.fault}, {case.stage}")]
    if not chosen:
        raise SystemExit(f"No case fits {options.only!r}.")
    undisturbed, first = _undisturbed(house, listed[0], content, options)
    lines = [first]
    _say(first)
    for case in chosen:
        lines.append(_one(house, case, content, undisturbed, options))
        _say(lines[-1])
        if not lines[-1].is_good:
            print(*lines[-1].complaints, sep="\n", flush=True)
    return lines


def _undisturbed(house: House, case: "Case", content: bytes, options: argparse.Namespace) -> "tuple[State, Line]":
    from tests.faults.trials import Trial

    began = time.monotonic()
    _settle(house)
    trial = Trial(house, content, rows_before=options.rows)
    case.run(trial)
    state = trial.state()
    took = time.monotonic() - began
    print(f"checksum of the undisturbed run: {state.checksum}", flush=True)
    return state, Line(case.fault, case.stage, "same", trial.claims(), 0, 0, took)


def _one(house: House, case: "Case", content: bytes, undisturbed: "State", options: argparse.Namespace) -> Line:
    from tests.faults.trials import Trial, Vacuous

    began = time.monotonic()
    outcome, lost, doubled, complaints = "same", -1, -1, list[str]()
    trial = None
    try:
        _settle(house)
        trial = Trial(house, content, rows_before=options.rows)
        case.run(trial)
        if trial.claims() < case.attempts:
            raise Vacuous(f"the import was claimed {trial.claims()} times, which is as if nothing had happened")
        ours, expected = case.judge(trial, undisturbed)
        lost, doubled = ours.lost(expected), ours.doubled(expected)
        if ours.checksum != expected.checksum:
            outcome, complaints = "DIFFERS", ours.differences(expected)
    except Vacuous as vacuous:
        outcome, complaints = "VACUOUS", [str(vacuous)]
    except (NeverHappened, AssertionError) as error:
        outcome, complaints = "FAILED", [f"{error.__class__.__name__}: {error}", *house.last_words()]
    finally:
        if trial is not None:
            trial.close()
    claims = trial.claims() if trial is not None else 0
    return Line(case.fault, case.stage, outcome, claims, lost, doubled, time.monotonic() - began, tuple(complaints))


def _settle(house: House) -> None:
    """Bring every process back to where a case begins: servers, one worker and beat run, nobody waits at a point."""
    house.disarm()
    house.workers[1].kill()
    for server in (house.postgres, house.valkey):
        if not server.is_running:
            house.start_server(server)
    for running in (house.workers[0], house.beat):
        if not running.is_running:
            running.kill()
            running.start()
    wait_for(lambda: house.workers[0].said("ready.") > 0, "the worker")


def _say(line: Line) -> None:
    print(f"{line.outcome:<8} {line.seconds:6.1f} s  {line.fault}, {line.stage}", flush=True)


def _print_table(lines: list[Line]) -> None:
    rows = [TITLES, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(TITLES))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/faults")
    parser.add_argument("--rows", type=int, default=20_000)
    parser.add_argument("--chunk", type=int, default=4_000, help="rows of a chunk, a multiple of 20")
    parser.add_argument("--only", default="", help='cases whose "fault, stage" fits this regular expression')
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
