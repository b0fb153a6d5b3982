from workspaces.actors import Actor
from workspaces.errors import MemberNotFound
from workspaces.models import Membership

LARGEST_ID = 2**63 - 1


def member_named(actor: Actor, named: str) -> int:
    """Return the user id of a member who is named by id or, in any case, by e-mail; raise MemberNotFound."""
    members = Membership.objects.in_workspace(actor.workspace_id).filter(user__is_active=True)
    given = named.strip()
    if given.isascii() and given.isdigit():
        found = members.filter(user_id=min(int(given), LARGEST_ID))
    else:
        found = members.filter(user__email__iexact=given)
    user_id = found.values_list("user_id", flat=True).first()
    if user_id is None:
        raise MemberNotFound(user_id=given, field="assignee")
    return user_id
