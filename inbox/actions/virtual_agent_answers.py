"""What a virtual agent's program does with a conversation that it holds: it writes, labels, and resolves or hands over."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from contacts.identifiers import Identifier
from inbox.access import conversation_for_update, virtual_agent_for_work
from inbox.actions.closing import checked_category
from inbox.actions.holding import running_run
from inbox.actions.sending import send_message
from inbox.actions.surveys import send_survey
from inbox.actions.threads import Move, Thread, end_lock, end_snooze, move
from inbox.actions.topics import apply_topics, tag_message
from inbox.actions.virtual_agent_runs import hand_over, hold, tell_of_handover
from inbox.content import Content
from inbox.errors import (
    ContactBlocked,
    ConversationClosedAlready,
    ConversationNotWithAgent,
    ConversationWithAnother,
    MessageNotFound,
    ResponderCannotResolve,
    VirtualAgentIsOff,
)
from inbox.models import (
    Conversation,
    Handover,
    LockSession,
    Message,
    MessageTag,
    Status,
    Topic,
    VirtualAgent,
    VirtualAgentRun,
)
from workspaces.actors import Actor

RESOLVED, HANDOVER = "RESOLVED", "HANDOVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentAnswer:
    """What the program says, in the order in which it is done: text, tags, topics, and how it ends, if it does."""

    text: str = ""
    topics: tuple[str, ...] = ()
    message_id: int | None = None  # whose tags `tags` are
    tags: tuple[str, ...] = ()
    complete: str = ""  # RESOLVED, HANDOVER, or nothing
    reason: Handover.Reason = Handover.Reason.REQUESTED
    category: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """The conversation as it is now, who holds it, what was sent, and the names that the workspace does not know."""

    conversation: Conversation
    virtual_agent_id: int | None
    message: Message | None = None
    ignored_topics: tuple[str, ...] = ()
    ignored_tags: tuple[str, ...] = ()


@transaction.atomic
def delegate_conversation(*, actor: Actor, virtual_agent_id: int, conversation_id: int, at: datetime) -> Answered:
    """Give an open conversation to a virtual agent; one that it holds already stays with it."""
    agent = virtual_agent_for_work(actor, virtual_agent_id)
    contact, conversation = conversation_for_update(actor, conversation_id)
    if contact.is_blocked:
        raise ContactBlocked(contact_id=contact.pk)
    if not conversation.is_open:
        raise ConversationClosedAlready
    running = running_run(conversation)
    if running is not None and running.virtual_agent_id != agent.pk:
        raise ConversationWithAnother(name=running.virtual_agent.name)
    if running is None:
        if not agent.is_on:
            raise VirtualAgentIsOff(name=agent.name)
        thread = Thread(actor, contact, conversation, at)
        end_snooze(thread, by="person")
        end_lock(thread, conversation.pk, ending=LockSession.Ending.STATUS)
        hold(thread, agent)
        thread.save()
    return Answered(conversation=conversation, virtual_agent_id=agent.pk)


@transaction.atomic
def answer_as_virtual_agent(
    *,
    actor: Actor,
    virtual_agent_id: int,
    conversation_id: int,
    answer: AgentAnswer,
    idempotency_key: str,
    at: datetime,
) -> Answered:
    """Do what the program answers in a conversation that it holds; names that the workspace does not know are passed over."""
    agent = virtual_agent_for_work(actor, virtual_agent_id)
    contact, conversation = conversation_for_update(actor, conversation_id)
    _held_run(conversation, agent)
    if contact.is_blocked:
        raise ContactBlocked(contact_id=contact.pk)
    if answer.complete == RESOLVED and agent.kind == VirtualAgent.Kind.AUTO_RESPONDER:
        raise ResponderCannotResolve(name=agent.name)
    category = checked_category(actor, answer.category)
    message = None
    if answer.text:
        message = _write(actor, agent, conversation, answer.text, idempotency_key=idempotency_key, at=at)
        contact, conversation = conversation_for_update(actor, conversation_id)  # as sending left them
    run = _held_run(conversation, agent)
    if message is not None:
        run.waits_until = at + timedelta(minutes=agent.timeout_minutes)
        run.save(update_fields=["waits_until"])
    ignored_tags = _tag(actor, agent, conversation, answer, at=at)
    thread = Thread(actor, contact, conversation, at)
    topics = _named(Topic.objects.in_workspace(actor.workspace_id).filter(is_active=True).values_list("name", "pk"))
    known = [topics[name.casefold()] for name in answer.topics if name.casefold() in topics]
    apply_topics(thread, known, virtual_agent_id=agent.pk)
    if answer.complete == RESOLVED:
        summary = answer.summary.strip()
        resolved = Move(
            to=Status.RESOLVED,
            cause="set",
            source="bot",
            virtual_agent_id=agent.pk,
            category=category,
            summary=summary,
        )
        move(thread, resolved)
        send_survey(thread)
    elif answer.complete == HANDOVER:
        hand_over(thread, run, reason=answer.reason)
    thread.save()
    if answer.complete == HANDOVER:
        tell_of_handover(thread)
    return Answered(
        conversation=conversation,
        virtual_agent_id=agent.pk if conversation.held_by_bot else None,
        message=message,
        ignored_topics=tuple(name for name in answer.topics if name.casefold() not in topics),
        ignored_tags=ignored_tags,
    )


def _held_run(conversation: Conversation, agent: VirtualAgent) -> VirtualAgentRun:
    """Return the agent's run on the conversation; raise ConversationNotWithAgent when it has none."""
    run = running_run(conversation)
    if run is None or run.virtual_agent_id != agent.pk or not conversation.held_by_bot:
        raise ConversationNotWithAgent(conversation_id=conversation.pk, name=agent.name)
    return run


def _write(
    actor: Actor, agent: VirtualAgent, conversation: Conversation, text: str, *, idempotency_key: str, at: datetime
) -> Message:
    """Send as the agent, on the channel that the contact wrote on last."""
    is_responder = agent.kind == VirtualAgent.Kind.AUTO_RESPONDER
    return send_message(
        actor=actor,
        contact=Identifier.of(conversation.contact_id),
        channel_id=conversation.last_channel_id,
        content=Content(text=text, payload={"system_user_type": "AUTO_RESPONDER"} if is_responder else {}),
        idempotency_key=idempotency_key,
        sender_kind="system" if is_responder else "bot",
        sender_id=agent.pk,
        at=at,
    )


def _tag(
    actor: Actor, agent: VirtualAgent, conversation: Conversation, answer: AgentAnswer, *, at: datetime
) -> tuple[str, ...]:
    """Put known tags on the message that is named; return the names that are not known."""
    if answer.message_id is None:
        return ()
    messages = Message.objects.in_workspace(actor.workspace_id).filter(conversation_id=conversation.pk)
    if not messages.filter(pk=answer.message_id).exists():
        raise MessageNotFound(message_id=answer.message_id, field="messageId")
    tags = _named(MessageTag.objects.in_workspace(actor.workspace_id).filter(is_active=True).values_list("name", "pk"))
    for name in answer.tags:
        tag_id = tags.get(name.casefold())
        if tag_id is not None:
            tag_message(actor=actor, message_id=answer.message_id, tag_id=tag_id, virtual_agent_id=agent.pk, at=at)
    return tuple(name for name in answer.tags if name.casefold() not in tags)


def _named(rows: Iterable[tuple[str, int]]) -> dict[str, int]:
    return {name.casefold(): number for name, number in rows}
