"""One chunk of an import is taken back: contacts it added are deleted, what it changed goes back where it still stands.

Set-based, as 200,000 calls of contacts.delete_contact take minutes; tests/imports/test_undoing.py compares the two. What the
import did to a contact is read from its events; what has changed since stays, and is listed with the reason.
"""

import json
from datetime import datetime

from django.db import connection
from django.db.models import F

from contacts.actions.updating import default_country_of
from contacts.emails import email_key
from contacts.events import FieldDeleted
from contacts.followers import follower
from contacts.phones import PhoneReader
from imports.access import undo_requester_of
from imports.actions.leases import Lease
from imports.actions.plan_sql import Parameters
from imports.actions.writing import TELL
from imports.models import ContactImport, ImportChunk
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.leases import CannotGoOn
from workspaces.models import EventRecord
from workspaces.outbox import events_by_sql

BEGIN_CHUNK = (
    "DROP TABLE IF EXISTS pg_temp.undo_row, pg_temp.undo_told, pg_temp.undo_chunk, pg_temp.undo_value, pg_temp.undo_tag"
)
ROWS_OF_CHUNK = """
CREATE TEMPORARY TABLE undo_row ON COMMIT DROP AS
SELECT (i.first_row + part.place - 1)::int AS row_no, part.contact_id, part.outcome
  FROM imports_importchunk i,
       unnest(i.contact_ids, string_to_array(i.outcomes, NULL)) WITH ORDINALITY AS part (contact_id, outcome, place)
 WHERE i.workspace_id = %(workspace_id)s AND i.id = %(chunk_id)s AND part.outcome IN ('a', 'u')"""

# What the import said of the contacts that it updated; the moment is the chunk's.
TOLD_BY_IMPORT = """
CREATE TEMPORARY TABLE undo_told ON COMMIT DROP AS
SELECT k.row_no, k.contact_id, e.type, e.data
  FROM undo_row k
  JOIN workspaces_eventrecord e
    ON e.workspace_id = %(workspace_id)s AND e.subject_kind = 'contact' AND e.subject_id = k.contact_id
 WHERE k.outcome = 'u' AND e.occurred_at = %(written_at)s AND e.data ->> 'import_id' = %(import_id)s::text
   AND e.data ->> 'source' = 'import'
   AND e.type IN ('contacts.contact.updated', 'contacts.contact.stage_changed', 'contacts.contact.tags_changed')"""

# Nobody deletes a field, a stage or a tag while values go back to it; contacts come after them, as everywhere.
HOLD_LINKS = (
    "SELECT id FROM contacts_contactfield WHERE workspace_id = %(workspace_id)s ORDER BY id FOR KEY SHARE",
    "SELECT id FROM contacts_lifecyclestage WHERE workspace_id = %(workspace_id)s ORDER BY id FOR KEY SHARE",
    """
SELECT t.id FROM contacts_tag t
 WHERE t.workspace_id = %(workspace_id)s
   AND t.id IN (SELECT part.tag::bigint
                  FROM undo_told, jsonb_array_elements_text((data -> 'added') || (data -> 'removed')) AS part (tag)
                 WHERE type = 'contacts.contact.tags_changed')
 ORDER BY t.id FOR KEY SHARE OF t""",
    """
SELECT c.id FROM contacts_contact c
 WHERE c.workspace_id = %(workspace_id)s AND c.id IN (SELECT contact_id FROM undo_row)
 ORDER BY c.id FOR UPDATE OF c""",
)

# Why a whole contact stays. A field's deletion raises the version of contacts that nobody has touched.
TOUCHED = """
       CASE WHEN c.is_open OR c.snoozed_until IS NOT NULL OR c.last_interaction_at IS NOT NULL THEN 'talked_with'
            WHEN c.version <> 1 AND NOT %(fields_were_deleted)s THEN 'touched_since'
            WHEN EXISTS (SELECT FROM workspaces_eventrecord e
                          WHERE e.workspace_id = %(workspace_id)s AND e.subject_kind = 'contact' AND e.subject_id = c.id
                            AND e.data ->> 'import_id' IS DISTINCT FROM %(import_id)s::text) THEN 'touched_since' END"""
