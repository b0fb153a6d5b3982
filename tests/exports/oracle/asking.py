"""What a file was asked for, as the oracle reads it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Cells = dict[str, str]
FIRST = datetime(1, 1, 1, tzinfo=UTC)
LAST = datetime(9999, 12, 31, tzinfo=UTC)
GREENWICH = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Range, filters and viewer of a file. `seen` names whose contacts the viewer sees; None: everybody's."""

    export_at: datetime
    range_from: datetime = FIRST
    range_to: datetime = LAST  # the first moment after the range
    filters: Mapping[str, list[int] | list[str]] = field(default_factory=dict)
    zone: ZoneInfo = GREENWICH
    seen: frozenset[int] | None = None
    conversation_urls: str = ""
    is_guarded: bool = True
    shows_content: bool = False

    def covers(self, moment: datetime | None) -> bool:
        """Tell whether a moment lies in the range."""
        return moment is not None and self.range_from <= moment < self.range_to

    def allows(self, name: str, value: int | str | None) -> bool:
        """Tell whether a value is one of those chosen in a filter, or nothing was chosen there."""
        return self.allows_any(name, [value])

    def allows_any(self, name: str, values: Iterable[int | str | None]) -> bool:
        """Tell whether one of the values is chosen in a filter, or nothing was chosen there."""
        chosen = self.filters.get(name)
        return not chosen or any(value in chosen for value in values)

    def allows_assignee(self, user_id: int | None) -> bool:
        """Tell whether an assignee is chosen; 0 stands for nobody."""
        return self.allows("assignees", user_id or 0)
