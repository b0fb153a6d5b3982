"""The rows that reports count, each with all that can narrow, part and show it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace as Row

from tests.exports.oracle.facts import Facts
from tests.exports.oracle.messages import class_of, content_of, status_of
from tests.exports.oracle.stories import is_human

Value = int | str | None
Span = tuple[datetime | None, datetime | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row that counts at a moment. A filter that it does not have is not applicable to its kind."""

    id: int
    at: datetime
    contact_id: int
    filters: Mapping[str, Value]
    parts: Mapping[str, Value]
    cells: Mapping[str, object]
    words: frozenset[str] = frozenset()  # what it is, for metrics that count some of its kind
    spans: Mapping[str, Span] = field(default_factory=dict)
    responses: tuple[tuple[datetime, datetime], ...] = ()


Items = dict[str, list[Item]]


class Names:
    """What people and contacts are called."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def contact(self, contact_id: int) -> str | None:
        """Return the name of a contact; one that was deleted has none."""
        contact = self._facts.contacts.get(contact_id)
        if contact is None:
            return None
        return f"{contact.first_name} {contact.last_name}".strip() or contact.phone or contact.email or None

    def sender(self, message: Row) -> str | None:
        """Return the name of the person, broadcast or virtual agent that sent a message."""
        if message.sender_kind == "user":
            user = self._facts.users.get(message.user_id)
            return None if user is None else f"{user.first_name} {user.last_name}".strip() or str(user.email)
        known = self._facts.broadcasts if message.sender_kind == "broadcast" else self._facts.virtual_agents
        found = known.get(message.sender_id)
        return None if found is None else str(found.name)


def contact_lines(facts: Facts) -> Items:
    """Return the lines of the contact log, by what happened."""
    found: Items = {"added": [], "connected": [], "deleted": [], "merged": []}
    applicable = {
        "added": ("users", "sources", "contacts"),
        "connected": ("channels", "users", "sources", "contacts"),
        "deleted": ("sources", "contacts"),
        "merged": ("users", "sources", "contacts"),
    }
    for line in facts.contact_lines:
        user = line.user_id if line.source == "user" else None
        known = {"channels": line.channel_id, "users": user, "sources": line.source, "contacts": line.contact_id}
        cells = {
            "timestamp": line.occurred_at,
            "contact_id": line.contact_id,
            "contact_name": line.contact_name,
            "source": line.source,
            "user": user,
            "channel": line.channel_id,
        }
        item = Item(
            id=line.id,
            at=line.occurred_at,
            contact_id=line.contact_id,
            filters={name: known[name] for name in applicable[line.kind]},
            parts={"source": line.source, "channel": line.channel_id},
            cells=cells,
        )
        found[line.kind].append(item)
    return found


def assignments(facts: Facts) -> Items:
    """Return the assignments of open conversations, and among them those to somebody."""
    names = Names(facts)
    every, to_people = [], []
    for row in facts.assignments:
        if row.conversation_id is None:
            continue
        filters = {
            "assignment_sources": row.source,
            "assigned_to": row.new_user_id or 0,
            "assigned_by": row.by_user_id,
            "contacts": row.contact_id,
            "conversations": row.conversation_id,
        }
        parts = {"assignment_source": row.source, "assigned_to": row.new_user_id, "assigned_by": row.by_user_id}
        cells = {
            "timestamp": row.occurred_at,
            "contact_id": row.contact_id,
            "contact_name": names.contact(row.contact_id),
            "source": row.source,
            "assigned_to": row.new_user_id,
            "assigned_by": row.by_user_id,
            "conversation_id": row.conversation_id,
        }
        credit = {"users": row.new_user_id, "teams": row.new_team_id}
        words = frozenset({"removal" if row.new_user_id is None else "given"})
        shared = {"id": row.id, "at": row.occurred_at, "contact_id": row.contact_id, "cells": cells, "words": words}
        every.append(Item(filters=filters, parts=parts, **shared))
        if row.new_user_id is not None:
            both = {**parts, "user": row.new_user_id, "team": row.new_team_id}
            to_people.append(Item(filters={**filters, **credit}, parts=both, **shared))
    return {"assignments": every, "assigned": to_people}


def messages(facts: Facts) -> Items:
    """Return messages, and among them those that failed, that people wrote and that broadcasts wrote."""
    found: Items = {"messages": [], "failed": [], "person": [], "broadcast": []}
    names = Names(facts)
    for message in facts.messages:
        for kind in _kinds(message):
            found[kind].append(_message(facts, names, message, kind))
    return found


def _kinds(message: Row) -> Iterator[str]:
    yield "messages"
    if status_of(message) == "failed":
        yield "failed"
    if is_human(message):
        yield "person"
    if message.direction == "outgoing" and message.sender_kind == "broadcast":
        yield "broadcast"


def _message(facts: Facts, names: Names, message: Row, kind: str) -> Item:
    user = message.user_id if message.sender_kind == "user" else None
    broadcast = message.sender_id if message.sender_kind == "broadcast" else None
    filters: dict[str, Value] = {
        "channels": message.channel_id,
        "sender_types": message.sender_kind,
        "users": user,
        "broadcasts": broadcast,
        "contacts": message.contact_id,
        "conversations": message.conversation_id,
    }
    parts: dict[str, Value] = {
        "channel": message.channel_id,
        "sender_type": message.sender_kind,
        "delivery": status_of(message),
        "user": user,
        "broadcast": broadcast,
    }
    if kind == "broadcast":
        del filters["users"]
    if kind == "person":
        filters["teams"] = parts["team"] = message.team_id
    return Item(
        id=message.id,
        at=message.created_at,
        contact_id=message.contact_id,
        filters=filters,
        parts=parts,
        cells=_message_cells(facts, names, message),
        words=frozenset({message.direction, *_fates(message)}),
    )


def _fates(message: Row) -> Iterator[str]:
    """Yield how far an outgoing message came: what was read was delivered, and what was delivered was sent."""
    status = status_of(message)
    if status in {"sent", "delivered", "read"}:
        yield "sent"
    if status in {"delivered", "read"}:
        yield "delivered"
    if status in {"read", "failed"}:
        yield status


def _message_cells(facts: Facts, names: Names, message: Row) -> dict[str, object]:
    kind, sub_kind = class_of(facts, message)
    sender, status = names.sender(message), status_of(message)
    return {
        "date_time": message.created_at,
        "contact_id": message.contact_id,
        "contact_name": names.contact(message.contact_id),
        "channel": message.channel_id,
        "direction": message.direction,
        "source": message.sender_kind,
        "sender": sender,
        "sender_and_kind": [sender, message.sender_kind],
        "broadcast": sender,
        "type": kind,
        "sub_type": sub_kind,
        "content": content_of(message),
        "status": status,
        "error": message.error_text if status == "failed" else "",
        "conversation_id": message.conversation_id,
        "user": message.user_id,
        "team": message.team_id,
    }


def comments(facts: Facts) -> Items:
    """Return the comments that people wrote; they keep no team."""
    names = Names(facts)
    return {
        "comments": [
            Item(
                id=row.id,
                at=row.created_at,
                contact_id=row.contact_id,
                filters={
                    "users": row.author_id,
                    "contacts": row.contact_id,
                    "conversations": row.conversation_id,
                },
                parts={"user": row.author_id},
                cells={
                    "date_time": row.created_at,
                    "user": row.author_id,
                    "contact_id": row.contact_id,
                    "contact_name": names.contact(row.contact_id),
                    "conversation_id": row.conversation_id,
                },
            )
            for row in facts.comments
            if row.author_id is not None
        ]
    }
