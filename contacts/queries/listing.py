"""The list of contacts: pages, counts and what the command palette finds. Two statements a page, whatever its size."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import Prefetch, QuerySet
from django.db.models.functions import Lower

from contacts.filters import Filter
from contacts.identifiers import LARGEST_ID
from contacts.models import Contact, ContactTag
from contacts.queries.paging import Cursor, FetchInOrder, Slice, Sort, slice_of
from contacts.queries.searching import LONGEST_SEARCH, FetchFound, found_by
from contacts.queries.timing import in_reasonable_time
from contacts.queries.visibility import visible_contacts
from workspaces.actors import Actor
from workspaces.permissions import Permission

__all__ = [
    "LONGEST_SEARCH",
    "ContactPage",
    "ContactRow",
    "ContactRows",
    "Count",
    "Sort",
    "TagChip",
    "contact_rows",
    "contacts_page",
    "count_contacts",
    "find_contacts",
    "kept_contacts",
    "matching_contacts",
    "tags_at_hand",
]

MOST_ROWS = 100
COUNTED = 10_000


class TagChip(NamedTuple):
    """A tag as it is shown beside a contact."""

    name: str
    colour: str
    emoji: str


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact, ready to show in the list."""

    id: int
    name: str
    first_name: str
    last_name: str
    phone: str
    email: str
    country: str
    language: str
    picture_url: str
    stage_id: int | None
    stage: str
    tags: tuple[TagChip, ...]
    assignee_id: int | None
    assignee: str
    custom: dict[str, object]
    is_open: bool
    is_blocked: bool
    created_at: datetime
    updated_at: datetime
    last_interaction_at: datetime | None


@dataclass(frozen=True, slots=True)
class ContactPage:
    """One page of the list. Cursors are empty where there is no further page; `first_number` is the first row's place."""

    rows: list[ContactRow]
    next_cursor: str
    previous_cursor: str
    first_number: int


@dataclass(frozen=True, slots=True)
class ContactRows:
    """One page of model rows, each with stage, assignee and tags at hand (`row.contact_tags.all()`)."""

    rows: list[Contact]
    has_next: bool
    has_previous: bool


class Count(NamedTuple):
    """How many there are; `is_more` when counting stopped there."""

    number: int
    is_more: bool


def contacts_page(
    actor: Actor,
    *,
    search: str = "",
    filter: Filter | None = None,  # noqa: A002 - the word that pages and the public API use
    sort: Sort = Sort.NEWEST,
    cursor: str = "",
    limit: int = 25,
) -> ContactPage:
    """Return one page of the contacts that the actor may see. What is found by a search comes newest first."""
    actor.require(Permission.CONTACT_LIST)
    if search.strip():
        sort = Sort.NEWEST
    place = Cursor.read(cursor, sort=sort) if cursor else None
    with in_reasonable_time():
        found = _slice(
            actor, search=search, filter=filter, sort=sort, cursor=place, limit=max(1, min(limit, MOST_ROWS))
        )
        rows = _with_all(actor, found.ids)
    return ContactPage(
        rows=[_shown(row) for row in rows],
        next_cursor=found.next_cursor,
        previous_cursor=found.previous_cursor,
        first_number=found.number + 1 if rows else 0,
    )


def contact_rows(
    actor: Actor,
    *,
    search: str = "",
    filter: Filter | None = None,  # noqa: A002
    after_id: int | None = None,
    before_id: int | None = None,
    limit: int,
    newest_first: bool = True,
) -> ContactRows:
    """Return model rows in the order of their ids: those after one id of the order, or those before it."""
    actor.require(Permission.CONTACT_LIST)
    cursor = None
    if after_id is not None or before_id is not None:
        place = after_id if after_id is not None else before_id
        cursor = Cursor(after_id is not None, 0, (max(0, min(place or 0, LARGEST_ID)),), 0)
    sort = Sort.NEWEST if newest_first else Sort.OLDEST
    with in_reasonable_time():
        found = _slice(
            actor, search=search, filter=filter, sort=sort, cursor=cursor, limit=max(1, min(limit, MOST_ROWS))
        )
        return ContactRows(_with_all(actor, found.ids), found.has_next, found.has_previous)


