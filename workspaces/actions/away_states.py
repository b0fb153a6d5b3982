"""Named reasons to be away: while one is on, people choose among them and plain Away is gone."""

from datetime import datetime

from django.db import IntegrityError, transaction

from workspaces import events
from workspaces.access import away_state_for_update, workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.models import AwayState
from workspaces.permissions import Permission

LONGEST_NAME = 25
MOST_AWAY_STATES = 30


@transaction.atomic
def create_away_state(*, actor: Actor, name: str, at: datetime) -> AwayState:
    """Add a reason to be away; it is on at once."""
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    if AwayState.objects.in_workspace(actor.workspace_id).filter(deleted_at=None).count() >= MOST_AWAY_STATES:
        raise LimitReached(limit=MOST_AWAY_STATES)
    state = AwayState(workspace=workspace, created_at=at, name=text_of(name, field="name", most=LONGEST_NAME))
    _save(state)
    record(events.AwayStateCreated(subject_id=state.pk, name=state.name), actor=actor, at=at)
    return state


@transaction.atomic
def change_away_state(
    *, actor: Actor, away_state_id: int, name: str | None = None, is_on: bool | None = None, at: datetime
) -> AwayState:
    """Rename a state or switch it; None leaves as it is. Whoever is away by it stays so until they choose anew.

    Past time keeps the name that it was spent under.
    """
    state = away_state_for_update(actor, away_state_id, needs=Permission.SETTINGS_MANAGE)
    wanted: dict[str, object] = {}
    if name is not None:
        wanted["name"] = text_of(name, field="name", most=LONGEST_NAME)
    if is_on is not None:
        wanted["is_on"] = is_on
    changes = put_values(state, wanted)
    if changes:
        _save(state)
        record(events.AwayStateChanged(subject_id=state.pk, changes=changes), actor=actor, at=at)
    return state


@transaction.atomic
def delete_away_state(*, actor: Actor, away_state_id: int, at: datetime) -> None:
    """Delete a state; nobody can choose it any more, and time spent under it keeps its name."""
    state = away_state_for_update(actor, away_state_id, needs=Permission.SETTINGS_MANAGE)
    state.is_on, state.deleted_at = False, at
    state.save(update_fields=["is_on", "deleted_at"])
    record(events.AwayStateDeleted(subject_id=state.pk, name=state.name), actor=actor, at=at)


def _save(state: AwayState) -> None:
    try:
        with transaction.atomic():
            state.save()
    except IntegrityError as taken:
        raise NameTaken(name=state.name, field="name") from taken
