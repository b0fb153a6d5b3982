"""When a team works: for each weekday the stretches between opening and closing, on the clock of the workspace's time zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

QUARTER_MINUTES = 15
DAY_MINUTES = 24 * 60
MOST_STRETCHES = 4  # in one day
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """A part of one day. opens, closes: minutes on the clock since 00:00, closes up to 24:00 and itself outside."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return f"{clock(self.opens)}–{clock(self.closes)}"


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """The stretches of seven days, Monday first, each day's in their order. A day without any is free."""

    days: tuple[tuple[Stretch, ...], ...]

    @classmethod
    def of(cls, days: Sequence[Sequence[Sequence[int]]]) -> Self:
        """Return the hours that seven lists of [opens, closes] in minutes mean; this is how they are stored."""
        return cls(days=tuple(tuple(sorted(Stretch(*stretch) for stretch in day)) for day in days))

    def stored(self) -> list[list[list[int]]]:
        """Return seven lists of [opens, closes], what `of` reads."""
        return [[[stretch.opens, stretch.closes] for stretch in day] for day in self.days]


def clock(minutes: int) -> str:
    """Return minutes since midnight as a clock shows them: 09:15, or 24:00 for the end of the day."""
    return f"{minutes // 60:02}:{minutes % 60:02}"
