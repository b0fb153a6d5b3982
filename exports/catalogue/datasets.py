"""What a data set is. One module each under `workspace/` and `performance/`; `exports.catalogue.DATASETS` lists them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from exports.catalogue.columns import Column
from reports.definitions.filters import Filter


class Family(StrEnum):
    """Which way date-times and durations are written."""

    WORKSPACE = "workspace"
    PERFORMANCE = "performance"


class RangeRule(StrEnum):
    """How a range chooses rows; docs/EXPORTS.md, "Ranges"."""

    NONE = "none"
    INSTANT = "instant"
    OVERLAP = "overlap"
    EVENTS = "events"
    QUALIFY = "qualify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """One data set: its words, its columns in file order, and the SQL of its rows.

    `source` follows FROM and holds a WHERE at its top level; `before` is a WITH clause. Both, and the columns, may use the
    parameters of `exports.parameters`; a literal percent sign is doubled. `order_by` is SQL; texts are ordered by code point.
    """

    key: str
    title: Promise | str
    scope: Promise | str
    family: Family
    range_rule: RangeRule
    filters: tuple[Filter, ...]
    columns: tuple[Column, ...]
    source: str
    order_by: str
    before: str = ""
    dynamic_columns: Callable[[int], list[Column]] | None = None  # of a workspace, in its scope; after the fixed ones

    @property
    def needs_range(self) -> bool:
        """Whether a range must be chosen."""
        return self.range_rule is not RangeRule.NONE

    def columns_in(self, workspace_id: int) -> tuple[Column, ...]:
        """Return the columns of a workspace's file; runs in its scope."""
        return self.columns + tuple(self.dynamic_columns(workspace_id) if self.dynamic_columns is not None else ())
