"""What the tallies of reports cost those who write: each write with the triggers against the same write without them.

    .venv/bin/python bench/tallies.py [--pairs 15] [--rows 300000]

Starts PostgreSQL and Valkey of its own and fills a workspace with a year of messages and lines of the contact log. The bare writes
are single statements of the app's role in the workspace's scope, and so the least that a write can be; the others are the product's
actions. In many short turns, since machines drift and only ratios of neighbours mean something. Deltas are folded between the turns, as the
sweep does it.
"""
# ruff: noqa: E402, PLC0415 - Django reads its settings once the servers of this run are known

import argparse
import itertools
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
import psycopg2.extensions
from _rows import insert
from _servers import Bench, bench_cache, bench_server

GOAL = 1.3
CHUNK = 5000
ZONE = "Europe/Madrid"
WRITTEN = ("contacts_contactlogentry", "inbox_message")
TABLES = (*WRITTEN, *(f"reports_{kind}tally{part}" for kind in ("contact", "message") for part in ("", "delta")))
SWITCH = "".join(
    f"ALTER TABLE {table} {{verb}} TRIGGER reports_tally_{name};"
    for table in WRITTEN
    for name in ("added", "changed", "deleted")
)
numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where is written."""

    workspace_id: int
    channel_id: int
    contact_id: int
    conversation_id: int


@dataclass(frozen=True, slots=True)
class Write:
    """One kind of write, done so many times a turn; `is_usual`: the product does it, and the goal is about it."""

    name: str
    times: int
    act: Callable[[Place], None]
    is_usual: bool = True


def now() -> datetime:
    """Return this moment."""
    return datetime.fromtimestamp(time.time(), tz=UTC)


def asked(dsn: str, statement: str, given: dict[str, object] | None = None) -> list[tuple[Any, ...]]:
    """Run a statement as another role and return its rows."""
    connection = psycopg2.connect(dsn)
    with connection, connection.cursor() as cursor:
        cursor.execute(statement, given)
        rows = cursor.fetchall() if cursor.description else []
    connection.close()
    return rows


def fill(bench: Bench, rows: int) -> Place:
    """Make a workspace with one contact who wrote, and a year of lines and messages by SQL."""
    from inbox import actions
    from inbox.models import Channel
    from workspaces.actors import Actor
    from workspaces.scope import workspace_scope

    with psycopg2.connect(bench.superuser) as connection, connection.cursor() as cursor:
        insert(cursor, "workspaces_organization", {"name": "'Bench'"}, "generate_series(1, 1)")
        insert(
            cursor,
            "workspaces_workspace",
            {"organization_id": "o.id", "name": "'Bench'", "time_zone": f"'{ZONE}'", "api_rate_per_second": "5"},
            "workspaces_organization o",
        )
        cursor.execute("SELECT id FROM workspaces_workspace")
        found = cursor.fetchone()
        assert found is not None
    workspace_id = int(found[0])
    at = now()
    with workspace_scope(workspace_id):
        channel = Channel.objects.create(
            workspace_id=workspace_id,
            kind="custom_channel",
            name="Bench",
            key="bench",
            settings={"id_type": "phone", "destination_url": "https://example.com/out"},
            created_at=at,
        )
        first = actions.receive_message(
            actor=Actor.system(workspace_id=workspace_id), channel=channel, incoming=a_message("+34600000000"), at=at
        )
    assert first is not None
    assert first.conversation_id is not None
    place = Place(workspace_id, channel.pk, first.contact_id, first.conversation_id)
    with psycopg2.connect(bench.superuser) as connection, connection.cursor() as cursor:
        shared = {"workspace_id": str(workspace_id), "contact_id": str(place.contact_id)}
        moment = f"now() - k * INTERVAL '1 year' / {rows}"
        user = "CASE WHEN k % 3 > 0 THEN 1 + k::bigint * 7919 % 30 END"
        lines = {"kind": "(ARRAY['added','connected','deleted'])[1 + k % 3]", "source": "'user'", "user_id": user}
        insert(
            cursor,
            "contacts_contactlogentry",
            {**shared, **lines, "occurred_at": moment},
            f"generate_series(1, {rows}) k",
        )
        messages = {
            "conversation_id": str(place.conversation_id),
            "channel_id": str(place.channel_id),
            "direction": "CASE WHEN k % 2 = 0 THEN 'incoming' ELSE 'outgoing' END",
            "sender_kind": "CASE WHEN k % 2 = 0 THEN 'contact' ELSE 'user' END",
            "user_id": "CASE WHEN k % 2 = 1 THEN 1 + k::bigint * 7919 % 30 END",
            "status": "CASE WHEN k % 2 = 0 THEN 'received' ELSE 'sent' END",
            "channel_message_id": "'n' || k",
            "text": "'Hello, is the blue one still there?'",
            "created_at": moment,
            "provider_at": moment,
        }
        insert(cursor, "inbox_message", {**shared, **messages}, f"generate_series(1, {rows}) k")
    bench.vacuum()
    return place


def a_message(sender: str):  # type: ignore[no-untyped-def]  # noqa: ANN201 - its class is imported once Django is set up
    """Return a message that comes in."""
    from inbox.channels.contract import Incoming, Profile

    return Incoming(
        external_id=sender,
        identity="phone",
        message_id=f"m{next(numbers)}",
        occurred_at=now(),
        text="Hello, is the blue one still there?",
        profile=Profile(first_name="Cleo"),
    )


def bare(statement: str) -> Callable[[Place], None]:
    """Return a write that is one statement in a scope of its own."""
    from django.db import connection

    from workspaces.scope import workspace_scope

    def act(place: Place) -> None:
        given = {
            "workspace_id": place.workspace_id, "contact_id": place.contact_id, "channel_id": place.channel_id,
            "conversation_id": place.conversation_id, "number": next(numbers), "chunk": CHUNK,
        }  # fmt: skip
        with workspace_scope(place.workspace_id), connection.cursor() as cursor:
            cursor.execute(statement, given)

    return act


def receive(place: Place) -> None:
    """Take in a message of one of 200 people."""
    from inbox import actions
    from inbox.models import Channel
    from workspaces.actors import Actor
    from workspaces.scope import workspace_scope

    with workspace_scope(place.workspace_id):
        channel = Channel.objects.in_workspace(place.workspace_id).get(pk=place.channel_id)
        actions.receive_message(
            actor=Actor.system(workspace_id=place.workspace_id),
            channel=channel,
            incoming=a_message(f"+34600{next(numbers) % 200:06}"),
            at=now(),
        )


reported = itertools.count(1, 2)


def report(place: Place) -> None:
    """Take in the network's word that a message of ours arrived."""
    from inbox import actions
    from inbox.channels.contract import StatusReport
    from inbox.models import Channel
    from workspaces.actors import Actor
    from workspaces.scope import workspace_scope

    with workspace_scope(place.workspace_id):
        channel = Channel.objects.in_workspace(place.workspace_id).get(pk=place.channel_id)
        at = now()
        actions.report_status(
            actor=Actor.system(workspace_id=place.workspace_id),
            channel=channel,
            report=StatusReport(message_id=f"n{next(reported)}", status="delivered", occurred_at=at),
            at=at,
        )


