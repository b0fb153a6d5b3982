"""Exports against plain COPY of the raw columns, in pairs, and the usual Python ways beside it.

    .venv/bin/python bench/export.py [--messages 2000000] [--conversations 200000] [--rounds 5] [--peers 200000] [--only NAME]

Starts a PostgreSQL of its own in a temporary folder and fills one workspace by SQL. Each round reads the raw columns with plain
COPY into a file, with a checksum, and then makes the export as a worker does: prepared, copied, written. Ratios are medians over
rounds of one run. Memory is the peak of a process that makes one export and nothing else.
"""
# ruff: noqa: E402, PLC0415 - Django is set up only once the server runs

import argparse
import csv
import hashlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
from _rows import insert
from _servers import bench_server
from contacts_list import fill

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
UNTIL = datetime(2026, 12, 31, tzinfo=UTC)
RAW = {
    "messages": (
        "SELECT created_at, user_id, sender_kind, contact_id, id, content_type, direction, text, channel_id, payload,"
        " conversation_id, status, error_text, deleted_at FROM inbox_message"
        " WHERE workspace_id = {w} AND created_at >= '{since}' AND created_at < '{until}' ORDER BY created_at, id"
    ),
    "conversations": (
        "SELECT * FROM inbox_conversation"
        " WHERE workspace_id = {w} AND opened_at >= '{since}' AND opened_at < '{until}' ORDER BY opened_at, id"
    ),
    "resolved_conversations": (
        "SELECT * FROM inbox_conversation"
        " WHERE workspace_id = {w} AND first_resolved_at >= '{since}' AND first_resolved_at < '{until}'"
        " ORDER BY first_resolved_at, id"
    ),
}


class Plain:
    """What plain COPY is written to: a file, its rows counted and its checksum kept, as an export does."""

    def __init__(self, path: Path) -> None:
        self.rows = 0
        self._file = path.open("wb")
        self._hash = hashlib.sha256()
        self._rows: list[bytes] = []

    def write(self, row: bytes) -> None:
        self._rows.append(row)
        if len(self._rows) == 512:
            self.flush()

    def flush(self) -> None:
        block = b"".join(self._rows)
        self.rows += len(self._rows)
        self._rows.clear()
        self._file.write(block)
        self._hash.update(block)

    def close(self) -> None:
        self.flush()
        self._file.close()


def plain_copy(name: str, workspace_id: int, target: Path) -> int:
    """Copy the raw columns out; return how many rows."""
    from exports.snapshot import snapshot

    sink = Plain(target)
    with snapshot(workspace_id=workspace_id, most_seconds=3600) as reader, reader.cursor() as cursor:
        select = RAW[name].format(w=workspace_id, since=SINCE.isoformat(), until=UNTIL.isoformat())
        cursor.cursor.copy_expert(f"COPY ({select}) TO STDOUT (FORMAT csv)", sink)
    sink.close()
    return sink.rows


def export(name: str, workspace_id: int, user_id: int, target: Path) -> int:
    """Make an export's file; return how many rows."""
    from exports.catalogue import DATASETS
    from exports.copying import copy_out, prepare
    from exports.making import CsvFile
    from exports.snapshot import snapshot

    target.unlink(missing_ok=True)
    with (
        snapshot(workspace_id=workspace_id, most_seconds=3600) as reader,
        reader.cursor() as cursor,
        CsvFile(target, for_excel=False, is_gzipped=False, check=lambda: None) as file,
    ):
        prepared = prepare(
            cursor,
            DATASETS[name],
            reading(workspace_id, user_id, name),
            time_zone="Europe/Madrid",
            header_language="en",
            is_guarded=True,
        )
        file.head(prepared.header)
        copy_out(cursor, prepared, file)
        file.finish()
    return file.rows


def reading(workspace_id: int, user_id: int, name: str) -> Any:
    from exports.catalogue import DATASETS
    from exports.parameters import Reading
    from workspaces.actors import Actor
    from workspaces.permissions import Role

    actor = Actor.member(user_id=user_id, workspace_id=workspace_id, role=Role.OWNER, restrictions=[], team_id=None)
    needs_range = DATASETS[name].needs_range
    return Reading(
        actor=actor,
        export_at=UNTIL,
        range_from=SINCE if needs_range else None,
        range_to=UNTIL if needs_range else None,
    )


def cursor_loop(workspace_id: int, target: Path, most: int) -> int:
    """The usual way: values by an iterator, a time zone and a guard in Python, the csv module."""
    return _loop(workspace_id, target, most, is_model=False)


def model_loop(workspace_id: int, target: Path, most: int) -> int:
    """The usual way with model instances."""
    return _loop(workspace_id, target, most, is_model=True)


