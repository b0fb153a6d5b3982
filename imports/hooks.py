"""What webhooks tell about imports."""

from django.utils.translation import gettext_lazy as _

from imports.events import ImportCompleted
from workspaces.hook_kinds import HookKind, LoggedEvent


def _completed(event: LoggedEvent) -> dict[str, object]:
    counts = {name: event.data[name] for name in ("imported", "updated", "skipped")}
    return {
        "import": {"id": event.subject_id, "state": "completed", "counts": {**counts, "error": event.data["failed"]}}
    }


HOOKS = {ImportCompleted.type: HookKind("import.completed", _("An import was completed"), _completed)}
