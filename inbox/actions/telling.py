"""Who is told of what: new messages, assignments and mentions. What a person may not see, they are not told of.

A notification keeps names alone, never words of a customer or a colleague: it may outlive what it speaks of.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from contacts.followers import Reassigned
from contacts.models import Contact
from contacts.queries.visibility import members_who_see
from inbox.actions.threads import Thread
from inbox.models import Channel, Comment, Message
from inbox.notices import ASSIGNMENT, KINDS, MENTION, MESSAGE
from inbox.queries.behaviour import settings_of
from workspaces.actions import News, mark_subjects_seen, notify_all
from workspaces.actors import Actor
from workspaces.models import User

# A message that nobody has seen yet says for so long that more came: a burst must not write, or mail, once per message and person.
QUIET = timedelta(minutes=5)


def tell_of_message(thread: Thread, message: Message) -> None:
    """Tell the assignee of a new message; where nobody has the contact, tell everybody who may see it."""
    contact = thread.contact
    if contact.assignee_id is None and not settings_of(contact.workspace_id).tell_all_of_unassigned:
        return
    people = members_who_see(contact.workspace_id, assignee_id=contact.assignee_id)
    if contact.assignee_id is not None:
        people = people.filter(user_id=contact.assignee_id)
    channels = Channel.objects.in_workspace(contact.workspace_id).filter(pk=message.channel_id or 0)
    news = _news(MESSAGE, contact, channel=channels.values_list("name", flat=True).first() or "")
    told = [(user_id, news) for user_id in people.values_list("user_id", flat=True)]
    notify_all(actor=thread.actor, told=told, quiet=QUIET, at=thread.at)


def tell_of_assignment(thread: Thread, user_id: int | None, *, others: int = 0) -> None:
    """Tell a person that a contact is theirs now, unless they took it themselves. others: how many more went with it."""
    if user_id is None or user_id == thread.actor.user_id:
        return
    people = members_who_see(thread.contact.workspace_id, assignee_id=user_id).filter(user_id=user_id)
    news = _news(ASSIGNMENT, thread.contact, by=_name_of(thread.actor), others=others)
    told = [(found, news) for found in people.values_list("user_id", flat=True)]
    notify_all(actor=thread.actor, told=told, at=thread.at)


def tell_of_reassigned(actor: Actor, changes: Sequence[Reassigned], *, at: datetime) -> None:
    """Tell each person that contacts are theirs now: one notification for however many, which leads to the first."""
    firsts: dict[int, int] = {}
    counts: dict[int, int] = {}
    for change in changes:
        if change.new is not None and change.new != actor.user_id:
            firsts.setdefault(change.new, change.contact_id)
            counts[change.new] = counts.get(change.new, 0) + 1
    contacts = Contact.objects.in_workspace(actor.workspace_id).in_bulk(firsts.values())
    by = _name_of(actor) if firsts else ""
    told = [
        (user_id, _news(ASSIGNMENT, contacts[contact_id], by=by, others=counts[user_id] - 1))
        for user_id, contact_id in firsts.items()
        if members_who_see(actor.workspace_id, assignee_id=user_id).filter(user_id=user_id).exists()
    ]
    notify_all(actor=actor, told=told, at=at)


def tell_of_mentions(thread: Thread, comment: Comment, *, at: datetime) -> None:
    """Tell those whom a comment mentions, as far as they may see the contact; nobody is told of what they wrote."""
    asked = set(comment.mentions) - {thread.actor.user_id}
    if not asked:
        return
    contact = thread.contact
    people = members_who_see(contact.workspace_id, assignee_id=contact.assignee_id).filter(user_id__in=asked)
    news = _news(MENTION, contact, by=_name_of(thread.actor))
    notify_all(
        actor=thread.actor, told=[(user_id, news) for user_id in people.values_list("user_id", flat=True)], at=at
    )


def see_thread_news(*, actor: Actor, contact_ids: Iterable[int], at: datetime) -> None:
    """Remember that a person opened the threads that notifications speak of."""
    if actor.user_id is not None:
        mark_subjects_seen(actor=actor, kinds=KINDS, subject_kind="contact", subject_ids=contact_ids, at=at)


def _news(kind: str, contact: Contact, **facts: str | int) -> News:
    named = {"contact_id": contact.pk, "contact": contact.name}
    return News(kind=kind, subject_kind="contact", subject_id=contact.pk, facts={**named, **facts})


def _name_of(actor: Actor) -> str:
    user = User.objects.filter(pk=actor.user_id).first() if actor.user_id is not None else None
    return user.name if user is not None else ""
