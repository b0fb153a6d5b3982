from django.db.models import QuerySet

from contacts.models import Contact
from workspaces.actors import Actor
from workspaces.models import Membership


def visible_contacts(actor: Actor) -> QuerySet[Contact]:
    """Return the contacts that the actor may see: all, the own team's, or those assigned to the person; in no order."""
    contacts = Contact.objects.in_workspace(actor.workspace_id)
    if actor.sees_own_contacts_only:
        return contacts.filter(assignee_id=actor.user_id)
    if actor.sees_team_contacts_only:
        if actor.team_id is None:
            return contacts.none()
        mates = Membership.objects.in_workspace(actor.workspace_id).filter(team_id=actor.team_id)
        return contacts.filter(assignee_id__in=mates.values("user_id"))
    return contacts
