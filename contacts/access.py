"""The doors: an outside id becomes a contact, a field, a tag or a stage of the actor's workspace, or a refusal."""

from django.db.models import QuerySet

from contacts.errors import ContactNotFound, FieldNotFound, IdentifierAmbiguous, StageNotFound, TagNotFound
from contacts.identifiers import Identifier, IdentifierKind
from contacts.models import Contact, ContactField, ContactMerge, LifecycleStage, Tag
from contacts.queries.visibility import visible_contacts
from contacts.selection import Selection
from workspaces.actors import Actor
from workspaces.permissions import Permission


def contact_for_reading(actor: Actor, identifier: Identifier) -> Contact:
    """Return the one visible contact that the identifier names; an id that was merged answers with its primary."""
    actor.require(Permission.CONTACT_READ)
    return _the_one(actor, identifier, visible_contacts(actor).select_related("stage", "assignee"))


def contact_for_update(
    actor: Actor, identifier: Identifier, *, needs: Permission = Permission.CONTACT_WRITE
) -> Contact:
    """Lock the one visible contact that the identifier names."""
    actor.require(needs)
    return _the_one(actor, identifier, visible_contacts(actor).select_for_update(of=("self",)))


def contacts_for_bulk(actor: Actor, selection: Selection, *, needs: Permission = Permission.CONTACT_WRITE) -> list[int]:
    """Lock the visible contacts that a selection chooses, in the order of their ids, and return those."""
    actor.require(Permission.CONTACT_BULK)
    actor.require(needs)
    return list(selection.contacts(actor).select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))


def contacts_holding(actor: Actor, identifier: Identifier) -> list[int]:
    """Return the ids of the contacts that hold the identifier, whoever may see them, locked against change."""
    rows = Contact.objects.in_workspace(actor.workspace_id).filter(**identifier.lookup)
    return list(rows.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)[:10])


def field_for_update(actor: Actor, field_id: int, *, needs: Permission = Permission.FIELD_MANAGE) -> ContactField:
    """Lock one contact field."""
    actor.require(needs)
    field = (
        ContactField.objects.in_workspace(actor.workspace_id)
        .select_for_update(of=("self",))
        .filter(pk=field_id)
        .first()
    )
    if field is None:
        raise FieldNotFound(field_id=field_id)
    return field


def tag_for_update(actor: Actor, tag: str | int) -> Tag:
    """Lock one tag, named by its id or, in any case, by its name."""
    actor.require(Permission.TAG_MANAGE)
    named = {"pk": tag} if isinstance(tag, int) else {"name__iexact": tag.strip()}
    row = Tag.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",)).filter(**named).first()
    if row is None:
        raise TagNotFound(tag=tag)
    return row


def stage_for_update(actor: Actor, stage_id: int) -> LifecycleStage:
    """Lock one lifecycle stage."""
    actor.require(Permission.FIELD_MANAGE)
    stages = LifecycleStage.objects.in_workspace(actor.workspace_id)
    row = stages.select_for_update(of=("self",)).filter(pk=stage_id).first()
    if row is None:
        raise StageNotFound(stage=stage_id)
    return row


def _the_one(actor: Actor, identifier: Identifier, contacts: QuerySet[Contact]) -> Contact:
    found = list(contacts.filter(**identifier.lookup).order_by("pk")[:10])
    if not found and identifier.kind is IdentifierKind.ID and (primary_id := _primary_of(actor, int(identifier.value))):
        found = list(contacts.filter(pk=primary_id))
    if not found:
        raise ContactNotFound(identifier=identifier)
    if len(found) > 1:
        raise IdentifierAmbiguous(identifier=str(identifier), contact_ids=[contact.pk for contact in found])
    return found[0]


def _primary_of(actor: Actor, contact_id: int) -> int | None:
    """Follow merges from an id that is gone to the contact that holds it now; merges of merges too."""
    merges = ContactMerge.objects.in_workspace(actor.workspace_id).filter(separated_at__isnull=True)
    primary = None
    while (
        following := merges.filter(secondary_id=primary or contact_id).values_list("primary_id", flat=True).first()
    ) is not None:
        primary = following
    return primary
