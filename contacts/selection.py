"""What a bulk act is about: contacts chosen one by one, or all that match a search and a filter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from contacts.errors import TooManySelected, ValueRefused
from contacts.filters import Filter, parse_filter
from contacts.identifiers import LARGEST_ID
from contacts.models import Contact, ContactField
from contacts.queries.listing import matching_contacts
from contacts.queries.visibility import visible_contacts
from workspaces.actors import Actor

MOST_CHOSEN = 1_000


@dataclass(frozen=True, slots=True)
class Selection:
    """Either `ids`, or with `is_all` everything that matches, without the excluded ones."""

    ids: tuple[int, ...] = ()
    is_all: bool = False
    search: str = ""
    filter: Filter | None = None
    excluded: tuple[int, ...] = ()

    @classmethod
    def of(cls, ids: Iterable[object]) -> Self:
        """Return the contacts chosen one by one; raise when there are too many, or an id is none."""
        return cls(ids=_ids(ids, field="ids"))

    @classmethod
    def matching(cls, *, search: str = "", filter: Filter | None = None, excluded: Iterable[object] = ()) -> Self:  # noqa: A002
        """Return all contacts that match, without those that were taken out by hand."""
        return cls(is_all=True, search=search, filter=filter, excluded=_ids(excluded, field="excluded"))

    @classmethod
    def from_form(
        cls,
        *,
        ids: Sequence[str],
        is_all: bool,
        search: str = "",
        filter: Filter | None = None,  # noqa: A002
        excluded: Sequence[str] = (),
    ) -> Self:
        """Read what a form of the list sends: the ticked rows, or "all that match" without the unticked ones."""
        return cls.matching(search=search, filter=filter, excluded=excluded) if is_all else cls.of(ids)

    @classmethod
    def from_json(
        cls, body: object, *, fields: Sequence[ContactField], zone: ZoneInfo, default_country: str = ""
    ) -> Self:
        """Read `{"ids": [...]}` or `{"all": true, "search"?, "filter"?, "excluded"?}`."""
        if isinstance(body, Mapping) and isinstance(body.get("ids"), list):
            return cls.of(body["ids"])
        if not isinstance(body, Mapping) or body.get("all") is not True:
            raise ValueRefused(
                field="selection", sentence=_("Write {“ids”: […]}, or {“all”: true} with search and filter.")
            )
        search, excluded = body.get("search", ""), body.get("excluded", [])
        if not isinstance(search, str):
            raise ValueRefused(field="search", sentence=_("Write the search as a text."))
        if not isinstance(excluded, list):
            raise ValueRefused(field="excluded", sentence=_("Write a list of contacts' ids."))
        kept = parse_filter(body.get("filter"), fields=fields, zone=zone, default_country=default_country)
        return cls.matching(search=search, filter=kept, excluded=excluded)

    def contacts(self, actor: Actor) -> QuerySet[Contact]:
        """Return the chosen contacts that the actor may see, in no order."""
        if not self.is_all:
            return visible_contacts(actor).filter(pk__in=self.ids)
        found = matching_contacts(actor, search=self.search, filter=self.filter)
        return found.exclude(pk__in=self.excluded) if self.excluded else found


def _ids(given: Iterable[object], *, field: str) -> tuple[int, ...]:
    ids: dict[int, None] = {}
    for number, value in enumerate(given):
        if number >= 10 * MOST_CHOSEN or len(ids) > MOST_CHOSEN:
            break
        ids[_id(value, field)] = None
    if len(ids) > MOST_CHOSEN:
        raise TooManySelected(limit=MOST_CHOSEN, field=field)
    return tuple(sorted(ids))


def _id(value: object, field: str) -> int:
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_ID:
        raise ValueRefused(field=field, sentence=_("A contact's id is a whole number such as 123."))
    return value