def count_contacts(
    actor: Actor,
    *,
    search: str = "",
    filter: Filter | None = None,  # noqa: A002
    most: int = COUNTED,
) -> Count:
    """Count the contacts that the actor may see, and stop beyond `most`."""
    actor.require(Permission.CONTACT_LIST)
    with in_reasonable_time():
        contacts = kept_contacts(actor, filter)
        if search.strip():
            is_narrowed = _narrows(actor, filter)
            contacts = found_by(contacts, search, most=None if is_narrowed else most + 1)
        number = contacts.values("pk")[: most + 1].count()
    return Count(min(number, most), number > most)


def find_contacts(actor: Actor, text: str, most: int = 8) -> list[ContactRow]:
    """Return the newest visible contacts whose name, e-mail or phone holds the text; for agents too."""
    actor.require(Permission.CONTACT_READ)
    if not text.strip():
        return []
    with in_reasonable_time():
        found = _slice(actor, search=text, filter=None, sort=Sort.NEWEST, cursor=None, limit=most)
        return [_shown(row) for row in _with_all(actor, found.ids)]


def matching_contacts(actor: Actor, *, search: str = "", filter: Filter | None = None) -> QuerySet[Contact]:  # noqa: A002
    """Return every visible contact that a search and a filter keep, in no order."""
    contacts = kept_contacts(actor, filter)
    return found_by(contacts, search) if search.strip() else contacts


def kept_contacts(actor: Actor, filter: Filter | None) -> QuerySet[Contact]:  # noqa: A002
    contacts = visible_contacts(actor)
    return contacts if filter is None else filter.apply(contacts, workspace_id=actor.workspace_id)


def _narrows(actor: Actor, filter: Filter | None) -> bool:  # noqa: A002
    """Tell whether less is shown than what a search finds in the workspace."""
    return filter is not None or actor.sees_own_contacts_only or actor.sees_team_contacts_only


def _slice(
    actor: Actor,
    *,
    search: str,
    filter: Filter | None,  # noqa: A002
    sort: Sort,
    cursor: Cursor | None,
    limit: int,
) -> Slice:
    contacts = kept_contacts(actor, filter)
    if not search.strip():
        return slice_of(FetchInOrder(contacts, sort), cursor=cursor, limit=limit)
    fetch = FetchFound(contacts, search, newest_first=sort is not Sort.OLDEST, is_narrowed=_narrows(actor, filter))
    return slice_of(fetch, cursor=cursor, limit=limit)


def _with_all(actor: Actor, ids: list[int]) -> list[Contact]:
    """Read the rows of these ids, in their order, with what is shown beside them."""
    rows = (
        visible_contacts(actor)
        .filter(pk__in=ids)
        .select_related("stage", "assignee")
        .prefetch_related(tags_at_hand(actor.workspace_id))
        .defer("search_text", "name_key")
    )
    by_id = {row.pk: row for row in rows}
    return [by_id[contact_id] for contact_id in ids if contact_id in by_id]


def tags_at_hand(workspace_id: int) -> "Prefetch[str, QuerySet[ContactTag], str]":
    """Return what fetches the tags of contacts with one query, in the order in which they are shown."""
    links = ContactTag.objects.in_workspace(workspace_id).select_related("tag")
    return Prefetch("contact_tags", queryset=links.order_by(Lower("tag__name"), "tag_id"))


def _shown(row: Contact) -> ContactRow:
    return ContactRow(
        id=row.pk,
        name=row.name,
        first_name=row.first_name,
        last_name=row.last_name,
        phone=row.phone,
        email=row.email,
        country=row.country,
        language=row.language,
        picture_url=row.picture_url,
        stage_id=row.stage_id,
        stage=row.stage.name if row.stage else "",
        tags=tuple(TagChip(link.tag.name, link.tag.colour, link.tag.emoji) for link in row.contact_tags.all()),
        assignee_id=row.assignee_id,
        assignee=row.assignee.name if row.assignee else "",
        custom=row.custom,
        is_open=row.is_open,
        is_blocked=row.is_blocked,
        created_at=row.created_at,
        updated_at=row.updated_at,
        last_interaction_at=row.last_interaction_at,
    )
