from datetime import datetime, timedelta

from django.db import transaction

from contacts.identifiers import Identifier
from inbox.access import thread_for_update
from inbox.actions.holding import end_run
from inbox.actions.threads import Move, Thread, end_snooze, move, start
from inbox.errors import NoConversationOpen, NotSnoozed, SnoozeNotAhead
from inbox.events import ConversationSnoozed
from inbox.models import Conversation, StartEvent, Status, VirtualAgentRun
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.sweeps import sweep_rows

LONGEST = timedelta(days=366)
SNOOZES_DUE = "SELECT workspace_id, conversation_id FROM snoozes_due(%s)"


@transaction.atomic
def snooze_conversation(
    *, actor: Actor, contact: Identifier, until: datetime, note: str = "", at: datetime
) -> Conversation:
    """Put the latest conversation off: an open one becomes pending, a closed one stays closed until then."""
    row, latest = thread_for_update(actor, contact)
    if latest is None:
        raise NoConversationOpen(contact_id=row.pk)
    thread = Thread(actor, row, latest, at)
    put_off(thread, until=until, note=note)
    thread.save()
    return latest


def put_off(thread: Thread, *, until: datetime, note: str) -> None:
    """Snooze the thread's conversation; the caller saves."""
    if not thread.at < until <= thread.at + LONGEST:
        raise SnoozeNotAhead(field="until")
    conversation = thread.conversation
    if conversation is None:
        raise NoConversationOpen(contact_id=thread.contact.pk)
    conversation.snoozed_until = until
    conversation.snooze_note = note.strip()[:255]
    if thread.is_open:
        end_run(conversation, ending=VirtualAgentRun.Ending.TAKEN, at=thread.at)
        move(thread, Move(to=Status.PENDING, cause="snooze", source="user", user_id=thread.actor.user_id))
    thread.tell(
        ConversationSnoozed(
            subject_id=thread.contact.pk,
            conversation_id=conversation.pk,
            until=until.isoformat(),
            note=conversation.snooze_note,
        )
    )


@transaction.atomic
def cancel_snooze(*, actor: Actor, contact: Identifier, at: datetime) -> Conversation:
    """End a snooze early; the status stays."""
    row, latest = thread_for_update(actor, contact)
    if latest is None or latest.snoozed_until is None:
        raise NotSnoozed
    thread = Thread(actor, row, latest, at)
    end_snooze(thread, by="person")
    thread.save()
    return latest


def end_snoozes(*, clock: Clock) -> int:
    """End the snoozes whose time has come: the conversation is new again, a closed one is opened again."""

    def end(actor: Actor, conversation_id: int) -> None:
        _end_due(actor, conversation_id, at=clock())

    return sweep_rows(SNOOZES_DUE, [clock()], end, sweep="end_snoozes")


def _end_due(actor: Actor, conversation_id: int, *, at: datetime) -> None:
    rows = Conversation.objects.in_workspace(actor.workspace_id).filter(pk=conversation_id)
    contact_id = rows.values_list("contact_id", flat=True).first()
    if contact_id is None:
        return
    contact, latest = thread_for_update(actor, Identifier.of(contact_id), refuse_blocked=False)
    if latest is None or latest.pk != conversation_id:
        rows.update(snoozed_until=None)  # a newer conversation took its place
        return
    if latest.snoozed_until is None or latest.snoozed_until > at:
        return
    thread = Thread(actor, contact, latest, at)
    end_snooze(thread, by="time")
    if not contact.is_blocked:
        move(thread, Move(to=Status.NEW, cause="snooze_ended", source="user"))
        start(thread, StartEvent.Kind.SNOOZE_ENDED)
        latest.last_activity_at = at
    thread.save()
