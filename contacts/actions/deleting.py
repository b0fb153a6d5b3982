from datetime import datetime

from django.db import transaction

from contacts.access import contact_for_update
from contacts.actions.updating import source_of
from contacts.events import ContactDeleted
from contacts.followers import follower
from contacts.identifiers import Identifier
from contacts.models import ContactLogEntry
from contacts.models.contact import Source
from workspaces.actors import Actor
from workspaces.events import record
from workspaces.permissions import Permission


@transaction.atomic
def delete_contact(*, actor: Actor, contact: Identifier, at: datetime, source: Source | None = None) -> int:
    """Delete a contact with its tags and return its id; its line in the contact log stays."""
    row = contact_for_update(actor, contact, needs=Permission.CONTACT_DELETE)
    contact_id = row.pk
    said = (source or source_of(actor)).value
    ContactLogEntry.objects.create(
        workspace_id=actor.workspace_id,
        kind=ContactLogEntry.Kind.DELETED,
        contact_id=contact_id,
        contact_name=row.name,
        source=said,
        user_id=actor.user_id,
        occurred_at=at,
    )
    follower().deleting(actor=actor, contact_ids=[contact_id], at=at)
    row.delete()
    record(ContactDeleted(subject_id=contact_id, source=said), actor=actor, at=at)
    return contact_id
