"""`manage.py recompute_conversations [--workspace N] [--mend]`: are the figures of conversations what their facts say?

Without --mend nothing is written. Exit code 1 when something differed.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from inbox.actions.recomputing import BATCH, Difference, recompute_batch
from workspaces.scope import workspace_scope


class Command(BaseCommand):
    help = "Compare the figures of conversations with their facts; --mend puts them right."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--workspace", type=int, help="Only this workspace, by id.")
        parser.add_argument("--mend", action="store_true", help="Write what the facts say.")

    def handle(self, *_args: Any, workspace: int | None, mend: bool, **_options: Any) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT workspace_id FROM every_workspace()")
            known = [number for (number,) in cursor.fetchall()]
        looked_at, different = 0, 0
        for workspace_id in [workspace] if workspace is not None else known:
            after = 0
            while True:
                with workspace_scope(workspace_id):
                    batch = recompute_batch(workspace_id=workspace_id, after=after, mend=mend)
                looked_at += batch.count
                different += len({found.conversation_id for found in batch.differences})
                for found in batch.differences:
                    self.stdout.write(_line(found))
                if batch.count < BATCH:
                    break
                after = batch.last_id
        self.stdout.write(f"{looked_at} conversations, {different} with figures that their facts do not bear out.")
        if different and not mend:
            raise CommandError("Run it with --mend to put them right.")


def _line(found: Difference) -> str:
    return f"{found.conversation_id} {found.figure}: stored {found.stored!r}, computed {found.computed!r}"
