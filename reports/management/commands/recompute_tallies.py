"""`manage.py recompute_tallies [--workspace N] [--mend]`: are the tallies of reports what the raw rows say?

Without --mend nothing is written. Exit code 1 when something differed and was not mended.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from reports.tallies.building import build_tallies
from reports.tallies.checking import Difference, differences
from workspaces.scope import workspace_scope


class Command(BaseCommand):
    help = "Compare the tallies of reports with the raw rows; --mend builds them anew where they differ."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", type=int, help="Only this workspace, by id.")
        parser.add_argument("--mend", action="store_true", help="Build anew what differs, and what is not built yet.")

    def handle(self, *_args: Any, workspace: int | None, mend: bool, **_options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT workspace_id FROM every_workspace()")
            known = [number for (number,) in cursor.fetchall()]
        looked_at = [workspace] if workspace is not None else known
        different = 0
        for workspace_id in looked_at:
            with workspace_scope(workspace_id):
                found = differences(workspace_id=workspace_id)
            if found is None:
                self.stdout.write(f"workspace {workspace_id}: no tallies yet")
            for difference in found or ():
                self.stdout.write(_line(workspace_id, difference))
            different += bool(found)
            if mend and found != []:
                build_tallies(workspace_id=workspace_id, at=timezone.now())
        self.stdout.write(f"{len(looked_at)} workspaces, {different} with tallies that their rows do not bear out.")
        if different and not mend:
            raise CommandError("Run it with --mend to build them anew.")


def _line(workspace_id: int, found: Difference) -> str:
    return (
        f"workspace {workspace_id}: {found.table} on {found.day} {found.key}: tallied {found.tallied}, raw {found.raw}"
    )
