"""Before and after: a few changes of each field, so that a person sees what a review would do."""

import json
from typing import Any, NamedTuple

from imports.actions.plan_sql import CURRENT_TAGS, UPDATES, Parameters, PlanSql, kinds_of_change
from imports.models import ContactImport
from imports.queries import stage_names

MOST_EXAMPLES = 24
EXAMPLES_PER_FIELD = 6
ROWS_LOOKED_AT = 1_000

TAGS_BEFORE = f"(SELECT array_agg(g.name ORDER BY g.name) FROM contacts_tag g WHERE g.id = ANY ({CURRENT_TAGS}))"  # noqa: S608 - fixed text


class _Found(NamedTuple):
    row_no: int
    contact_id: int
    name: str
    changes: str  # JSON: {field: [old, new]}
    old_stage: int | None
    new_stage: int | None
    old_tags: list[str] | None
    new_tags: list[str] | None


def examples_of(cursor: Any, row: ContactImport, sql: PlanSql, parameters: Parameters) -> list[dict[str, Any]]:
    """Pick a few changes of each kind and field: lost values first, for they are what a person regrets."""
    loses = [kinds_of_change(field)[2] for field in sql.fields]
    picked = _Picked(sql, stage_names(row.workspace_id))
    for condition in ([" OR ".join(loses)] if loses else []) + ["true"]:
        cursor.execute(_statement(sql, condition), {**parameters, "most": ROWS_LOOKED_AT})
        for found in cursor.fetchall():
            picked.look_at(_Found(*found))
    return picked.shown()


def _statement(sql: PlanSql, condition: str) -> str:
    tags_before, tags_after = (TAGS_BEFORE, "t.names") if sql.adds_tags else ("NULL", "NULL")
    return f"""
SELECT s.row_no, c.id, coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.phone, ''), c.email),
       {sql.changes}, c.stage_id, {sql.new_stage}, {tags_before}::text[], {tags_after}::text[]
{UPDATES} AND ({condition}) ORDER BY p.row_no LIMIT %(most)s"""


class _Picked:
    """Examples by field, a handful each."""

    def __init__(self, sql: PlanSql, stages: dict[int, str]) -> None:
        self._replaces_tags = sql.replaces_tags
        self._stages = stages
        self._keys = {field.told: field.key for field in sql.fields if field.told}
        self._by_field: dict[str, list[dict[str, Any]]] = {}
        self._seen: set[tuple[int, str]] = set()

    def look_at(self, found: _Found) -> None:
        """Take what an update changes, where examples are still wanted."""
        facts = {"row": found.row_no, "contact_id": found.contact_id, "name": found.name}
        for told, (old, new) in json.loads(found.changes).items():
            self._pick(facts, self._keys[told], _text(old), _text(new))
        if found.old_stage != found.new_stage:
            old_name, new_name = (self._stages.get(stage or 0, "") for stage in (found.old_stage, found.new_stage))
            self._pick(facts, "lifecycle", old_name, new_name)
        before, given = found.old_tags or [], found.new_tags or []
        known = {tag.lower() for tag in before}
        after = given if self._replaces_tags else [*before, *(tag for tag in given if tag.lower() not in known)]
        if known != {tag.lower() for tag in after}:
            self._pick(facts, "tags", ", ".join(before), ", ".join(after))

    def _pick(self, facts: dict[str, Any], key: str, before: str, after: str) -> None:
        chosen = self._by_field.setdefault(key, [])
        if len(chosen) < EXAMPLES_PER_FIELD and (facts["row"], key) not in self._seen:
            self._seen.add((facts["row"], key))
            kind = "gets" if not before else "changes" if after else "loses"
            chosen.append({**facts, "field": key, "before": before, "after": after, "kind": kind})

    def shown(self) -> list[dict[str, Any]]:
        """Return the examples, one of each field after another."""
        rounds = [
            chosen[turn]
            for turn in range(EXAMPLES_PER_FIELD)
            for chosen in self._by_field.values()
            if turn < len(chosen)
        ]
        return rounds[:MOST_EXAMPLES]


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)[:200]
