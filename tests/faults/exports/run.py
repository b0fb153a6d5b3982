"""The fault run of exports: `bin/faults exports [--rows N] [--lease SECONDS] [--only PATTERN]`."""

# ruff: noqa: PLC0415, T201 - Django reads its settings once the servers of this run are known; it prints a table

import argparse
import logging
import re
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.faults.exports.pace import AMID_ROWS, LEASE_SECONDS
from tests.faults.servers import Furniture, House, NeverHappened, wait_for

if TYPE_CHECKING:
    from tests.faults.exports.cases import Case
    from tests.faults.exports.data import Place

TITLES = ("case", "how", "result", "seconds")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    case: str
    how: str
    result: str
    seconds: float
    complaints: tuple[str, ...] = ()
    is_good: bool = True

    def cells(self) -> tuple[str, ...]:
        """Return the line as the table shows it."""
        return (self.case, self.how, self.result, f"{self.seconds:.1f}")


def main() -> int:
    """Run the cases; return 1 when one of them does not hold."""
    options = _options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # so that nothing is left behind
    began = time.monotonic()
    environment = {LEASE_SECONDS: str(options.lease), AMID_ROWS: str(options.rows // 2)}
    web = "config.wsgi:application"
    house = House(
        Furniture(app="tests.faults.exports.quick", web=web, web_threads=16, environment=environment),
    )
    try:
        lines = _run(house, options)
    finally:
        house.close()
    print(
        f"\n{options.rows:,} messages, leases of {options.lease:g} s, {time.monotonic() - began:.0f} seconds in all\n"
    )
    _print_table(lines)
    bad = [line for line in lines if not line.is_good]
    for line in bad:
        print(f"\n{line.case}, {line.how}: {line.result}", *line.complaints, sep="\n  ")
    print(f"\n{len(bad)} of {len(lines)} cases did not hold." if bad else f"\nAll {len(lines)} cases held.")
    return 1 if bad else 0


def _run(house: House, options: argparse.Namespace) -> list[Line]:
    import django

    django.setup()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    house.shorten_idle_transactions(int(options.lease))
    from tests.faults.exports.cases import cases
    from tests.faults.exports.data import a_place

    first, *others = cases()
    chosen = [case for case in others if re.search(options.only, f"{case.name}, {case.how}")]
    if not chosen:
        raise SystemExit(f"No case fits {options.only!r}.")
    place = a_place(house.superuser, contacts=2_000, messages=options.rows)
    lines = []
    for case in (first, *chosen):
        lines.append(_one(house, case, place, options))
        _say(lines[-1])
    return lines


def _one(house: House, case: "Case", place: "Place", options: argparse.Namespace) -> Line:
    from tests.faults.exports.trials import Trial
    from tests.faults.trials import Vacuous

    began = time.monotonic()
    trial = Trial(house, place, lease=options.lease)
    complaints: list[str] = []
    verdict = ""
    try:
        _settle(house)
        case.run(trial)
        complaints = trial.found
        verdict = "DIFFERS" if complaints else ""
    except Vacuous as vacuous:
        verdict, complaints = "VACUOUS", [str(vacuous), *trial.found]
    except Exception as error:  # noqa: BLE001 - whatever it is, the other cases go on
        told = "" if isinstance(error, (NeverHappened, AssertionError)) else f"{error.__class__.__name__}: "
        verdict, complaints = "FAILED", [f"{told}{error}", *trial.found, *house.last_words()]
    seconds = time.monotonic() - began
    house.disarm()
    _settle(house)
    trial.close()
    return Line(case.name, case.how, verdict or trial.result, seconds, tuple(complaints), not verdict)


def _settle(house: House) -> None:
    """Bring every process back to where a case begins: servers, one worker and beat run, nobody waits at a point."""
    house.disarm()
    house.workers[1].kill()
    house.second_beat.kill()
    for server in (house.postgres, house.valkey):
        if not server.is_running:
            house.start_server(server)
    for running in (house.workers[0], house.beat):
        if not running.is_running:
            running.kill()
            running.start()
    wait_for(lambda: house.workers[0].said("ready.") > 0, "the worker", seconds=240)


def _say(line: Line) -> None:
    print(f"{'held' if line.is_good else line.result:<8} {line.seconds:6.1f} s  {line.case}, {line.how}", flush=True)
    for complaint in line.complaints:
        print(f"  {complaint}", flush=True)


def _print_table(lines: list[Line]) -> None:
    rows = [TITLES, *(line.cells() for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(TITLES))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/faults exports")
    parser.add_argument("--rows", type=int, default=100_000, help="messages of the exported workspace")
    parser.add_argument("--lease", type=float, default=6.0, help="seconds of a lease; an installation has 30")
    parser.add_argument("--only", default="", help='cases whose "case, how" fits this regular expression')
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
