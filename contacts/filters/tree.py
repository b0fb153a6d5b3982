"""A filter that was read: groups of conditions, known to be valid, ready to be shown, kept or applied."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from contacts.filters.compiling import compiled, known_names
from contacts.filters.conditions import Condition
from contacts.models import Contact


class Joiner(StrEnum):
    """How the parts of a group count."""

    ALL = "$and"
    ANY = "$or"


@dataclass(frozen=True, slots=True)
class Group:
    """All of, or any of, its parts; it has one at least."""

    joiner: Joiner
    parts: tuple["Condition | Group", ...]

    def conditions(self) -> Iterator[Condition]:
        """Yield every condition in it, however deep."""
        for part in self.parts:
            if isinstance(part, Condition):
                yield part
            else:
                yield from part.conditions()

    def to_json(self) -> dict[str, object]:
        """Return the form that the public API takes; reading it again gives the same group."""
        return {self.joiner.value: [part.to_json() for part in self.parts]}

    def describe(self) -> str:
        """Say it in one sentence of the active language."""
        word = _(" and ") if self.joiner is Joiner.ALL else _(" or ")
        return word.join(
            f"({part.describe()})" if isinstance(part, Group) and len(part.parts) > 1 else part.describe()
            for part in self.parts
        )


@dataclass(frozen=True, slots=True)
class Filter:
    """A condition over contacts, made by `parse_filter`; it says who matches, never who may be seen."""

    root: Group

    def apply(self, contacts: QuerySet[Contact], *, workspace_id: int) -> QuerySet[Contact]:
        """Keep the contacts that match; tags and stages are looked up by name with one query each."""
        return contacts.filter(self.q(workspace_id=workspace_id))

    def q(self, *, workspace_id: int) -> Q:
        """Return the filter as a Q over contacts of that workspace."""
        known = known_names(self.root.conditions(), workspace_id=workspace_id)

        def of(part: Condition | Group) -> Q:
            if isinstance(part, Condition):
                return compiled(part, known)
            joined = Q()
            for inner in part.parts:
                joined = (joined & of(inner)) if part.joiner is Joiner.ALL else (joined | of(inner))
            return joined

        return of(self.root)

    @property
    def condition_count(self) -> int:
        """How many conditions it has, for the filter button."""
        return sum(1 for _condition in self.root.conditions())

    def to_json(self) -> dict[str, object]:
        """Return the form that the public API takes; reading it again gives the same filter."""
        return self.root.to_json()

    def describe(self) -> str:
        """Say it in one sentence of the active language."""
        return self.root.describe()
