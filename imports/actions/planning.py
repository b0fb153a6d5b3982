"""What an import would do, worked out in the database: duplicates, matches, a verdict for each row, effects and examples.

Verdicts: a(dd), u(pdate), n(othing changes), s(kip), e(rror).
"""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from imports.actions.examples import examples_of
from imports.actions.plan_sql import CURRENT_TAGS, UPDATES, Parameters, PlanSql, is_empty, kinds_of_change
from imports.models import ContactImport, IdentifierField, Purpose

FIRST_ROWS_SHOWN = 8
MOST_ROWS_NAMED = 10

# Tags that exist are known by id, others by their number: making them is left to the commit.
RESOLVE_TAG_SETS = """
UPDATE imports_stagedtagset t
   SET tag_ids = known.ids, missing = known.missing
  FROM (SELECT found.no, coalesce(array_agg(found.id ORDER BY found.place) FILTER (WHERE found.id IS NOT NULL), '{}') AS ids,
               count(*) FILTER (WHERE found.id IS NULL AND found.place IS NOT NULL) AS missing
          FROM (SELECT named.no, tag.id, min(named.place) AS place
                  FROM (SELECT no, name, place FROM imports_stagedtagset
                          LEFT JOIN LATERAL unnest(names) WITH ORDINALITY AS part (name, place) ON true
                         WHERE import_id = %(import_id)s) named
                  LEFT JOIN contacts_tag tag
                    ON tag.workspace_id = %(workspace_id)s AND lower(tag.name) = lower(named.name)
                 GROUP BY named.no, tag.id) found
         GROUP BY found.no) known
 WHERE t.import_id = %(import_id)s AND t.no = known.no"""

# Every row that shares an identifier is marked, and names the others. `few` keeps the sentence short.
SHARED = """
SELECT {key} AS key, array_agg(s.row_no ORDER BY s.row_no) AS rows
  FROM imports_stagedrow s
 WHERE s.import_id = %(import_id)s AND {has_key}
 GROUP BY {key} HAVING count(*) > 1"""

# Contacts found for the staged rows of a range.
HELD = """
SELECT s.row_no, count(*) AS holders, min(c.id) AS contact_id, bool_or({is_literal}) AS is_literal
  FROM imports_stagedrow s
  JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND {match}
 WHERE s.import_id = %(import_id)s AND s.row_no BETWEEN %(first_row)s AND %(last_row)s
 GROUP BY s.row_no"""

NOBODY = "SELECT 0 AS row_no, 0::bigint AS holders, 0::bigint AS contact_id, true AS is_literal WHERE false"
NOTHING_SHARED = "SELECT NULL::text AS key, NULL::int[] AS rows WHERE false"

HOLDERS = """
(SELECT string_agg(id::text, ', ')
   FROM (SELECT c.id FROM contacts_contact c
          WHERE c.workspace_id = %(workspace_id)s AND {match} ORDER BY c.id LIMIT {most}) few)"""

OTHER_ROWS = """
(SELECT string_agg(other::text, ', ')
   FROM (SELECT other FROM unnest(d.rows) AS other WHERE other <> s.row_no ORDER BY other LIMIT {most}) few)"""

PLAN = """
INSERT INTO imports_plannedrow (import_id, row_no, verdict, contact_id, by_normalization, errors)
WITH shared AS MATERIALIZED ({shared}),
     held AS MATERIALIZED ({held}),
     judged AS (
SELECT s.row_no, h.contact_id, NOT h.is_literal AS by_normalization,
       coalesce(s.errors, '[]')
       || CASE WHEN d.rows IS NULL THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
              'code', 'duplicate_in_file', 'column', %(key_column)s::int, 'value', {key_text}, 'detail', {other_rows})) END
       || CASE WHEN h.holders IS NULL OR h.holders = 1 THEN '[]'::jsonb ELSE jsonb_build_array(jsonb_build_object(
              'code', 'ambiguous_in_workspace', 'column', %(key_column)s::int, 'value', {key_text}, 'detail', {holders})) END
       || CASE WHEN h.holders IS NOT NULL OR s.errors IS NOT NULL THEN '[]'::jsonb ELSE {unmatched_error} END AS errors,
       {verdict} AS verdict
  FROM imports_stagedrow s
  LEFT JOIN shared d ON {shared_join}
  LEFT JOIN held h ON h.row_no = s.row_no
  LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = h.contact_id
  LEFT JOIN imports_stagedtagset t ON t.import_id = s.import_id AND t.no = s.tagset
 WHERE s.import_id = %(import_id)s)
SELECT %(import_id)s, row_no, CASE WHEN errors <> '[]' THEN 'e' ELSE verdict END,
       CASE WHEN errors = '[]' THEN contact_id END, errors = '[]' AND coalesce(by_normalization, false),
       nullif(errors, '[]')
  FROM judged"""

