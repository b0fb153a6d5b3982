"""What the tests of tallies share: raw rows counted in plain Python, and what the reading contract answers."""

from collections import Counter
from datetime import UTC, date, datetime
from typing import Any
from typing import cast as typed
from zoneinfo import ZoneInfo

from django.db import connection

from contacts.actions import add_contact
from contacts.inputs import ContactValues
from contacts.models import ContactLogEntry
from contacts.models.contact import Source
from inbox.models import Message
from reports.models import ContactTallyDelta, MessageTallyDelta, TallyState
from reports.tallies.building import build_tallies
from reports.tallies.checking import differences
from reports.tallies.facts import CONTACT_LOG, MESSAGES, Fact
from reports.tallies.folding import fold_tallies
from reports.tallies.reading import tallied
from tests.factories import NOON, Cast
from workspaces.models import Workspace
from workspaces.scope import workspace_scope

FIRST, LAST = date(2000, 1, 1), date(2100, 1, 1)
OUTWARD = {"queued": "pending", "sending": "pending", "unknown": "pending"}
Counts = Counter[tuple[Any, ...]]


def counted(fact: Fact, workspace_id: int, time_zone: str) -> Counts:
    """Count the raw rows of the open scope by day and by what the tally is kept by."""
    zone, found = ZoneInfo(time_zone), Counts()
    if fact is CONTACT_LOG:
        for line in ContactLogEntry.objects.in_workspace(workspace_id):
            day = line.occurred_at.astimezone(zone).date()
            found[day, line.kind, line.source, line.channel_id, line.user_id] += 1
    else:
        for message in Message.objects.in_workspace(workspace_id).exclude(status="cancelled"):
            day = message.created_at.astimezone(zone).date()
            status = "" if message.direction == "incoming" else OUTWARD.get(message.status, message.status)
            key = (day, message.direction, status, message.sender_kind)
            found[*key, message.channel_id, message.user_id, message.team_id, message.sender_id] += 1
    return found


def read(fact: Fact, workspace_id: int, time_zone: str, *, first: date = FIRST, last: date = LAST) -> Counts:
    """Return what reports read: sums by day and by the other columns, without those that come to 0."""
    columns = ", ".join(("day", *fact.columns))
    sql = f"SELECT {columns}, sum(n)::bigint FROM {tallied(fact)} t GROUP BY {columns} HAVING sum(n) <> 0"
    given: dict[str, Any] = {"workspace_id": workspace_id, "time_zone": time_zone, "first_day": first, "last_day": last}
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return Counts({tuple(key): n for *key, n in cursor.fetchall()})


def assert_exact(workspace: Workspace) -> None:
    """Compare what reports read with the raw rows, in the time zone of the tallies; opens a scope of its own."""
    with workspace_scope(workspace.pk):
        zone = TallyState.objects.in_workspace(workspace.pk).get().time_zone
        for fact in (CONTACT_LOG, MESSAGES):
            assert read(fact, workspace.pk, zone) == counted(fact, workspace.pk, zone)
        assert differences(workspace_id=workspace.pk) == []


def waiting(workspace: Workspace) -> int:
    """Return how many deltas are not folded."""
    with workspace_scope(workspace.pk):
        rows = (ContactTallyDelta.objects, MessageTallyDelta.objects)
        return sum(manager.in_workspace(workspace.pk).count() for manager in rows)


def tally_rows(fact: Fact, workspace: Workspace) -> list[tuple[Any, ...]]:
    """Return what is folded: day, columns and n, with 0 and '' as they are stored."""
    with workspace_scope(workspace.pk), connection.cursor() as cursor:
        cursor.execute(f"SELECT day, {', '.join(fact.columns)}, n FROM {fact.tally} ORDER BY 1, 2, 3, 4, 5")
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def set_time_zone(workspace: Workspace, time_zone: str) -> None:
    """Move a workspace to another zone."""
    with workspace_scope(workspace.pk):
        Workspace.objects.filter(pk=workspace.pk).update(time_zone=time_zone)


def some_lines(workspace_id: int, *moments: datetime, **columns: Any) -> None:
    """Write lines of the contact log by one statement."""
    values = {"kind": "added", "source": "user", "contact_id": 1, **columns}
    ContactLogEntry.objects.bulk_create(
        ContactLogEntry(workspace_id=workspace_id, occurred_at=at, **values) for at in moments
    )


def utc(*parts: int) -> datetime:
    """Return a moment of UTC."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


def built_everywhere(cast: Cast) -> Cast:
    """Build the tallies of both workspaces."""
    for workspace in (cast.acme, cast.globex):
        build_tallies(workspace_id=workspace.pk, at=NOON)
    return cast


def a_contact(cast: Cast, name: str) -> int:
    """Let Ada add a contact, in the open scope."""
    values = typed("ContactValues", {"first_name": name})
    return add_contact(actor=cast.ada, values=values, source=Source.USER, at=NOON).pk


def folded_exactly(cast: Cast) -> None:
    """Compare before and after a fold."""
    assert_exact(cast.acme)
    fold_tallies(workspace_id=cast.acme.pk)
    assert waiting(cast.acme) == 0
    assert_exact(cast.acme)
