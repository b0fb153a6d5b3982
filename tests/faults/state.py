"""What an import left behind, without ids and moments, so that two runs can be compared."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg2

# Ids become places: the n-th contact, the name of a tag, of a stage.
CONTACTS = """
SELECT c.id, to_jsonb(c) - '{id,workspace_id,created_at,updated_at,stage_id,assignee_id}'::text[] || jsonb_build_object(
       'stage', (SELECT s.name FROM contacts_lifecyclestage s WHERE s.id = c.stage_id))
  FROM contacts_contact c WHERE c.workspace_id = %(workspace_id)s ORDER BY c.id"""
LINKS = """
SELECT l.contact_id, jsonb_build_array(t.name, l.source)
  FROM contacts_contacttag l JOIN contacts_tag t ON t.id = l.tag_id
 WHERE l.workspace_id = %(workspace_id)s ORDER BY l.contact_id, t.name"""
LOG = """
SELECT contact_id, jsonb_build_array(kind, contact_name, source, import_id = %(import_id)s)
  FROM contacts_contactlogentry WHERE workspace_id = %(workspace_id)s ORDER BY contact_id, id"""
EVENTS = """
SELECT subject_id, jsonb_build_array(type, version, data)
  FROM workspaces_eventrecord
 WHERE workspace_id = %(workspace_id)s AND subject_kind = 'contact' ORDER BY subject_id, id"""
TOLD = """
SELECT 0, jsonb_build_array(type, data) FROM workspaces_eventrecord
 WHERE workspace_id = %(workspace_id)s AND subject_kind = 'import' AND subject_id = %(import_id)s ORDER BY id"""
NEWS = """
SELECT 0, jsonb_build_array(kind, subject_kind, facts) FROM workspaces_notification
 WHERE workspace_id = %(workspace_id)s AND subject_id = %(import_id)s ORDER BY id"""
CHUNKS = """
SELECT 0, jsonb_build_array(string_agg(outcomes, '' ORDER BY first_row)) FROM imports_importchunk
 WHERE workspace_id = %(workspace_id)s AND contact_import_id = %(import_id)s"""
COUNTS = """
SELECT 0, jsonb_build_array(state, error_code, attempt, lease_token, has_staged_rows, rows, progress_done, to_add, to_update,
       unchanged, to_skip, with_errors, effects, error_summary, imported, updated, skipped, failed)
  FROM imports_contactimport WHERE id = %(import_id)s"""
TAGS = "SELECT id, name FROM contacts_tag WHERE workspace_id = %(workspace_id)s"
STAGES = "SELECT id, name FROM contacts_lifecyclestage WHERE workspace_id = %(workspace_id)s"
LEFT_STAGED = """
SELECT 0, jsonb_build_array((SELECT count(*) FROM imports_stagedrow WHERE import_id = %(import_id)s),
                            (SELECT count(*) FROM imports_plannedrow WHERE import_id = %(import_id)s))"""
KEYS = "SELECT file_key, errors_key, result_key FROM imports_contactimport WHERE id = %(import_id)s"
ALL_KEYS = """
SELECT key FROM imports_contactimport, unnest(ARRAY[file_key, errors_key, result_key]) AS key
 WHERE workspace_id = %(workspace_id)s"""

PARTS = {"links": LINKS, "log": LOG, "events": EVENTS}  # of contacts
OF_CONTACTS = ("tags", "contacts", *PARTS)
FACTS = {"told": TOLD, "news": NEWS, "chunks": CHUNKS, "counts": COUNTS, "left staged": LEFT_STAGED}  # of the import


@dataclass(frozen=True, slots=True)
class State:
    """Lines by what they are about, in order."""

    lines: dict[str, list[str]]

    @property
    def checksum(self) -> str:
        """One figure for all of it."""
        return hashlib.sha256(json.dumps(self.lines, sort_keys=True).encode()).hexdigest()

    def without(self, *parts: str) -> "State":
        """Leave out what two runs may differ in."""
        return State({name: lines for name, lines in self.lines.items() if name not in parts})

    def only(self, *parts: str) -> "State":
        """Keep these parts."""
        return State({name: lines for name, lines in self.lines.items() if name in parts})

    def lost(self, expected: "State") -> int:
        """Count lines about contacts that should be here and are not."""
        return sum((_of_contacts(expected) - _of_contacts(self)).values())

    def doubled(self, expected: "State") -> int:
        """Count lines about contacts that are here too often, or should not be."""
        return sum((_of_contacts(self) - _of_contacts(expected)).values())

    def differences(self, expected: "State") -> list[str]:
        """Name the parts that differ, each with its first lines."""
        told = []
        for part in sorted(self.lines.keys() | expected.lines.keys()):
            ours, theirs = self.lines.get(part, []), expected.lines.get(part, [])
            if ours != theirs:
                first = next(
                    (pair for pair in zip(ours, theirs, strict=False) if pair[0] != pair[1]), (ours[-1:], theirs[-1:])
                )
                told.append(
                    f"{part}: {len(ours)} lines for {len(theirs)}; {str(first[0])[:300]} for {str(first[1])[:300]}"
                )
        return told


def state_of(dsn: str, files: Path, *, workspace_id: int, import_id: int) -> State:
    """Read what stands in a workspace and in the store after an import."""
    connection = psycopg2.connect(dsn)
    try:
        with connection.cursor() as cursor:
            return State(dict(_parts(cursor, files, {"workspace_id": workspace_id, "import_id": import_id})))
    finally:
        connection.close()


def _parts(cursor: Any, files: Path, ids: dict[str, int]) -> Iterator[tuple[str, list[str]]]:
    names = {"tags": _rows(cursor, TAGS, ids), "stages": _rows(cursor, STAGES, ids)}
    tags, stages = dict(names["tags"]), dict(names["stages"])
    contacts = _rows(cursor, CONTACTS, ids)
    places = {contact_id: place for place, (contact_id, _) in enumerate(contacts)}
    yield "tags", sorted(tags.values())
    yield "contacts", [_line(place, values) for place, (_, values) in enumerate(contacts)]
    for name, statement in PARTS.items():
        yield (
            name,
            [_line(places[key], _plain(value, ids, tags, stages)) for key, value in _rows(cursor, statement, ids)],
        )
    for name, statement in FACTS.items():
        yield name, [_line(key, value) for key, value in _rows(cursor, statement, ids)]
    cursor.execute(KEYS, ids)
    keys = dict(zip(("upload", "errors", "result"), cursor.fetchone() or ("", "", ""), strict=True))
    for name, key in keys.items():
        yield f"{name} file", (files / key).read_bytes().decode().splitlines() if key else []
    cursor.execute(ALL_KEYS, ids)
    yield "files", _unknown(files / "ws" / str(ids["workspace_id"]), {key for (key,) in cursor.fetchall()})


def _unknown(folder: Path, recorded: set[str]) -> list[str]:
    """Return the files of a workspace's imports that no import knows of."""
    known = {key.rpartition("/")[2] for key in recorded}
    found = [path.name for path in folder.glob("imports/**/*") if path.is_file()]
    return [f"unknown: …-{name.rpartition('-')[2]}" for name in sorted(found) if name not in known]


def _plain(value: Any, ids: dict[str, int], tags: dict[int, str], stages: dict[int, str]) -> Any:
    """Replace the ids in an event by names."""
    if not isinstance(value[-1], dict):
        return value
    data = dict(value[-1])
    if "import_id" in data:
        data["import_id"] = data["import_id"] == ids["import_id"]
    for key in data.keys() & {"added", "removed"}:
        data[key] = [tags[tag] for tag in data[key]]
    for key in data.keys() & {"old", "new"}:
        data[key] = stages.get(data[key])
    return [*value[:-1], data]


def _rows(cursor: Any, statement: str, ids: dict[str, int]) -> list[tuple[int, Any]]:
    cursor.execute(statement, ids)
    return list(cursor.fetchall())


def _line(place: int, value: Any) -> str:
    return json.dumps([place, value], sort_keys=True, ensure_ascii=False)


def _of_contacts(state: State) -> Counter[str]:
    return Counter(f"{part} {line}" for part in ("contacts", *PARTS) for line in state.lines.get(part, []))
