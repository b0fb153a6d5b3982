"""Keyset paging in both directions: a page costs the same at any depth."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, Self

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from contacts.identifiers import LARGEST_ID
from contacts.models import Contact
from workspaces.errors import ValueNotValid

Key = tuple[str | int, ...]


class Sort(StrEnum):
    """The orders that the list of contacts can have; all end with the id, so that no two rows are alike."""

    NEWEST = "newest"
    OLDEST = "oldest"
    NAME = "name"
    NAME_DESC = "-name"
    EMAIL = "email"
    EMAIL_DESC = "-email"


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows: the page after, or before, the row with this key. `number` counts the rows ahead of it."""

    is_after: bool
    part: int
    key: Key
    number: int

    def __str__(self) -> str:
        parts = json.dumps(
            [int(self.is_after), self.part, self.number, *self.key], ensure_ascii=True, separators=(",", ":")
        )
        return base64.urlsafe_b64encode(parts.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str, *, sort: Sort) -> Self:
        """Read what `str` wrote; raise ValueNotValid, as somebody changed the address by hand."""
        columns = order_of(sort).columns
        try:
            parts = json.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
            is_after, part, number, *key = parts
            kinds = [str if column != "id" else int for column in columns]
            fits = [type(value) for value in key] == kinds and type(part) is type(number) is int and is_after in (0, 1)
            if not fits or not 0 <= part < len(order_of(sort).parts) or not 0 <= key[-1] <= LARGEST_ID:
                raise ValueError
            if any("\0" in value or not _is_whole(value) for value in key if isinstance(value, str)):
                raise ValueError
            return cls(bool(is_after), part, tuple(key), max(0, min(number, LARGEST_ID)))
        except (ValueError, TypeError, RecursionError, binascii.Error):
            raise ValueNotValid(
                field="cursor", sentence=_("This page's address is damaged. Start at the first page.")
            ) from None


@dataclass(frozen=True, slots=True)
class Order:
    """An order as indexes serve it: columns, direction, and parts of the list that follow one another."""

    columns: tuple[str, ...]
    is_down: bool
    parts: tuple[Q, ...] = (Q(),)


_ORDERS = {
    Sort.NEWEST: Order(("id",), is_down=True),
    Sort.OLDEST: Order(("id",), is_down=False),
    Sort.NAME: Order(("name_key", "id"), is_down=False),
    Sort.NAME_DESC: Order(("name_key", "id"), is_down=True),
    # Those without an e-mail come last in both directions.
    Sort.EMAIL: Order(("email_key", "id"), is_down=False, parts=(Q(email_key__gt=""), Q(email_key=""))),
    Sort.EMAIL_DESC: Order(("email_key", "id"), is_down=True, parts=(Q(email_key__gt=""), Q(email_key=""))),
}


def order_of(sort: Sort) -> Order:
    return _ORDERS[sort]


@dataclass(frozen=True, slots=True)
class Slice:
    """The keys of one page in its order, and whether there is more on either side."""

    keys: list[tuple[int, Key]]  # the part of the list that a row is in, and its key
    has_next: bool
    has_previous: bool
    number: int  # rows ahead of it

    @property
    def ids(self) -> list[int]:
        return [int(key[-1]) for _part, key in self.keys]

    @property
    def next_cursor(self) -> str:
        """Return the next page's cursor, empty on the last."""
        return self._at(-1, is_after=True, number=self.number + len(self.keys)) if self.has_next else ""

    @property
    def previous_cursor(self) -> str:
        """Return the previous page's cursor, empty on the first."""
        return self._at(0, is_after=False, number=self.number) if self.has_previous else ""

    def _at(self, place: int, *, is_after: bool, number: int) -> str:
        part, key = self.keys[place]
        return str(Cursor(is_after, part, key, number))


class Fetch(Protocol):
    """Reads at most so many keys beyond a cursor, nearest first; backward, the list is walked from its end."""

    def __call__(self, cursor: Cursor | None, most: int, *, forward: bool) -> list[tuple[int, Key]]: ...


def slice_of(fetch: Fetch, *, cursor: Cursor | None, limit: int) -> Slice:
    """Return one page of keys. A page back that meets the beginning becomes the first page, whole."""
    if cursor is None or cursor.is_after:
        found = fetch(cursor, limit + 1, forward=True)
        return Slice(
            found[:limit], len(found) > limit, cursor is not None and bool(found), cursor.number if cursor else 0
        )
    found = fetch(cursor, limit + 1, forward=False)
    if len(found) <= limit:
        return slice_of(fetch, cursor=None, limit=limit)
    return Slice(found[:limit][::-1], has_next=True, has_previous=True, number=max(1, cursor.number - limit))


class FetchInOrder:
    """Reads keys in an order that an index has."""

    def __init__(self, contacts: QuerySet[Contact], sort: Sort) -> None:
        self._contacts, self._order = contacts, order_of(sort)

    def __call__(self, cursor: Cursor | None, most: int, *, forward: bool) -> list[tuple[int, Key]]:
        order = self._order
        parts = list(enumerate(order.parts))
        if cursor is not None:
            parts = parts[cursor.part :] if forward else parts[: cursor.part + 1]
        is_down = order.is_down is forward
        found: list[tuple[int, Key]] = []
        for part, rows in parts if forward else parts[::-1]:
            page = self._contacts.filter(rows)
            if cursor is not None and part == cursor.part:
                page = page.filter(_beyond(order.columns, cursor.key, is_down=is_down))
            page = page.order_by(*(f"-{column}" if is_down else column for column in order.columns))
            found += [(part, key) for key in page.values_list(*order.columns)[: most - len(found)]]
            if len(found) >= most:
                break
        return found


def _beyond(columns: Sequence[str], key: Key, *, is_down: bool) -> Q:
    if len(columns) == 1:
        return Q(**{f"{columns[0]}__{'lt' if is_down else 'gt'}": key[0]})
    row = Func(*map(F, columns), function="ROW")
    limits = Func(*map(Value, key), function="ROW")
    return Q(_RowCompare(row, limits, arg_joiner=" < " if is_down else " > "))


class _RowCompare(Func):
    """Rows compared as wholes, which an index on their columns answers with one descent."""

    template = "(%(expressions)s)"
    output_field: Any = BooleanField()


def _is_whole(text: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in text)
