"""An export and a schedule of exports in a workspace, each with the word in it."""

from datetime import timedelta

from exports.models import Export, ExportSchedule, State
from tests.factories import NOON
from workspaces.actors import Actor


def fill_exports(owner: Actor, *, word: str) -> dict[str, object]:
    """Put one of each into the open scope of a workspace; return their ids by the names that routes give them."""
    schedule = ExportSchedule.objects.create(
        workspace_id=owner.workspace_id,
        name=f"{word} schedule",
        dataset="contacts",
        every=ExportSchedule.Every.DAY,
        time_zone="UTC",
        next_at=NOON,
        created_by_id=owner.user_id,
        created_at=NOON,
    )
    export = Export.objects.create(
        workspace_id=owner.workspace_id,
        state=State.CANCELLED,
        dataset="contacts",
        time_zone="UTC",
        schedule=schedule,
        requested_by_id=owner.user_id,
        requested_at=NOON,
        deadline_at=NOON + timedelta(minutes=15),
        expires_at=NOON + timedelta(days=7),
        finished_at=NOON,
    )
    return {"export_id": export.pk, "schedule_id": schedule.pk}
