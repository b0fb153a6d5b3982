"""The fault run of messages: `bin/faults messages [--seed N] [--messages N] [--faults N] [--seconds N]`."""

# ruff: noqa: PLC0415, T201 - Django reads its settings once the installation is known; it prints tables

import argparse
import os
import shutil
import signal
import sys
import time

import psycopg2

from tests.faults.messages.chaos import Chaos
from tests.faults.messages.counting import UNDER_WAY, Report, count, one_row
from tests.faults.messages.installation import Installation
from tests.faults.messages.journal import Journal
from tests.faults.messages.network import Doors, Network
from tests.faults.messages.plan import FAULTS, Plan
from tests.faults.messages.provider import Provider

PATIENCE = 600.0  # seconds for what was stored to be worked off, once nothing fails any more


def main(arguments: list[str] | None = None) -> int:
    """Run it; return 1 when a promise was not kept, or when what should have failed did not."""
    plan = _plan(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))  # so that nothing is left behind
    installation = Installation()
    journals = {name: Journal(installation.folder / f"{name}.jsonl") for name in ("tried", "promised", "provider")}
    provider = Provider(journals["provider"])
    complaints = []
    try:
        complaints = _run(plan, installation, journals, provider)
    finally:
        provider.close()
        installation.stop()
        if complaints:
            print(f"\nIts files stay in {installation.folder}.")
        else:
            shutil.rmtree(installation.folder, ignore_errors=True)
    print("\n".join(complaints) if complaints else "\nThe run held.")
    return 1 if complaints else 0


def _run(plan: Plan, installation: Installation, journals: dict[str, Journal], provider: Provider) -> list[str]:
    doors, workspace_id = _furnish(installation, provider.url)
    from inbox.actions.delivering import key_of

    network = Network(plan, doors, tried=journals["tried"], promised=journals["promised"])
    chaos = Chaos(plan, installation, lambda: network.is_posting)
    began = time.monotonic()
    network.start()
    chaos.start()
    all_in = network.join(4 * plan.seconds + 300)
    posted = time.monotonic() - began
    chaos.join()
    drained = _drain(installation)
    print(f"\nseed {plan.seed}: posted in {posted:.0f} s, worked off {drained:.0f} s later")
    connection = installation.database()
    report = count(
        connection, workspace_id, plan, doors,
        tried=journals["tried"], promised=journals["promised"], provider=journals["provider"], key_of=key_of,
    )  # fmt: skip
    connection.close()
    status, figures = installation.manage("recompute_conversations")
    report.note("conversations whose figures differ from their facts", figures.splitlines() if status else [])
    print(figures.strip().splitlines()[-1])
    _print(plan, installation, network, chaos, report)
    return _complaints(plan, network, chaos, report, all_in=all_in)


def _furnish(installation: Installation, provider_url: str) -> tuple[Doors, int]:
    """Make a workspace with a custom channel and a token, as their pages do."""
    os.environ.update(installation.environment(), DJANGO_SETTINGS_MODULE="config.settings")
    import django

    django.setup()
    from django.db import connections
    from django.utils import timezone

    from contacts.actions import seed_contact_settings
    from inbox.actions.channels import ChannelSetup, change_channel, connect_channel
    from workspaces.actions import (
        NewPerson,
        WorkspaceSettings,
        create_organization,
        create_person,
        create_token,
        create_workspace,
    )
    from workspaces.queries import actor_of_member
    from workspaces.scope import workspace_scope

    at = timezone.now()
    organization = create_organization(name="Faults", at=at)
    name = NewPerson(first_name="Ada", last_name="Ferrer", password="three wet umbrellas")
    person = create_person(email="ada@example.com", person=name, at=at)
    settings = WorkspaceSettings(name="Faults", default_country="ES", api_rate_per_second=100)
    workspace = create_workspace(owner_id=person.pk, organization_id=organization.pk, settings=settings, at=at)
    with workspace_scope(workspace.pk):
        actor = actor_of_member(user_id=person.pk, workspace_id=workspace.pk)
        seed_contact_settings(actor=actor, at=at)
        api_token = create_token(actor=actor, name="Faults", scopes=("read", "write"), at=at)[1]
        values = {"destination_url": provider_url, "id_type": "phone"}
        channel, made = connect_channel(
            actor=actor, kind="custom_channel", name="Shop line", settings=values, secrets={}, at=at
        )
        change_channel(actor=actor, channel_id=channel.pk, setup=ChannelSetup(sends_per_minute=6000), at=at)
    connections.close_all()
    return Doors(installation.port, channel.key, made["token"], api_token), workspace.pk


def _drain(installation: Installation) -> float:
    """Wait until nothing is under way; return how long that took."""
    began = time.monotonic()
    while time.monotonic() < began + PATIENCE:
        try:
            connection = installation.database()
            pending, sending = one_row(connection, UNDER_WAY)
            connection.close()
        except psycopg2.Error:
            time.sleep(0.5)
            continue
        if not pending and not sending:
            break
        time.sleep(0.5)
    return time.monotonic() - began


def _complaints(plan: Plan, network: Network, chaos: Chaos, report: Report, *, all_in: bool) -> list[str]:
    found = [f"{what}: {len(which)}, such as {which[:5]}" for what, which in report.wrong.items() if which]
    if not all_in:
        found.append("not everything was acknowledged")
    found += [f"refused: {what}" for what in network.refused[:5]]
    hits = chaos.counts()
    broken = sum(number for how, number in network.answers.items() if how == "connection broke" or how.startswith("5"))
    if len(chaos.hits) < plan.faults:
        found.append(f"VACUOUS: {len(chaos.hits)} faults of {plan.faults} hit")
    found += [f"VACUOUS: no {name}" for name in FAULTS if not hits[name]]
    if broken < 20:
        found.append(f"VACUOUS: {broken} requests failed, which is as if nothing had happened")
    if not any(hit.pending > 0 for hit in chaos.hits):
        found.append("VACUOUS: nothing waited to be taken in when a fault hit")
    return found


def _print(plan: Plan, installation: Installation, network: Network, chaos: Chaos, report: Report) -> None:
    hits = chaos.counts()
    busy = sum(hit.pending > 0 for hit in chaos.hits)
    print(
        f"\n{len(chaos.hits)} faults hit, {busy} of them while stored messages waited; {installation.restarts()} restarts\n"
    )
    _table([("fault", "times"), *((name, str(hits[name])) for name in FAULTS)])
    print("\nanswers:", ", ".join(f"{how}: {number:,}" for how, number in sorted(network.answers.items())), "\n")
    counts = [("promised", report.promised), ("stored", report.stored), ("taken by the network", report.taken),
              ("of the answers, may have been sent", report.unknown), ("seen by the API", report.seen)]  # fmt: skip
    counts += [(what, len(which)) for what, which in report.wrong.items()]
    _table([("count", "messages"), *((what, f"{number:,}") for what, number in counts)])


def _table(rows: list[tuple[str, ...]]) -> None:
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    rows.insert(1, tuple("-" * width for width in widths))
    for row in rows:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |")


def _plan(arguments: list[str] | None) -> Plan:
    parser = argparse.ArgumentParser(prog="bin/faults messages")
    parser.add_argument("--seed", type=int, default=4)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--senders", type=int, default=400)
    parser.add_argument("--faults", type=int, default=50, help="how many there are at least")
    parser.add_argument("--seconds", type=float, default=270, help="over which the messages are spread")
    told = parser.parse_args(arguments)
    return Plan(seed=told.seed, messages=told.messages, senders=told.senders, faults=told.faults, seconds=told.seconds)


if __name__ == "__main__":
    raise SystemExit(main())
