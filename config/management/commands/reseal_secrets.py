from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, models

from workspaces.scope import workspace_scope
from workspaces.sealing import NotUnsealable, reseal

EVERY_WORKSPACE = "SELECT workspace_id FROM every_workspace()"


class Command(BaseCommand):
    """Seals every stored secret anew with the first key, so that the other keys of SECRETS_KEYS can go."""

    help = "Seal every stored secret with the first key of SECRETS_KEYS; afterwards the others can be removed."

    def handle(self, *_args: Any, **_options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(EVERY_WORKSPACE)
            workspace_ids = [workspace_id for (workspace_id,) in cursor.fetchall()]
        sealed = [
            (model, field.attname)
            for model in apps.get_models()
            for field in model._meta.concrete_fields  # noqa: SLF001 - Django's documented way to a model's fields
            if field.attname.startswith("sealed_")
        ]
        count = closed = 0
        for workspace_id in workspace_ids:
            for model, column in sealed:
                done, failed = _reseal(workspace_id, model, column)
                count, closed = count + done, closed + failed
        self.stdout.write(f"Sealed anew: {count}.")
        if closed:
            raise CommandError(f"Without a key in SECRETS_KEYS that opens them: {closed}. Add it, or enter them again.")


def _reseal(workspace_id: int, model: type[models.Model], column: str) -> tuple[int, int]:
    done = failed = 0
    with workspace_scope(workspace_id):
        manager = model._default_manager  # noqa: SLF001 - of whichever model has secrets
        rows = manager.filter(workspace_id=workspace_id).exclude(**{column: ""})
        for row in rows.select_for_update(of=("self",)).order_by("pk"):
            try:
                setattr(row, column, reseal(getattr(row, column)))
            except NotUnsealable:
                failed += 1
                continue
            row.save(update_fields=[column])
            done += 1
    return done, failed
