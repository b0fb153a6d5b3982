"""One chunk of an import becomes contacts, tags, log lines and events: a few statements, one transaction.

Set-based, as 200,000 calls of contacts.add_contact take minutes; tests/imports/test_committing.py compares the two.
"""

import json
from datetime import datetime

from django.db import connection
from django.db.models import F

from contacts.actions.tagging import tags_named
from contacts.models import ContactField, LifecycleStage, Tag
from imports.access import requester_of
from imports.actions.leases import Lease
from imports.actions.plan_sql import COPIED, CURRENT_TAGS, Parameters, PlanSql
from imports.actions.planning import (
    RESOLVE_TAG_SETS,
    columns_of_interest,
    held_sql,
    holders_sql,
    unmatched_error_sql,
)
from imports.models import ContactImport, Purpose
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.leases import CannotGoOn
from workspaces.outbox import events_by_sql

ANALYZE_CONTACTS = "SELECT imports_analyze_contacts()"

# Contacts of the plan, locked in one order, so that their values stay as they are until the chunk is written.
LOCK_CONTACTS = """
SELECT c.id FROM contacts_contact c
 WHERE c.workspace_id = %(workspace_id)s
   AND c.id IN (SELECT p.contact_id FROM imports_plannedrow p
                 WHERE p.import_id = %(import_id)s AND p.row_no BETWEEN %(first_row)s AND %(last_row)s)
 ORDER BY c.id FOR UPDATE OF c"""

# The chunk's rows with what becomes of them now: contacts that appeared, changed or went since the review are matched again.
BEGIN_CHUNK = "DROP TABLE IF EXISTS pg_temp.import_chunk"
JUDGE_CHUNK = """
CREATE TEMPORARY TABLE import_chunk ON COMMIT DROP AS
WITH held AS MATERIALIZED ({held}),
     matched AS (
SELECT s.row_no, s.tagset, h.contact_id,
       CASE WHEN p.verdict = 'e' THEN p.errors
            WHEN h.holders > 1 THEN jsonb_build_array(jsonb_build_object(
                'code', 'ambiguous_in_workspace', 'column', %(key_column)s::int, 'value', '', 'detail', {holders}))
            WHEN h.holders IS NULL THEN {unmatched_error}
            ELSE '[]'::jsonb END AS errors,
       CASE WHEN h.holders IS NULL THEN {not_found} ELSE {found} END AS verdict
  FROM imports_plannedrow p
  JOIN imports_stagedrow s ON s.import_id = p.import_id AND s.row_no = p.row_no
  LEFT JOIN held h ON h.row_no = p.row_no
 WHERE p.import_id = %(import_id)s AND p.row_no BETWEEN %(first_row)s AND %(last_row)s),
     judged AS (
SELECT row_no, tagset, contact_id, errors, CASE WHEN errors <> '[]' THEN 'e' ELSE verdict END AS verdict
  FROM matched ORDER BY row_no)
SELECT row_no, tagset, verdict, false AS is_written, errors,
       CASE verdict WHEN 'a' THEN nextval('contacts_contact_id_seq') WHEN 'u' THEN contact_id END AS contact_id
  FROM judged"""
ANALYZE_CHUNK = "ANALYZE import_chunk"

STAGED = "JOIN imports_stagedrow s ON s.import_id = %(import_id)s AND s.row_no = k.row_no"
TAG_SET = "JOIN imports_stagedtagset t ON t.import_id = %(import_id)s AND t.no = k.tagset"
NAME = "coalesce(nullif(btrim(s.first_name || ' ' || s.last_name), ''), nullif(s.phone, ''), s.email)"

ADD_CONTACTS = f"""
INSERT INTO contacts_contact (id, workspace_id, {", ".join(COPIED)},
                              source, is_blocked, is_open, version, created_at, updated_at)
SELECT k.contact_id, %(workspace_id)s, {", ".join(f"s.{column}" for column in COPIED)},
       %(source)s, false, false, 1, %(at)s, %(at)s
  FROM import_chunk k {STAGED}
 WHERE k.verdict = 'a' ORDER BY k.row_no"""  # noqa: S608 - fixed text, values are parameters