# Row errors of an unmatched row: a new contact has a name, an ID names somebody.
MISSING_NAME = """
CASE WHEN s.first_name = '' THEN jsonb_build_array(jsonb_build_object('code', 'missing_name', 'column', %(name_column)s::int))
     ELSE '[]'::jsonb END"""
UNKNOWN_ID = """
CASE WHEN s.contact_id IS NOT NULL THEN jsonb_build_array(jsonb_build_object(
     'code', 'invalid_contact_id', 'column', %(key_column)s::int, 'value', s.contact_id::text)) ELSE '[]'::jsonb END"""


COUNTS = """
SELECT count(*) FILTER (WHERE verdict = 'a'), count(*) FILTER (WHERE verdict = 'u'), count(*) FILTER (WHERE verdict = 'n'),
       count(*) FILTER (WHERE verdict = 's'), count(*) FILTER (WHERE verdict = 'e'), count(*) FILTER (WHERE by_normalization)
  FROM imports_plannedrow WHERE import_id = %(import_id)s"""

EFFECTS_OF_ADDS = """
SELECT {counts}
  FROM imports_plannedrow p JOIN imports_stagedrow s ON s.import_id = p.import_id AND s.row_no = p.row_no
  LEFT JOIN imports_stagedtagset t ON t.import_id = s.import_id AND t.no = s.tagset
 WHERE p.import_id = %(import_id)s AND p.verdict = 'a'"""


ERROR_SUMMARY = """
WITH told AS (
    SELECT p.row_no, error ->> 'code' AS code, error ->> 'value' AS value
      FROM imports_plannedrow p, jsonb_array_elements(p.errors) AS error
     WHERE p.import_id = %(import_id)s AND p.verdict = 'e')
SELECT code, count(DISTINCT row_no), (array_agg(row_no ORDER BY row_no))[1:%(most)s],
       (array_agg(value ORDER BY row_no) FILTER (WHERE value <> ''))[1]
  FROM told GROUP BY code ORDER BY 2 DESC, 1"""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a review shows; see ContactImport for the shapes."""

    to_add: int
    to_update: int
    unchanged: int
    to_skip: int
    with_errors: int
    matched_by_normalization: int
    effects: dict[str, dict[str, int]]
    examples: list[dict[str, Any]]
    error_summary: list[dict[str, Any]]


def make_plan(row: ContactImport, sql: PlanSql) -> Plan:
    """Judge every staged row, keep the verdicts and return what the review shows."""
    whole_file = {**sql.parameters, **columns_of_interest(row), "first_row": 1, "last_row": row.rows}
    with connection.cursor() as cursor:
        cursor.execute(RESOLVE_TAG_SETS, whole_file)
        cursor.execute(_plan_statement(row, sql), whole_file)
        cursor.execute(COUNTS, whole_file)
        to_add, to_update, unchanged, to_skip, with_errors, by_normalization = cursor.fetchone()
        effects = _effects(cursor, sql, whole_file, adds=to_add > 0, updates=to_update > 0)
        examples = examples_of(cursor, row, sql, whole_file) if to_update else []
        cursor.execute(ERROR_SUMMARY, {"import_id": row.pk, "most": FIRST_ROWS_SHOWN})
        summary = [
            {"code": code, "rows": rows, "first_rows": first, "example": example or ""}
            for code, rows, first, example in cursor.fetchall()
        ]
    return Plan(
        to_add, to_update, unchanged, to_skip, with_errors, by_normalization,
        effects=effects, examples=examples, error_summary=summary,
    )  # fmt: skip


def columns_of_interest(row: ContactImport) -> Parameters:
    """Return the places of the columns that row errors of the plan are about."""
    fields = [column["field"] for column in row.columns]
    name = next((place for place, field in enumerate(fields) if field in {"first_name", "full_name"}), None)
    return {
        "key_column": fields.index(row.identifier) if row.identifier in fields else None,
        "name_column": name,
    }


def held_sql(row: ContactImport, sql: PlanSql) -> str:
    """Return the statement that finds contacts for the staged rows of a range."""
    if row.purpose == Purpose.ADD_ALL:
        return NOBODY
    return HELD.format(match=sql.match, is_literal=sql.is_literal)


def unmatched_error_sql(row: ContactImport) -> str:
    """Return the row error of a staged row for which there is no contact."""
    if row.identifier == IdentifierField.CONTACT_ID:
        return UNKNOWN_ID
    return "'[]'::jsonb" if row.purpose == Purpose.UPDATE_EXISTING else MISSING_NAME


def holders_sql(sql: PlanSql) -> str:
    """Return the ids of the contacts that hold a staged row's identifier, as a text."""
    return HOLDERS.format(match=sql.match or "false", most=MOST_ROWS_NAMED)


