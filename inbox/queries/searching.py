"""What a search over messages finds: each in the thread of a contact that the actor may see."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import BigIntegerField, Func, Value

from contacts.models import Contact
from contacts.queries.visibility import visible_contacts
from contacts.values import folded
from inbox.models import Message
from workspaces.actors import Actor
from workspaces.permissions import Permission

LONGEST = 200
MOST_WORDS = 8
MOST_LOOKED_AT = 500
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message with the words around the first one that was looked for."""

    contact: Contact
    message_id: int
    at: datetime
    is_ours: bool
    before: str
    hit: str
    after: str


class _Matching(Func):
    """The ids that `messages_matching` finds; the function itself keeps to the tenant of the transaction."""

    template = "(SELECT messages_matching(%(expressions)s))"
    output_field: Any = BigIntegerField()

    def __init__(self, words: str, most: int) -> None:
        super().__init__(Value(words), Value(most))


def words_of(query: str) -> list[str]:
    """Return the words of a search as they are kept: small, without accents, and without any sign that could be an operator."""
    return _WORD.findall(folded(query[:LONGEST]))[:MOST_WORDS]


def messages_found(actor: Actor, query: str, *, most: int = 30) -> list[FoundMessage]:
    """Return the newest messages that hold all words; the last word may be the beginning of one."""
    actor.require(Permission.MESSAGE_READ)
    words = words_of(query)
    if not words:
        return []
    asked = " & ".join([*words[:-1], f"{words[-1]}:*"])
    rows = Message.objects.in_workspace(actor.workspace_id).filter(pk__in=_Matching(asked, MOST_LOOKED_AT))
    if actor.sees_own_contacts_only or actor.sees_team_contacts_only:
        rows = rows.filter(contact__in=visible_contacts(actor))
    return [_found(row, words) for row in rows.select_related("contact").order_by("-pk")[:most]]


def _found(message: Message, words: list[str]) -> FoundMessage:
    text = " ".join(message.text.split())
    plain = folded(text)
    places = [plain.find(word) for word in words] if len(plain) == len(text) else []
    start = min((place for place in places if place >= 0), default=-1)
    if start < 0:
        before, hit, after = text[:160], "", ""
    else:
        end = start + max(len(word) for word in words if plain.startswith(word, start))
        before, hit, after = text[max(0, start - 60) : start], text[start:end], text[end : end + 100]
        before = f"…{before}" if start > 60 else before
    return FoundMessage(
        contact=message.contact,
        message_id=message.pk,
        at=message.created_at,
        is_ours=message.direction == "outgoing",
        before=before,
        hit=hit,
        after=after,
    )
