from datetime import datetime

from django.db import transaction

from contacts.identifiers import Identifier
from contacts.links import check_links
from contacts.models import Contact
from inbox.access import thread_for_update
from inbox.actions.telling import tell_of_assignment
from inbox.actions.threads import Thread, put_assignee
from workspaces.actors import Actor
from workspaces.permissions import Permission


@transaction.atomic
def assign_contact(
    *, actor: Actor, contact: Identifier, user_id: int | None, source: str = "user", at: datetime
) -> Contact:
    """Assign a contact, and with it its open conversation, to a member or to nobody."""
    row, latest = thread_for_update(actor, contact, needs=Permission.CONVERSATION_WRITE, refuse_blocked=False)
    check_links(actor, {"assignee_id": user_id})
    thread = Thread(actor, row, latest, at)
    if put_assignee(thread, user_id, source=source):
        thread.save()
        tell_of_assignment(thread, user_id)
    return row