LOG_ADDED = f"""
INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, user_id, import_id, occurred_at)
SELECT %(workspace_id)s, 'added', k.contact_id, {NAME}, %(source)s, %(user_id)s, %(import_id)s, %(at)s
  FROM import_chunk k {STAGED}
 WHERE k.verdict = 'a' ORDER BY k.row_no"""  # noqa: S608 - fixed text, values are parameters

TELL = """
INSERT INTO workspaces_eventrecord (workspace_id, type, version, occurred_at, actor_kind, actor_id,
                                    subject_kind, subject_id, data, request_id)
SELECT %(workspace_id)s, '{type}', 1, %(at)s, %(actor_kind)s, %(actor_id)s, 'contact', {subject}, {data}, ''"""

TELL_ADDED = f"""
{TELL.format(type="contacts.contact.added", subject="k.contact_id", data="%(origin)s::jsonb")}
  FROM import_chunk k WHERE k.verdict = 'a' ORDER BY k.row_no"""

TAG_ADDED = f"""
INSERT INTO contacts_contacttag (workspace_id, contact_id, tag_id, source, user_id, created_at)
SELECT %(workspace_id)s, k.contact_id, tag_id, %(source)s, %(user_id)s, %(at)s
  FROM import_chunk k {TAG_SET}, unnest(t.tag_ids) AS tag_id
 WHERE k.verdict = 'a' ORDER BY k.row_no"""  # noqa: S608 - fixed text, values are parameters

_TAGS_OF_ADDED = "jsonb_build_object('added', t.tag_ids, 'removed', '[]'::jsonb) || %(origin)s::jsonb"
TELL_TAGS_OF_ADDED = f"""
{TELL.format(type="contacts.contact.tags_changed", subject="k.contact_id", data=_TAGS_OF_ADDED)}
  FROM import_chunk k {TAG_SET}
 WHERE k.verdict = 'a' AND t.tag_ids <> '{{}}' ORDER BY k.row_no"""

# The present values are read, told and replaced in one statement: what the event says is what was replaced.
UPDATE_CONTACTS = """
WITH changed AS MATERIALIZED (
    SELECT k.row_no, c.id, {changes} AS changes, c.stage_id AS old_stage, {new_stage} AS new_stage
      FROM import_chunk k {staged} JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = k.contact_id
     WHERE k.verdict = 'u' AND ({differs})),
     written AS (
    UPDATE contacts_contact c
       SET {assignments}, version = c.version + 1, updated_at = %(at)s
      FROM changed {staged_of_changed}
     WHERE c.workspace_id = %(workspace_id)s AND c.id = changed.id),
     told AS (
    {tell_changes}
      FROM changed WHERE changes <> '{{}}' ORDER BY row_no),
     told_stage AS (
    {tell_stage}
      FROM changed WHERE old_stage IS DISTINCT FROM new_stage ORDER BY row_no)
UPDATE import_chunk k SET is_written = true FROM changed WHERE k.row_no = changed.row_no"""

_TAGS_OF_UPDATED = "jsonb_build_object('added', delta.added, 'removed', delta.removed) || %(origin)s::jsonb"
TAG_UPDATED = f"""
WITH present AS (
    SELECT k.row_no, c.id, t.tag_ids, {CURRENT_TAGS} AS tags
      FROM import_chunk k {TAG_SET} JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = k.contact_id
     WHERE k.verdict = 'u'),
     every_delta AS (
    SELECT row_no, id,
           ARRAY(SELECT part.id FROM unnest(tag_ids) WITH ORDINALITY AS part (id, place)
                  WHERE part.id <> ALL (tags) ORDER BY part.place) AS added,
           CASE WHEN %(replaces_tags)s THEN ARRAY(SELECT tag FROM unnest(tags) AS tag WHERE tag <> ALL (tag_ids) ORDER BY tag)
                ELSE '{{}}' END AS removed
      FROM present),
     delta AS MATERIALIZED (SELECT * FROM every_delta WHERE added <> '{{}}' OR removed <> '{{}}'),
     taken AS (
    DELETE FROM contacts_contacttag l USING delta
     WHERE l.workspace_id = %(workspace_id)s AND l.contact_id = delta.id AND l.tag_id = ANY (delta.removed)),
     put AS (
    INSERT INTO contacts_contacttag (workspace_id, contact_id, tag_id, source, user_id, created_at)
    SELECT %(workspace_id)s, delta.id, tag_id, %(source)s, %(user_id)s, %(at)s
      FROM delta, unnest(delta.added) AS tag_id ORDER BY delta.row_no),
     told AS (
    {TELL.format(type="contacts.contact.tags_changed", subject="delta.id", data=_TAGS_OF_UPDATED)}
      FROM delta ORDER BY delta.row_no)
UPDATE import_chunk k SET is_written = true FROM delta WHERE k.row_no = delta.row_no"""  # noqa: S608 - fixed text, values are parameters

