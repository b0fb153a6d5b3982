"""The outbox of webhooks: a row for each endpoint that wants an event, written in the transaction of the event."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from workspaces import jobs
from workspaces.bells import ring_much
from workspaces.hook_kinds import hook_kinds
from workspaces.jobs import Job

QUEUE = """
INSERT INTO workspaces_hookdelivery (workspace_id, endpoint_id, event_id, event_type, contact_id, state, attempts,
                                     next_attempt_at, last_error, created_at)
SELECT h.workspace_id, h.id, e.id, kind.event_type, CASE WHEN e.subject_kind = 'contact' THEN e.subject_id END,
       'waiting', 0, %(at)s, '', %(at)s
  FROM workspaces_hookendpoint h
  JOIN unnest(%(types)s::text[], %(event_types)s::text[]) AS kind (type, event_type) ON kind.event_type = ANY (h.events)
  JOIN workspaces_eventrecord e ON e.workspace_id = h.workspace_id AND e.type = kind.type AND {written}
 WHERE h.workspace_id = %(workspace_id)s AND h.state = 'active'
   AND (h.sources = '{{}}' OR coalesce(e.data ->> 'source', e.data ->> 'sender_kind', h.sources[1]) = ANY (h.sources))
 ORDER BY e.id
    ON CONFLICT (workspace_id, endpoint_id, event_id) DO NOTHING
RETURNING endpoint_id"""
QUEUE_EVENTS = QUEUE.format(written="e.id = ANY (%(ids)s)")
QUEUE_SINCE = QUEUE.format(written="e.id > %(mark)s")
# Nothing when nobody listens; else the last id given out before the statements that follow.
MARK = """
SELECT (SELECT last_value FROM workspaces_eventrecord_id_seq)
  FROM workspaces_hookendpoint WHERE workspace_id = %s AND state = 'active' LIMIT 1"""


def queue_for_hooks(events: Sequence[tuple[int, str]], *, workspace_id: int, at: datetime) -> None:
    """Write the deliveries of events that were just recorded, given as id and type; one statement, and none without cause."""
    kinds = hook_kinds()
    ids = [event_id for event_id, event_type in events if event_type in kinds]
    if ids:
        _queue(QUEUE_EVENTS, {"ids": ids}, workspace_id=workspace_id, at=at)


@contextmanager
def events_by_sql(*, workspace_id: int, at: datetime) -> Iterator[None]:
    """Write the deliveries of all events that the statements inside write by themselves, as a set; open pages look anew."""
    with connection.cursor() as cursor:
        cursor.execute(MARK, [workspace_id])
        found = cursor.fetchone()
    yield
    ring_much(workspace_id)
    if found is not None:
        _queue(QUEUE_SINCE, {"mark": found[0]}, workspace_id=workspace_id, at=at)


def _queue(statement: str, parameters: dict[str, int | list[int]], *, workspace_id: int, at: datetime) -> None:
    kinds = hook_kinds()
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            {
                **parameters,
                "workspace_id": workspace_id,
                "at": at,
                "types": list(kinds),
                "event_types": [kind.event_type for kind in kinds.values()],
            },
        )
        endpoint_ids = {row[0] for row in cursor.fetchall()}
    for endpoint_id in sorted(endpoint_ids):
        jobs.wake(Job.DELIVER_HOOK, workspace_id=workspace_id, endpoint_id=endpoint_id)
