"""Variables in texts, such as `$contact.firstname` or `{{$contact.firstname}}`: pure, the values are given."""

import re
from collections.abc import Mapping

_TOKEN = re.compile(
    r"\{\{\s*\$(?P<braced>(?:contact|assignee|system)\.\w+)\s*\}\}|\$(?P<bare>(?:contact|assignee|system)\.\w+)"
)


def render(text: str, facts: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return the text with its variables filled, and the names that have no value: those stay as they are written."""
    missing: dict[str, None] = {}

    def fill(match: re.Match[str]) -> str:
        name = match["braced"] or match["bare"]
        value = facts.get(name) or facts.get(name.lower(), "")
        if not value:
            missing[f"${name}"] = None
            return match[0]
        return value

    return _TOKEN.sub(fill, text), tuple(missing)


def has_variables(text: str) -> bool:
    """Tell whether there is anything to fill, so that nobody reads facts for nothing."""
    return _TOKEN.search(text) is not None
