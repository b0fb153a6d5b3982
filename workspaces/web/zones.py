"""Time zones as a form offers them."""

from functools import cache

from workspaces.actions.checks import time_zones


def zone_choices(*, first: str = "") -> list[tuple[str, str]]:
    """Return every zone by name, one of them in front."""
    return sorted(_choices(), key=lambda choice: choice[0] != first) if first else list(_choices())


@cache
def _choices() -> tuple[tuple[str, str], ...]:
    return tuple((zone, zone.replace("_", " ")) for zone in sorted(time_zones()))
