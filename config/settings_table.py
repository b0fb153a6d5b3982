"""docs/SETTINGS.md as text: `python -m config.settings_table > docs/SETTINGS.md`."""

import sys
from collections.abc import Iterable

from config.embedded import VARIABLES as EMBEDDED
from config.env import VARIABLES, Variable

OPENING = """# Settings

Every setting is an environment variable. All are read and checked at start; one message names everything that is missing
or cannot be used. `bin/up` sets what it runs itself and leaves alone what you set.

"""
REPLICA = """
## A replica for reports

Reports read from the streaming replica that `DATABASE_REPLICA_URL` names as long as it answers, copies the server of
`DATABASE_URL` and is at most `REPLICA_LAG_SECONDS` behind it; else they read from `DATABASE_URL`, and each process looks
again after 5 seconds. A promoted replica is passed over, since its history is its own by then: name it in `DATABASE_URL` to
go on with it. Its role is the app role, as one that no tenant wall binds is not used. Let `max_standby_streaming_delay` on
the replica be longer than `REPORT_SECONDS`, as PostgreSQL's 30 s are: a report that the replica has to stop is told to the
reader as one that took too long, and asked for again it is read from `DATABASE_URL`.
"""
EMBEDDED_OPENING = """
## Read by bin/up and bin/test only

"""


def document() -> str:
    """Return the whole document."""
    return OPENING + _table(VARIABLES) + REPLICA + EMBEDDED_OPENING + _table(EMBEDDED)


def _table(variables: Iterable[Variable]) -> str:
    lines = ["| Variable | Meaning | Default |", "| --- | --- | --- |"]
    for variable in variables:
        default = "required" if variable.default is None else f"`{variable.default}`" if variable.default else "empty"
        name = f"`{variable.name}`{' (secret)' if variable.secret else ''}"
        lines.append(f"| {name} | {variable.meaning} | {default} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