JUDGE_CONTACTS = f"""
CREATE TEMPORARY TABLE undo_chunk ON COMMIT DROP AS
SELECT k.row_no, k.contact_id, k.outcome,
       CASE WHEN c.id IS NULL THEN
                 CASE WHEN EXISTS (SELECT FROM contacts_contactmerge m
                                    WHERE m.workspace_id = %(workspace_id)s AND m.secondary_id = k.contact_id
                                      AND m.separated_at IS NULL) THEN 'merged' ELSE 'already_deleted' END
            WHEN k.outcome = 'a' THEN {TOUCHED} END AS reason
  FROM undo_row k
  LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = k.contact_id"""  # noqa: S608 - fixed text, values are parameters

JUDGE_VALUES = """
CREATE TEMPORARY TABLE undo_value ON COMMIT DROP AS
WITH told AS (
    SELECT t.row_no, t.contact_id, part.field, part.pair -> 0 AS old, part.pair -> 1 AS new
      FROM undo_told t, jsonb_each(t.data -> 'changes') AS part (field, pair)
     WHERE t.type = 'contacts.contact.updated'
     UNION ALL
    SELECT t.row_no, t.contact_id, 'lifecycle', t.data -> 'old', t.data -> 'new'
      FROM undo_told t WHERE t.type = 'contacts.contact.stage_changed'),
     compared AS (
    SELECT told.*,
           CASE field WHEN 'first_name' THEN to_jsonb(c.first_name) WHEN 'last_name' THEN to_jsonb(c.last_name)
                      WHEN 'phone' THEN to_jsonb(c.phone) WHEN 'email' THEN to_jsonb(c.email)
                      WHEN 'language' THEN to_jsonb(c.language) WHEN 'country' THEN to_jsonb(c.country)
                      WHEN 'picture_url' THEN to_jsonb(c.picture_url)
                      WHEN 'lifecycle' THEN coalesce(to_jsonb(c.stage_id), 'null')
                      ELSE coalesce(c.custom -> substr(field, 8), 'null') END AS present
      FROM told JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = told.contact_id)
SELECT row_no, contact_id, field, old, present,
       CASE WHEN present = old THEN 'as_before'
            WHEN starts_with(field, 'custom.') AND NOT EXISTS (
                 SELECT FROM contacts_contactfield f
                  WHERE f.workspace_id = %(workspace_id)s AND f.slug = substr(field, 8) AND f.created_at <= %(written_at)s)
                 THEN 'field_gone'
            WHEN field = 'lifecycle' AND old <> 'null' AND NOT EXISTS (
                 SELECT FROM contacts_lifecyclestage s
                  WHERE s.workspace_id = %(workspace_id)s AND s.id::text = old #>> '{}') THEN 'stage_gone'
            WHEN present = new THEN 'back'
            ELSE 'value_changed_since' END AS verdict
  FROM compared"""

JUDGE_TAGS = """
CREATE TEMPORARY TABLE undo_tag ON COMMIT DROP AS
WITH told AS (
    SELECT t.row_no, t.contact_id, t.data
      FROM undo_told t JOIN undo_chunk k ON k.row_no = t.row_no
     WHERE t.type = 'contacts.contact.tags_changed' AND k.reason IS NULL)
SELECT told.row_no, told.contact_id, part.tag::bigint AS tag_id, 'take' AS act,
       CASE WHEN l.id IS NULL THEN 'as_before'
            WHEN l.source = 'import' AND l.created_at = %(written_at)s THEN 'back'
            ELSE 'tag_set_since' END AS verdict
  FROM told CROSS JOIN LATERAL jsonb_array_elements_text(told.data -> 'added') AS part (tag)
  LEFT JOIN contacts_contacttag l
    ON l.workspace_id = %(workspace_id)s AND l.contact_id = told.contact_id AND l.tag_id = part.tag::bigint
 UNION ALL
SELECT told.row_no, told.contact_id, part.tag::bigint, 'put',
       CASE WHEN l.id IS NOT NULL THEN 'as_before' WHEN g.id IS NULL THEN 'tag_gone' ELSE 'back' END
  FROM told CROSS JOIN LATERAL jsonb_array_elements_text(told.data -> 'removed') AS part (tag)
  LEFT JOIN contacts_contacttag l
    ON l.workspace_id = %(workspace_id)s AND l.contact_id = told.contact_id AND l.tag_id = part.tag::bigint
  LEFT JOIN contacts_tag g ON g.workspace_id = %(workspace_id)s AND g.id = part.tag::bigint"""

