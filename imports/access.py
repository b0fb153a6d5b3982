"""The doors: an outside id becomes an import of the actor's workspace, or a refusal."""

from datetime import datetime

from imports.errors import ImportNotFound, WrongState
from imports.models import ContactImport, State
from workspaces.actors import Actor
from workspaces.permissions import Permission
from workspaces.queries import actor_now

LARGEST_ID = 2**63 - 1


def import_for_update(actor: Actor, import_id: int, *, states: tuple[str, ...]) -> ContactImport:
    """Lock one import that is in one of the states."""
    actor.require(Permission.IMPORT_RUN)
    rows = ContactImport.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    found = rows.filter(pk=import_id).first() if 0 < import_id <= LARGEST_ID else None
    if found is None:
        raise ImportNotFound(import_id=import_id)
    if found.state not in states:
        raise WrongState(state=found.state)
    return found


def refuse_expired(contact_import: ContactImport, *, at: datetime) -> None:
    """Raise WrongState when the hour in which somebody has to go on is over, whether or not the sweep has been there."""
    if contact_import.review_expires_at is not None and contact_import.review_expires_at <= at:
        raise WrongState(state=State.EXPIRED.value)


def requester_of(contact_import: ContactImport, *, at: datetime) -> Actor | None:
    """Return whoever asked for the import, as they are now; None when they may no longer import."""
    return _actor_who_may(
        contact_import.workspace_id, contact_import.requested_by_id, contact_import.requested_token_id, at=at
    )


def undo_requester_of(contact_import: ContactImport, *, at: datetime) -> Actor | None:
    """Return whoever asked to take the import back, as they are now; None when they may no longer do so."""
    return _actor_who_may(
        contact_import.workspace_id, contact_import.undo_requested_by_id, contact_import.undo_requested_token_id, at=at
    )


def _actor_who_may(workspace_id: int, user_id: int | None, token_id: int | None, *, at: datetime) -> Actor | None:
    actor = actor_now(workspace_id, user_id=user_id, token_id=token_id, at=at)
    return actor if actor is not None and actor.may(Permission.IMPORT_RUN) else None
