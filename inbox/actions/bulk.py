"""Acts on many conversations at once: each is the one-conversation act, in one transaction, in the order of contacts.

Those that are as asked already, and those that the act does not fit (a closed one is not closed again), are left alone; the number
returned is of those that changed.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction
from django.db.models import QuerySet

from contacts.actions.tagging import put_tags
from contacts.actions.updating import source_of
from contacts.links import check_links
from contacts.models import Contact
from inbox.access import latest_for_update
from inbox.actions.closing import check_note, checked_category
from inbox.actions.snoozing import put_off
from inbox.actions.surveys import send_survey
from inbox.actions.telling import see_thread_news, tell_of_assignment
from inbox.actions.threads import Move, Thread, move, put_assignee
from inbox.actions.topics import apply_topics
from inbox.errors import TooManyChosen
from inbox.events import ReadChanged
from inbox.models import Conversation, Status
from workspaces.actors import Actor
from workspaces.permissions import Permission

MOST = 2_000


class Chosen(Protocol):
    """Which conversations: `inbox.selection.ConversationSelection` is one."""

    def conversations(self, actor: Actor) -> QuerySet[Conversation]:
        """Return the chosen ones among those that the actor may see."""


@transaction.atomic
def assign_conversations(*, actor: Actor, chosen: Chosen, user_id: int | None, at: datetime) -> int:
    """Assign the chosen threads to a member, or to nobody."""
    check_links(actor, {"assignee_id": user_id})

    def act(thread: Thread) -> bool:
        return put_assignee(thread, user_id, source="user")

    changed = _each(actor, chosen, act, at=at)
    for thread in changed[:1]:  # one notification says it; hundreds would say it no better
        tell_of_assignment(thread, user_id, others=len(changed) - 1)
    return len(changed)


@transaction.atomic
def close_conversations(
    *,
    actor: Actor,
    chosen: Chosen,
    category: str = "",
    summary: str = "",
    topics: Sequence[int] = (),
    at: datetime,
) -> int:
    """Close the chosen open conversations with one note."""
    category = checked_category(actor, category)

    def act(thread: Thread) -> bool:
        if not thread.is_open or thread.contact.is_blocked:
            return False
        apply_topics(thread, topics)
        check_note(actor, thread.open_one, category=category, summary=summary)
        move(
            thread,
            Move(
                to=Status.RESOLVED,
                cause="set",
                source="user",
                user_id=actor.user_id,
                in_bulk=True,
                category=category,
                summary=summary.strip(),
            ),
        )
        send_survey(thread)
        return True

    return len(_each(actor, chosen, act, at=at))


@transaction.atomic
def snooze_conversations(*, actor: Actor, chosen: Chosen, until: datetime, note: str = "", at: datetime) -> int:
    """Snooze the chosen conversations until one moment."""

    def act(thread: Thread) -> bool:
        if thread.contact.is_blocked:
            return False
        put_off(thread, until=until, note=note)
        return True

    return len(_each(actor, chosen, act, at=at))


@transaction.atomic
def tag_conversations(*, actor: Actor, chosen: Chosen, names: Sequence[str], at: datetime) -> int:
    """Put tags on the contacts of the chosen conversations."""
    actor.require(Permission.CONTACT_WRITE)

    def act(thread: Thread) -> bool:
        return bool(put_tags(actor, thread.contact, names, source=source_of(actor), at=at))

    return len(_each(actor, chosen, act, at=at))


@transaction.atomic
def read_conversations(*, actor: Actor, chosen: Chosen, at: datetime) -> int:
    """Take the unread marks off the chosen conversations, and off the news that speak of them."""
    read: list[int] = []

    def act(thread: Thread) -> bool:
        read.append(thread.contact.pk)
        conversation = thread.conversation
        if conversation is None or not conversation.unread_count:
            return False
        conversation.unread_count = 0
        thread.tell(ReadChanged(subject_id=thread.contact.pk, conversation_id=conversation.pk, is_read=True))
        return True

    changed = _each(actor, chosen, act, at=at)
    see_thread_news(actor=actor, contact_ids=read, at=at)
    return len(changed)


def _each(actor: Actor, chosen: Chosen, act: Callable[[Thread], bool], *, at: datetime) -> list[Thread]:
    actor.require(Permission.CONVERSATION_WRITE)
    actor.require(Permission.CONVERSATION_BULK)
    contact_ids = sorted(chosen.conversations(actor).values_list("contact_id", flat=True)[: MOST + 1])
    if len(contact_ids) > MOST:
        raise TooManyChosen(most=MOST)
    contacts = Contact.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    changed: list[Thread] = []
    for contact in contacts.filter(pk__in=contact_ids).order_by("pk"):
        thread = Thread(actor, contact, latest_for_update(contact), at)
        if act(thread):
            thread.save()
            changed.append(thread)
    return changed
