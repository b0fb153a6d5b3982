"""Every route of the URL conf, as the product itself knows them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver

# Parts that are no ids: the same words mean the same in every workspace.
WORDS = frozenset({"workspace_id", "key", "number", "view", "report", "block", "log"})


@dataclass(frozen=True, slots=True)
class Route:
    """One route: its name, its address as a pattern, and the names of its parts."""

    name: str
    address: str
    parts: tuple[str, ...]

    @property
    def is_api(self) -> bool:
        return self.address.startswith("v2/")

    @property
    def names_things(self) -> bool:
        """Whether an id stands in its address."""
        return bool(set(self.parts) - WORDS)

    @property
    def is_of_a_workspace(self) -> bool:
        return "workspace_id" in self.parts


def all_routes() -> list[Route]:
    """Return every route, in the order of the URL conf."""
    return list(_walk(get_resolver(), "", ()))


def _walk(resolver: URLResolver, address: str, parts: tuple[str, ...]) -> Iterator[Route]:
    for pattern in resolver.url_patterns:
        here = address + str(pattern.pattern).removeprefix("^")
        its_parts = (*parts, *pattern.pattern.converters, *getattr(pattern.pattern, "regex", _none).groupindex)
        its_parts = tuple(dict.fromkeys(its_parts))
        if isinstance(pattern, URLPattern):
            yield Route(pattern.name or here, here, its_parts)
        else:
            yield from _walk(pattern, here, its_parts)


class _NoGroups:
    groupindex: dict[str, int] = {}


_none = _NoGroups()
