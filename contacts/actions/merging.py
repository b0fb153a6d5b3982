from datetime import datetime

from django.db import transaction

from contacts.access import contact_for_update
from contacts.actions.updating import TOLD, default_country_of, field_changes, source_of
from contacts.errors import ContactNotFound, MergeWithItself
from contacts.events import ContactMerged
from contacts.followers import follower
from contacts.identifiers import Identifier
from contacts.inputs import ContactValues, columns_of, custom_after
from contacts.links import check_links
from contacts.models import Contact, ContactField, ContactLogEntry, ContactMerge, ContactTag
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission

KEPT = (
    *TOLD, "phone_e164", "phone_match_key", "email_key", "stage_id", "assignee_id", "custom", "source",
    "is_open", "version",
)  # fmt: skip
# What the primary takes from the secondary where it has nothing itself and the caller says nothing.
FILLED = ("first_name", "last_name", "language", "country", "picture_url", "stage_id", "assignee_id")


@transaction.atomic
def merge_contacts(*, actor: Actor, primary_id: int, secondary_id: int, values: ContactValues, at: datetime) -> Contact:
    """Join the secondary into the primary and return the primary; both are locked in the order of their ids.

    `values` says which field values to keep; a field it leaves out keeps the primary's value, or the secondary's where
    the primary has none. A snapshot of both is stored, so that they can be separated again.
    """
    actor.require(Permission.CONTACT_DELETE)
    if primary_id == secondary_id:
        raise MergeWithItself(field="contactIds")
    locked = {
        contact_id: contact_for_update(actor, Identifier.of(contact_id))
        for contact_id in sorted((primary_id, secondary_id))
    }
    primary, secondary = locked[primary_id], locked[secondary_id]
    for asked, row in locked.items():
        if (
            row.pk != asked
        ):  # an id that was merged before answers with its primary; here the two must be there themselves
            raise ContactNotFound(identifier=Identifier.of(asked))
    check_links(actor, values)
    merge = ContactMerge(
        workspace_id=actor.workspace_id,
        primary_id=primary.pk,
        secondary_id=secondary.pk,
        snapshot={**_snapshot(actor, secondary), "primary": _snapshot(actor, primary)},
        user_id=actor.user_id,
        source=source_of(actor).value,
        merged_at=at,
    )
    merge.save(force_insert=True)
    follower().merging(actor=actor, primary=primary, secondary=secondary, at=at)
    columns = _merged_columns(actor, primary, secondary, values)
    changes = field_changes(primary, columns)
    for name, value in columns.items():
        setattr(primary, name, value)
    primary.updated_at = at
    primary.version += 1
    _move_tags(actor, primary, secondary)
    secondary_id = secondary.pk
    secondary.delete()
    primary.save(update_fields=[*columns, "updated_at", "version"])
    ContactLogEntry.objects.create(
        workspace_id=actor.workspace_id,
        kind=ContactLogEntry.Kind.MERGED,
        contact_id=primary.pk,
        contact_name=primary.name,
        secondary_contact_id=secondary_id,
        source=merge.source,
        user_id=actor.user_id,
        occurred_at=at,
    )
    record(
        ContactMerged(
            subject_id=primary.pk, secondary_id=secondary_id, merge_id=merge.pk, changes=changes, source=merge.source
        ),
        actor=actor,
        at=at,
    )
    return primary


def _merged_columns(actor: Actor, primary: Contact, secondary: Contact, values: ContactValues) -> dict[str, object]:
    columns: dict[str, object] = {}
    for name in FILLED:
        if not getattr(primary, name) and getattr(secondary, name):
            columns[name] = getattr(secondary, name)
    if not primary.phone and secondary.phone:
        columns |= {name: getattr(secondary, name) for name in ("phone", "phone_e164", "phone_match_key")}
    if not primary.email and secondary.email:
        columns |= {name: getattr(secondary, name) for name in ("email", "email_key")}
    custom = {**secondary.custom, **primary.custom}
    if "custom" in values:
        fields = ContactField.objects.in_workspace(actor.workspace_id)
        custom = custom_after(custom, values["custom"], fields=fields)
    columns["custom"] = custom
    columns |= columns_of(values, default_country=default_country_of(actor), is_new=False)
    return {name: value for name, value in columns.items() if getattr(primary, name) != value}


def _snapshot(actor: Actor, contact: Contact) -> dict[str, object]:
    links = ContactTag.objects.in_workspace(actor.workspace_id).filter(contact_id=contact.pk)
    return {
        **{name: getattr(contact, name) for name in KEPT},
        "id": contact.pk,
        "created_at": contact.created_at.isoformat(),
        "updated_at": contact.updated_at.isoformat(),
        "last_interaction_at": contact.last_interaction_at and contact.last_interaction_at.isoformat(),
        "snoozed_until": contact.snoozed_until and contact.snoozed_until.isoformat(),
        "tag_ids": list(links.order_by("tag_id").values_list("tag_id", flat=True)),
    }


def _move_tags(actor: Actor, primary: Contact, secondary: Contact) -> None:
    links = ContactTag.objects.in_workspace(actor.workspace_id)
    present = links.filter(contact_id=primary.pk).values("tag_id")
    links.filter(contact_id=secondary.pk).exclude(tag_id__in=present).update(contact_id=primary.pk)
