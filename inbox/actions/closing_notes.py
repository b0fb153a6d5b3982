"""The categories of closing notes. A conversation keeps its category's name, so that deleting one loses nothing of the past."""

from datetime import datetime

from django.db import IntegrityError, transaction

from inbox.actions.behaviour import require_choices
from inbox.fingerprints import require_unchanged
from inbox.models import ClosingCategory
from inbox.queries.behaviour import settings_of
from inbox.settings_errors import CategoryNotFound
from inbox.settings_events import ClosingCategoryChanged
from workspaces.access import workspace_for_update
from workspaces.actions.changes import put_values
from workspaces.actions.checks import text_of
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.permissions import Permission

MOST_CATEGORIES = 100
LONGEST_NAME = 120
LONGEST_DESCRIPTION = 255


@transaction.atomic
def add_closing_category(*, actor: Actor, name: str, description: str = "", at: datetime) -> ClosingCategory:
    """Add a category at the end of the list."""
    workspace = workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    rows = ClosingCategory.objects.in_workspace(actor.workspace_id)
    if rows.count() >= MOST_CATEGORIES:
        raise LimitReached(limit=MOST_CATEGORIES)
    last = rows.order_by("-position").values_list("position", flat=True).first()
    row = ClosingCategory(
        workspace=workspace,
        position=0 if last is None else last + 1,
        created_at=at,
        **_parts(name, description),
    )
    _save(row)
    record(ClosingCategoryChanged(subject_id=row.pk, act="added"), actor=actor, at=at)
    return row


@transaction.atomic
def change_closing_category(
    *, actor: Actor, category_id: int, name: str, description: str, seen: str = "", at: datetime
) -> ClosingCategory:
    """Change name and description; closed conversations keep the name that they were closed with."""
    row = _category(actor, category_id)
    require_unchanged(seen, {"name": row.name, "description": row.description})
    parts = _parts(name, description)
    changes = put_values(row, parts)
    if changes:
        _save(row)
        record(ClosingCategoryChanged(subject_id=row.pk, act="changed", changes=changes), actor=actor, at=at)
    return row


@transaction.atomic
def move_closing_category(*, actor: Actor, category_id: int, to_position: int, at: datetime) -> None:
    """Put a category at a place of the list, counted from 0."""
    row = _category(actor, category_id)
    rows = ClosingCategory.objects.in_workspace(actor.workspace_id).order_by("position", "pk")
    others = [other for other in rows if other.pk != category_id]
    others.insert(max(0, min(to_position, len(others))), row)
    for position, other in enumerate(others):
        other.position = position
    ClosingCategory.objects.bulk_update(others, ["position"])
    record(ClosingCategoryChanged(subject_id=row.pk, act="moved"), actor=actor, at=at)


@transaction.atomic
def delete_closing_category(*, actor: Actor, category_id: int, at: datetime) -> None:
    """Delete a category; the last one stays while closing asks for one."""
    row = _category(actor, category_id)
    name = row.name
    row.delete()
    require_choices(settings_of(actor.workspace_id))
    record(
        ClosingCategoryChanged(subject_id=category_id, act="deleted", changes={"name": [name, ""]}), actor=actor, at=at
    )


def _category(actor: Actor, category_id: int) -> ClosingCategory:
    """Lock the list, then find one of it."""
    workspace_for_update(actor, needs=Permission.SETTINGS_MANAGE)
    row = ClosingCategory.objects.in_workspace(actor.workspace_id).filter(pk=category_id).first()
    if row is None:
        raise CategoryNotFound(category_id=category_id)
    return row


def _parts(name: str, description: str) -> dict[str, str]:
    return {
        "name": text_of(name, field="name", most=LONGEST_NAME),
        "description": text_of(description, field="description", most=LONGEST_DESCRIPTION, may_be_empty=True),
    }


def _save(row: ClosingCategory) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise NameTaken(name=row.name, field="name") from None