KEEP_REMAINDERS = """
INSERT INTO imports_undoremainder (workspace_id, contact_import_id, row_no, contact_id, field, tag_id, reason)
SELECT %(workspace_id)s, %(import_id)s, row_no, contact_id, field, tag_id, reason
  FROM (SELECT row_no, contact_id, '' AS field, NULL::bigint AS tag_id, reason FROM undo_chunk WHERE reason IS NOT NULL
         UNION ALL
        SELECT row_no, contact_id, field, NULL, verdict FROM undo_value WHERE verdict NOT IN ('back', 'as_before')
         UNION ALL
        SELECT row_no, contact_id, 'tags', tag_id, verdict FROM undo_tag WHERE verdict NOT IN ('back', 'as_before')) left_over
 ORDER BY row_no, field, tag_id"""

GOING = "SELECT contact_id FROM undo_chunk WHERE outcome = 'a' AND reason IS NULL ORDER BY contact_id"
# The tags go first, as a set: the foreign key would look for them once a contact.
DELETE_TAGS = """
DELETE FROM contacts_contacttag l USING undo_chunk k
 WHERE l.workspace_id = %(workspace_id)s AND l.contact_id = k.contact_id AND k.outcome = 'a' AND k.reason IS NULL"""
_SOURCE_ONLY = "jsonb_build_object('source', %(source)s::text)"
DELETE_CONTACTS = f"""
WITH gone AS (
    DELETE FROM contacts_contact c USING undo_chunk k
     WHERE c.workspace_id = %(workspace_id)s AND c.id = k.contact_id AND k.outcome = 'a' AND k.reason IS NULL
    RETURNING k.row_no, c.id,
              coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.phone, ''), c.email) AS name),
     logged AS (
    INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, user_id, import_id, occurred_at)
    SELECT %(workspace_id)s, 'deleted', id, name, %(source)s, %(user_id)s, %(import_id)s, %(at)s FROM gone ORDER BY row_no)
{TELL.format(type="contacts.contact.deleted", subject="id", data=_SOURCE_ONLY)} FROM gone ORDER BY row_no"""  # noqa: S608 - fixed text, values are parameters

OLD_IDENTIFIERS = """
SELECT DISTINCT field, old #>> '{}' FROM undo_value
 WHERE verdict = 'back' AND field IN ('phone', 'email') AND old <> '""'"""

