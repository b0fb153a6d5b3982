"""Who is told of what: new messages, assignments and mentions. What a person may not see, they are not told of."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from inbox.actions.threads import Thread
from inbox.models import Comment, Message
from inbox.notices import ASSIGNMENT, MENTION, MESSAGE
from inbox.queries.behaviour import settings_of
from workspaces.models import Membership, Notification, User
from workspaces.permissions import Restriction, Role

LONGEST_TOLD = 160


def tell_of_message(thread: Thread, message: Message) -> None:
    """Tell the assignee of a new message; where nobody has the contact, tell everybody who may see it."""
    assignee_id = thread.contact.assignee_id
    if assignee_id is None and not settings_of(thread.contact.workspace_id).tell_all_of_unassigned:
        return
    conversation = thread.conversation
    text = message.text or (conversation.preview if conversation is not None else "")
    people = _who_see(thread) if assignee_id is None else _members(thread).filter(user_id=assignee_id)
    _tell(thread, people, kind=MESSAGE, text=text, at=thread.at)


def tell_of_assignment(thread: Thread, user_id: int | None) -> None:
    """Tell a person that a contact is theirs now, unless they took it themselves."""
    if user_id is not None:
        text = thread.conversation.preview if thread.conversation is not None else ""
        _tell(thread, _members(thread).filter(user_id=user_id), kind=ASSIGNMENT, text=text, at=thread.at)


def tell_of_mentions(thread: Thread, comment: Comment, *, at: datetime) -> None:
    """Tell those whom a comment mentions, as far as they may see the contact."""
    if not comment.mentions:
        return
    people = _who_see(thread).filter(user_id__in=comment.mentions)
    _tell(thread, people, kind=MENTION, text=_with_names(comment.text, comment.mentions), at=at)


def _members(thread: Thread) -> QuerySet[Membership]:
    members = Membership.objects.in_workspace(thread.contact.workspace_id).filter(user__is_active=True)
    return members.exclude(user_id=thread.actor.user_id) if thread.actor.user_id is not None else members


def _who_see(thread: Thread) -> QuerySet[Membership]:
    """Return the members who may see the contact, by the same rules as `visible_contacts`."""
    members, assignee_id = _members(thread), thread.contact.assignee_id
    own_only = Q(role=Role.AGENT, restrictions__contains=[Restriction.OWN_CONTACTS_ONLY])
    team_only = Q(role=Role.AGENT, restrictions__contains=[Restriction.TEAM_CONTACTS_ONLY])
    if assignee_id is None:
        return members.exclude(own_only | team_only)
    of_assignee = Membership.objects.in_workspace(thread.contact.workspace_id).filter(user_id=assignee_id)
    team_id = of_assignee.values_list("team_id", flat=True).first()
    others = ~(own_only | team_only)
    if team_id is not None:
        others |= team_only & ~own_only & Q(team_id=team_id)
    return members.filter(others | Q(user_id=assignee_id))


def _tell(thread: Thread, people: QuerySet[Membership], *, kind: str, text: str, at: datetime) -> None:
    """Put the news on top of each person's list, in place of older news of the same kind about the same contact."""
    contact, actor = thread.contact, thread.actor
    user_ids = list(people.order_by("pk").values_list("user_id", flat=True))
    if not user_ids:
        return
    by = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None and kind != MESSAGE else None
    shown = " ".join(text.split())
    facts = {
        "contact_id": contact.pk,
        "contact": contact.name,
        "by": by.name if by is not None else "",
        "text": shown if len(shown) <= LONGEST_TOLD else f"{shown[: LONGEST_TOLD - 1]}…",
    }
    subject = {"kind": kind, "subject_kind": "contact", "subject_id": contact.pk}
    told = Notification.objects.in_workspace(contact.workspace_id)
    told.filter(user_id__in=user_ids, **subject).delete()
    told.bulk_create(
        Notification(workspace_id=contact.workspace_id, user_id=user_id, facts=facts, created_at=at, **subject)
        for user_id in user_ids
    )


def _with_names(text: str, user_ids: Sequence[int]) -> str:
    for user in User.objects.filter(pk__in=user_ids):
        text = text.replace(f"{{{{@user.{user.pk}}}}}", f"@{user.name}")
    return text
