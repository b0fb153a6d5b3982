"""Acts on many contacts at once: one family of SQL statements each, which writes what the one-row action would write.

tests/contacts/test_bulk.py compares the two. Each returns how many contacts changed; those that were as asked already
are left alone and leave no event.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import connection, transaction

from contacts.access import contacts_for_bulk
from contacts.actions.tagging import tag_name, tags_named
from contacts.actions.updating import source_of, stage_named
from contacts.events import AssigneeChanged, ContactDeleted, ContactEvent, StageChanged, TagsChanged
from contacts.followers import Reassigned, follower
from contacts.links import check_links
from contacts.models import Contact, ContactLogEntry, Tag
from contacts.selection import Selection
from workspaces.actors import Actor
from workspaces.outbox import events_by_sql
from workspaces.permissions import Permission

CHUNK = 20_000  # contacts a statement

EVENT = """
INSERT INTO workspaces_eventrecord (workspace_id, type, version, occurred_at, actor_kind, actor_id, subject_kind,
                                    subject_id, data, request_id)
SELECT %(workspace_id)s, %(event_type)s, %(event_version)s, %(at)s, %(actor_kind)s, %(actor_id)s, %(subject_kind)s,
       contact_id, data, %(request_id)s
  FROM told
 ORDER BY contact_id