_CHANGES = "jsonb_build_object('changes', changes) || %(origin)s::jsonb"
_STAGES = "jsonb_build_object('old', new_stage, 'new', old_stage) || %(origin)s::jsonb"
PUT_VALUES_BACK = f"""
WITH back AS MATERIALIZED (
    SELECT row_no, contact_id,
           coalesce(jsonb_object_agg(field, old) FILTER (WHERE NOT starts_with(field, 'custom.')), '{{}}') AS columns,
           coalesce(jsonb_object_agg(substr(field, 8), old)
                    FILTER (WHERE starts_with(field, 'custom.') AND old <> 'null'), '{{}}') AS custom,
           coalesce(array_agg(substr(field, 8)) FILTER (WHERE starts_with(field, 'custom.')), '{{}}') AS slugs,
           coalesce(jsonb_object_agg(field, jsonb_build_array(present, old)) FILTER (WHERE field <> 'lifecycle'), '{{}}')
               AS changes,
           (max(old #>> '{{}}') FILTER (WHERE field = 'lifecycle'))::bigint AS old_stage,
           (max(present #>> '{{}}') FILTER (WHERE field = 'lifecycle'))::bigint AS new_stage
      FROM undo_value WHERE verdict = 'back' GROUP BY row_no, contact_id),
     phones AS (
    SELECT * FROM unnest(%(phones)s::text[], %(e164s)s::text[], %(match_keys)s::text[]) AS phone (text, e164, match_key)),
     emails AS (SELECT * FROM unnest(%(emails)s::text[], %(email_keys)s::text[]) AS email (text, key)),
     written AS (
    UPDATE contacts_contact c
       SET first_name = coalesce(back.columns ->> 'first_name', c.first_name),
           last_name = coalesce(back.columns ->> 'last_name', c.last_name),
           phone = coalesce(back.columns ->> 'phone', c.phone),
           phone_e164 = CASE WHEN back.columns ? 'phone' THEN coalesce(phones.e164, '') ELSE c.phone_e164 END,
           phone_match_key = CASE WHEN back.columns ? 'phone' THEN coalesce(phones.match_key, '') ELSE c.phone_match_key END,
           email = coalesce(back.columns ->> 'email', c.email),
           email_key = CASE WHEN back.columns ? 'email' THEN coalesce(emails.key, '') ELSE c.email_key END,
           language = coalesce(back.columns ->> 'language', c.language),
           country = coalesce(back.columns ->> 'country', c.country),
           picture_url = coalesce(back.columns ->> 'picture_url', c.picture_url),
           stage_id = CASE WHEN back.columns ? 'lifecycle' THEN back.old_stage ELSE c.stage_id END,
           custom = (c.custom - back.slugs) || back.custom,
           version = c.version + 1, updated_at = %(at)s
      FROM back
      LEFT JOIN phones ON phones.text = back.columns ->> 'phone'
      LEFT JOIN emails ON emails.text = back.columns ->> 'email'
     WHERE c.workspace_id = %(workspace_id)s AND c.id = back.contact_id),
     told AS (
    {TELL.format(type="contacts.contact.updated", subject="contact_id", data=_CHANGES)}
      FROM back WHERE changes <> '{{}}' ORDER BY row_no)
{TELL.format(type="contacts.contact.stage_changed", subject="contact_id", data=_STAGES)}
  FROM back WHERE columns ? 'lifecycle' ORDER BY row_no"""  # noqa: S608 - fixed text, values are parameters

_TAGS = """jsonb_build_object(
           'added', coalesce(jsonb_agg(tag_id ORDER BY tag_id) FILTER (WHERE act = 'put'), '[]'),
           'removed', coalesce(jsonb_agg(tag_id ORDER BY tag_id) FILTER (WHERE act = 'take'), '[]')) || %(origin)s::jsonb"""
PUT_TAGS_BACK = f"""
WITH taken AS (
    DELETE FROM contacts_contacttag l USING undo_tag g
     WHERE l.workspace_id = %(workspace_id)s AND l.contact_id = g.contact_id AND l.tag_id = g.tag_id
       AND g.act = 'take' AND g.verdict = 'back'),
     put AS (
    INSERT INTO contacts_contacttag (workspace_id, contact_id, tag_id, source, user_id, created_at)
    SELECT %(workspace_id)s, contact_id, tag_id, %(source)s, %(user_id)s, %(at)s
      FROM undo_tag WHERE act = 'put' AND verdict = 'back' ORDER BY row_no, tag_id)
{TELL.format(type="contacts.contact.tags_changed", subject="contact_id", data=_TAGS)}
  FROM undo_tag WHERE verdict = 'back' GROUP BY row_no, contact_id ORDER BY row_no"""  # noqa: S608 - fixed text, values are parameters

COUNT_CONTACTS = """
WITH parts AS (
    SELECT row_no, bool_or(verdict = 'back') AS some_back, bool_or(verdict NOT IN ('back', 'as_before')) AS some_left
      FROM (SELECT row_no, verdict FROM undo_value UNION ALL SELECT row_no, verdict FROM undo_tag) part GROUP BY row_no)
SELECT count(*) FILTER (WHERE reason IS NULL AND outcome = 'a'),
       count(*) FILTER (WHERE reason IS NULL AND outcome = 'u' AND some_left IS NOT TRUE),
       count(*) FILTER (WHERE reason IS NULL AND some_left AND some_back),
       count(*) FILTER (WHERE reason IS NOT NULL OR (some_left AND NOT some_back)),
       count(*)
  FROM undo_chunk LEFT JOIN parts USING (row_no)"""


