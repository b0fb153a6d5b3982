"""The custom channel's webhook over HTTP: how near is it to a bare view that inserts one row and commits?

    .venv/bin/python bench/webhook_ingest.py [--rounds 9] [--requests 2000]

Starts PostgreSQL, Valkey and the WSGI server (one worker) of its own. Each request brings one new message and is answered after
its commit. The bare view inserts the same row with one statement: no token, no scope, no checks, no bell. In turns, since
machines drift and only ratios within one run mean something.
"""
# ruff: noqa: E402 - Django reads its settings once the servers of this run are known

import argparse
import itertools
import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
import psycopg2.extensions
from _servers import Bench, bench_cache, bench_server
from contact_api import Caller, web_server

AT_ONCE = 4
numbers = itertools.count()


@dataclass(frozen=True, slots=True)
class Place:
    """The channel that is posted to."""

    workspace_id: int
    channel_id: int
    token: str


def one(cursor: psycopg2.extensions.cursor) -> int:
    """Return the number that a statement answered."""
    row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def fill(bench: Bench) -> Place:
    """Make a workspace with a custom channel; the bare view may write past the walls, which it does not know."""
    from workspaces.secret_values import digest, new_token  # noqa: PLC0415

    token = new_token()
    connection = psycopg2.connect(bench.superuser)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO workspaces_organization (name, created_at) VALUES ('Bench', now()) RETURNING id")
        cursor.execute(
            "INSERT INTO workspaces_workspace (organization_id, name, time_zone, default_country, language,"
            " api_rate_per_second, created_at) VALUES (%s, 'Bench', 'UTC', '', 'en', 5, now()) RETURNING id",
            [one(cursor)],
        )
        workspace_id = one(cursor)
        cursor.execute(
            "INSERT INTO inbox_channel (workspace_id, kind, name, key, settings, sealed_secrets, token_sha256, state,"
            " trouble, sends_per_minute, cursor, created_at)"
            " VALUES (%s, 'custom_channel', 'Bench', 'bench', '{}', '', %s, 'active', '', 600, '{}', now()) RETURNING id",
            [workspace_id, digest(token)],
        )
        channel_id = one(cursor)
        cursor.execute("CREATE TABLE bare_event (LIKE inbox_inboundevent INCLUDING ALL)")
        cursor.execute("GRANT ALL ON bare_event TO PUBLIC")
    connection.close()
    return Place(workspace_id, channel_id, token)


def a_body() -> bytes:
    """Return a body with one new message."""
    number = next(numbers)
    message = {"type": "text", "text": "Hello, is the blue one still there?"}
    event = {"type": "message", "mId": f"m{number}", "timestamp": 1741618800000 + number, "message": message}
    return json.dumps({"channelId": "bench", "contactId": f"+3460{number % 500:07}", "events": [event]}).encode()


def rate(port: int, token: str, address: str, requests: int) -> float:
    """Post from several connections at once; return how many requests a second were answered."""
    failures: list[int] = []

    def post() -> None:
        caller = Caller(port, token)
        for _ in range(requests // AT_ONCE):
            status, _body = caller.ask("POST", address, a_body())
            if status != 200:
                failures.append(status)

    threads = [threading.Thread(target=post) for _ in range(AT_ONCE)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    taken = time.perf_counter() - start
    if failures:
        raise SystemExit(f"{address}: {len(failures)} answers were {sorted(set(failures))}")
    return requests // AT_ONCE * AT_ONCE / taken


def stored(bench: Bench) -> int:
    """Return how many events the webhook stored."""
    connection = psycopg2.connect(bench.superuser)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM inbox_inboundevent")
        count = one(cursor)
    connection.close()
    return count


def main() -> None:
    """Measure, and print the ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--requests", type=int, default=2000)
    given = parser.parse_args()
    with bench_server() as bench, bench_cache(bench):
        bench.fresh()
        import django  # noqa: PLC0415

        django.setup()
        place = fill(bench)
        bare = f"/v2/bare-event/{place.workspace_id}/{place.channel_id}"
        with web_server(bench) as port:
            for address in (bare, "/custom/webhook"):
                rate(port, place.token, address, 400)
            before = stored(bench)
            ours: list[float] = []
            theirs: list[float] = []
            for number in range(given.rounds):
                pair = [(bare, theirs), ("/custom/webhook", ours)]
                for address, rates in pair if number % 2 else reversed(pair):
                    rates.append(rate(port, place.token, address, given.requests))
            expected = given.rounds * (given.requests // AT_ONCE * AT_ONCE)
            if stored(bench) - before != expected:
                raise SystemExit(f"stored {stored(bench) - before:,} of {expected:,}")
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    print(f"webhook {statistics.median(ours):,.0f}/s, bare view {statistics.median(theirs):,.0f}/s (medians)")
    print(f"ratio in {given.rounds} pairs: median {statistics.median(ratios):.2f}, lowest {min(ratios):.2f}")


if __name__ == "__main__":
    main()
