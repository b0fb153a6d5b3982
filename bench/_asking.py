"""Asks the reports of the large workspace, as a page asks for them: scope, reading, answer."""
# ruff: noqa: PLC0415 - Django is set up only once the server runs

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from _year import Year

DAYS = {"30 days": 30, "year": 365}
# Of the filters that a report has, the first so many are chosen.
CHOICES = (
    "closed_users",
    "channels",
    "users",
    "sender_types",
    "teams",
    "sources",
    "assignment_sources",
    "assigned_to",
    "broadcasts",
)


def values_of(workspace_id: int) -> Mapping[str, tuple[str, ...]]:
    """Return what each filter of CHOICES is set to."""
    from django.db import connection

    from workspaces.scope import workspace_scope

    with workspace_scope(workspace_id), connection.cursor() as cursor:

        def ids(statement: str) -> tuple[str, ...]:
            cursor.execute(f"{statement} WHERE workspace_id = %s ORDER BY 1 LIMIT 3", [workspace_id])
            return tuple(str(row[0]) for row in cursor.fetchall())

        people = ids("SELECT user_id FROM workspaces_membership")
        return {
            "closed_users": people, "channels": ids("SELECT id FROM inbox_channel"), "users": people, "sender_types": ("user", "bot"),
            "teams": ids("SELECT id FROM workspaces_team"), "sources": ("user", "import"), "assignment_sources": ("user", "workflow"),
            "assigned_to": people, "broadcasts": ids("SELECT id FROM inbox_broadcast"),
        }  # fmt: skip


@dataclass(frozen=True)
class Asker:
    """Asks the large workspace's reports as its owner."""

    year: Year
    values: Mapping[str, tuple[str, ...]]
    now: datetime

    @contextmanager
    def reading(self, report: Any, period: str, filters: int) -> Iterator[Any]:
        """Open the reading of a report, narrowed by its first so many filters."""
        from reports.access import open_reading
        from reports.engine.asking import Asked

        known = {str(name): name for name in report.filters}
        chosen = [name for name in CHOICES if name in known][:filters]
        last = self.now.date()
        asked = Asked(
            first=(last - timedelta(days=DAYS[period] - 1)).isoformat(),
            last=last.isoformat(),
            filters={known[name]: self.values[name] for name in chosen},
        )
        with open_reading(owner(self.year), asked, now=self.now) as reading:
            yield reading


def owner(year: Year) -> Any:
    """Return the actor who owns the large workspace."""
    from workspaces.actors import Actor
    from workspaces.permissions import Role

    return Actor.member(
        user_id=year.user_id, workspace_id=year.workspace_id, role=Role.OWNER, restrictions=[], team_id=None
    )


def ask_block(asker: Asker, report: Any, key: str, period: str, filters: int) -> bool:
    """Answer a block; tell whether the filters apply to it."""
    from reports.engine.answers import State, answer

    with asker.reading(report, period, filters) as reading:
        return answer(report.blocks[key], reading).state is not State.NOT_APPLICABLE


def ask_log(asker: Asker, report: Any, key: str, period: str, filters: int) -> bool:
    """Read a log's newest rows; tell whether the filters apply to it."""
    from reports.engine.rows import is_applicable, log_rows

    log = report.logs_by_key[key]
    with asker.reading(report, period, filters) as reading:
        if not is_applicable(log, reading):
            return False
        log_rows(log, reading)
    return True