"""


def _telling(statement: str) -> str:
    """Let a statement end with its events, out of its `told (contact_id, data)`."""
    return f"{statement}{EVENT}"


ADD_TAGS = _telling("""
WITH wanted AS (
    SELECT tag_id, place FROM unnest(%(tag_ids)s::bigint[]) WITH ORDINALITY AS given(tag_id, place)
), added AS (
    INSERT INTO contacts_contacttag (workspace_id, contact_id, tag_id, source, user_id, created_at)
    SELECT %(workspace_id)s, contact_id, tag_id, %(source)s, %(user_id)s, %(at)s
      FROM unnest(%(ids)s::bigint[]) AS contact_id CROSS JOIN wanted
     ORDER BY contact_id, place
    ON CONFLICT (workspace_id, contact_id, tag_id) DO NOTHING
    RETURNING contact_id, tag_id
), told AS (
    SELECT contact_id, jsonb_build_object(
               'added', jsonb_agg(tag_id ORDER BY place), 'removed', '[]'::jsonb, 'source', %(source)s::text, 'import_id', NULL) AS data
      FROM added JOIN wanted USING (tag_id)
     GROUP BY contact_id
)""")
REMOVE_TAGS = _telling("""
WITH removed AS (
    DELETE FROM contacts_contacttag
     WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(ids)s::bigint[]) AND tag_id = ANY(%(tag_ids)s::bigint[])
    RETURNING contact_id, tag_id
), told AS (
    SELECT contact_id, jsonb_build_object(
               'added', '[]'::jsonb, 'removed', jsonb_agg(tag_id ORDER BY tag_id), 'source', %(source)s::text, 'import_id', NULL) AS data
      FROM removed
     GROUP BY contact_id
)""")
# COLUMN is one of the two below.
SET_COLUMN = _telling("""
WITH before AS (
    SELECT id, COLUMN AS old FROM contacts_contact
     WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::bigint[]) AND COLUMN IS DISTINCT FROM %(new)s::bigint
), changed AS (
    UPDATE contacts_contact c
       SET COLUMN = %(new)s::bigint, updated_at = %(at)s, version = c.version + 1
      FROM before
     WHERE c.workspace_id = %(workspace_id)s AND c.id = before.id
    RETURNING c.id, before.old
), told AS (
    SELECT id AS contact_id,
           jsonb_build_object('old', old, 'new', %(new)s::bigint, 'source', %(source)s::text) AS data
      FROM changed
)""")
SET_ASSIGNEE = SET_COLUMN.replace("COLUMN", "assignee_id")
SET_STAGE = SET_COLUMN.replace("COLUMN", "stage_id").replace(
    "'source', %(source)s::text", "'source', %(source)s::text, 'import_id', NULL"
)
# The tags go first, as a set: the foreign key would look for them once a contact.
DELETE_TAGS = """
DELETE FROM contacts_contacttag WHERE workspace_id = %(workspace_id)s AND contact_id = ANY(%(ids)s::bigint[])
"""
DELETE_CONTACTS = _telling("""
WITH gone AS (
    DELETE FROM contacts_contact WHERE workspace_id = %(workspace_id)s AND id = ANY(%(ids)s::bigint[])
    RETURNING id, coalesce(nullif(btrim(first_name || ' ' || last_name), ''), nullif(phone, ''), email) AS name
), logged AS (
    INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, user_id, occurred_at)
    SELECT %(workspace_id)s, %(log_kind)s, id, name, %(source)s, %(user_id)s, %(at)s FROM gone ORDER BY id
), told AS (
    SELECT id AS contact_id, jsonb_build_object('source', %(source)s::text) AS data FROM gone
)""")


@transaction.atomic
def tag_contacts(*, actor: Actor, selection: Selection, names: Sequence[str], at: datetime) -> int:
    """Add tags to the chosen contacts; a name that is new to the workspace becomes a tag."""
    ids = contacts_for_bulk(actor, selection)
    if not ids:
        return 0
    tag_ids = [tag.pk for tag in tags_named(actor, names, at=at)]
    return _run([ADD_TAGS], ids, TagsChanged, actor=actor, at=at, tag_ids=tag_ids)


@transaction.atomic
def untag_contacts(*, actor: Actor, selection: Selection, names: Sequence[str], at: datetime) -> int:
    """Take tags off the chosen contacts; names that they do not carry are passed over."""
    ids = contacts_for_bulk(actor, selection)
    wanted = {tag_name(name).lower() for name in names}
    tags = Tag.objects.in_workspace(actor.workspace_id).values_list("pk", "name")
    tag_ids = [tag_id for tag_id, name in tags if name.lower() in wanted]
    return _run([REMOVE_TAGS], ids, TagsChanged, actor=actor, at=at, tag_ids=tag_ids)


@transaction.atomic
def assign_contacts(*, actor: Actor, selection: Selection, user_id: int | None, at: datetime) -> int:
    """Assign the chosen contacts to a member, or to nobody."""
    ids = contacts_for_bulk(actor, selection)
    check_links(actor, {"assignee_id": user_id})
    rows = Contact.objects.in_workspace(actor.workspace_id).filter(pk__in=ids).order_by("pk")
    before = rows.values_list("pk", "assignee_id")
    moved = [Reassigned(contact_id, old, user_id) for contact_id, old in before if old != user_id]
    changed = _run([SET_ASSIGNEE], ids, AssigneeChanged, actor=actor, at=at, new=user_id)
    follower().assigned(actor=actor, changes=moved, source=source_of(actor).value, at=at)
    return changed


@transaction.atomic
def set_stage_of_contacts(*, actor: Actor, selection: Selection, name: str | None, at: datetime) -> int:
    """Put the chosen contacts into the lifecycle stage of that name, or into none."""
    ids = contacts_for_bulk(actor, selection)
    stage_id = stage_named(actor, name)
    return _run([SET_STAGE], ids, StageChanged, actor=actor, at=at, new=stage_id)


@transaction.atomic
def delete_contacts(*, actor: Actor, selection: Selection, at: datetime) -> int:
    """Delete the chosen contacts with their tags; their lines in the contact log stay."""
    ids = contacts_for_bulk(actor, selection, needs=Permission.CONTACT_DELETE)
    for chunk in _chunks(ids):
        follower().deleting(actor=actor, contact_ids=chunk, at=at)
    kind = ContactLogEntry.Kind.DELETED.value
    return _run([DELETE_TAGS, DELETE_CONTACTS], ids, ContactDeleted, actor=actor, at=at, log_kind=kind)


def _run(
    statements: Sequence[str],
    ids: list[int],
    event: type[ContactEvent],
    *,
    actor: Actor,
    at: datetime,
    **given: int | str | list[int] | None,
) -> int:
    """Run the statements over chunks of locked contacts; the last one writes the events, and so says how many changed."""
    values = {
        **given,
        "workspace_id": actor.workspace_id,
        "event_type": event.type,
        "event_version": event.version,
        "subject_kind": event.subject_kind,
        "at": at,
        "actor_kind": actor.kind.value,
        "actor_id": actor.id,
        "user_id": actor.user_id,
        "source": source_of(actor).value,
        "request_id": actor.request_id,
    }
    changed = 0
    with events_by_sql(workspace_id=actor.workspace_id, at=at), connection.cursor() as cursor:
        for chunk in _chunks(ids):
            for statement in statements:
                cursor.execute(statement, {**values, "ids": chunk})
            changed += cursor.rowcount
    return changed


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
