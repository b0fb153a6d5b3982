"""A team that keeps its contacts in order: some were deleted, some that were one person twice became one."""

from datetime import datetime, timedelta
from random import Random

from contacts.actions import delete_contact, merge_contacts
from contacts.identifiers import Identifier
from contacts.models import Contact
from inbox.models import Conversation, Status
from workspaces.actors import Actor

SPAN = timedelta(days=60)
DELETED_ONE_IN = 110
MERGED_ONE_IN = 180


def keep_in_order(actors: list[Actor], *, workspace_id: int, random: Random, at: datetime) -> None:
    """Delete and merge contacts who had been quiet by then, over the last two months."""
    busy = Conversation.objects.in_workspace(workspace_id).exclude(status=Status.RESOLVED).values("contact_id")
    quiet = Contact.objects.in_workspace(workspace_id).exclude(pk__in=busy).order_by("pk")
    count = quiet.count()
    wanted = count // DELETED_ONE_IN + 2 * (count // MERGED_ONE_IN)
    chosen = random.sample(list(quiet.values_list("pk", "created_at")), wanted)
    since = {contact_id: max(created, _latest(workspace_id, contact_id) or created) for contact_id, created in chosen}
    ids = [contact_id for contact_id, _ in chosen]
    merged = 2 * (count // MERGED_ONE_IN)
    acts = [(ids[number], ids[number + 1]) for number in range(0, merged, 2)] + [(one, 0) for one in ids[merged:]]
    for first, second in acts:
        begin = max(since[first], since.get(second, since[first]), at - SPAN)
        moment = begin + (at - begin) * random.uniform(0.1, 0.9)
        actor = random.choice(actors)
        if second:
            merge_contacts(actor=actor, primary_id=first, secondary_id=second, values={}, at=moment)
        else:
            delete_contact(actor=actor, contact=Identifier.of(first), at=moment)


def _latest(workspace_id: int, contact_id: int) -> datetime | None:
    rows = Conversation.objects.in_workspace(workspace_id).filter(contact_id=contact_id)
    return rows.order_by("-changed_at").values_list("changed_at", flat=True).first()
