"""The figures of a conversation, computed from its facts alone: what the actions keep must be equal to this.

Plain Python over one conversation's rows, in the order of their moments; `manage.py recompute_conversations` compares and mends.
Source of every definition: docs/metrics.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from inbox.models import (
    Assignment,
    Conversation,
    ConversationTopic,
    Delivery,
    Direction,
    Handover,
    LockSession,
    Message,
    Response,
    StartEvent,
    Status,
    StatusChange,
    Survey,
)

FIGURES = (
    "status", "status_changed_at", "status_changed_by_id", "status_changed_team_id",
    "first_resolved_at", "first_resolved_by_id", "first_resolved_team_id", "first_resolved_source",
    "first_resolved_in_bulk", "first_resolved_category", "first_resolved_summary",
    "closed_at", "closed_by_id", "closed_by_team_id", "closed_by_source", "closed_category", "closed_summary",
    "closed_assignee_id", "settled_by_id", "settled_team_id",
    "first_assignee_id", "first_assigned_at", "last_assignee_id", "last_assigned_at", "assignment_count",
    "response_after_assignment_at", "first_handover_at",
    "incoming_count", "outgoing_count", "first_incoming_at", "last_incoming_at", "first_human_reply_at",
    "first_response_at", "first_response_by_id", "first_response_team_id", "response_count", "response_ms",
    "waiting_since", "waiting_for", "handle_ms", "no_reply_ms", "cherry_picking_ms",
    "last_message_id", "last_message_at", "channel_id", "changed_at", "is_returning",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Facts:
    """What is stored about one conversation, each list in the order of its ids."""

    messages: list[Message]
    changes: list[StatusChange]
    assignments: list[Assignment]
    locks: list[LockSession]
    starts: list[StartEvent]
    opened_channel_id: int | None
    has_earlier: bool = False  # of the same contact, a conversation with a lower id
    topics: list[ConversationTopic] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)


def facts_of(workspace_id: int, conversation_id: int) -> Facts:
    """Read the facts of one conversation."""
    named = {"conversation_id": conversation_id}
    messages = Message.objects.in_workspace(workspace_id).filter(**named).exclude(status=Delivery.CANCELLED)
    conversations = Conversation.objects.in_workspace(workspace_id)
    conversation = conversations.get(pk=conversation_id)
    return Facts(
        opened_channel_id=conversation.opened_channel_id,
        has_earlier=conversations.filter(contact_id=conversation.contact_id, pk__lt=conversation_id).exists(),
        topics=list(ConversationTopic.objects.in_workspace(workspace_id).filter(**named)),
        handovers=list(Handover.objects.in_workspace(workspace_id).filter(**named).order_by("id")),
        surveys=list(Survey.objects.in_workspace(workspace_id).filter(**named)),
        messages=list(messages.order_by("id")),
        changes=list(StatusChange.objects.in_workspace(workspace_id).filter(**named).order_by("id")),
        assignments=list(Assignment.objects.in_workspace(workspace_id).filter(**named).order_by("id")),
        locks=list(LockSession.objects.in_workspace(workspace_id).filter(**named).order_by("id")),
        starts=list(StartEvent.objects.in_workspace(workspace_id).filter(**named).order_by("id")),
    )


def figures_from(facts: Facts) -> dict[str, object]:
    """Return every figure column of a conversation as its facts say it is."""
    found: dict[str, object] = dict.fromkeys(FIGURES)
    found |= _of_status(facts.changes)
    found |= _of_assignments(facts.assignments)
    found |= _of_messages(facts.messages)
    found |= _of_responses(facts)
    found["first_handover_at"] = _first_handover(facts, found)
    found["response_after_assignment_at"] = _response_after_assignment(facts)
    found["channel_id"] = facts.opened_channel_id or next(
        (each.channel_id for each in facts.messages if each.channel_id is not None), None
    )
    found["is_returning"] = facts.has_earlier
    found["changed_at"] = max(_moments_of_change(facts))
    for outcome in LockSession.Outcome.values:
        found[f"{outcome}_ms"] = sum(
            _ms(lock.started_at, lock.ended_at) for lock in facts.locks if lock.outcome == outcome and lock.ended_at
        )
    return found


def recompute(workspace_id: int, conversation_id: int) -> dict[str, tuple[object, object]]:
    """Put right what a conversation's row says; return {figure: (stored, computed)} of what differed."""
    conversation = Conversation.objects.in_workspace(workspace_id).select_for_update().get(pk=conversation_id)
    found = figures_from(facts_of(workspace_id, conversation_id))
    wrong = {
        name: (getattr(conversation, name), value)
        for name, value in found.items()
        if getattr(conversation, name) != value
    }
    for name, (_stored, value) in wrong.items():
        setattr(conversation, name, value)
    if wrong:
        conversation.version += 1
        conversation.save(update_fields=[*wrong, "version"])
    return wrong


def _first_handover(facts: Facts, found: dict[str, object]) -> datetime | None:
    """Return the earliest hand-over at or after the first incoming message and not after the first human reply."""
    heard_at, replied_at = found["first_incoming_at"], found["first_human_reply_at"]
    for handover in facts.handovers:
        if isinstance(heard_at, datetime) and handover.occurred_at >= heard_at:
            is_in_time = not isinstance(replied_at, datetime) or handover.occurred_at <= replied_at
            return handover.occurred_at if is_in_time else None
    return None