# Row by row what was done, for the result file and for taking it back; an update that changed nothing is `n`.
KEEP_OUTCOMES = """
INSERT INTO imports_importchunk (workspace_id, contact_import_id, first_row, last_row, outcomes, contact_ids, notes, written_at)
SELECT %(workspace_id)s, %(import_id)s, %(first_row)s, %(last_row)s,
       string_agg(CASE WHEN verdict = 'u' AND NOT is_written THEN 'n' ELSE verdict END, '' ORDER BY row_no),
       array_agg(coalesce(contact_id, 0) ORDER BY row_no),
       coalesce(jsonb_object_agg(row_no, errors) FILTER (WHERE verdict = 'e'), '{}'), %(at)s
  FROM import_chunk
RETURNING outcomes"""

TAG_SETS_OF_CHUNK = """
SELECT t.names, t.tag_ids, t.missing FROM imports_stagedtagset t
 WHERE t.import_id = %(import_id)s AND t.names <> '{}'
   AND t.no IN (SELECT k.tagset FROM import_chunk k WHERE k.verdict IN ('a', 'u'))"""

FORGET_FIELDS = """
UPDATE imports_stagedrow SET custom = custom - %(dead)s::text[]
 WHERE import_id = %(import_id)s AND row_no >= %(first_row)s AND custom ?| %(dead)s::text[]"""
FORGET_STAGES = """
UPDATE imports_stagedrow SET stage_id = NULL
 WHERE import_id = %(import_id)s AND row_no BETWEEN %(first_row)s AND %(last_row)s
   AND stage_id IS NOT NULL AND stage_id <> ALL (%(stages)s)"""


def write_chunk(row: ContactImport, lease: Lease, sql: PlanSql, *, first_row: int, most: int, clock: Clock) -> None:
    """Write the rows from `first_row` on, and how far the import is, in the open scope."""
    at = clock()
    lease.renew(at=at)  # holds the import's row until the end: cancelling waits for the chunk
    actor = requester_of(row, at=at)
    if actor is None:
        raise CannotGoOn("imports.requester_not_allowed")
    last_row = min(first_row + most - 1, row.rows)
    parameters = _parameters(row, sql, actor, first_row=first_row, last_row=last_row, at=at)
    with events_by_sql(workspace_id=row.workspace_id, at=at), connection.cursor() as cursor:
        _settle_links(row, sql, parameters)
        cursor.execute(LOCK_CONTACTS, parameters)
        cursor.execute(BEGIN_CHUNK)
        cursor.execute(_judge_statement(row, sql), parameters)
        cursor.execute(ANALYZE_CHUNK)
        if sql.adds_tags:
            _settle_tags(actor, parameters, at=at)
        cursor.execute(ADD_CONTACTS, parameters)
        if cursor.rowcount:
            cursor.execute(LOG_ADDED, parameters)
            cursor.execute(TELL_ADDED, parameters)
            if sql.adds_tags:
                cursor.execute(TAG_ADDED, parameters)
                cursor.execute(TELL_TAGS_OF_ADDED, parameters)
        if row.purpose in {Purpose.UPDATE_EXISTING, Purpose.ADD_AND_UPDATE}:
            if sql.assignments:
                cursor.execute(_update_statement(sql), parameters)
            if sql.adds_tags:
                cursor.execute(TAG_UPDATED, parameters)
        cursor.execute(KEEP_OUTCOMES, parameters)
        outcomes: str = cursor.fetchone()[0]
    lease.renew(
        at=clock(),
        attempt=1,  # it goes forward, so that only a chunk which fails three times ends the import
        progress_done=last_row,
        progress_at=at,
        imported=F("imported") + outcomes.count("a"),
        updated=F("updated") + outcomes.count("u"),
        skipped=F("skipped") + outcomes.count("s") + outcomes.count("n"),
        failed=F("failed") + outcomes.count("e"),
    )


