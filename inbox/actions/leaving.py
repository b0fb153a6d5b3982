"""What the inbox does when a member logs out; the settings name it, because log-out is below."""

from datetime import datetime

from django.db import transaction

from contacts.models import Contact
from inbox.access import latest_for_update
from inbox.actions.threads import Thread, put_assignee
from inbox.models import Conversation, Status
from inbox.queries.behaviour import settings_of
from workspaces.actors import Actor


@transaction.atomic
def member_left(*, actor: Actor, at: datetime) -> int:
    """Unassign the conversations in status new of a member who logs out, where the workspace wants it; return how many.

    Only new ones: whoever is answered already keeps who answers. The product does it, so it is no act of the person.
    """
    if actor.user_id is None or not settings_of(actor.workspace_id).unassign_at_logout:
        return 0
    theirs = Conversation.objects.in_workspace(actor.workspace_id).filter(
        is_latest=True, status=Status.NEW, assignee_id=actor.user_id
    )
    contacts = Contact.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    system = Actor.system(workspace_id=actor.workspace_id)
    taken = 0
    for contact in contacts.filter(pk__in=theirs.values("contact_id")).order_by("pk"):
        thread = Thread(system, contact, latest_for_update(contact), at)
        conversation = thread.conversation
        if conversation is None or conversation.status != Status.NEW or contact.assignee_id != actor.user_id:
            continue  # somebody was quicker, while the contact's lock was waited for
        put_assignee(thread, None, source="system")
        thread.save()
        taken += 1
    return taken
