"""Who is answering: one person per conversation, one conversation per person. A lock is work time, not assignment."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from contacts.models import Contact
from inbox.access import contact_for_work, conversation_for_update, latest_for_update
from inbox.actions.threads import Thread, close_session, end_lock
from inbox.errors import ConversationLocked, NotLockable
from inbox.events import LockTaken
from inbox.models import Conversation, LockSession, Status
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.models import User
from workspaces.permissions import Permission
from workspaces.sweeps import sweep_rows

UNSEEN_FOR = timedelta(seconds=60)
LOCKS_UNSEEN = "SELECT workspace_id, lock_id FROM locks_unseen_since(%s)"


@dataclass(frozen=True, slots=True)
class LockView:
    """A running lock as a page shows it."""

    user_id: int
    name: str
    started_at: datetime
    is_mine: bool


@transaction.atomic
def take_lock(*, actor: Actor, conversation_id: int, steal: bool = False, at: datetime) -> LockView:
    """Hold an open conversation. Another's lock refuses with ConversationLocked unless it is stolen; one's own elsewhere ends."""
    _lock_both(actor, conversation_id)
    contact, conversation = conversation_for_update(actor, conversation_id, needs=Permission.MESSAGE_SEND)
    if conversation.status == Status.RESOLVED or contact.is_blocked or actor.user_id is None:
        raise NotLockable
    running = running_lock(conversation)
    if running is not None and running.user_id == actor.user_id:
        running.seen_at = max(at, running.seen_at)
        running.save(update_fields=["seen_at"])
        return lock_view(actor, running)
    thread = Thread(actor, contact, conversation, at)
    robbed = None
    if running is not None:
        if not steal:
            raise _held(running)
        robbed = running.user_id
        end_lock(thread, conversation.pk, ending=LockSession.Ending.STOLEN)
    _leave_other(actor, conversation.pk, at=at)
    taken = LockSession.objects.create(
        workspace_id=actor.workspace_id,
        conversation_id=conversation.pk,
        contact_id=contact.pk,
        user_id=actor.user_id,
        team_id=actor.team_id,
        channel_id=conversation.last_channel_id,
        started_at=at,
        seen_at=at,
    )
    thread.tell(
        LockTaken(subject_id=contact.pk, conversation_id=conversation.pk, user_id=actor.user_id, from_user_id=robbed)
    )
    thread.save()
    return lock_view(actor, taken)


@transaction.atomic
def release_lock(*, actor: Actor, conversation_id: int, at: datetime) -> bool:
    """Give one's own lock back; False when it is not there any more."""
    contact, conversation = conversation_for_update(actor, conversation_id, needs=Permission.MESSAGE_SEND)
    running = running_lock(conversation)
    if running is None or running.user_id != actor.user_id:
        return False
    thread = Thread(actor, contact, conversation, at)
    end_lock(thread, conversation.pk, ending=LockSession.Ending.RELEASED)
    thread.save()
    return True


@transaction.atomic
def keep_lock(*, actor: Actor, conversation_id: int, at: datetime) -> bool:
    """Say that the holder is still there; False when the lock is lost."""
    actor.require(Permission.MESSAGE_SEND)
    mine = LockSession.objects.in_workspace(actor.workspace_id).filter(
        conversation_id=conversation_id, user_id=actor.user_id or 0, ended_at=None
    )
    return mine.update(seen_at=at) == 1


def end_unseen_locks(*, clock: Clock) -> int:
    """End the locks whose browser was not heard of any more, at the moment when it last was; return how many."""

    def end(actor: Actor, lock_id: int) -> None:
        _end_unseen(actor, lock_id, unseen_since=clock() - UNSEEN_FOR)

    return sweep_rows(LOCKS_UNSEEN, [clock() - UNSEEN_FOR], end, sweep="end_unseen_locks")


def running_lock(conversation: Conversation) -> LockSession | None:
    """Lock and return the running lock session of a conversation."""
    sessions = LockSession.objects.in_workspace(conversation.workspace_id).select_for_update()
    return sessions.filter(conversation_id=conversation.pk, ended_at=None).first()


def refuse_other_holder(actor: Actor, conversation: Conversation) -> None:
    """Raise ConversationLocked while another person holds the conversation."""
    running = running_lock(conversation)
    if running is not None and actor.user_id is not None and running.user_id != actor.user_id:
        raise _held(running)


def lock_view(actor: Actor, session: LockSession) -> LockView:
    """Return a running lock with its holder's name."""
    return LockView(
        user_id=session.user_id,
        name=_name_of(session.user_id),
        started_at=session.started_at,
        is_mine=session.user_id == actor.user_id,
    )


def _held(session: LockSession) -> ConversationLocked:
    return ConversationLocked(name=_name_of(session.user_id), user_id=session.user_id, since=session.started_at)


def _name_of(user_id: int) -> str:
    user = User.objects.filter(pk=user_id).first()
    return user.name if user is not None else str(user_id)


def _leave_other(actor: Actor, conversation_id: int, *, at: datetime) -> None:
    """End the person's lock on another conversation: whoever opens one leaves the other. Its contact is locked already."""
    mine = (
        LockSession.objects.in_workspace(actor.workspace_id)
        .filter(user_id=actor.user_id or 0, ended_at=None)
        .exclude(conversation_id=conversation_id)
        .first()
    )
    if mine is not None:
        contact = contact_for_work(actor.workspace_id, mine.contact_id)
        _end(actor, contact, mine, ending=LockSession.Ending.LEFT, at=at)


def _lock_both(actor: Actor, conversation_id: int) -> None:
    """Lock the contacts of the conversation that is opened and of the one that is left, in the order of their ids.

    Two people who swap conversations would wait for each other for ever otherwise.
    """
    held = LockSession.objects.in_workspace(actor.workspace_id).filter(user_id=actor.user_id or 0, ended_at=None)
    opened = Conversation.objects.in_workspace(actor.workspace_id).filter(pk=conversation_id)
    ids = {*held.values_list("contact_id", flat=True), *opened.values_list("contact_id", flat=True)}
    contacts = Contact.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    list(contacts.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))


def _end_unseen(actor: Actor, lock_id: int, *, unseen_since: datetime) -> None:
    sessions = LockSession.objects.in_workspace(actor.workspace_id)
    contact = contact_for_work(
        actor.workspace_id, sessions.filter(pk=lock_id).values_list("contact_id", flat=True).first()
    )
    session = sessions.select_for_update().filter(pk=lock_id, ended_at=None, seen_at__lt=unseen_since).first()
    if session is not None:
        last_heard_at = max(session.seen_at, session.started_at)
        _end(actor, contact, session, ending=LockSession.Ending.GONE, at=last_heard_at)


def _end(
    actor: Actor, contact: Contact | None, session: LockSession, *, ending: LockSession.Ending, at: datetime
) -> None:
    """End a lock with its thread, whose contact is locked; when the contact was deleted, the session is all that is left."""
    conversation = latest_for_update(contact) if contact is not None else None
    if contact is None or conversation is None or conversation.pk != session.conversation_id:
        close_session(session, ending=ending, at=max(at, session.started_at), is_resolving=False)
        return
    thread = Thread(actor, contact, conversation, at)
    end_lock(thread, conversation.pk, ending=ending)
    thread.save()
