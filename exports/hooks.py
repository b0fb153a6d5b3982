"""What webhooks tell about exports."""

from django.utils.translation import gettext_lazy as _

from exports.events import ExportCompleted, ExportFailed
from workspaces.hook_kinds import HookKind, LoggedEvent


def _completed(event: LoggedEvent) -> dict[str, object]:
    told = {name: event.data[name] for name in ("dataset", "rows", "size_bytes", "sha256")}
    return {"export": {"id": event.subject_id, "state": "completed", **told}}


def _failed(event: LoggedEvent) -> dict[str, object]:
    told = {"dataset": event.data["dataset"], "error": event.data["error"]}
    return {"export": {"id": event.subject_id, "state": "failed", **told}}


HOOKS = {
    ExportCompleted.type: HookKind("export.completed", _("An export was completed"), _completed),
    ExportFailed.type: HookKind("export.failed", _("An export failed"), _failed),
}
