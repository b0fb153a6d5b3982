"""A year of a large workspace and of nineteen small ones, made by SQL: 5,000,000 events in the large one, in the order of their moments.

Rows of all workspaces are mixed on the pages of a table, as they are where many work at once. Days and hours have their rhythm, people
and channels their shares, lengths a long tail; figures of a conversation agree with its assignments and responses. The same seed
gives the same rows, apart from the moment that the year ends at.
"""

import time
from dataclasses import dataclass

import psycopg2
from _places import BROADCASTS, fill_places
from _rows import insert

CONVERSATIONS, LOG_LINES = 300_000, 2_000_000
SPANS = "3.2 * exp(1.25 * sqrt(-2 * ln(1 - random())) * cos(6.2831853 * random()))"  # log-normal; its median is 3.2


@dataclass(frozen=True, slots=True)
class Year:
    """The large workspace and somebody who owns it."""

    workspace_id: int
    user_id: int


# `{many}` events a year in the large workspace: rows of a place and a moment, in order.
MOMENTS = """(
    SELECT p.*, h.at + ((k - random()) / q.many) * INTERVAL '1 hour' AS at
      FROM hours h CROSS JOIN places p
           CROSS JOIN LATERAL (SELECT floor({many} * p.share * h.share + random())::int AS many) q
           CROSS JOIN LATERAL generate_series(1, q.many) AS k
     ORDER BY h.at, k) AS e"""

# Lengths in minutes: to the first assignment and response, between responses, from the last to the close.
STORIES = f"""
CREATE TEMP TABLE stories AS
WITH drawn AS (
    SELECT e.workspace_id, e.at AS opened_at, e.share,
           e.first_contact + floor(power(random(), 1.6) * e.contacts)::bigint AS contact_id,
           least(floor(-ln(1 - random()) * 1.05 + 0.65), 5)::int AS assignments,
           least(floor(-ln(1 - random()) * 2.0 + 0.42), 12)::int AS responses,
           {SPANS} * 0.4 AS to_assignment, {SPANS} * 2 AS to_response, {SPANS} * 1.5 AS gap, {SPANS} * 30 AS to_close, {SPANS} * 4 AS between,
           e.users[1 + floor(power(random(), 1.5) * cardinality(e.users))::int] AS user_id,
           e.users[1 + floor(power(random(), 1.5) * cardinality(e.users))::int] AS other_id,
           e.users, e.teams, e.channels, random() AS a, random() AS b, random() AS c, random() AS d
      FROM {MOMENTS.format(many=CONVERSATIONS)}
), placed AS (
    SELECT *, channels[1 + floor(power((contact_id * 7919 % 1000) / 1000.0, 2) * cardinality(channels))::int] AS channel_id,
           teams[array_position(users, user_id)] AS team_id,
           greatest(to_close, CASE WHEN responses > 0 THEN to_response + (responses - 1) * gap + 0.5 ELSE 0 END,
                    CASE WHEN assignments > 0 THEN to_assignment + (assignments - 1) * between + 0.5 ELSE 0 END) AS length,
           row_number() OVER (PARTITION BY contact_id ORDER BY opened_at DESC) = 1 AS is_latest,
           row_number() OVER (PARTITION BY contact_id ORDER BY opened_at) > 1 AS is_returning
      FROM drawn
)
SELECT row_number() OVER (ORDER BY opened_at) + (SELECT coalesce(max(id), 0) FROM inbox_conversation) AS id, *,
       NOT (is_latest AND (opened_at + length * INTERVAL '1 minute' >= now() OR opened_at > now() - INTERVAL '60 days' AND a < 0.25)) AS is_closed
  FROM placed;
ANALYZE stories;
"""


def minutes(length: str) -> str:
    return f"s.opened_at + ({length}) * INTERVAL '1 minute'"