def revert_chunk(row: ContactImport, chunk: ImportChunk, lease: Lease, *, clock: Clock) -> None:
    """Take one chunk back, and note how far undoing is, in the open scope."""
    at = clock()
    lease.renew(at=at)  # holds the import's row until the end
    actor = undo_requester_of(row, at=at)
    if actor is None:
        raise CannotGoOn("imports.requester_not_allowed")
    parameters = _parameters(row, chunk, actor, at=at)
    with events_by_sql(workspace_id=row.workspace_id, at=at), connection.cursor() as cursor:
        for statement in (
            BEGIN_CHUNK,
            ROWS_OF_CHUNK,
            "ANALYZE undo_row",
            TOLD_BY_IMPORT,
            "ANALYZE undo_told",
            *HOLD_LINKS,
        ):
            cursor.execute(statement, parameters)
        for statement in (
            JUDGE_CONTACTS,
            "ANALYZE undo_chunk",
            JUDGE_VALUES,
            JUDGE_TAGS,
            "ANALYZE undo_value, undo_tag",
        ):
            cursor.execute(statement, parameters)
        cursor.execute(KEEP_REMAINDERS, parameters)
        cursor.execute(GOING)
        follower().deleting(actor=actor, contact_ids=[contact_id for (contact_id,) in cursor.fetchall()], at=at)
        for statement in (DELETE_TAGS, DELETE_CONTACTS):
            cursor.execute(statement, parameters)
        cursor.execute(OLD_IDENTIFIERS)
        cursor.execute(PUT_VALUES_BACK, parameters | _keys_of(actor, cursor.fetchall()))
        cursor.execute(PUT_TAGS_BACK, parameters)
        cursor.execute(COUNT_CONTACTS)
        deleted, restored, partly, kept, contacts = cursor.fetchone()
    ImportChunk.objects.in_workspace(row.workspace_id).filter(pk=chunk.pk).update(undone_at=at)
    lease.renew(
        at=clock(),
        attempt=1,  # it goes forward, so that only a chunk which fails three times brings it to a halt
        progress_done=F("progress_done") + contacts,
        progress_at=at,
        undo_deleted=F("undo_deleted") + deleted,
        undo_restored=F("undo_restored") + restored,
        undo_partly=F("undo_partly") + partly,
        undo_kept=F("undo_kept") + kept,
    )


def fields_were_deleted(row: ContactImport) -> bool:
    """Tell whether a custom field was deleted since the import began."""
    events = EventRecord.objects.in_workspace(row.workspace_id).filter(subject_kind=FieldDeleted.subject_kind)
    return events.filter(type=FieldDeleted.type, occurred_at__gte=row.requested_at).exists()


def _parameters(row: ContactImport, chunk: ImportChunk, actor: Actor, *, at: datetime) -> Parameters:
    return {
        "workspace_id": row.workspace_id,
        "import_id": row.pk,
        "chunk_id": chunk.pk,
        "written_at": chunk.written_at,
        "fields_were_deleted": fields_were_deleted(row),
        "at": at,
        "source": "import_undo",
        "user_id": actor.user_id,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "origin": json.dumps({"source": "import_undo", "import_id": row.pk}),
    }


def _keys_of(actor: Actor, identifiers: list[tuple[str, str]]) -> Parameters:
    """Return what old phones and e-mails are found by: read today, as update_contact would read them."""
    reader = PhoneReader(default_country_of(actor) or None)
    texts = [text for field, text in identifiers if field == "phone"]
    phones = [phone for phone in map(reader.read, texts) if phone is not None]
    emails = [text for field, text in identifiers if field == "email"]
    return {
        "phones": [phone.given for phone in phones],
        "e164s": [phone.e164 for phone in phones],
        "match_keys": [phone.match_key for phone in phones],
        "emails": emails,
        "email_keys": [email_key(text) for text in emails],
    }
