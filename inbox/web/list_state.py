"""What the address of the list says: the inbox, its filters and its order; and back into an address."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from inbox.queries.narrowing import Listing, Only, Sort, State

LARGEST = 2**63 - 1
Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class ListState:
    """A listing with its place in the address."""

    workspace_id: int
    listing: Listing

    @classmethod
    def read(cls, request: HttpRequest, workspace_id: int, view: str) -> "ListState":
        """Read the list's part of the address; what is not known counts as not said."""
        given = request.POST if request.method == "POST" else request.GET
        return cls(
            workspace_id,
            Listing(
                view=view,
                state=_one_of(State, given.get("state", ""), State.OPEN),
                only=_one_of(Only, given.get("only", ""), Only.EVERY),
                sort=_one_of(Sort, given.get("sort", ""), Sort.NEWEST),
                channel_id=_number(given.get("channel", "")),
                tag_id=_number(given.get("tag", "")),
            ),
        )

    def query(self, **other: str) -> str:
        """Return the query of this listing, with some parts said otherwise."""
        listing = self.listing
        parts = {
            "state": listing.state.value if listing.state is not State.OPEN else "",
            "only": listing.only.value,
            "sort": listing.sort.value if listing.sort is not Sort.NEWEST else "",
            "channel": str(listing.channel_id or ""),
            "tag": str(listing.tag_id or ""),
        } | other
        return urlencode({name: value for name, value in parts.items() if value})

    def url(self, **other: str) -> str:
        """Return the page of this listing, with some parts said otherwise."""
        return _with(reverse("inbox_view", args=[self.workspace_id, self.listing.view]), self.query(**other))

    def rows_url(self, **other: str) -> str:
        """Return where rows of this listing are asked for."""
        return _with(reverse("inbox_rows", args=[self.workspace_id, self.listing.view]), self.query(**other))

    def thread_url(self, contact_id: int) -> str:
        """Return the page of a thread beside this listing."""
        address = reverse("inbox_thread_in", args=[self.workspace_id, self.listing.view, contact_id])
        return _with(address, self.query())


def _with(address: str, query: str) -> str:
    return f"{address}?{query}" if query else address


def _one_of(kind: type[Word], text: str, otherwise: Word) -> Word:
    return kind(text) if text in {member.value for member in kind} else otherwise


def _number(text: str) -> int | None:
    return min(int(text), LARGEST) if text.isascii() and text.isdecimal() and len(text) < 20 else None
