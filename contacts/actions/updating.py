from datetime import datetime

from django.db import transaction

from contacts.access import contact_for_update
from contacts.errors import ContactChanged, StageNotFound
from contacts.events import AssigneeChanged, ContactUpdated, StageChanged
from contacts.followers import Reassigned, follower
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues, columns_of, custom_after
from contacts.links import check_links
from contacts.models import Contact, ContactField, LifecycleStage
from contacts.models.contact import Source
from workspaces.actors import Actor, ActorKind
from workspaces.events import Event, record_all
from workspaces.models import Workspace

# Columns whose change is told field by field; the keys beside phone and e-mail follow them and are not told.
TOLD = ("first_name", "last_name", "phone", "email", "language", "country", "picture_url", "is_blocked")


@transaction.atomic
def update_contact(
    *,
    actor: Actor,
    contact: Identifier,
    values: ContactValues,
    at: datetime,
    version: int | None = None,
    source: Source | None = None,
) -> Contact:
    """Change the given fields of one contact; a `version` older than the stored one is refused with ContactChanged."""
    row = contact_for_update(actor, contact)
    if version is not None and version != row.version:
        raise ContactChanged
    check_links(actor, values)
    columns = columns_of(values, default_country=default_country_of(actor), is_new=False)
    if "custom" in values:
        fields = ContactField.objects.in_workspace(actor.workspace_id)
        columns["custom"] = custom_after(row.custom, values["custom"], fields=fields)
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if not changed:
        return row
    events = _events_of(row, changed, source=(source or source_of(actor)).value)
    old_assignee = row.assignee_id
    for name, value in changed.items():
        setattr(row, name, value)
    row.updated_at = at
    row.version += 1
    row.save(update_fields=[*changed, "updated_at", "version"])
    record_all(events, actor=actor, at=at)
    if "assignee_id" in changed:
        moved = Reassigned(row.pk, old=old_assignee, new=row.assignee_id)
        follower().assigned(actor=actor, changes=[moved], source=(source or source_of(actor)).value, at=at)
    return row


def set_stage(*, actor: Actor, contact: Identifier, name: str | None, at: datetime) -> Contact:
    """Put a contact into the lifecycle stage of that name, or into none."""
    return update_contact(actor=actor, contact=contact, values={"stage_id": stage_named(actor, name)}, at=at)


def stage_named(actor: Actor, name: str | None) -> int | None:
    """Return the id of the lifecycle stage of that name, in any case; None is no stage."""
    if name is None:
        return None
    stage = LifecycleStage.objects.in_workspace(actor.workspace_id).filter(name__iexact=name.strip()).first()
    if stage is None:
        raise StageNotFound(stage=name, field="name")
    return stage.pk


def assign_contact(*, actor: Actor, contact: Identifier, user_id: int | None, at: datetime) -> Contact:
    """Assign a contact to a member, or to nobody."""
    return update_contact(actor=actor, contact=contact, values={"assignee_id": user_id}, at=at)


def default_country_of(actor: Actor) -> str:
    """Return the country to which phones without one belong in the actor's workspace."""
    return Workspace.objects.values_list("default_country", flat=True).get(pk=actor.workspace_id)


def source_of(actor: Actor) -> Source:
    """Return the source that the kind of actor stands for."""
    return {ActorKind.USER: Source.USER, ActorKind.TOKEN: Source.API, ActorKind.SYSTEM: Source.SYSTEM}[actor.kind]


def field_changes(row: Contact, changed: dict[str, object]) -> dict[str, list[object]]:
    """Return what a change of columns means field by field: {field: [old, new]}, custom ones as `custom.<slug>`."""
    changes: dict[str, list[object]] = {name: [getattr(row, name), changed[name]] for name in TOLD if name in changed}
    if "custom" in changed:
        before, after = row.custom, changed["custom"]
        assert isinstance(after, dict)  # noqa: S101 - said to the type checker: custom_after gives a dict
        for slug in sorted(before.keys() | after.keys()):
            if before.get(slug) != after.get(slug):
                changes[f"custom.{slug}"] = [before.get(slug), after.get(slug)]
    return changes


def _events_of(row: Contact, changed: dict[str, object], *, source: str) -> list[Event]:
    events: list[Event] = []
    if changes := field_changes(row, changed):
        events.append(ContactUpdated(subject_id=row.pk, changes=changes, source=source))
    if "stage_id" in changed:
        events.append(StageChanged(subject_id=row.pk, old=row.stage_id, new=_id(changed["stage_id"]), source=source))
    if "assignee_id" in changed:
        events.append(
            AssigneeChanged(subject_id=row.pk, old=row.assignee_id, new=_id(changed["assignee_id"]), source=source)
        )
    return events


def _id(value: object) -> int | None:
    return value if isinstance(value, int) else None
