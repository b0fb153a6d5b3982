"""A contact is deleted: its conversations stay for the figures of the past, without a word of what was said.

Set-based, for one contact and for 10,000: what is open is closed, what waits to be sent fails, words and files go. The
rows keep ids, moments and counts, those of comments too. The contact's own rows go right afterwards, with drafts and addresses.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.utils import translation

from contacts.actions.updating import source_of
from inbox.failures import FAILURE_TEXTS
from inbox.file_store import forget_file
from workspaces.actors import Actor
from workspaces.models import Workspace

DELETED = "inbox.contact_deleted"
MOST_FILES_AT_ONCE = 200  # more bytes than these wait for the sweep of files without a row

END_LOCKS = """
WITH ended AS (
    UPDATE inbox_locksession l
       SET ended_at = greatest(%(at)s, l.started_at), ending = 'status',
           outcome = CASE WHEN l.has_reply THEN 'handle' ELSE 'no_reply' END
      FROM inbox_conversation c
     WHERE c.workspace_id = %(workspace_id)s AND c.contact_id = ANY(%(contact_ids)s::bigint[]) AND c.status <> 'resolved'
       AND l.workspace_id = c.workspace_id AND l.conversation_id = c.id AND l.ended_at IS NULL
    RETURNING l.conversation_id, l.outcome,
              round(extract(epoch FROM l.ended_at - l.started_at)::float8 * 1000)::bigint AS length)
UPDATE inbox_conversation c
   SET handle_ms = c.handle_ms + CASE WHEN ended.outcome = 'handle' THEN length ELSE 0 END,
       no_reply_ms = c.no_reply_ms + CASE WHEN ended.outcome = 'no_reply' THEN length ELSE 0 END
  FROM ended WHERE c.workspace_id = %(workspace_id)s AND c.id = ended.conversation_id"""
END_RUNS = """
UPDATE inbox_virtualagentrun r
   SET ended_at = greatest(%(at)s, r.started_at), ending = 'resolved', waits_until = NULL
  FROM inbox_conversation c
 WHERE c.workspace_id = %(workspace_id)s AND c.contact_id = ANY(%(contact_ids)s::bigint[]) AND c.held_by_bot
   AND r.workspace_id = c.workspace_id AND r.conversation_id = c.id AND r.ended_at IS NULL"""
EMPTY_NOTES = """
UPDATE inbox_statuschange s SET summary = ''
  FROM inbox_conversation c
 WHERE c.workspace_id = %(workspace_id)s AND c.contact_id = ANY(%(contact_ids)s::bigint[])
   AND s.workspace_id = c.workspace_id AND s.conversation_id = c.id AND s.summary <> ''"""
NOTE_CLOSING = """
INSERT INTO inbox_statuschange (workspace_id, conversation_id, contact_id, old, new, cause, source, user_id, team_id, assignee_id,
                                in_bulk, category, summary, occurred_at)
