"""The state of the contact list, all of it in the address: search, filter, order, page size, place."""

from dataclasses import dataclass
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import QueryDict

from contacts.filters import Filter
from contacts.models import ContactField
from contacts.queries.listing import LONGEST_SEARCH, Sort
from contacts.web.filter_form import Branch, Vocabulary, act_on, read_tree
from workspaces.models import Workspace

SIZES = (10, 25, 50, 100)
SIZE = 25


@dataclass(frozen=True, slots=True)
class ListState:
    """What is listed, and how."""

    search: str
    tree: Branch
    vocabulary: Vocabulary
    filter: Filter | None
    sort: Sort
    size: int
    cursor: str

    @property
    def is_narrowed(self) -> bool:
        """Whether less than everything is listed."""
        return bool(self.search or self.filter)

    @property
    def condition_count(self) -> int:
        """How many conditions are applied."""
        return self.filter.condition_count if self.filter else 0

    def narrowing(self) -> list[tuple[str, str]]:
        """Return the address's parts that say which contacts match."""
        return [*([("q", self.search)] if self.search else []), *self.tree.params()]

    def query(self, **changes: str) -> str:
        """Return the address of this list, with some parts changed; the place is kept only when it is given."""
        own = {**self._order(), **changes}
        return urlencode([*self.narrowing(), *((name, value) for name, value in own.items() if value)])

    def order(self) -> str:
        """Return the address's part that says order and page size, for a list that nothing narrows."""
        return urlencode([(name, value) for name, value in self._order().items() if value])

    def _order(self) -> dict[str, str]:
        return {
            "sort": self.sort.value if self.sort is not Sort.NEWEST else "",
            "rows": str(self.size) if self.size != SIZE else "",
        }


def read_state(data: QueryDict, *, fields: list[ContactField], workspace: Workspace, zone: ZoneInfo) -> ListState:
    """Read the state out of an address or a form; `do` is what a button of the filter builder asks for."""
    tree = read_tree(data)
    if act := data.get("do", ""):
        tree = act_on(tree, act)
    vocabulary = Vocabulary(fields, zone=zone, default_country=workspace.default_country)
    sort, size = data.get("sort", ""), data.get("rows", "")
    return ListState(
        search=data.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
        tree=tree,
        vocabulary=vocabulary,
        filter=vocabulary.filter_of(tree),
        sort=Sort(sort) if sort in tuple(Sort) else Sort.NEWEST,
        size=int(size) if size in {str(one) for one in SIZES} else SIZE,
        cursor=data.get("cursor", "")[:4000],
    )