CLOSED_AT = f"CASE WHEN s.is_closed THEN least({minutes('s.length')}, now()) END"
LAST_ASSIGNMENT = "s.to_assignment + (s.assignments - 1) * s.between"
FIRST_RESPONSE = f"CASE WHEN s.responses > 0 THEN {minutes('s.to_response')} END"
CATEGORY = (
    "CASE WHEN s.is_closed AND s.c < 0.85 THEN (ARRAY['Order status','Delivery','Returns','Repairs','Invoice','Price','Stock',"
    "'Workshop','Complaint','Partner','Press','Other'])[1 + floor(power(s.c / 0.85, 1.5) * 12)::int] ELSE '' END"
)
CLOSED_BY = (
    "CASE WHEN s.d < 0.88 THEN 'user' WHEN s.d < 0.94 THEN 'workflow' WHEN s.d < 0.97 THEN 'auto_close' ELSE 'bot' END"
)
SUMMARY = "CASE WHEN s.is_closed AND s.b < 0.5 THEN 'Parcel arrives on Tuesday, no refund was needed' ELSE '' END"
BY_PERSON = "s.is_closed AND s.d < 0.88"
CONVERSATION = {
    "id": "s.id", "workspace_id": "s.workspace_id", "contact_id": "s.contact_id",
    "status": "CASE WHEN s.is_closed THEN 'resolved' WHEN s.b < 0.6 THEN 'new' ELSE 'pending' END",
    "is_latest": "s.is_latest", "is_returning": "s.is_returning", "version": "1", "language": "'es'", "opened_at": "s.opened_at",
    "opened_by_source": "CASE WHEN s.a < 0.8 THEN 'contact' WHEN s.a < 0.92 THEN 'user' WHEN s.a < 0.97 THEN 'workflow' ELSE 'api' END",
    "opened_by_id": "CASE WHEN s.a >= 0.8 AND s.a < 0.92 THEN s.user_id END",
    "opened_channel_id": "s.channel_id", "channel_id": "s.channel_id", "last_channel_id": "s.channel_id",
    "first_resolved_at": CLOSED_AT, "first_resolved_by_id": f"CASE WHEN {BY_PERSON} THEN s.user_id END",
    "first_resolved_team_id": f"CASE WHEN {BY_PERSON} THEN s.team_id END",
    "first_resolved_source": f"CASE WHEN s.is_closed THEN {CLOSED_BY} ELSE '' END", "first_resolved_in_bulk": "false",
    "first_resolved_category": CATEGORY, "first_resolved_summary": SUMMARY,
    "closed_at": CLOSED_AT, "closed_by_id": f"CASE WHEN {BY_PERSON} THEN s.user_id END",
    "closed_by_team_id": f"CASE WHEN {BY_PERSON} THEN s.team_id END",
    "closed_by_source": f"CASE WHEN s.is_closed THEN {CLOSED_BY} ELSE '' END", "closed_category": CATEGORY, "closed_summary": SUMMARY,
    "closed_assignee_id": "CASE WHEN s.is_closed AND s.assignments > 0 THEN s.user_id END",
    "status_changed_at": f"coalesce({CLOSED_AT}, s.opened_at)", "status_changed_by_id": f"CASE WHEN {BY_PERSON} THEN s.user_id END",
    "status_changed_team_id": f"CASE WHEN {BY_PERSON} THEN s.team_id END", "settled_by_id": f"CASE WHEN {BY_PERSON} THEN s.user_id END",
    "settled_team_id": f"CASE WHEN {BY_PERSON} THEN s.team_id END", "assignee_id": "CASE WHEN s.assignments > 0 THEN s.user_id END",
    "first_assignee_id": "CASE WHEN s.assignments = 1 THEN s.user_id WHEN s.assignments > 1 THEN s.other_id END",
    "first_assigned_at": f"CASE WHEN s.assignments > 0 THEN {minutes('s.to_assignment')} END",
    "last_assignee_id": "CASE WHEN s.assignments > 0 THEN s.user_id END",
    "last_assigned_at": f"CASE WHEN s.assignments > 0 THEN {minutes(LAST_ASSIGNMENT)} END",
    "response_after_assignment_at": (
        f"CASE WHEN s.assignments > 0 AND greatest(0, ceil(({LAST_ASSIGNMENT} - s.to_response) / s.gap)) < s.responses"
        f" THEN {minutes(f's.to_response + s.gap * greatest(0, ceil(({LAST_ASSIGNMENT} - s.to_response) / s.gap))')} END"
    ),
    "assignment_count": "s.assignments", "incoming_count": "s.responses + 1", "outgoing_count": "s.responses + 1",
    "first_incoming_at": "CASE WHEN s.a < 0.8 THEN s.opened_at END", "first_human_reply_at": FIRST_RESPONSE,
    "first_response_at": FIRST_RESPONSE, "first_response_by_id": "CASE WHEN s.responses > 0 THEN CASE WHEN s.b < 0.7 THEN s.user_id ELSE s.other_id END END",
    "first_response_team_id": "CASE WHEN s.responses > 0 THEN s.team_id END", "response_count": "s.responses",
    "response_ms": "CASE WHEN s.responses > 0 THEN round((s.to_response + (s.responses - 1) * s.gap * 0.4) * 60000) ELSE 0 END",
    "waiting_since": "CASE WHEN NOT s.is_closed AND s.b < 0.6 THEN s.opened_at END", "handle_ms": "round(s.gap * 20000)",
    "last_message_at": "s.opened_at", "last_activity_at": f"coalesce({CLOSED_AT}, s.opened_at)", "preview": "'Gracias, hasta mañana'",
    "updated_at": f"coalesce({CLOSED_AT}, s.opened_at)", "changed_at": f"coalesce({CLOSED_AT}, s.opened_at)",
}  # fmt: skip
ASSIGNMENT = {
    "workspace_id": "s.workspace_id", "contact_id": "s.contact_id", "conversation_id": "s.id",
    "old_user_id": "CASE WHEN k > 1 THEN s.other_id END",
    "new_user_id": "CASE WHEN k = s.assignments THEN s.user_id WHEN k > 1 AND k % 3 = 0 THEN NULL ELSE s.other_id END",
    "new_team_id": "s.team_id", "by_user_id": "CASE WHEN s.b < 0.5 THEN s.other_id END",
    "source": "CASE WHEN s.b < 0.5 THEN 'user' WHEN s.b < 0.85 THEN 'workflow' WHEN s.b < 0.95 THEN 'reply' ELSE 'api' END",
    "occurred_at": minutes("s.to_assignment + (k - 1) * s.between"),
}  # fmt: skip
RESPONSE = {
    "workspace_id": "s.workspace_id", "conversation_id": "s.id", "contact_id": "s.contact_id", "message_id": "s.id * 20 + 2 * k - 1",
    "channel_id": "s.channel_id", "user_id": "CASE WHEN s.b < 0.7 OR k > 1 THEN s.user_id ELSE s.other_id END", "team_id": "s.team_id",
    "started_by": "'INBOUND_MESSAGE_RECEIVED'",
    "from_at": f"CASE WHEN k = 1 THEN s.opened_at ELSE {minutes('s.to_response + (k - 1.4) * s.gap')} END",
    "to_at": minutes("s.to_response + (k - 1) * s.gap"), "closed_at": CLOSED_AT,
}  # fmt: skip
CHANGE = {
    "workspace_id": "s.workspace_id", "conversation_id": "s.id", "contact_id": "s.contact_id", "old": "CASE k WHEN 1 THEN '' ELSE 'new' END",
    "new": "CASE k WHEN 1 THEN 'new' ELSE 'resolved' END", "cause": "CASE k WHEN 1 THEN 'opened' ELSE 'set' END",
    "source": f"CASE WHEN k = 1 THEN 'contact' ELSE {CLOSED_BY} END", "user_id": "CASE WHEN k = 2 AND s.d < 0.88 THEN s.user_id END",
    "team_id": "CASE WHEN k = 2 AND s.d < 0.88 THEN s.team_id END", "assignee_id": "CASE WHEN k = 2 AND s.assignments > 0 THEN s.user_id END",
    "category": f"CASE WHEN k = 2 THEN {CATEGORY} ELSE '' END", "summary": f"CASE WHEN k = 2 THEN {SUMMARY} ELSE '' END",
    "occurred_at": f"CASE k WHEN 1 THEN s.opened_at ELSE {CLOSED_AT} END",
}  # fmt: skip
OURS = "k % 2 = 1"
MESSAGE = {
    "workspace_id": "s.workspace_id", "conversation_id": "s.id", "contact_id": "s.contact_id", "channel_id": "s.channel_id",
    "contact_channel_id": "s.contact_id", "direction": f"CASE WHEN {OURS} THEN 'outgoing' ELSE 'incoming' END",
    "sender_kind": f"CASE WHEN NOT {OURS} THEN 'contact' WHEN k < 2 * s.responses THEN 'user' WHEN s.c < 0.4 THEN 'bot'"
    " WHEN s.c < 0.7 THEN 'workflow' WHEN s.c < 0.85 THEN 'broadcast' ELSE 'api' END",
    "sender_id": f"CASE WHEN {OURS} AND k >= 2 * s.responses AND s.c >= 0.7 AND s.c < 0.85 THEN (s.workspace_id - 1) * {BROADCASTS} + 1 + s.id % {BROADCASTS} END",
    "user_id": f"CASE WHEN {OURS} AND k < 2 * s.responses THEN s.user_id END", "team_id": f"CASE WHEN {OURS} AND k < 2 * s.responses THEN s.team_id END",
    "content_type": "CASE WHEN (s.id + k) % 12 = 5 THEN 'attachment' WHEN (s.id + k) % 40 = 7 THEN 'email' ELSE 'text' END",
    "text": "(ARRAY['Perfecto, mañana estoy en casa a partir de las cinco', 'Your parcel left our warehouse, it arrives on Tuesday', '+34600123456',"
    " 'Hola, ¿dónde está mi pedido? Gracias, Zoë'])[1 + (s.id + k) % 4]",
    "channel_message_id": "'m' || s.id || '-' || k",
    "status": f"CASE WHEN NOT {OURS} THEN 'received' WHEN (s.id + k) % 50 = 3 THEN 'failed' WHEN (s.id + k) % 5 = 1 THEN 'read' WHEN (s.id + k) % 9 = 2 THEN 'sent' ELSE 'delivered' END",
    "error_text": f"CASE WHEN {OURS} AND (s.id + k) % 50 = 3 THEN 'Not a valid recipient' ELSE '' END",
    "created_at": minutes("s.to_response * ((k + 1) / 2) * 0.5 + k * 0.01"), "provider_at": minutes("s.to_response * ((k + 1) / 2) * 0.5"),
}  # fmt: skip
COMMENT = {
    "workspace_id": "s.workspace_id", "contact_id": "s.contact_id", "conversation_id": "s.id", "author_id": "s.user_id", "source": "'user'",
    "text": "'Called back, asks for the blue one'", "mentions": "'[]'", "created_at": minutes("s.to_assignment"),
}  # fmt: skip
LINE = {
    "workspace_id": "l.workspace_id", "kind": "l.kind", "contact_id": "l.contact_id", "contact_name": "'Contact ' || l.contact_id",
    "source": "l.source", "user_id": "CASE WHEN l.source = 'user' THEN l.user_id END",
    "channel_id": "CASE WHEN l.kind = 'connected' OR l.source = 'incoming_message' THEN l.channel_id END",
    "import_id": "CASE WHEN l.source = 'import' THEN l.workspace_id END", "occurred_at": "l.at",
}  # fmt: skip
LINES = f"""(
    SELECT *, CASE kind WHEN 'added' THEN (ARRAY['incoming_message','incoming_message','incoming_message','incoming_message','import','import','import','user','api','zapier','echo_message'])[1 + floor(b * 11)::int]
                        WHEN 'connected' THEN (ARRAY['incoming_message','incoming_message','incoming_message','incoming_message','user','broadcast','api','echo_message'])[1 + floor(b * 8)::int]
                        WHEN 'deleted' THEN (ARRAY['user','user','api','import_undo'])[1 + floor(b * 4)::int] ELSE (ARRAY['user','user','api'])[1 + floor(b * 3)::int] END AS source
      FROM (SELECT e.workspace_id, e.at, random() AS b, e.first_contact + floor(random() * e.contacts)::bigint AS contact_id,
                   (ARRAY['added','added','added','added','added','added','added','added','added','added','added','added','added',
                          'added','added','added','added','added','added','added','added','added','added','added','added','added',
                          'connected','connected','connected','connected','connected','connected','connected','connected','connected','connected',
                          'deleted','deleted','deleted','merged'])[1 + floor(random() * 40)::int] AS kind,
                   e.users[1 + floor(power(random(), 1.5) * cardinality(e.users))::int] AS user_id,
                   e.channels[1 + floor(power(random(), 2) * cardinality(e.channels))::int] AS channel_id
              FROM {MOMENTS.format(many=LOG_LINES)}) drawn) AS l"""


