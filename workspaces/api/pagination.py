"""Lists by key: `limit` and `cursorId` in, `{"items", "pagination": {"next", "previous"}}` out.

`cursorId` is a whole number. N means the page after the row N in the list's own order, -N the page before it. A page is cut by
the id, so rows that are added or deleted meanwhile neither repeat nor skip others, and depth costs nothing. A page back that
meets the beginning of the list is the first page, whole.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from workspaces.errors import ValueNotValid

DEFAULT_LIMIT = 10
HIGHEST_LIMIT = 100
LARGEST_ID = 2**63 - 1
_WHOLE = re.compile(r"-?[0-9]{1,19}", re.ASCII).fullmatch

Row = TypeVar("Row")
Record = TypeVar("Record", bound=Model)


@dataclass(frozen=True, slots=True)
class Asked:
    """What page a request asks for. `cursor`: the id next to which it begins, None for the list's start."""

    limit: int
    cursor: int | None = None
    backwards: bool = False


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows in the list's order, and the `cursorId` of the pages beside it; None where there is none."""

    rows: list[Row]
    next_cursor: int | None = None
    previous_cursor: int | None = None


def asked_page(request: Request) -> Asked:
    """Read `limit` and `cursorId`; raise ValueNotValid."""
    limit = _whole(request, "limit")
    if limit is None:
        limit = DEFAULT_LIMIT
    if not 1 <= limit <= HIGHEST_LIMIT:
        sentence = _("Ask for 1 to %(most)s items.") % {"most": HIGHEST_LIMIT}
        raise ValueNotValid(field="limit", sentence=sentence)
    cursor = _whole(request, "cursorId") or None
    if cursor is None:
        return Asked(limit)
    return Asked(limit, abs(cursor), backwards=cursor < 0)


def page_of(rows: QuerySet[Record], asked: Asked, *, key: str = "pk", newest_first: bool = False) -> Page[Record]:
    """Cut a page out of rows by a unique whole-number column, one query; two where a page back meets the beginning."""
    descending = newest_first != asked.backwards
    beyond = rows
    if asked.cursor is not None:
        beyond = rows.filter(**{f"{key}__{'lt' if descending else 'gt'}": asked.cursor})
    found = list(beyond.order_by(f"-{key}" if descending else key)[: asked.limit + 1])
    if asked.backwards and len(found) <= asked.limit:
        return page_of(rows, Asked(asked.limit), key=key, newest_first=newest_first)
    return _cut(found, asked, key_of=lambda row: int(getattr(row, key)))


def page_in_memory(rows: Iterable[Row], asked: Asked, *, key_of: Callable[[Row], int]) -> Page[Row]:
    """Cut a page, by id, out of a short list that is read whole anyhow."""
    ordered = sorted(rows, key=key_of)
    if asked.cursor is None:
        return _cut(ordered[: asked.limit + 1], asked, key_of=key_of)
    if not asked.backwards:
        beyond = [row for row in ordered if key_of(row) > asked.cursor]
        return _cut(beyond[: asked.limit + 1], asked, key_of=key_of)
    beyond = [row for row in reversed(ordered) if key_of(row) < asked.cursor]
    if len(beyond) <= asked.limit:
        return page_in_memory(ordered, Asked(asked.limit), key_of=key_of)
    return _cut(beyond[: asked.limit + 1], asked, key_of=key_of)


def page_between(
    rows: list[Row], asked: Asked, *, has_next: bool, has_previous: bool, key_of: Callable[[Row], int]
) -> Page[Row]:
    """Make a page of rows, in the list's order, of which it is known whether there are more on either side."""
    if not rows:  # beyond the end: the way back is the only one
        return Page([], None, None if asked.cursor is None or asked.backwards else -asked.cursor)
    return Page(rows, key_of(rows[-1]) if has_next else None, -key_of(rows[0]) if has_previous else None)


def _cut(found: list[Row], asked: Asked, *, key_of: Callable[[Row], int]) -> Page[Row]:
    """Make a page of up to limit + 1 rows that were read away from the cursor, in the direction that was asked."""
    more = len(found) > asked.limit
    rows = found[: asked.limit]
    if asked.backwards:
        rows.reverse()
    has_previous = more if asked.backwards else asked.cursor is not None
    return page_between(rows, asked, has_next=asked.backwards or more, has_previous=has_previous, key_of=key_of)


def list_answer(request: Request, items: list[dict[str, object]], page: Page[Any]) -> Response:
    """Answer a list in the public form, with absolute addresses of the pages beside it."""
    return Response(list_body(request, items, page))


def list_body(request: Request, items: list[dict[str, object]], page: Page[Any]) -> Mapping[str, Any]:
    """Return the body of a list."""
    return {
        "items": items,
        "pagination": {
            "next": _address(request, page.next_cursor),
            "previous": _address(request, page.previous_cursor),
        },
    }


def _address(request: Request, cursor: int | None) -> str:
    if cursor is None:
        return ""
    query = request.query_params.copy()
    query["limit"] = query.get("limit") or str(DEFAULT_LIMIT)
    query["cursorId"] = str(cursor)
    return request.build_absolute_uri(f"{request.path}?{query.urlencode()}")


def _whole(request: Request, name: str) -> int | None:
    text = request.query_params.get(name, "").strip()
    if not text:
        return None
    if not _WHOLE(text) or abs(int(text)) > LARGEST_ID:
        raise ValueNotValid(field=name, sentence=_("Write a whole number."))
    return int(text)
