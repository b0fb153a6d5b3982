from django.db.models import Q, QuerySet

from contacts.models import Contact
from workspaces.actors import Actor
from workspaces.models import Membership
from workspaces.permissions import Restriction, Role


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


def members_who_see(workspace_id: int, *, assignee_id: int | None) -> QuerySet[Membership]:
    """Return the active members who may see a contact with this assignee: `visible_contacts` from the other side."""
    everybody = Membership.objects.in_workspace(workspace_id)
    members = everybody.filter(user__is_active=True)
    own_only = Q(role=Role.AGENT, restrictions__contains=[Restriction.OWN_CONTACTS_ONLY])
    team_only = Q(role=Role.AGENT, restrictions__contains=[Restriction.TEAM_CONTACTS_ONLY])
    if assignee_id is None:
        return members.exclude(own_only | team_only)
    seers = ~(own_only | team_only) | (own_only & Q(user_id=assignee_id))
    team_id = everybody.filter(user_id=assignee_id).values_list("team_id", flat=True).first()
    if team_id is not None:
        seers |= ~own_only & team_only & Q(team_id=team_id)
    return members.filter(seers)