SELECT c.workspace_id, c.id, c.contact_id, c.status, 'resolved', 'contact_deleted', %(source)s, %(user_id)s, %(team_id)s,
       c.assignee_id, false, '', '', %(at)s
  FROM inbox_conversation c
 WHERE c.workspace_id = %(workspace_id)s AND c.contact_id = ANY(%(contact_ids)s::bigint[]) AND c.status <> 'resolved'
 ORDER BY c.id"""
CLOSE = """
UPDATE inbox_conversation
   SET status = 'resolved', status_changed_at = %(at)s, status_changed_by_id = %(user_id)s, status_changed_team_id = %(team_id)s,
       settled_by_id = %(user_id)s, settled_team_id = %(team_id)s,
       closed_at = %(at)s, closed_by_id = %(user_id)s, closed_by_team_id = %(team_id)s, closed_by_source = %(source)s,
       closed_category = '', closed_assignee_id = assignee_id,
       first_resolved_by_id = CASE WHEN first_resolved_at IS NULL THEN %(user_id)s ELSE first_resolved_by_id END,
       first_resolved_team_id = CASE WHEN first_resolved_at IS NULL THEN %(team_id)s ELSE first_resolved_team_id END,
       first_resolved_source = CASE WHEN first_resolved_at IS NULL THEN %(source)s ELSE first_resolved_source END,
       first_resolved_at = coalesce(first_resolved_at, %(at)s),
       waiting_since = NULL, waiting_for = '', changed_at = greatest(changed_at, %(at)s)
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[]) AND status <> 'resolved'"""
EMPTY_CONVERSATIONS = """
UPDATE inbox_conversation
   SET is_latest = false, snoozed_until = NULL, snooze_note = '', held_by_bot = false, unread_count = 0, preview = '',
       preview_is_ours = false, closed_summary = '', first_resolved_summary = '', updated_at = %(at)s, version = version + 1
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])"""
EMPTY_SURVEYS = """
UPDATE inbox_survey s
   SET answer = '', expires_at = CASE WHEN s.answered_at IS NULL THEN least(s.expires_at, %(at)s) ELSE s.expires_at END
  FROM inbox_conversation c
 WHERE c.workspace_id = %(workspace_id)s AND c.contact_id = ANY(%(contact_ids)s::bigint[])
   AND s.workspace_id = c.workspace_id AND s.conversation_id = c.id"""
NOTE_UNSENT = """
INSERT INTO inbox_messagestatus (workspace_id, message_id, status, occurred_at, detail)
SELECT workspace_id, id, CASE status WHEN 'queued' THEN 'failed' ELSE 'unknown' END, %(at)s, %(error_text)s
  FROM inbox_message
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[]) AND status IN ('queued', 'sending')
 ORDER BY id"""
# One that is on the wire at this moment may have been sent: its worker finds its lease gone, and what came of it stays unknown.
STOP_UNSENT = """
UPDATE inbox_message
   SET status = CASE status WHEN 'queued' THEN 'failed' ELSE 'unknown' END, next_attempt_at = NULL, lease_token = NULL,
       lease_until = NULL, error_code = CASE WHEN error_text = '' THEN %(error_code)s ELSE error_code END,
       error_text = CASE WHEN error_text = '' THEN %(error_text)s ELSE error_text END
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[]) AND status IN ('queued', 'sending')"""
# What is left of a payload says which sort of message it was, and nothing of what stood in it.
EMPTY_MESSAGES = """
UPDATE inbox_message
   SET text = '', contact_channel_id = NULL, deleted_at = %(at)s,
       payload = CASE WHEN payload = '{}' THEN payload ELSE jsonb_strip_nulls(jsonb_build_object(
           'system_user_type', payload -> 'system_user_type', 'message_type', payload -> 'message_type',
           'message_tag', payload -> 'message_tag',
           'template', CASE WHEN payload #> '{template,name}' IS NOT NULL
                            THEN jsonb_build_object('name', payload #> '{template,name}') END)) END
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])"""

EMPTY_COMMENTS = """
UPDATE inbox_comment SET text = '', mentions = '[]'
 WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(contact_ids)s::bigint[])"""

DROP_ATTACHMENTS = """
WITH dropped AS (
    DELETE FROM inbox_attachment a USING inbox_message m
     WHERE m.workspace_id = %(workspace_id)s AND m.contact_id = ANY(%(contact_ids)s::bigint[])
       AND a.workspace_id = m.workspace_id AND a.message_id = m.id
    RETURNING a.file_id)
SELECT DISTINCT file_id FROM dropped WHERE file_id IS NOT NULL"""
# Locked before they are looked at, as `delete_file` does it: a message that takes one of them meanwhile keeps it.
HOLD_FILES = """
SELECT id FROM inbox_storedfile
 WHERE workspace_id = %(workspace_id)s AND id = ANY(%(file_ids)s::bigint[]) AND NOT in_library ORDER BY id FOR UPDATE"""
DROP_FILES = """
DELETE FROM inbox_storedfile f
 WHERE f.workspace_id = %(workspace_id)s AND f.id = ANY(%(file_ids)s::bigint[]) AND NOT f.in_library
   AND NOT EXISTS (SELECT FROM inbox_attachment a WHERE a.workspace_id = f.workspace_id AND a.file_id = f.id)
RETURNING f.key"""

CLOSES = (END_LOCKS, END_RUNS, EMPTY_NOTES, NOTE_CLOSING, CLOSE, EMPTY_CONVERSATIONS, EMPTY_SURVEYS)
SILENCES = (NOTE_UNSENT, STOP_UNSENT, EMPTY_MESSAGES, EMPTY_COMMENTS)


def forget_threads(*, actor: Actor, contact_ids: Sequence[int], at: datetime) -> None:
    """Close and empty what was said with contacts that are about to be deleted; they are locked by the caller."""
    given: dict[str, Any] = {
        "workspace_id": actor.workspace_id,
        "contact_ids": list(contact_ids),
        "source": source_of(actor).value,
        "user_id": actor.user_id,
        "team_id": actor.team_id,
        "at": at,
        "error_code": DELETED,
        "error_text": _words(actor.workspace_id),
    }
    with connection.cursor() as cursor:
        for statement in (*CLOSES, *SILENCES):
            cursor.execute(statement, given)
        cursor.execute(DROP_ATTACHMENTS, given)
        given["file_ids"] = [file_id for (file_id,) in cursor.fetchall()]
        if not given["file_ids"]:
            return
        cursor.execute(HOLD_FILES, given)
        cursor.execute(DROP_FILES, given)
        keys = [key for (key,) in cursor.fetchall()]
    for key in keys[:MOST_FILES_AT_ONCE]:
        transaction.on_commit(partial(forget_file, key), robust=True)


def _words(workspace_id: int) -> str:
    workspace = Workspace.objects.filter(pk=workspace_id).first()
    with translation.override(workspace.language if workspace is not None else None):
        return str(FAILURE_TEXTS[DELETED])
