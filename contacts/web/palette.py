"""What the command palette shows: groups of things to go to. The apps above add theirs; the settings name who is asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from workspaces.actors import Actor


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to go to. id: of the person whose avatar stands beside it, where there is no icon."""

    label: str
    url: str
    meta: str = ""
    icon: str = ""
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Things of one sort."""

    label: str
    items: list[Item]


# Asked with the query and with the ids of the contacts that it found.
Finder = Callable[[Actor, str, Sequence[int]], list[Found]]


def found_above(actor: Actor, query: str, contact_ids: Sequence[int]) -> list[Found]:
    """Return what the apps above find."""
    finders: list[Finder] = [import_string(name) for name in settings.PALETTE_FINDERS]
    return [group for find in finders for group in find(actor, query, contact_ids)]