ONE_LINE = """
INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, user_id, occurred_at)
VALUES (%(workspace_id)s, 'added', %(contact_id)s, 'Cleo Marín', 'user', 7, now())"""
LINES = """
INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, user_id, import_id, occurred_at)
SELECT %(workspace_id)s, 'added', k, 'Cleo Marín', 'import', 7, 1, now() FROM generate_series(1, %(chunk)s) k"""
ONE_STATUS = """
UPDATE inbox_message SET status = CASE status WHEN 'read' THEN 'delivered' ELSE 'read' END
 WHERE workspace_id = %(workspace_id)s AND channel_id = %(channel_id)s
   AND channel_message_id = 'n' || (20001 + 2 * (%(number)s %% 40000))"""
ONE_TEXT = """
UPDATE inbox_message SET text = 'Hello again', attempts = 1
 WHERE workspace_id = %(workspace_id)s AND channel_id = %(channel_id)s
   AND channel_message_id = 'n' || (20001 + 2 * (%(number)s %% 40000))"""
STATUSES = """
UPDATE inbox_message SET status = CASE status WHEN 'read' THEN 'delivered' ELSE 'read' END
 WHERE workspace_id = %(workspace_id)s AND direction = 'outgoing' AND created_at > now() - INTERVAL '3 days'"""