def tags_differ_sql(sql: PlanSql) -> str:
    """Return whether a contact's tags would change. `t.missing` counts tags that are not made yet."""
    if not sql.adds_tags:
        return "false"
    adds = f"t.missing > 0 OR NOT (t.tag_ids <@ {CURRENT_TAGS})"
    return f"({adds} OR NOT ({CURRENT_TAGS} <@ t.tag_ids))" if sql.replaces_tags else f"({adds})"


def _plan_statement(row: ContactImport, sql: PlanSql) -> str:
    found = "'s'"
    if row.purpose != Purpose.ADD_NEW:
        found = f"CASE WHEN {sql.differs} OR {tags_differ_sql(sql)} THEN 'u' ELSE 'n' END"
    not_found = "'s'" if row.purpose == Purpose.UPDATE_EXISTING else "'a'"
    compares = row.purpose != Purpose.ADD_ALL
    return PLAN.format(
        shared=SHARED.format(key=sql.key, has_key=sql.has_key) if compares else NOTHING_SHARED,
        shared_join=f"d.key = {sql.key} AND {sql.has_key}" if compares else "false",
        held=held_sql(row, sql),
        key_text=f"{sql.key}::text" if compares else "''",
        other_rows=OTHER_ROWS.format(most=MOST_ROWS_NAMED),
        holders=holders_sql(sql),
        unmatched_error=unmatched_error_sql(row),
        verdict=f"CASE WHEN h.contact_id IS NULL THEN {not_found} ELSE {found} END",
    )


def _effects(
    cursor: Any, sql: PlanSql, parameters: Parameters, *, adds: bool, updates: bool
) -> dict[str, dict[str, int]]:
    """Count, per mapped field, the contacts that get a value, change one or lose one."""
    effects = {field.key: {"gets": 0, "changes": 0, "loses": 0} for field in sql.fields}
    if sql.adds_tags:
        effects["tags"] = {"gets": 0, "changes": 0, "loses": 0}
    if adds:
        new = [f"count(*) FILTER (WHERE NOT ({is_empty(field.staged, field)}))" for field in sql.fields]
        if sql.adds_tags:
            new.append("count(*) FILTER (WHERE t.names <> '{}')")
        if new:
            cursor.execute(EFFECTS_OF_ADDS.format(counts=", ".join(new)), parameters)
            for key, gets in zip(effects, cursor.fetchone(), strict=True):
                effects[key]["gets"] = gets
    if updates:
        counts = [
            f"count(*) FILTER (WHERE {condition})" for field in sql.fields for condition in kinds_of_change(field)
        ]
        if sql.adds_tags:
            counts += _tag_counts(sql)
        cursor.execute(f"SELECT {', '.join(counts)} {UPDATES}", parameters)
        numbers = iter(cursor.fetchone())
        for effect in effects.values():
            effect["gets"] += next(numbers)
            effect["changes"] += next(numbers)
            effect["loses"] += next(numbers)
    return effects


def _tag_counts(sql: PlanSql) -> list[str]:
    """Count contacts that get their first tags, get more, or lose some."""
    adds = f"(t.missing > 0 OR NOT (t.tag_ids <@ {CURRENT_TAGS}))"
    loses = f"NOT ({CURRENT_TAGS} <@ t.tag_ids)" if sql.replaces_tags else "false"
    has_none = f"{CURRENT_TAGS} = '{{}}'"
    return [
        f"count(*) FILTER (WHERE {adds} AND {has_none})",
        f"count(*) FILTER (WHERE {adds} AND NOT ({has_none}) AND NOT ({loses}))",
        f"count(*) FILTER (WHERE {loses})",
    ]
