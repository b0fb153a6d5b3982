"""How figures follow from rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.reports.oracle.items import Item

Lengths = Callable[..., float]  # milliseconds between two moments, elapsed or worked


@dataclass(frozen=True, slots=True)
class Fig:
    """A figure: its value, the number of rows behind it, and what lies below half and nine tenths of them."""

    value: float | None
    count: int
    median: float | None = None
    p90: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A metric: over which items, and what is computed of them.

    sort: count; distinct contacts; span, the mean of a length; responses, the mean of all responses of conversations; answers, the
    mean number of them.
    """

    kind: str
    log: str
    sort: str = "count"
    word: str = ""  # counts only items with it
    span: str = ""

    @property
    def is_mean(self) -> bool:
        """Tell whether it has a median."""
        return self.sort in {"span", "responses", "answers"}

    def value(self, item: Item, lengths: Lengths) -> float | None:
        """Return a row's value, None where the row does not count."""
        if self.sort == "answers":
            return float(len(item.responses))
        if self.sort == "responses":
            found = [lengths(*each) for each in item.responses]
            return sum(found) / len(found) if found else None
        start, end = item.spans[self.span]
        return None if start is None or end is None else lengths(start, end)

    def holds(self, item: Item, lengths: Lengths) -> bool:
        """Tell whether a row is behind the figure."""
        return self.value(item, lengths) is not None if self.is_mean else not self.word or self.word in item.words

    def figure(self, items: Sequence[Item], lengths: Lengths, *, has_percentiles: bool = True) -> Fig:
        """Compute the figure of rows of its kind."""
        if not self.is_mean:
            behind = [item for item in items if self.holds(item, lengths)]
            count = len({item.contact_id for item in behind}) if self.sort == "distinct" else len(behind)
            return Fig(count, count)
        values = sorted(value for item in items if (value := self.value(item, lengths)) is not None)
        if not values:
            return Fig(None, 0)
        shares = (share(values, 0.5), share(values, 0.9)) if has_percentiles else (None, None)
        return Fig(self._mean(items, values, lengths), len(values), *shares)

    def _mean(self, items: Sequence[Item], values: Sequence[float], lengths: Lengths) -> float:
        if self.sort != "responses":
            return sum(values) / len(values)
        every = [lengths(*each) for item in items for each in item.responses]
        return sum(every) / len(every)


def share(values: Sequence[float], part: float) -> float:
    """Return the value below which a part of the sorted values lies, on the line between its neighbours."""
    place = part * (len(values) - 1)
    below = int(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (values[above] - values[below]) * (place - below)
