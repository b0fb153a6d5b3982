"""The inbox's list over 100,000 open conversations in one workspace: how long it takes to open, and whether depth costs anything.

    .venv/bin/python bench/inbox_list.py [--conversations 100000] [--rounds 15]

Starts a PostgreSQL of its own in a temporary folder, fills it by SQL, and calls the queries that the page calls, as the app's
role behind row-level security. Prints the median of each, its ratio to the first page, and with --plans what PostgreSQL does.
"""
# ruff: noqa: E402, PLC0415 - Django is set up only once the server runs

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]

import psycopg2
from _servers import bench_server
from contacts_list import fill

CHANNEL = """
INSERT INTO inbox_channel (workspace_id, kind, name, key, settings, sealed_secrets, state, trouble, sends_per_minute, cursor, created_at)
SELECT %(workspace_id)s, 'custom_channel', 'Line ' || n, 'bench-' || n, '{}', '', 'active', '', 600, '{}', now()
  FROM generate_series(1, 3) AS n"""
FILL = """
INSERT INTO inbox_conversation (
    workspace_id, contact_id, status, is_latest, version, language, snooze_note, held_by_bot, opened_at, opened_by_source,
    first_resolved_source, first_resolved_in_bulk, first_resolved_category, first_resolved_summary, closed_by_source,
    closed_category, closed_summary, status_changed_at, assignee_id, assignment_count, incoming_count, outgoing_count,
    response_count, response_ms, waiting_since, waiting_for, handle_ms, no_reply_ms, cherry_picking_ms, unread_count,
    last_message_at, last_activity_at, preview, preview_is_ours, updated_at, last_channel_id)
SELECT c.workspace_id, c.id, CASE WHEN c.id %% 3 = 0 THEN 'pending' ELSE 'new' END, true, 1, 'es', '', false, at, 'contact',
       '', false, '', '', '', '', '', at, c.assignee_id, 0, 1, 0, 0, 0, CASE WHEN c.id %% 3 > 0 THEN at END, '', 0, 0, 0,
       (c.id %% 3 > 0)::int, at, at, 'Where is my parcel?', false, at,
       (SELECT min(id) FROM inbox_channel) + c.id %% 3
  FROM contacts_contact c, LATERAL (SELECT TIMESTAMPTZ '2026-06-01' + c.id * INTERVAL '7 seconds' AS at) AS moment
 WHERE c.workspace_id = %(workspace_id)s"""


def cases(workspace_id: int, user_id: int) -> list[tuple[str, Callable[[], object]]]:
    """Return what is measured, by name; the first is what the others are compared with."""
    from contacts.models import Tag
    from inbox.models import Channel
    from inbox.queries.listing import Place, list_page
    from inbox.queries.narrowing import Listing, Only, Sort, State
    from inbox.web.navigation import inbox_links
    from workspaces.actors import Actor
    from workspaces.permissions import Role
    from workspaces.scope import workspace_scope

    actor = Actor.member(user_id=user_id, workspace_id=workspace_id, role=Role.OWNER, restrictions=[], team_id=None)
    with workspace_scope(workspace_id):
        newest = list_page(actor, Listing(), limit=1).rows[0].conversation
        tag = Tag.objects.in_workspace(workspace_id).get(name="press").pk
        channel = Channel.objects.in_workspace(workspace_id).order_by("pk").first()
        assert channel is not None

    def at(share: float) -> Place:
        return Place(newest.last_activity_at - timedelta(seconds=7 * share * 100_000), newest.pk)

    def page(listing: Listing, after: Place | None = None) -> Callable[[], object]:
        return lambda: list_page(actor, listing, after=after)

    return [
        ("all, open, first page", page(Listing())),
        ("the same at 25 %", page(Listing(), at(0.25))),
        ("the same at 50 %", page(Listing(), at(0.5))),
        ("the same at 95 %", page(Listing(), at(0.95))),
        ("mine", page(Listing(view="mine"))),
        ("unassigned", page(Listing(view="unassigned"))),
        ("oldest first", page(Listing(sort=Sort.OLDEST))),
        ("waiting longest", page(Listing(sort=Sort.WAITING))),
        ("unread", page(Listing(only=Only.UNREAD))),
        ("one channel", page(Listing(channel_id=channel.pk))),
        ("one tag (1 in 1,000)", page(Listing(tag_id=tag))),
        ("closed (none)", page(Listing(state=State.CLOSED))),
        ("snoozed (none)", page(Listing(state=State.SNOOZED))),
        ("blocked (1 in 1,000)", page(Listing(view="blocked"))),
        ("inboxes with their counts", lambda: inbox_links(actor)),
    ]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=15)
    given = parser.parse_args()
    with bench_server() as server:
        server.fresh()
        workspace_id, user_id = fill(server.superuser, given.conversations)
        connection = psycopg2.connect(server.superuser)
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(CHANNEL, {"workspace_id": workspace_id})
            cursor.execute(FILL, {"workspace_id": workspace_id})
            cursor.execute("VACUUM ANALYZE")
        connection.close()
        import django

        django.setup()
        from workspaces.scope import workspace_scope

        measured = cases(workspace_id, user_id)
        times: dict[str, list[float]] = {name: [] for name, _ in measured}
        for _round in range(given.rounds):
            for name, ask in measured:
                with workspace_scope(workspace_id):
                    began = time.perf_counter()
                    ask()
                    times[name].append((time.perf_counter() - began) * 1000)
        first = statistics.median(times[measured[0][0]])
        print(f"{given.conversations:,} open conversations, {given.rounds} rounds\n")
        print("| what | median ms | × first page |\n|---|---|---|")
        for name, _ in measured:
            median = statistics.median(times[name])
            print(f"| {name} | {median:.1f} | {median / first:.2f} |")


if __name__ == "__main__":
    main()
