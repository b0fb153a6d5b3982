"""What 200 open pages cost the realtime process: memory, and the time from a commit to the last page that hears of it.

    .venv/bin/python bench/realtime.py [--agents 200] [--rings 100]

Starts a PostgreSQL, a Valkey and the realtime process of their own, opens the sockets of that many people in one workspace
(one in four sees own contacts only), and prints memory before and after, and percentiles of the delay.
"""
# ruff: noqa: E402, PLC0415 - Django is set up only once the servers run

import argparse
import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

from _servers import bench_server

from config.embedded.programs import free_port, stop, wait_until_ready
from config.embedded.valkey import valkey_in

GOAL_MEGABYTES = 300


def main() -> int:
    """Measure and print; the status says whether the goal is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--rings", type=int, default=100)
    told = parser.parse_args()
    with bench_server() as bench:
        bench.fresh()
        valkey = valkey_in(bench.folder / "valkey", port=free_port(), password="p" * 16, keep=False)
        running = valkey.program.start(output=subprocess.DEVNULL)
        try:
            wait_until_ready(valkey, running)
            os.environ["REDIS_URL"] = valkey.url()
            return _measure(told.agents, told.rings)
        finally:
            stop(valkey.program, running)


def _measure(agents: int, rings: int) -> int:
    import django

    django.setup()
    from tests.factories import a_member, a_person, a_workspace
    from tests.realtime import RealtimeProcess, session_of

    workspace = a_workspace("Bench", owner=a_person("owner@example.com", "Olga Owner"))
    people = [
        a_member(
            workspace,
            email=f"agent{number}@example.com",
            name=f"Agent {number}",
            restrictions=("show_only_mine",) if number % 4 == 0 else (),
        )
        for number in range(agents)
    ]
    sessions = [session_of(user) for user, _actor in people]
    process = RealtimeProcess().start()
    try:
        before = process.rss_megabytes()
        delays, after = asyncio.run(_open_and_ring(process, workspace.pk, people, sessions, rings))
    finally:
        process.kill()
    print(f"{agents} agents: {before:.0f} MB before, {after:.0f} MB after, {after - before:.0f} MB for the sockets")
    print(f"goal {GOAL_MEGABYTES} MB in all: {'met' if after < GOAL_MEGABYTES else 'missed'}")
    ranked = sorted(delays)
    print(f"commit to the last page, {rings} times: median {statistics.median(ranked) * 1000:.0f} ms,", end=" ")
    print(f"95 in 100 within {ranked[int(len(ranked) * 0.95)] * 1000:.0f} ms, slowest {ranked[-1] * 1000:.0f} ms")
    return 0 if after < GOAL_MEGABYTES else 1


async def _open_and_ring(
    process: Any, workspace_id: int, people: list[Any], sessions: list[str], rings: int
) -> tuple[list[float], float]:
    from django.conf import settings
    from websockets.asyncio.client import connect
    from websockets.typing import Origin

    lines = []
    for session in sessions:
        line = await connect(
            f"ws://127.0.0.1:{process.port}/ws/w/{workspace_id}",
            additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
            origin=Origin("http://127.0.0.1"),
            compression=None,
            proxy=None,
        )
        assert json.loads(await line.recv())["type"] == "welcome"
        lines.append(line)
    everything = [line for number, line in enumerate(lines) if number % 4]
    delays = []
    for _ in range(rings):
        contact_id = await asyncio.to_thread(_change_a_contact, people[0][1])
        began = time.monotonic()
        await asyncio.gather(*(_heard(line, contact_id) for line in everything))
        delays.append(time.monotonic() - began)
        await asyncio.sleep(0.15)
    after = process.rss_megabytes()
    for line in lines:
        await line.close()
    return delays, after


async def _heard(line: Any, contact_id: int) -> None:
    while contact_id not in json.loads(await asyncio.wait_for(line.recv(), 10)).get("contacts", ()):
        pass


def _change_a_contact(actor: Any) -> int:
    from django.utils import timezone

    from contacts.actions import add_contact
    from contacts.models.contact import Source
    from workspaces.scope import workspace_scope

    with workspace_scope(actor.workspace_id):
        return add_contact(actor=actor, values={"first_name": "Cleo"}, source=Source.USER, at=timezone.now()).pk


if __name__ == "__main__":
    raise SystemExit(main())
