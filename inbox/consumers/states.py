"""Who types and who looks, in memory alone: a state that is not renewed ends by itself."""

from dataclasses import dataclass, field
from typing import Any

LASTS = {"typing": 6.0, "viewing": 30.0}  # seconds after the last renewal
VISITOR = 0  # stands for the visitor where a person's id stands for an agent

Place = tuple[int, str, int]  # workspace, "typing" or "viewing", contact


@dataclass(slots=True)
class Doing:
    """What somebody does at a place. hidden: of no concern to the visitor, such as a comment."""

    name: str
    until: float
    hidden: bool = False


@dataclass(slots=True)
class States:
    """Everything that is being done now, in all workspaces."""

    places: dict[Place, dict[int, Doing]] = field(default_factory=dict)

    def begin(self, place: Place, who: int, doing: Doing) -> bool:
        """Note or renew; return whether others have to be told."""
        here = self.places.setdefault(place, {})
        before = here.get(who)
        here[who] = doing
        return before is None or before.hidden != doing.hidden

    def end(self, place: Place, who: int) -> bool:
        """Forget; return whether others have to be told."""
        here = self.places.get(place, {})
        known = here.pop(who, None) is not None
        if not here:
            self.places.pop(place, None)
        return known

    def expire(self, now: float) -> set[Place]:
        """Forget what was not renewed; return where others have to be told."""
        over = [
            (place, who) for place, here in self.places.items() for who, doing in here.items() if doing.until <= now
        ]
        for place, who in over:
            self.end(place, who)
        return {place for place, _who in over}

    def people(self, place: Place, *, but: int | None = None) -> list[dict[str, Any]]:
        """Return who is at a place, the visitor first, without one."""
        here = self.places.get(place, {})
        return [
            {"id": who or None, "name": doing.name, "visitor": who == VISITOR}
            for who, doing in sorted(here.items())
            if who != but
        ]

    def agent_types(self, place: Place) -> bool:
        """Tell whether an agent types what the visitor will read."""
        return any(who != VISITOR and not doing.hidden for who, doing in self.places.get(place, {}).items())
