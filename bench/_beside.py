"""Ingest beside reports: a process receives messages as fast as it can, alone and while another one asks for the heaviest report."""

import itertools
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from _asking import Asker, ask_block, values_of
from _year import Year
from django.utils import timezone

CHILD = "REPORTS_BENCH_CHILD"
MAIN = Path(__file__).with_name("reports.py")
GOAL = 0.8
HEAVIEST = "users"


def pairs(year: Year, *, pairs: int, seconds: float) -> None:
    """Measure in turns and print the rates, the ratio of each pair and their median."""
    alone: list[float] = []
    beside: list[float] = []
    asked: list[int] = []
    for number in range(pairs):
        for is_beside in (False, True) if number % 2 else (True, False):
            if is_beside:
                asking = _start(f"ask {year.workspace_id} {year.user_id} {seconds + 6}")
                time.sleep(3)  # until it asks
            received = _start(f"receive {year.workspace_id} {number * 2 + is_beside} {seconds}")
            rate = float(received.communicate()[0]) / seconds
            (beside if is_beside else alone).append(rate)
            if is_beside:
                asked.append(int(asking.communicate()[0]))
    ratios = [one / other for one, other in zip(beside, alone, strict=True)]
    print(
        f"messages received a second: alone {statistics.median(alone):.0f}, beside reports {statistics.median(beside):.0f}"
        f" ({statistics.median(asked):.0f} times the report of {HEAVIEST} over a year meanwhile);"
        f" ratio in {pairs} pairs: median {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f}), goal {GOAL}"
    )


def _start(words: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, CHILD: words}
    return subprocess.Popen([sys.executable, str(MAIN)], env=environment, stdout=subprocess.PIPE, text=True)


def child() -> None:
    """Do what the environment says and print how often."""
    import django  # noqa: PLC0415 - only a child reaches this

    django.setup()
    act, *numbers = os.environ[CHILD].split()
    print(receive(*map(float, numbers)) if act == "receive" else ask(*map(float, numbers)))


def receive(workspace: float, series: float, seconds: float) -> int:
    """Receive messages of known contacts for so long; return how many."""
    from inbox.actions.receiving import receive_message  # noqa: PLC0415
    from inbox.channels.contract import Incoming  # noqa: PLC0415
    from inbox.models import Channel, ContactChannel  # noqa: PLC0415
    from workspaces.actors import Actor  # noqa: PLC0415
    from workspaces.scope import workspace_scope  # noqa: PLC0415

    workspace_id = int(workspace)
    actor = Actor.system(workspace_id=workspace_id)
    with workspace_scope(workspace_id):
        channels = {channel.pk: channel for channel in Channel.objects.in_workspace(workspace_id)}
        first = ContactChannel.objects.in_workspace(workspace_id).order_by("pk")
        places = list(first.values_list("channel_id", "external_id")[int(series) * 4000 :][:4000])
    count = 0
    end = time.perf_counter() + seconds
    for channel_id, external_id in itertools.cycle(places):
        now = timezone.now()
        message_id = f"bench-{now.timestamp()}-{count}"
        with workspace_scope(workspace_id):
            incoming = Incoming(
                external_id=external_id, message_id=message_id, occurred_at=now, text="Is the blue one still there?"
            )
            receive_message(actor=actor, channel=channels[channel_id], incoming=incoming, at=now)
        count += 1
        if time.perf_counter() > end:
            break
    return count


def ask(workspace: float, user: float, seconds: float) -> int:
    """Ask for every block of the heaviest report over a year, again and again for so long; return how often."""
    from reports.catalogue import REPORTS  # noqa: PLC0415

    year = Year(int(workspace), int(user))
    asker = Asker(year, values_of(year.workspace_id), timezone.now())
    report = REPORTS[HEAVIEST]
    count = 0
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for key in report.blocks:
            ask_block(asker, report, key, "year", 0)
        count += 1
    return count
