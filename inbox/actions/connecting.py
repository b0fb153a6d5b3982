from datetime import datetime

from contacts.models import Contact, ContactLogEntry
from inbox.models import ContactChannel
from workspaces.actors import Actor


def connect(actor: Actor, contact: Contact, link: ContactChannel, *, source: str, at: datetime) -> None:
    """Log that contact and channel are connected, at their first message that arrived either way; the caller saves the link."""
    if link.connected_at is not None:
        return
    link.connected_at = at
    ContactLogEntry.objects.create(
        workspace_id=contact.workspace_id,
        kind=ContactLogEntry.Kind.CONNECTED,
        contact_id=contact.pk,
        contact_name=contact.name,
        source=source,
        user_id=actor.user_id,
        channel_id=link.channel_id,
        occurred_at=at,
    )
