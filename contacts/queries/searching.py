"""Search by part of name, e-mail or phone, through the door that may use the trigram index.

The door returns ids, newest or oldest first; the rows are then read behind the wall, filtered and with the actor's
visibility.
"""

import re
from typing import Any

from django.db.models import BigIntegerField, BooleanField, Func, IntegerField, QuerySet, TextField, Value

from contacts.identifiers import LARGEST_ID
from contacts.models import Contact
from contacts.queries.paging import Cursor, Key
from contacts.values import text_error

LONGEST_SEARCH = 200
_ALL = 2**31 - 1
# How many found ids are looked at before more are asked for, where a filter may keep few of them.
_LADDER = (1_000, 30_000, _ALL)
_BY_ID = re.compile(r"(?:id:|#)\s*([0-9]{1,18})").fullmatch
_PHONE = re.compile(r"(?:\+|00)?[0-9 ().\-/]{4,40}").fullmatch


def found_by(contacts: QuerySet[Contact], search: str, *, most: int | None = None) -> QuerySet[Contact]:
    """Keep what the search finds; of the newest `most` only, where that is enough."""
    return _found(contacts, search, beyond_id=LARGEST_ID, newest_first=True, most=_ALL if most is None else most)


class FetchFound:
    """Reads the keys of found contacts; see `paging.Fetch`."""

    def __init__(self, contacts: QuerySet[Contact], search: str, *, newest_first: bool, is_narrowed: bool) -> None:
        self._contacts, self._search = contacts, search
        self._newest_first, self._is_narrowed = newest_first, is_narrowed

    def __call__(self, cursor: Cursor | None, most: int, *, forward: bool) -> list[tuple[int, Key]]:
        is_down = self._newest_first is forward
        beyond_id = int(cursor.key[-1]) if cursor else (LARGEST_ID if is_down else 0)
        keys: list[tuple[int, Key]] = []
        for chunk in _LADDER if self._is_narrowed else (most,):
            rows = _found(self._contacts, self._search, beyond_id=beyond_id, newest_first=is_down, most=chunk)
            rows = rows.filter(**{f"pk__{'lt' if is_down else 'gt'}": beyond_id})
            keys = [(0, (pk,)) for pk in rows.order_by("-pk" if is_down else "pk").values_list("pk", flat=True)[:most]]
            if len(keys) >= most:
                break
        return keys


def _found(
    contacts: QuerySet[Contact], search: str, *, beyond_id: int, newest_first: bool, most: int
) -> QuerySet[Contact]:
    text = search.strip()
    if text_error(text) or len(text) > LONGEST_SEARCH:
        return contacts.none()
    if by_id := _BY_ID(text):
        return contacts.filter(pk=int(by_id[1]))
    return contacts.filter(pk__in=_Matching(_as_kept(text), beyond_id, newest_first, most))


def _as_kept(text: str) -> str:
    """Write a phone as it is kept, without separators; leave everything else alone."""
    if not _PHONE(text) or sum(char.isdigit() for char in text) < 4:
        return text
    digits = "".join(char for char in text if char in "+0123456789")
    return f"+{digits[2:]}" if digits.startswith("00") else digits


class _Matching(Func):
    """The ids that `contacts_matching` finds; the function itself keeps to the tenant of the transaction."""

    template = "(SELECT contacts_matching(%(expressions)s))"
    output_field: Any = BigIntegerField()

    def __init__(self, text: str, beyond_id: int, newest_first: bool, most: int) -> None:  # noqa: FBT001 - SQL's order
        super().__init__(
            Value(text, output_field=TextField()),
            Value(beyond_id, output_field=BigIntegerField()),
            Value(newest_first, output_field=BooleanField()),
            Value(most, output_field=IntegerField()),
        )