def _loop(workspace_id: int, target: Path, most: int, *, is_model: bool) -> int:
    from zoneinfo import ZoneInfo

    from inbox.models import Message
    from workspaces.scope import workspace_scope

    zone = ZoneInfo("Europe/Madrid")
    names = (
        "created_at", "user_id", "sender_kind", "contact_id", "id", "content_type", "direction", "text", "channel_id",
        "payload", "conversation_id", "status", "error_text",
    )  # fmt: skip

    def cell(value: object) -> object:
        if isinstance(value, datetime):
            return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
        if isinstance(value, dict):
            return json.dumps(value)
        if isinstance(value, str) and value[:1] in {"=", "+", "-", "@", "\t", "\r"}:
            return f"'{value}"
        return value

    rows = 0
    with workspace_scope(workspace_id), target.open("w", newline="") as out:
        writer = csv.writer(out)
        found = Message.objects.in_workspace(workspace_id).order_by("created_at", "id")[:most]
        source: Any = found.iterator(2000) if is_model else found.values_list(*names).iterator(2000)
        for row in source:
            values = [getattr(row, name) for name in names] if is_model else row
            writer.writerow([cell(value) for value in values])
            rows += 1
    return rows


def plain_some(workspace_id: int, target: Path, most: int) -> int:
    """Plain COPY of as many messages as the peers read."""
    from exports.snapshot import snapshot

    sink = Plain(target)
    with snapshot(workspace_id=workspace_id, most_seconds=3600) as reader, reader.cursor() as cursor:
        select = RAW["messages"].format(w=workspace_id, since=SINCE.isoformat(), until=UNTIL.isoformat())
        cursor.cursor.copy_expert(f"COPY ({select} LIMIT {most}) TO STDOUT (FORMAT csv)", sink)
    sink.close()
    return sink.rows


