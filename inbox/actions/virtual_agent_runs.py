"""A program holds a conversation: it takes what starts on its channels, and hands over to people in the end.

While it does, nobody waits for a person: messages of the contact make no start event, no unread mark and no notification.
"""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from inbox.access import contact_for_work, latest_for_update
from inbox.actions.holding import close_run, end_run
from inbox.actions.telling import tell_of_message
from inbox.actions.threads import Move, Thread, move, note_handover, start
from inbox.events import ConversationHandedOver, VirtualAgentTookOver
from inbox.models import (
    Conversation,
    Direction,
    Handover,
    Message,
    StartEvent,
    Status,
    VirtualAgent,
    VirtualAgentRun,
)
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.sweeps import sweep_rows

RUNS_DUE = "SELECT workspace_id, run_id FROM runs_due(%s, %s)"
AGENT_ANSWERS_WITHIN = timedelta(minutes=10)  # a program that is silent for longer has failed
Reason = Handover.Reason


def take_what_starts(thread: Thread, channel_id: int) -> None:
    """Give a conversation that a message has just opened to the program of its channel, if one is on; the caller saves."""
    agents = VirtualAgent.objects.in_workspace(thread.contact.workspace_id)
    agent = agents.filter(is_on=True, deleted_at=None, channel_ids__contains=[channel_id]).order_by("pk").first()
    if agent is not None:
        hold(thread, agent)


def hold(thread: Thread, agent: VirtualAgent) -> None:
    """Put the open conversation into a program's hands: it is pending, and in no person's queue; the caller saves."""
    conversation = thread.open_one
    conversation.held_by_bot = True
    conversation.unread_count = 0
    VirtualAgentRun.objects.create(
        workspace_id=conversation.workspace_id,
        virtual_agent=agent,
        conversation_id=conversation.pk,
        contact_id=thread.contact.pk,
        started_at=thread.at,
    )
    move(thread, Move(to=Status.PENDING, cause="held", source="bot", virtual_agent_id=agent.pk))
    thread.tell(
        VirtualAgentTookOver(subject_id=thread.contact.pk, conversation_id=conversation.pk, virtual_agent_id=agent.pk)
    )


def hand_over(thread: Thread, run: VirtualAgentRun, *, reason: Reason) -> None:
    """Pass the conversation to the people's queue; the caller saves, and then tells them."""
    conversation, agent = thread.open_one, run.virtual_agent
    is_auto_responder = agent.kind == VirtualAgent.Kind.AUTO_RESPONDER
    end_run(conversation, ending=VirtualAgentRun.Ending.HANDED_OVER, at=thread.at)
    Handover.objects.create(
        workspace_id=conversation.workspace_id,
        conversation_id=conversation.pk,
        contact_id=thread.contact.pk,
        virtual_agent_id=agent.pk,
        is_auto_responder=is_auto_responder,
        reason="" if is_auto_responder else reason,
        occurred_at=thread.at,
    )
    move(thread, Move(to=Status.NEW, cause="handover", source="bot", virtual_agent_id=agent.pk))
    kind = StartEvent.Kind.RESPONDER_HANDOVER if is_auto_responder else StartEvent.Kind.AGENT_HANDOVER
    start(thread, kind)
    note_handover(thread)
    heard = _messages_of(conversation).filter(created_at__gte=run.started_at).count()
    conversation.unread_count = max(conversation.unread_count, heard, 1)
    conversation.last_activity_at = max(conversation.last_activity_at, thread.at)
    thread.tell(
        ConversationHandedOver(
            subject_id=thread.contact.pk,
            conversation_id=conversation.pk,
            virtual_agent_id=agent.pk,
            reason="" if is_auto_responder else reason.value,
        )
    )


def tell_of_handover(thread: Thread) -> None:
    """Tell people of the contact's last message, which is theirs to answer now."""
    last = _messages_of(thread.open_one).order_by("-pk").first()
    if last is not None:
        tell_of_message(thread, last)


def end_silent_runs(*, clock: Clock) -> int:
    """Hand over what waits for a contact, or for a program, for too long; return how many were looked at."""
    at = clock()

    def end(actor: Actor, run_id: int) -> None:
        _end_due(actor, run_id, at=clock())

    return sweep_rows(RUNS_DUE, [at, at - AGENT_ANSWERS_WITHIN], end, sweep="end_silent_runs")


def _end_due(actor: Actor, run_id: int, *, at: datetime) -> None:
    runs = VirtualAgentRun.objects.in_workspace(actor.workspace_id)
    contact = contact_for_work(actor.workspace_id, runs.filter(pk=run_id).values_list("contact_id", flat=True).first())
    conversation = latest_for_update(contact) if contact is not None else None
    locked = runs.select_for_update(of=("self",)).select_related("virtual_agent")
    run = locked.filter(pk=run_id, ended_at=None).first()
    if run is None:
        return
    is_there = conversation is not None and conversation.pk == run.conversation_id and conversation.is_open
    if contact is None or conversation is None or not is_there or contact.is_blocked:
        close_run(run, ending=VirtualAgentRun.Ending.TAKEN, at=at)
        Conversation.objects.in_workspace(actor.workspace_id).filter(pk=run.conversation_id).update(held_by_bot=False)
        return
    reason = _why_over(run, conversation, at=at)
    if reason is None:  # somebody wrote since the sweep looked
        return
    thread = Thread(actor, contact, conversation, at)
    hand_over(thread, run, reason=reason)
    thread.save()
    tell_of_handover(thread)


def _why_over(run: VirtualAgentRun, conversation: Conversation, *, at: datetime) -> Reason | None:
    if run.virtual_agent.deleted_at is not None:
        return Reason.ERROR
    if run.waits_until is not None:
        return Reason.CONTACT_TIMEOUT if run.waits_until <= at else None
    due_since = max(run.started_at, conversation.last_incoming_at or run.started_at)
    return Reason.ERROR if due_since <= at - AGENT_ANSWERS_WITHIN else None


def _messages_of(conversation: Conversation) -> QuerySet[Message]:
    rows = Message.objects.in_workspace(conversation.workspace_id)
    return rows.filter(conversation_id=conversation.pk, direction=Direction.INCOMING)
