"""What is exported: workspaces filled by SQL, their people, and what a file must hold, counted by SQL."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import psycopg2
from django.utils import timezone

from workspaces.actions import NewPerson, WorkspaceSettings, create_organization, create_person, create_token
from workspaces.actions import create_workspace as workspace_created
from workspaces.actors import Actor
from workspaces.queries import actor_of_member
from workspaces.scope import workspace_scope

DAYS = 300  # over which the messages are spread
NEUTRAL = {
    "boolean": "false", "smallint": "0", "integer": "0", "bigint": "0", "jsonb": "'{}'", "ARRAY": "'{}'",
    "timestamp with time zone": "now()", "bytea": "''",
}  # fmt: skip
COLUMNS = """
SELECT column_name, data_type FROM information_schema.columns
 WHERE table_schema = 'public' AND table_name = %s AND is_nullable = 'NO' AND column_default IS NULL
   AND is_identity = 'NO' AND is_generated = 'NEVER'"""
MESSAGES = """
SELECT id FROM inbox_message
 WHERE workspace_id = %(workspace_id)s AND status <> 'cancelled'
   AND created_at >= %(range_from)s AND created_at < %(range_to)s ORDER BY created_at, id"""
CONTACTS = "SELECT id FROM contacts_contact WHERE workspace_id = %(workspace_id)s ORDER BY id"
TEXTS = (
    "(ARRAY['Perfecto, mañana a las cinco', '=SUM(A1:A9)', 'Your parcel \"A-' || n || '\", on Tuesday', '+34600123456',"
    " E'Hola:\\n¿dónde está mi pedido?\\r\\nGracias, Zoë 🙂', '', 'a;b,c'])[1 + n % 7]"
)

_number = iter(range(1, 1_000_000))


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace: its owner, a manager, and a token that may export and one that may not."""

    workspace_id: int
    owner: Actor
    manager: Actor
    token: str
    weak_token: str


def a_place(superuser: str, *, contacts: int, messages: int = 0) -> Place:
    """Make a workspace with so many contacts and messages."""
    at = timezone.now()
    number = next(_number)
    organization = create_organization(name=f"Faults {number}", at=at)
    people = [
        create_person(
            email=f"{name.lower()}{number}@example.com",
            person=NewPerson(first_name=name, last_name="Ferrer", password="three wet umbrellas"),
            at=at,
        )
        for name in ("Ada", "Max")
    ]
    settings = WorkspaceSettings(name=f"Faults {number}", default_country="ES", api_rate_per_second=100)
    row = workspace_created(owner_id=people[0].pk, organization_id=organization.pk, settings=settings, at=at)
    _fill(superuser, row.pk, manager_id=people[1].pk, contacts=contacts, messages=messages)
    with workspace_scope(row.pk):
        owner, manager = (actor_of_member(user_id=person.pk, workspace_id=row.pk) for person in people)
        token, weak = (
            create_token(actor=owner, name=f"Faults {scopes[-1]}", scopes=scopes, at=at)[1]
            for scopes in (("read", "export"), ("read",))
        )
    return Place(workspace_id=row.pk, owner=owner, manager=manager, token=token, weak_token=weak)


def ids_in(cursor: Any, dataset: str, parameters: Mapping[str, object]) -> list[int]:
    """Return the ids that a file of messages or contacts must hold, in its order."""
    cursor.execute(MESSAGES if dataset == "messages" else CONTACTS, parameters)
    return [number for (number,) in cursor.fetchall()]


def insert(cursor: Any, table: str, columns: Mapping[str, str], source: str) -> None:
    """Insert what `SELECT columns FROM source` gives; columns that are not named get a neutral value of their type."""
    cursor.execute(COLUMNS, [table])
    missing = {name: NEUTRAL.get(kind, "''") for name, kind in cursor.fetchall() if name not in columns}
    every = {**columns, **missing}
    cursor.execute(f"INSERT INTO {table} ({', '.join(every)}) SELECT {', '.join(every.values())} FROM {source}")


def _fill(superuser: str, workspace_id: int, *, manager_id: int, contacts: int, messages: int) -> None:
    connection = psycopg2.connect(superuser)
    with connection, connection.cursor() as cursor:
        mine = {"workspace_id": str(workspace_id)}
        insert(
            cursor,
            "workspaces_membership",
            {**mine, "user_id": str(manager_id), "role": "'manager'"},
            "generate_series(1, 1)",
        )
        insert(
            cursor,
            "contacts_contact",
            {
                **mine, "first_name": "'Name ' || n", "last_name": "'Name ' || n", "source": "'import'", "version": "1",
                "email": "'p' || n || '@example.com'", "email_key": "'p' || n || '@example.com'",
            },
            f"generate_series(1, {contacts}) AS n",
        )  # fmt: skip
        if not messages:
            return
        cursor.execute("SELECT min(id) FROM contacts_contact WHERE workspace_id = %s", [workspace_id])
        (first,) = cursor.fetchone() or (0,)
        add_messages(cursor, workspace_id, first=first, contacts=contacts, messages=messages)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE inbox_message, contacts_contact")
    connection.close()


def add_messages(cursor: Any, workspace_id: int, *, first: int, contacts: int, messages: int) -> None:
    """Add messages of the last days, of contacts whose ids follow the first."""
    at = f"now() - INTERVAL '1 hour' - n * (INTERVAL '{DAYS} days' / {max(messages, 1)})"
    insert(
        cursor,
        "inbox_message",
        {
            "workspace_id": str(workspace_id), "contact_id": f"{first} + n % {contacts}", "text": TEXTS,
            "direction": "CASE WHEN n % 2 = 0 THEN 'incoming' ELSE 'outgoing' END",
            "sender_kind": "CASE WHEN n % 2 = 0 THEN 'contact' ELSE 'api' END", "content_type": "'text'",
            "status": "CASE WHEN n % 101 = 0 THEN 'cancelled' WHEN n % 2 = 0 THEN 'received' ELSE 'delivered' END",
            "created_at": at, "provider_at": at,
        },
        f"generate_series(1, {messages}) AS n",
    )  # fmt: skip