def analyze_contacts() -> None:
    """Let the planner know of the first contacts of a workspace; without it, look-ups by phone take a wrong index."""
    with connection.cursor() as cursor:
        cursor.execute(ANALYZE_CONTACTS)


def _parameters(
    row: ContactImport, sql: PlanSql, actor: Actor, *, first_row: int, last_row: int, at: datetime
) -> Parameters:
    return {
        **sql.parameters,
        **columns_of_interest(row),
        "first_row": first_row,
        "last_row": last_row,
        "at": at,
        "source": "import",
        "user_id": actor.user_id,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "origin": json.dumps({"source": "import", "import_id": row.pk}),
        "replaces_tags": sql.replaces_tags,
    }


def _settle_links(row: ContactImport, sql: PlanSql, parameters: Parameters) -> None:
    """Hold the fields and stages that the chunk writes, and leave out those that are gone since the review."""
    slugs = {field.key for field in sql.fields if field.told.startswith("custom.")}
    if slugs:
        fields = ContactField.objects.in_workspace(row.workspace_id).filter(slug__in=slugs)
        dead = slugs - set(fields.select_for_update(of=("self",), no_key=True).values_list("slug", flat=True))
        if dead:
            with connection.cursor() as cursor:
                cursor.execute(FORGET_FIELDS, {**parameters, "dead": sorted(dead)})
    if sql.writes_stage:
        stages = LifecycleStage.objects.in_workspace(row.workspace_id).select_for_update(of=("self",), no_key=True)
        with connection.cursor() as cursor:
            cursor.execute(FORGET_STAGES, {**parameters, "stages": list(stages.values_list("pk", flat=True))})


def _settle_tags(actor: Actor, parameters: Parameters, *, at: datetime) -> None:
    """Make the chunk's tags that are not there, and hold those that are until the chunk is written."""
    with connection.cursor() as cursor:
        cursor.execute(TAG_SETS_OF_CHUNK, parameters)
        sets = cursor.fetchall()
        wanted = {tag_id for _, ids, _ in sets for tag_id in ids}
        held = Tag.objects.in_workspace(actor.workspace_id).filter(pk__in=wanted).order_by("pk")
        live = set(held.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))
        unsettled = [names for names, ids, missing in sets if missing or not live.issuperset(ids)]
        if unsettled:
            tags_named(actor, [name for names in unsettled for name in names], at=at)
            cursor.execute(RESOLVE_TAG_SETS, parameters)


def _judge_statement(row: ContactImport, sql: PlanSql) -> str:
    return JUDGE_CHUNK.format(
        held=held_sql(row, sql),
        holders=holders_sql(sql),
        unmatched_error=unmatched_error_sql(row),
        not_found="'s'" if row.purpose == Purpose.UPDATE_EXISTING else "'a'",
        found="'s'" if row.purpose == Purpose.ADD_NEW else "'u'",
    )


def _update_statement(sql: PlanSql) -> str:
    stage = "jsonb_build_object('old', old_stage, 'new', new_stage) || %(origin)s::jsonb"
    changes = "jsonb_build_object('changes', changes) || %(origin)s::jsonb"
    return UPDATE_CONTACTS.format(
        changes=sql.changes,
        new_stage=sql.new_stage,
        staged=STAGED,
        differs=sql.differs,
        assignments=", ".join(sql.assignments),
        staged_of_changed="JOIN imports_stagedrow s ON s.import_id = %(import_id)s AND s.row_no = changed.row_no",
        tell_changes=TELL.format(type="contacts.contact.updated", subject="id", data=changes),
        tell_stage=TELL.format(type="contacts.contact.stage_changed", subject="id", data=stage),
    )