def fill(admin_url: str) -> Year:
    """Fill an empty, migrated database; triggers and foreign keys sleep meanwhile. Print how long each step took."""
    connection = psycopg2.connect(admin_url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off; SET session_replication_role = replica; SET work_mem = '256MB'")
        cursor.execute("SET maintenance_work_mem = '512MB'; SELECT setseed(0.42)")
        began = time.perf_counter()

        def done(step: str) -> None:
            nonlocal began
            print(f"  {step}: {time.perf_counter() - began:.0f} s", flush=True)
            began = time.perf_counter()

        fill_places(cursor)
        done("workspaces, people, channels, contacts")
        cursor.execute(STORIES)
        insert(cursor, "inbox_conversation", CONVERSATION, "stories s ORDER BY s.id")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('inbox_conversation', 'id'), max(id)) FROM inbox_conversation"
        )
        done("conversations")
        for table, columns, source, moment in (
            ("inbox_assignment", ASSIGNMENT, "s.assignments", "occurred_at"),
            ("inbox_response", RESPONSE, "s.responses", "to_at"),
            ("inbox_statuschange", CHANGE, "1 + s.is_closed::int", "occurred_at"),
        ):
            insert(cursor, table, columns, f"stories s, generate_series(1, {source}) AS k ORDER BY {columns[moment]}")
        done("assignments, responses, changes of status")
        source = "stories s, generate_series(0, 2 * s.responses + CASE WHEN s.a < 0.6 THEN 0 ELSE 1 END) AS k"
        insert(cursor, "inbox_message", MESSAGE, f"{source} ORDER BY {MESSAGE['created_at']}")
        insert(cursor, "inbox_comment", COMMENT, "stories s WHERE s.d < 0.35 ORDER BY s.id")
        done("messages, comments")
        insert(cursor, "contacts_contactlogentry", LINE, LINES)
        done("the contacts' log")
        cursor.execute("SELECT workspace_id, users[1] FROM places WHERE share = 1")
        found = Year(*cursor.fetchall()[0])
        cursor.execute("DROP TABLE stories, places, hours")
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
        done("vacuum, analyze")
    connection.close()
    return found
