"""Reads about taking an import back: what is to be expected, and what was left as it is. They run in the workspace's scope."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from imports.models import UNDOABLE_STATES, ContactImport
from imports.queries import import_for_page
from workspaces.actors import Actor

# What is to be expected of undoing, as long as nobody touches a contact meanwhile. OFFSET 0: each contact is looked up by its
# number, and so are its events; right after an import PostgreSQL knows nothing of the new rows and would join all with all.
UNTOUCHED = """
SELECT count(*)
  FROM imports_importchunk i,
       unnest(i.contact_ids, string_to_array(i.outcomes, NULL)) AS part (contact_id, outcome),
       LATERAL (SELECT FROM contacts_contact c
                 WHERE c.workspace_id = %(workspace_id)s AND c.id = part.contact_id
                   AND NOT c.is_open AND c.snoozed_until IS NULL AND c.last_interaction_at IS NULL
                   AND NOT EXISTS (SELECT FROM workspaces_eventrecord e
                                    WHERE e.workspace_id = %(workspace_id)s
                                      AND e.subject_kind = 'contact' AND e.subject_id = c.id
                                      AND e.data ->> 'import_id' IS DISTINCT FROM %(import_id)s::text
                                   OFFSET 0)
                OFFSET 0) untouched
 WHERE i.workspace_id = %(workspace_id)s AND i.contact_import_id = %(import_id)s AND part.outcome = 'a'"""
UNDO_REMAINDERS = """
SELECT r.id, r.row_no, r.contact_id, c.id IS NOT NULL,
       coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.phone, ''), c.email, ''),
       r.field, coalesce(g.name, ''), r.reason
  FROM imports_undoremainder r
  LEFT JOIN contacts_contact c ON c.workspace_id = %(workspace_id)s AND c.id = r.contact_id
  LEFT JOIN contacts_tag g ON g.workspace_id = %(workspace_id)s AND g.id = r.tag_id
 WHERE r.workspace_id = %(workspace_id)s AND r.contact_import_id = %(import_id)s
   AND (r.row_no, r.id) > (%(after_row)s, %(after_id)s)
 ORDER BY r.row_no, r.id LIMIT %(most)s"""


@dataclass(frozen=True, slots=True)
class UndoOutlook:
    """What undoing is about: contacts that were added, those of them that nobody touched so far, and updated ones."""

    added: int
    untouched: int
    updated: int


@dataclass(frozen=True, slots=True)
class Remainder:
    """Something that undoing left as it is: a whole contact where `field` is empty; `tag` is a name, empty once it is gone."""

    id: int
    row_no: int
    contact_id: int
    is_there: bool
    name: str
    field: str
    tag: str
    reason: str


def can_be_undone(contact_import: ContactImport, *, at: datetime) -> bool:
    """Tell whether the import wrote something that can still be taken back."""
    until = contact_import.result_expires_at
    return contact_import.state in UNDOABLE_STATES and contact_import.has_written and until is not None and until > at


def undo_outlook(actor: Actor, import_id: int) -> UndoOutlook:
    """Return what undoing would find now."""
    found = import_for_page(actor, import_id)
    with connection.cursor() as cursor:
        cursor.execute(UNTOUCHED, {"workspace_id": found.workspace_id, "import_id": found.pk})
        untouched: int = cursor.fetchone()[0]
    return UndoOutlook(added=found.imported, untouched=untouched, updated=found.updated)


def undo_remainders(
    actor: Actor, import_id: int, *, after: tuple[int, int] = (0, 0), most: int = 50
) -> list[Remainder]:
    """Return what undoing left as it is, in the order of the rows; `after` is row and id of the last one shown."""
    found = import_for_page(actor, import_id)
    asked = {"workspace_id": found.workspace_id, "import_id": found.pk, "most": min(most, 5_000)}
    with connection.cursor() as cursor:
        cursor.execute(UNDO_REMAINDERS, {**asked, "after_row": after[0], "after_id": after[1]})
        return [Remainder(*line) for line in cursor.fetchall()]