def fill_inbox(admin_url: str, *, workspace_id: int, user_id: int, conversations: int, messages: int) -> None:
    """Fill channels, conversations and messages: a year in the order of its moments."""
    connection = psycopg2.connect(admin_url)
    connection.autocommit = True
    step = timedelta(days=363) / conversations
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        insert(
            cursor,
            "inbox_channel",
            {
                "workspace_id": str(workspace_id), "kind": "(ARRAY['custom_channel','email','web_chat'])[n]",
                "name": "'Line ' || n", "account": "'+3460012345' || n", "key": "'bench-' || n", "state": "'active'",
            },
            "generate_series(1, 3) AS n",
        )  # fmt: skip
        cursor.execute("SELECT min(id) FROM inbox_channel")
        channel = cursor.fetchall()[0][0]
        cursor.execute("SELECT min(id), count(*) FROM contacts_contact")
        first, many = cursor.fetchall()[0]
        at = f"(TIMESTAMPTZ '{SINCE.isoformat()}' + n * INTERVAL '{step.total_seconds()} seconds')"
        insert(
            cursor,
            "inbox_contactchannel",
            {
                "workspace_id": str(workspace_id), "contact_id": "c.id", "channel_id": f"{channel} + c.id %% 3".replace("%%", "%"),
                "external_id": "'+34' || (600000000 + c.id)", "name": "c.first_name || ' ' || c.last_name",
                "state": "'reachable'", "is_verified": "true", "last_message_at": "now()",
            },
            "contacts_contact c",
        )  # fmt: skip
        insert(
            cursor,
            "inbox_conversation",
            {
                "workspace_id": str(workspace_id), "contact_id": f"{first} + n % {many}", "status": "'resolved'",
                "is_latest": f"n > {conversations} - {many}", "version": "1", "language": "'es'", "opened_at": at,
                "opened_by_source": "'contact'", "opened_channel_id": f"{channel} + ({first} + n % {many}) % 3",
                "channel_id": f"{channel} + ({first} + n % {many}) % 3", "last_channel_id": f"{channel}",
                "first_resolved_at": f"{at} + INTERVAL '40 minutes'", "first_resolved_by_id": str(user_id),
                "first_resolved_source": "'user'", "first_resolved_category": "'Order status'",
                "first_resolved_summary": "'Parcel arrives on Tuesday, no refund'", "closed_at": f"{at} + INTERVAL '40 minutes'",
                "closed_by_id": str(user_id), "closed_by_source": "'user'", "closed_category": "'Order status'",
                "closed_summary": "'Parcel arrives on Tuesday, no refund'", "status_changed_at": f"{at} + INTERVAL '40 minutes'",
                "status_changed_by_id": str(user_id), "settled_by_id": str(user_id), "closed_assignee_id": str(user_id),
                "assignee_id": str(user_id), "first_assignee_id": str(user_id), "first_assigned_at": f"{at} + INTERVAL '90 seconds'",
                "last_assignee_id": str(user_id), "last_assigned_at": f"{at} + INTERVAL '90 seconds'",
                "response_after_assignment_at": f"{at} + INTERVAL '4 minutes'", "assignment_count": "1",
                "incoming_count": "5", "outgoing_count": "5", "first_incoming_at": at,
                "first_human_reply_at": f"{at} + INTERVAL '4 minutes'", "first_response_at": f"{at} + INTERVAL '4 minutes'",
                "first_response_by_id": str(user_id), "response_count": "4", "response_ms": "900000",
                "handle_ms": "220000", "no_reply_ms": "60000", "cherry_picking_ms": "30000", "last_activity_at": at,
                "preview": "'Gracias'", "updated_at": at, "changed_at": f"{at} + INTERVAL '40 minutes'",
            },
            f"generate_series(1, {conversations}) AS n",
        )  # fmt: skip
        each = max(1, messages // conversations)
        insert(
            cursor,
            "inbox_message",
            {
                "workspace_id": str(workspace_id), "conversation_id": "c.id", "contact_id": "c.contact_id",
                "channel_id": "c.channel_id", "direction": "CASE WHEN m % 2 = 0 THEN 'incoming' ELSE 'outgoing' END",
                "sender_kind": "CASE WHEN m % 2 = 0 THEN 'contact' ELSE 'user' END",
                "user_id": f"CASE WHEN m % 2 = 1 THEN {user_id} END",
                "content_type": "CASE WHEN m % 20 = 7 THEN 'email' ELSE 'text' END",
                "text": "(ARRAY['Perfecto, mañana estoy en casa a partir de las cinco', '-5 % de descuento, ¿no?',"
                " 'Your parcel \"A-' || c.id || '\" left our warehouse, it arrives on Tuesday',"
                " '+34600123456', 'Hola:\n¿dónde está mi pedido?\nGracias, Zoë'])[1 + (c.id + m) % 5]",
                "payload": "CASE WHEN m % 20 = 7 THEN '{\"subject\": \"Order\", \"cc\": [\"a@example.com\"]}'::jsonb ELSE '{}' END",
                "status": "CASE WHEN m % 2 = 0 THEN 'received' WHEN m % 50 = 3 THEN 'failed' ELSE 'delivered' END",
                "error_text": "CASE WHEN m % 50 = 3 THEN 'Not a valid recipient' ELSE '' END",
                "created_at": "c.opened_at + m * INTERVAL '100 microseconds'",
                "provider_at": "c.opened_at + m * INTERVAL '100 microseconds'",
            },
            f"inbox_conversation c, generate_series(0, {each - 1}) AS m",
        )  # fmt: skip
        cursor.execute("VACUUM ANALYZE")
    connection.close()


def measure(name: str, pair: tuple[Callable[[], int], Callable[[], int]], rounds: int) -> None:
    """Time two works in turns and print the ratio of their medians."""
    times: tuple[list[float], list[float]] = ([], [])
    rows = 0
    for _round in range(rounds):
        for place, work in enumerate(pair):
            began = time.perf_counter()
            rows = work()
            times[place].append(time.perf_counter() - began)
    plain, ours = (statistics.median(each) for each in times)
    ratios = [b / a for a, b in zip(*times, strict=True)]
    print(
        f"| {name} | {rows:,} | {plain:.2f} | {ours:.2f} | {statistics.median(ratios):.2f}"
        f" ({min(ratios):.2f}–{max(ratios):.2f}) | {rows / ours:,.0f} |",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=2_000_000)
    parser.add_argument("--conversations", type=int, default=200_000)
    parser.add_argument("--contacts", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", type=int, default=200_000)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    if os.environ.get("EXPORT_BENCH_CHILD"):
        one_alone()
        return
    with bench_server() as server:
        server.fresh()
        workspace_id, user_id = fill(server.superuser, given.contacts)
        fill_inbox(
            server.superuser,
            workspace_id=workspace_id,
            user_id=user_id,
            conversations=given.conversations,
            messages=given.messages,
        )
        import django

        django.setup()
        target = server.folder / "out.csv"
        print(f"{given.messages:,} messages, {given.conversations:,} conversations, {given.rounds} rounds\n")
        print(
            "| what | rows | plain COPY s | this s | ratio (lowest–highest pair) | rows a second |\n|---|---|---|---|---|---|"
        )
        chosen = [name for name in RAW if given.only in {"", name}]
        for name in chosen:
            plain = partial(plain_copy, name, workspace_id, target)
            measure(f"export of {name}", (plain, partial(export, name, workspace_id, user_id, target)), given.rounds)
        if not given.only and given.peers:
            plain = partial(plain_some, workspace_id, target, given.peers)
            for name, peer in (("values_list + csv", cursor_loop), ("model iterator + csv", model_loop)):
                measure(f"{name} of messages", (plain, partial(peer, workspace_id, target, given.peers)), 2)
        for name in chosen:
            child = {**os.environ, "EXPORT_BENCH_CHILD": f"{name} {workspace_id} {user_id} {target}"}
            done = subprocess.run([sys.executable, __file__], env=child, check=True, capture_output=True, text=True)
            print(f"\npeak memory of a process that exports {name}: {done.stdout.strip()}", flush=True)


def one_alone() -> None:
    """Make one export in a process of its own and print the memory it took."""
    import django

    django.setup()
    name, workspace_id, user_id, target = os.environ["EXPORT_BENCH_CHILD"].split(" ", 3)
    before = highest_mb()
    export(name, int(workspace_id), int(user_id), Path(target))
    print(f"{before} MB before, {highest_mb()} MB at its highest")


def highest_mb() -> int:
    """Return the most memory that this process has held; the kernel's figure of getrusage would include its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main()
