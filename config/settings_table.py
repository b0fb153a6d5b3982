"""docs/SETTINGS.md as text: `python -m config.settings_table > docs/SETTINGS.md`."""

import sys
from collections.abc import Iterable

from config.embedded import VARIABLES as EMBEDDED
from config.env import VARIABLES, Variable

OPENING = """# Settings

Every setting is an environment variable. All are read and checked at start; one message names everything that is missing
or cannot be used. `bin/up` sets what it runs itself and leaves alone what you set.

"""
EMBEDDED_OPENING = """
## Read by bin/up and bin/test only

"""


def document() -> str:
    """Return the whole document."""
    return OPENING + _table(VARIABLES) + EMBEDDED_OPENING + _table(EMBEDDED)


def _table(variables: Iterable[Variable]) -> str:
    lines = ["| Variable | Meaning | Default |", "| --- | --- | --- |"]
    for variable in variables:
        default = "required" if variable.default is None else f"`{variable.default}`" if variable.default else "empty"
        name = f"`{variable.name}`{' (secret)' if variable.secret else ''}"
        lines.append(f"| {name} | {variable.meaning} | {default} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