def _response_after_assignment(facts: Facts) -> datetime | None:
    """Return the end of the first response at or after the latest assignment to a person."""
    moments = [each.occurred_at for each in facts.assignments if each.new_user_id is not None]
    ends = (each.to_at for each in responses_from(facts)[0])
    return next((at for at in ends if at >= moments[-1]), None) if moments else None


def _moments_of_change(facts: Facts) -> Iterator[datetime]:
    yield from (each.occurred_at for each in facts.changes)
    yield from (each.created_at for each in facts.messages)
    yield from (each.occurred_at for each in facts.assignments)
    yield from (at for each in facts.topics for at in (each.applied_at, each.removed_at) if at is not None)
    yield from (each.answered_at for each in facts.surveys if each.answered_at is not None)


def _of_status(changes: list[StatusChange]) -> dict[str, object]:
    last = changes[-1]
    found: dict[str, object] = {
        "status": last.new,
        "status_changed_at": last.occurred_at,
        "status_changed_by_id": last.user_id,
        "status_changed_team_id": last.team_id,
        "first_resolved_source": "",
        "first_resolved_in_bulk": False,
        "first_resolved_category": "",
        "first_resolved_summary": "",
        "closed_by_source": "",
        "closed_category": "",
        "closed_summary": "",
    }
    settled = next((change for change in reversed(changes) if change.new != Status.NEW), None)
    if settled is not None:
        found |= {"settled_by_id": settled.user_id, "settled_team_id": settled.team_id}
    first = next((change for change in changes if change.new == Status.RESOLVED), None)
    if first is not None:
        found |= {
            "first_resolved_at": first.occurred_at,
            "first_resolved_by_id": first.user_id,
            "first_resolved_team_id": first.team_id,
            "first_resolved_source": first.source,
            "first_resolved_in_bulk": first.in_bulk,
            "first_resolved_category": first.category,
            "first_resolved_summary": first.summary,
        }
    if last.new == Status.RESOLVED:
        found |= {
            "closed_at": last.occurred_at,
            "closed_by_id": last.user_id,
            "closed_by_team_id": last.team_id,
            "closed_by_source": last.source,
            "closed_category": last.category,
            "closed_summary": last.summary,
            "closed_assignee_id": last.assignee_id,
        }
    return found


def _of_assignments(assignments: list[Assignment]) -> dict[str, object]:
    to_people = [each for each in assignments if each.new_user_id is not None]
    found: dict[str, object] = {"assignment_count": len(assignments)}
    if to_people:
        found |= {
            "first_assignee_id": to_people[0].new_user_id,
            "first_assigned_at": to_people[0].occurred_at,
            "last_assignee_id": to_people[-1].new_user_id,
            "last_assigned_at": to_people[-1].occurred_at,
        }
    return found


def _of_messages(messages: list[Message]) -> dict[str, object]:
    incoming = [each for each in messages if each.direction == Direction.INCOMING]
    outgoing = [each for each in messages if each.direction == Direction.OUTGOING]
    first = incoming[0] if incoming else None
    human = [each for each in outgoing if is_human(each) and first is not None and each.pk > first.pk]
    last = messages[-1] if messages else None
    return {
        "incoming_count": len(incoming),
        "outgoing_count": len(outgoing),
        "first_incoming_at": first.created_at if first else None,
        "last_incoming_at": incoming[-1].created_at if incoming else None,
        "first_human_reply_at": human[0].created_at if human else None,
        "last_message_id": last.pk if last else None,
        "last_message_at": last.created_at if last else None,
    }


def _of_responses(facts: Facts) -> dict[str, object]:
    responses, waiting = responses_from(facts)
    found: dict[str, object] = {
        "response_count": len(responses),
        "response_ms": sum(_ms(each.from_at, each.to_at) for each in responses),
        "waiting_since": waiting.occurred_at if waiting else None,
        "waiting_for": waiting.kind if waiting else "",
    }
    if responses:
        first = responses[0]
        found |= {
            "first_response_at": first.to_at,
            "first_response_by_id": first.user_id,
            "first_response_team_id": first.team_id,
        }
    return found


def responses_from(facts: Facts) -> tuple[list[Response], StartEvent | None]:
    """Return the responses of a conversation, and the start event that waits for one now.

    A start event counts when it is later than the previous message of a person and the previous resolution.
    """
    moments: list[tuple[datetime, int, int, object]] = [
        *((each.occurred_at, 0, each.pk, each) for each in facts.starts),
        *((each.created_at, 1, each.pk, each) for each in facts.messages if is_human(each)),
        *((each.occurred_at, 2, each.pk, each) for each in facts.changes if each.new == Status.RESOLVED),
    ]
    responses: list[Response] = []
    waiting: StartEvent | None = None
    for _at, _rank, _pk, fact in sorted(moments, key=lambda moment: moment[:3]):
        if isinstance(fact, StartEvent):
            waiting = waiting or fact
        elif isinstance(fact, Message):
            if waiting is not None and fact.user_id is not None:
                responses.append(
                    Response(
                        message_id=fact.pk,
                        user_id=fact.user_id,
                        team_id=fact.team_id,
                        started_by=waiting.kind,
                        from_at=waiting.occurred_at,
                        to_at=fact.created_at,
                    )
                )
            waiting = None
        else:
            waiting = None
    return responses, waiting


def is_human(message: Message) -> bool:
    """Whether a person of the team wrote the message in the inbox."""
    return message.direction == Direction.OUTGOING and message.sender_kind == "user" and message.user_id is not None


def _ms(start: datetime, end: datetime) -> int:
    return round((end - start).total_seconds() * 1000)