def writes() -> list[Write]:
    """Return what is measured."""
    return [
        Write("one line of the contact log, bare", 120, bare(ONE_LINE)),
        Write(f"{CHUNK:,} lines at once, bare", 3, bare(LINES)),
        Write("a message comes in (receive_message)", 12, receive),
        Write("a status comes in (report_status)", 30, report),
        Write("one status, bare", 120, bare(ONE_STATUS)),
        Write("one change that no tally counts, bare", 120, bare(ONE_TEXT)),
        # Only the deletion of contacts with unsent messages changes several by one statement, and those are few.
        Write("some 1,200 statuses at once, bare", 1, bare(STATUSES), is_usual=False),
    ]


def turn(write: Write, place: Place) -> float:
    """Return the median of the seconds that one write takes: the pauses of a busy machine are no cost of it."""
    write.act(place)  # the switch of the triggers made the server forget its plans
    taken = []
    for _ in range(write.times):
        start = time.perf_counter()
        write.act(place)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def measure(bench: Bench, place: Place, write: Write, pairs: int) -> float:
    """Print and return the ratio of a write with triggers to the same without."""
    from reports.tallies.folding import fold_tallies

    turn(write, place)
    taken: dict[str, list[float]] = {"ENABLE": [], "DISABLE": []}
    for number in range(pairs):
        for verb in ("ENABLE", "DISABLE") if number % 2 else ("DISABLE", "ENABLE"):
            asked(bench.superuser, SWITCH.format(verb=verb))
            fold_tallies(workspace_id=place.workspace_id)
            taken[verb].append(turn(write, place))
    asked(bench.superuser, SWITCH.format(verb="ENABLE"))
    ratios = [on / off for on, off in zip(taken["ENABLE"], taken["DISABLE"], strict=True)]
    ratio, spread = statistics.median(ratios), f"{min(ratios):.2f} to {max(ratios):.2f}"
    each = [statistics.median(taken[verb]) * 1000 for verb in ("DISABLE", "ENABLE")]
    print(f"{write.name:42} {each[0]:8.3f} ms  {each[1]:8.3f} ms  ratio {ratio:.2f}  ({spread})", flush=True)
    return ratio


def keeping(bench: Bench, place: Place) -> None:
    """Print what building and folding take, and how large the tables are."""
    from reports.tallies.building import build_tallies
    from reports.tallies.folding import fold_tallies

    start = time.perf_counter()
    build_tallies(workspace_id=place.workspace_id, at=now())
    print(f"built in {time.perf_counter() - start:.2f} s")
    for _ in range(4):
        asked(bench.superuser, STATUSES, {"workspace_id": place.workspace_id})
    start = time.perf_counter()
    folded = fold_tallies(workspace_id=place.workspace_id)
    print(f"{folded:,} deltas folded in {(time.perf_counter() - start) * 1000:.0f} ms")
    bench.vacuum()
    for table in TABLES:
        [(rows, heap, indexes)] = asked(
            bench.superuser, f"SELECT count(*), pg_table_size('{table}'), pg_indexes_size('{table}') FROM {table}"
        )
        print(f"{table:28} {rows:>9,} rows  table {heap / 2**20:7.1f} MB  indexes {indexes / 2**20:7.1f} MB")


def main() -> None:
    """Measure, print, and fail where a ratio is over the goal."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=15)
    parser.add_argument("--rows", type=int, default=300_000)
    given = parser.parse_args()
    with bench_server() as bench, bench_cache(bench):
        bench.fresh()
        import django

        django.setup()
        place = fill(bench, given.rows)
        print(f"load {Path('/proc/loadavg').read_text().split()[0]}; without and with tallies:")
        keeping(bench, place)
        ratios = {write: measure(bench, place, write, given.pairs) for write in writes()}
        worst = max(ratio for write, ratio in ratios.items() if write.is_usual)
        print(
            f"load {Path('/proc/loadavg').read_text().split()[0]}; worst ratio of what the product does {worst:.2f}, goal {GOAL}"
        )
    if worst > GOAL:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
