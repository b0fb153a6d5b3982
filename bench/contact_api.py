"""The contact API over HTTP: does a deep page cost more than the first, and how near is it to a bare Django view?

    .venv/bin/python bench/contact_api.py [--contacts 100000] [--rounds 7] [--requests 600]

Starts PostgreSQL, Valkey and the WSGI server (one worker) of its own. Walks every page of 100 through POST /v2/contact/list by
the `next` links, then asks for early and late pages in turns. Then it asks for single contacts, in turns, of the API and of a
bare JSON view that makes the same queries. In turns, since machines drift and only ratios within one run mean something.
"""
# ruff: noqa: E402, PLC0415 - Django reads its settings once the servers of this run are known

import argparse
import http.client
import json
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
from _servers import Bench, bench_cache, bench_server
from contacts_list import fill

from config.embedded.programs import Program, free_port, stop, wait_until_ready
from config.supervisor.services import services

UNLIMITED = 32_000  # requests a second: the limit is asked each time, and never says no
PAGE = 100
AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Web:
    """The WSGI server as a program that others wait for."""

    program: Program
    port: int

    def is_ready(self) -> bool:
        try:
            return Caller(self.port, "").ask("GET", "/health/live")[0] == 200
        except OSError:
            return False


class Caller:
    """One connection that is kept open."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def ask(self, method: str, address: str, body: bytes | None = None) -> tuple[int, bytes]:
        self.connection.request(method, address, body=body, headers=self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()


@contextmanager
def web_server(bench: Bench) -> Iterator[int]:
    """Run the web service of an installation, with one worker; yield its port."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "_api_settings",
        "PYTHONPATH": str(ROOT / "bench"),
        "LOG_LEVEL": "WARNING",
    }
    product = next(one for one in services(port=port, environment=environment) if one.name == "web")
    command = list(product.command)
    command[command.index("--workers") + 1] = "1"
    web = Web(replace(product, command=tuple(command)), port)
    with (bench.folder / "web.log").open("wb") as log:
        process = web.program.start(output=log)
    try:
        wait_until_ready(web, process)
        yield port
    finally:
        stop(web.program, process)


def a_token(bench: Bench, workspace_id: int) -> str:
    """Give the workspace a token that may read, and the highest rate."""
    from workspaces.secret_values import digest, ending_of, new_token

    token = new_token()
    connection = psycopg2.connect(bench.superuser)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO workspaces_apitoken (workspace_id, name, secret_sha256, ending, scopes, created_at)"
            " VALUES (%s, 'Bench', %s, %s, '{read}', now())",
            [workspace_id, digest(token), ending_of(token)],
        )
        cursor.execute("UPDATE workspaces_workspace SET api_rate_per_second = %s", [UNLIMITED])
    connection.close()
    return token


def walk(caller: Caller, contacts: int) -> None:
    """Follow the next links through all pages; print the median milliseconds of each tenth."""
    times: list[float] = []
    addresses: list[str] = []
    seen: set[int] = set()
    address = f"/v2/contact/list?limit={PAGE}"
    for _ in range(20):
        caller.ask("POST", address, b"{}")
    while address:
        taken, status, body = timed(caller, address)
        times.append(taken)
        addresses.append(address)
        answer: Any = json.loads(body)
        if status != 200:
            raise SystemExit(f"{address} answered {status}: {answer}")
        seen.update(item["id"] for item in answer["items"])
        following = urlsplit(answer["pagination"]["next"])
        address = f"{following.path}?{following.query}" if following.path else ""
    if len(seen) != contacts:
        raise SystemExit(f"The pages held {len(seen):,} contacts of {contacts:,}.")
    share = max(1, len(times) // 10)
    tenths = [statistics.median(times[first : first + share]) for first in range(0, share * 10, share)]
    print(f"{len(times):,} pages of {PAGE} hold all {contacts:,} contacts once. Median ms per page, by tenth:")
    print("  " + "  ".join(f"{one:.1f}" for one in tenths))
    print(f"  last tenth / first tenth, in this one walk: {tenths[-1] / tenths[0]:.2f}")
    ratios = []
    for early, late in zip(addresses[:share], addresses[-share:], strict=True):
        ratios.append(timed(caller, late)[0] / timed(caller, early)[0])
        before = timed(caller, early)[0]  # now the other way round, so that neither is always first
        ratios.append(timed(caller, late)[0] / before)
    print(f"  the same pages in turns, median of {len(ratios)} pairs: {statistics.median(ratios):.2f}\n")


def timed(caller: Caller, address: str) -> tuple[float, int, bytes]:
    """Ask for one page; return the milliseconds it took, status and body."""
    start = time.perf_counter()
    status, body = caller.ask("POST", address, b"{}")
    return (time.perf_counter() - start) * 1000, status, body


def rate(port: int, token: str, addresses: list[str]) -> float:
    """Return requests a second over some connections at once; every answer has to be a 200."""
    failures: list[int] = []

    def work(share: list[str]) -> None:
        caller = Caller(port, token)
        failures.extend(status for status in (caller.ask("GET", one)[0] for one in share) if status != 200)

    threads = [threading.Thread(target=work, args=(addresses[place::AT_ONCE],)) for place in range(AT_ONCE)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    if failures:
        raise SystemExit(f"Answers that were no 200: {sorted(set(failures))}")
    return len(addresses) / taken


def compare(port: int, token: str, workspace_id: int, ids: tuple[int, int], rounds: int, requests: int) -> None:
    """Ask for single contacts, of the API and of the bare view in turns; print medians and the ratio."""
    dice = random.Random(7)
    api, bare = [], []
    for turn in range(rounds + 1):
        chosen = [dice.randint(*ids) for _ in range(requests)]
        one = rate(port, token, [f"/v2/contact/id:{contact_id}" for contact_id in chosen])
        other = rate(port, "", [f"/v2/bare/{workspace_id}/{contact_id}" for contact_id in chosen])
        if turn:  # the first turn warms up
            api.append(one)
            bare.append(other)
    ratio = statistics.median(mine / theirs for mine, theirs in zip(api, bare, strict=True))
    print(f"GET /v2/contact/id:N, {AT_ONCE} connections, one worker, {rounds} rounds of {requests} requests in turns:")
    print(f"  API        {statistics.median(api):>7.0f} requests/s")
    print(f"  bare view  {statistics.median(bare):>7.0f} requests/s")
    print(f"  API / bare, median of the rounds: {ratio:.2f}   (goal: 0.7 or more)")


def main() -> None:
    """Start the servers, fill, walk, compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=600)
    words = parser.parse_args()
    with bench_server() as bench, bench_cache(bench):
        bench.fresh()
        import django

        django.setup()
        workspace_id, _ = fill(bench.superuser, words.contacts)
        token = a_token(bench, workspace_id)
        connection = psycopg2.connect(bench.superuser)
        with connection.cursor() as cursor:
            cursor.execute("SELECT min(id), max(id) FROM contacts_contact")
            ids = cursor.fetchall()[0]
        connection.close()
        with web_server(bench) as port:
            caller = Caller(port, token)
            walk(caller, words.contacts)
            compare(port, token, workspace_id, ids, words.rounds, words.requests)


if __name__ == "__main__":
    main()
