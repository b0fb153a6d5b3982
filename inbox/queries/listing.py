"""The list of conversations: a page by key, whatever its depth, with a constant number of queries; and the counts of inboxes."""

import base64
import binascii
import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from django.db.models import Q, QuerySet

from contacts.models import ContactTag
from inbox.models import Conversation, Draft, LockSession
from inbox.queries.narrowing import Listing, Sort, visible_latest
from workspaces.actors import Actor
from workspaces.models import User

PAGE = 30
MOST_COUNTED = 1_000
COLUMN = {Sort.NEWEST: "last_activity_at", Sort.OLDEST: "last_activity_at", Sort.WAITING: "waiting_since"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the next page begins: after the row with this moment and id."""

    at: datetime
    id: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Read what `str` wrote; anything else is the beginning."""
        try:
            moment, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(datetime.fromisoformat(moment), int(number))
        except (ValueError, TypeError, binascii.Error):
            return None

    def __str__(self) -> str:
        return base64.urlsafe_b64encode(json.dumps([self.at.isoformat(), self.id]).encode()).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class RowTag:
    name: str
    colour: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the list, ready to show."""

    conversation: Conversation
    tags: tuple[RowTag, ...]
    draft: str
    lock_name: str
    lock_is_mine: bool


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: list[ListRow]
    next: Place | None


def list_page(actor: Actor, listing: Listing, *, after: Place | None = None, limit: int = PAGE) -> ListPage:
    """Return a page of the list."""
    column = COLUMN[listing.sort]
    down = listing.sort is Sort.NEWEST
    rows = listing.conversations(actor)
    if after is not None:
        beyond = "lt" if down else "gt"
        rows = rows.filter(
            Q(**{f"{column}__{beyond}": after.at}) | Q(**{column: after.at, f"pk__{beyond}": after.id}),
            **{f"{column}__{'lte' if down else 'gte'}": after.at},  # what the index can begin at
        )
    order = (f"-{column}", "-pk") if down else (column, "pk")
    found = list(_whole(rows).order_by(*order)[: limit + 1])
    more = found[limit - 1] if len(found) > limit else None
    place = None if more is None else Place(getattr(more, column), more.pk)
    return ListPage(_shown(actor, found[:limit]), place)


def rows_of_contacts(actor: Actor, listing: Listing, contact_ids: list[int]) -> list[ListRow]:
    """Return the rows of some contacts that the listing shows now, in its order."""
    rows = _whole(listing.conversations(actor).filter(contact_id__in=contact_ids))
    column = COLUMN[listing.sort]
    return _shown(actor, list(rows.order_by(f"-{column}" if listing.sort is Sort.NEWEST else column)[:PAGE]))


def count_up_to(rows: QuerySet[Conversation], most: int = MOST_COUNTED) -> int:
    """Count at most so many: beyond that nobody reads the number, and counting would cost."""
    return len(rows.order_by().values_list("pk", flat=True)[:most])


def has_blocked(actor: Actor) -> bool:
    """Whether a contact with a conversation is blocked: only then its inbox is shown."""
    return visible_latest(actor).filter(contact__is_blocked=True).exists()


def _whole(rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
    return rows.select_related("contact", "last_channel", "assignee").defer("contact__custom", "closed_summary")


def _shown(actor: Actor, conversations: list[Conversation]) -> list[ListRow]:
    if not conversations:
        return []
    workspace_id = actor.workspace_id
    contact_ids = [row.contact_id for row in conversations]
    tags: dict[int, list[RowTag]] = defaultdict(list)
    links = ContactTag.objects.in_workspace(workspace_id).filter(contact_id__in=contact_ids)
    for contact_id, name, colour in links.order_by("pk").values_list("contact_id", "tag__name", "tag__colour"):
        tags[contact_id].append(RowTag(name, colour))
    drafts = Draft.objects.in_workspace(workspace_id).filter(user_id=actor.user_id or 0, contact_id__in=contact_ids)
    written = dict(drafts.filter(is_comment=False).values_list("contact_id", "text"))
    sessions = LockSession.objects.in_workspace(workspace_id).filter(
        conversation_id__in=[row.pk for row in conversations], ended_at=None
    )
    holders = dict(sessions.values_list("conversation_id", "user_id"))
    names = {user.pk: user.name for user in User.objects.filter(pk__in=set(holders.values()))} if holders else {}
    return [
        ListRow(
            conversation=row,
            tags=tuple(tags[row.contact_id][:3]),
            draft=written.get(row.contact_id, ""),
            lock_name=names.get(holders.get(row.pk, 0), ""),
            lock_is_mine=holders.get(row.pk) == actor.user_id,
        )
        for row in conversations
    ]
