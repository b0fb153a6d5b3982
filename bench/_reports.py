"""Reports over a year of 5,000,000 events: every block and every log through the engine, and the inbox beside the heaviest of them.

    .venv/bin/python bench/reports.py [--data DIR] [--rounds 30] [--only users] [--plans FILE] [--pairs 5] [--seconds 15]

Starts a PostgreSQL of its own and fills it by SQL (bench/_year.py); with --data the folder stays and is taken again. A block is asked
as a page asks for it: scope, reading, answer. Prints p50 and p95 in milliseconds of one client, warm, and beside them the processor
time of both sides, which other work on the machine does not stretch. --plans writes what PostgreSQL did for each block.
"""
# ruff: noqa: E402, PLC0415 - Django is set up only once the server runs

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TextIO

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import _beside
from _asking import Asker, ask_block, ask_log, values_of
from _servers import NAME, Bench, bench_cache, bench_server
from _year import Year, fill
from django.utils import timezone

GOALS = {"30 days": 50, "year": 150}
GOAL_OF_LOGS = 60
LONGEST_LINE = 400  # of a plan: arrays of a year's days stand in it
CASES = (("30 days", 0), ("30 days", 2), ("year", 0), ("year", 1))


@dataclass
class Tried:
    """What a case took, in milliseconds: each round's time, and the processor time of both sides."""

    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)
    is_applicable: bool = True

    def p95(self) -> float:
        return sorted(self.took)[max(0, -(-len(self.took) * 95 // 100) - 1)]


def opened(bench: Bench) -> Year:
    """Fill the server unless its folder is filled already, and count the tallies; return the large workspace."""
    note = bench.folder / "filled.txt"
    if not note.exists():
        bench.fresh()
        began = time.perf_counter()
        year = fill(bench.superuser)
        print(f"filled in {time.perf_counter() - began:.0f} s", flush=True)
        note.write_text(f"{year.workspace_id} {year.user_id}", encoding="ascii")
    else:
        bench.migrate(NAME)
        year = Year(*map(int, note.read_text(encoding="ascii").split()))
    import django

    django.setup()
    from django.db import connection

    from reports.tallies.building import build_tallies

    began = time.perf_counter()
    build_tallies(workspace_id=year.workspace_id, at=timezone.now())
    print(f"tallies counted in {time.perf_counter() - began:.0f} s\n", flush=True)
    connection.close()
    bench.vacuum()  # of what an earlier run beside writers left
    return year


def worked() -> float:
    """Return the processor time that this process and its database process have had, in milliseconds."""
    from django.db import connection

    connection.ensure_connection()
    driver: Any = connection.connection
    on_processor = int(Path(f"/proc/{driver.info.backend_pid}/schedstat").read_text(encoding="ascii").split()[0])
    return time.process_time() * 1000 + on_processor / 1e6


def tried(ask: Callable[[], bool], rounds: int) -> Tried:
    """Ask twice to warm up and then so many times."""
    found = Tried()
    for number in range(rounds + 2):
        before, began = worked(), time.perf_counter()
        found.is_applicable = ask()
        taken = (time.perf_counter() - began) * 1000
        if not found.is_applicable:
            return found
        if number > 1:
            found.took.append(taken)
            found.worked.append(worked() - before)
    return found


def plans(ask: Callable[[], bool], title: str, out: TextIO) -> None:
    """Write what PostgreSQL does for each statement over rows that a question makes."""
    from django.db import connection

    def explain(execute: Any, sql: str, values: Any, many: Any, context: Any) -> Any:
        if "inbox_" in sql or "contacts_" in sql or "reports_" in sql:
            execute(f"EXPLAIN (ANALYZE, BUFFERS) {sql}", values, many, context)
            out.write(f"\n== {title}\n")
            out.writelines(f"{line[0][:LONGEST_LINE]}\n" for line in context["cursor"].fetchall())
        return execute(sql, values, many, context)

    with connection.execute_wrapper(explain):
        ask()


def measure(asker: Asker, *, rounds: int, only: str, out: TextIO | None) -> int:
    """Measure every block and every log of every report and print a line for each; return how many miss their goal."""
    from reports.catalogue import REPORTS

    missed = 0
    print(
        "| report | what | period | filters | p50 ms | p95 ms | work ms | goal ms | |\n|---|---|---|---|---|---|---|---|---|"
    )
    for report in REPORTS.values():
        questions = [(key, ask_block) for key in report.blocks]
        questions += [(key, ask_log) for key in report.logs_by_key if report.key != "logs"]
        for key, ask_it in questions:
            if not f"{report.key}/{key}".startswith(only):
                continue
            for period, filters in CASES:
                ask = partial(ask_it, asker, report, key, period, filters)
                goal = GOAL_OF_LOGS if ask_it is ask_log else GOALS[period]
                found = tried(ask, rounds)
                line = f"| {report.key} | {'log ' if ask_it is ask_log else ''}{key} | {period} | {filters} |"
                if not found.is_applicable:
                    continue
                p50, p95, work = statistics.median(found.took), found.p95(), statistics.median(found.worked)
                is_met = p95 <= goal
                missed += not is_met
                print(
                    f"{line} {p50:.1f} | {p95:.1f} | {work:.1f} | {goal} | {'' if is_met else 'missed'} |", flush=True
                )
                if out is not None:
                    plans(ask, line.strip("| "), out)
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--only", default="", help="a report, or report/block")
    parser.add_argument("--plans", type=Path)
    parser.add_argument("--pairs", type=int, default=5, help="of ingest alone and beside reports")
    parser.add_argument("--seconds", type=float, default=15)
    given = parser.parse_args()
    if os.environ.get(_beside.CHILD):
        _beside.child()
        return
    with bench_server(given.data) as server, bench_cache(server):
        year = opened(server)
        asker = Asker(year, values_of(year.workspace_id), timezone.now())
        out = given.plans.open("w", encoding="utf-8") if given.plans else None
        print(f"load {os.getloadavg()[0]:.1f} at the beginning\n")
        missed = measure(asker, rounds=given.rounds, only=given.only, out=out)
        print(f"\n{missed} missed; load {os.getloadavg()[0]:.1f} at the end\n")
        if out is not None:
            out.close()
        if given.pairs:
            _beside.pairs(year, pairs=given.pairs, seconds=given.seconds)
