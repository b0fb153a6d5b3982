from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contacts.access import contacts_holding
from contacts.actions.tagging import put_tags
from contacts.actions.updating import default_country_of, update_contact
from contacts.errors import ContactExists, ContactNotFound, IdentifierAmbiguous, IdentifierNotValid
from contacts.events import ContactAdded
from contacts.identifiers import Identifier, IdentifierKind
from contacts.inputs import ContactValues, columns_of, custom_after
from contacts.links import check_links
from contacts.models import Contact, ContactField, ContactLogEntry
from contacts.models.contact import Source
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission


@transaction.atomic
def add_contact(
    *,
    actor: Actor,
    values: ContactValues,
    tags: Sequence[str] = (),
    source: Source,
    at: datetime,
    identifier: Identifier | None = None,
) -> Contact:
    """Add a contact. With an identifier, one that some contact holds already is refused with ContactExists."""
    actor.require(Permission.CONTACT_WRITE)
    if identifier is not None:
        if identifier.kind is IdentifierKind.ID:
            raise IdentifierNotValid(identifier=identifier, field="identifier")
        if holders := contacts_holding(actor, identifier):
            raise ContactExists(identifier=str(identifier), contact_ids=holders)
        values = with_identifier(values, identifier)
    check_links(actor, values)
    columns = columns_of(values, default_country=default_country_of(actor), is_new=True)
    fields = ContactField.objects.in_workspace(actor.workspace_id)
    contact = Contact.objects.create(
        workspace_id=actor.workspace_id,
        source=source.value,
        created_at=at,
        updated_at=at,
        custom=custom_after({}, values.get("custom", {}), fields=fields),
        **columns,
    )
    ContactLogEntry.objects.create(
        workspace_id=actor.workspace_id,
        kind=ContactLogEntry.Kind.ADDED,
        contact_id=contact.pk,
        contact_name=contact.name,
        source=source.value,
        user_id=actor.user_id,
        occurred_at=at,
    )
    record(ContactAdded(subject_id=contact.pk, source=source.value), actor=actor, at=at)
    if tags:
        put_tags(actor, contact, tags, source=source, at=at)
    return contact


@transaction.atomic
def create_or_update_contact(
    *, actor: Actor, contact: Identifier, values: ContactValues, source: Source, at: datetime
) -> tuple[Contact, bool]:
    """Update the contact that the identifier names, or add one; the second value tells whether it is new."""
    actor.require(Permission.CONTACT_WRITE)
    if contact.kind is IdentifierKind.ID:
        return update_contact(actor=actor, contact=contact, values=values, at=at, source=source), False
    holders = contacts_holding(actor, contact)
    if len(holders) > 1:
        raise IdentifierAmbiguous(identifier=str(contact), contact_ids=holders)
    if holders:
        try:
            return update_contact(
                actor=actor, contact=Identifier.of(holders[0]), values=values, at=at, source=source
            ), False
        except ContactNotFound:  # it is there, but not for this person to see
            raise ContactNotFound(identifier=contact) from None
    return add_contact(actor=actor, values=with_identifier(values, contact), source=source, at=at), True


def with_identifier(values: ContactValues, identifier: Identifier) -> ContactValues:
    """Return the values with the identifier's phone or e-mail in place, where they do not say one themselves."""
    filled = values.copy()
    if identifier.kind is IdentifierKind.EMAIL:
        filled.setdefault("email", identifier.value)
    elif identifier.kind is IdentifierKind.PHONE:
        filled.setdefault("phone", identifier.value)
    return filled
