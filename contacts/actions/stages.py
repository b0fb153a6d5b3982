from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from contacts.access import stage_for_update
from contacts.errors import ValueRefused
from contacts.events import StageListChanged
from contacts.models import LifecycleStage
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.models import Workspace
from workspaces.permissions import Permission

MOST_STAGES = 50
NAME_LENGTH = 60


def seed_contact_settings(*, actor: Actor, at: datetime) -> None:
    """Give a new workspace its first lifecycle stages, named in its language."""
    language = Workspace.objects.values_list("language", flat=True).get(pk=actor.workspace_id)
    with override(language):
        for name in (_("Lead"), _("Customer"), _("Partner")):
            add_stage(actor=actor, name=name, at=at)


@transaction.atomic
def add_stage(*, actor: Actor, name: str, at: datetime) -> LifecycleStage:
    """Add a lifecycle stage at the end of the list."""
    actor.require(Permission.FIELD_MANAGE)
    Workspace.objects.select_for_update(of=("self",)).get(pk=actor.workspace_id)
    rows = LifecycleStage.objects.in_workspace(actor.workspace_id)
    if rows.count() >= MOST_STAGES:
        raise LimitReached(limit=MOST_STAGES)
    last = rows.order_by("-position").values_list("position", flat=True).first()
    stage = LifecycleStage(workspace_id=actor.workspace_id, name=_name(name), position=0 if last is None else last + 1)
    try:
        with transaction.atomic():
            stage.save(force_insert=True)
    except IntegrityError:
        raise NameTaken(name=stage.name, field="name") from None
    record(StageListChanged(subject_id=stage.pk, act="added"), actor=actor, at=at)
    return stage


@transaction.atomic
def rename_stage(*, actor: Actor, stage_id: int, name: str, at: datetime) -> LifecycleStage:
    """Rename a stage; contacts in it stay in it."""
    stage = stage_for_update(actor, stage_id)
    stage.name = _name(name)
    try:
        with transaction.atomic():
            stage.save(update_fields=["name"])
    except IntegrityError:
        raise NameTaken(name=stage.name, field="name") from None
    record(StageListChanged(subject_id=stage.pk, act="renamed"), actor=actor, at=at)
    return stage


@transaction.atomic
def move_stage(*, actor: Actor, stage_id: int, to_position: int, at: datetime) -> None:
    """Put a stage at a place of the list, counted from 0."""
    stage = stage_for_update(actor, stage_id)
    rows = LifecycleStage.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    others = [row for row in rows.order_by("position", "pk") if row.pk != stage_id]
    others.insert(max(0, min(to_position, len(others))), stage)
    for position, row in enumerate(others):
        row.position = position
    LifecycleStage.objects.bulk_update(others, ["position"])
    record(StageListChanged(subject_id=stage.pk, act="moved"), actor=actor, at=at)


@transaction.atomic
def delete_stage(*, actor: Actor, stage_id: int, at: datetime) -> None:
    """Delete a stage; contacts in it are in none afterwards."""
    stage_for_update(actor, stage_id).delete()
    record(StageListChanged(subject_id=stage_id, act="deleted"), actor=actor, at=at)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        raise ValueRefused(
            field="name", sentence=_("A stage's name has 1 to %(most)s characters.") % {"most": NAME_LENGTH}
        )
    return name
