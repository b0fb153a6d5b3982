"""The proof of the figures, a batch at a time: eleven queries for a batch, however many conversations it has."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.db.models import Min

from inbox.actions.figures import Facts, figures_from
from inbox.models import (
    Assignment,
    Conversation,
    ConversationTopic,
    Delivery,
    Handover,
    LockSession,
    Message,
    Response,
    StartEvent,
    StatusChange,
    Survey,
)

BATCH = 1_000
CLOSED_AT_OF_RESPONSES = "closed_at of responses"  # what they copy of their conversation


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what the facts say."""

    conversation_id: int
    figure: str
    stored: object
    computed: object


@dataclass(slots=True)
class Batch:
    """Conversations looked at, the last of them, and what differed."""

    count: int = 0
    last_id: int = 0
    differences: list[Difference] = field(default_factory=list)


@transaction.atomic
def recompute_batch(*, workspace_id: int, after: int, mend: bool) -> Batch:
    """Compare the next conversations after an id with their facts, and write what the facts say where `mend`."""
    rows = Conversation.objects.in_workspace(workspace_id).filter(pk__gt=after).order_by("pk")
    conversations = list((rows.select_for_update() if mend else rows)[:BATCH])
    batch = Batch(count=len(conversations))
    if not conversations:
        return batch
    batch.last_id = conversations[-1].pk
    facts = _facts(workspace_id, conversations)
    copies = _closings(workspace_id, conversations)
    for conversation in conversations:
        computed = figures_from(facts[conversation.pk])
        wrong = {name: value for name, value in computed.items() if getattr(conversation, name) != value}
        for name, value in wrong.items():
            stored = getattr(conversation, name)
            batch.differences.append(Difference(conversation.pk, name, stored, value))
            setattr(conversation, name, value)
        if wrong and mend:
            conversation.version += 1
            conversation.save(update_fields=[*wrong, "version"])
        _compare_copies(conversation, copies[conversation.pk], computed["closed_at"], batch, mend=mend)
    return batch


def _compare_copies(
    conversation: Conversation, copies: set[datetime | None], closed_at: object, batch: Batch, *, mend: bool
) -> None:
    """Compare what the responses of a conversation say of its closing."""
    wrong = [copy for copy in copies if copy != closed_at]
    for copy in wrong:
        batch.differences.append(Difference(conversation.pk, CLOSED_AT_OF_RESPONSES, copy, closed_at))
    if wrong and mend:
        responses = Response.objects.in_workspace(conversation.workspace_id)
        responses.filter(conversation_id=conversation.pk).update(closed_at=closed_at)


def _closings(workspace_id: int, conversations: list[Conversation]) -> dict[int, set[datetime | None]]:
    found: dict[int, set[datetime | None]] = {each.pk: set() for each in conversations}
    responses = Response.objects.in_workspace(workspace_id).filter(conversation_id__in=list(found))
    for conversation_id, closed_at in responses.values_list("conversation_id", "closed_at").distinct():
        found[conversation_id].add(closed_at)
    return found


def _facts(workspace_id: int, conversations: list[Conversation]) -> dict[int, Facts]:
    rows = Conversation.objects.in_workspace(workspace_id)
    of_contacts = rows.filter(contact_id__in={each.contact_id for each in conversations})
    firsts = dict(of_contacts.order_by().values_list("contact_id").annotate(first=Min("pk")))
    found = {
        each.pk: Facts(
            messages=[],
            changes=[],
            assignments=[],
            locks=[],
            starts=[],
            opened_channel_id=each.opened_channel_id,
            has_earlier=firsts[each.contact_id] < each.pk,
        )
        for each in conversations
    }
    chosen = {"conversation_id__in": list(found)}
    messages = Message.objects.in_workspace(workspace_id).filter(**chosen).exclude(status=Delivery.CANCELLED)
    for message in messages.defer("text", "payload").order_by("id"):
        if message.conversation_id is not None:
            found[message.conversation_id].messages.append(message)
    for change in StatusChange.objects.in_workspace(workspace_id).filter(**chosen).order_by("id"):
        found[change.conversation_id].changes.append(change)
    for assignment in Assignment.objects.in_workspace(workspace_id).filter(**chosen).order_by("id"):
        if assignment.conversation_id is not None:
            found[assignment.conversation_id].assignments.append(assignment)
    for lock in LockSession.objects.in_workspace(workspace_id).filter(**chosen).order_by("id"):
        found[lock.conversation_id].locks.append(lock)
    for start in StartEvent.objects.in_workspace(workspace_id).filter(**chosen).order_by("id"):
        found[start.conversation_id].starts.append(start)
    for topic in ConversationTopic.objects.in_workspace(workspace_id).filter(**chosen):
        found[topic.conversation_id].topics.append(topic)
    for handover in Handover.objects.in_workspace(workspace_id).filter(**chosen).order_by("id"):
        found[handover.conversation_id].handovers.append(handover)
    for survey in Survey.objects.in_workspace(workspace_id).filter(**chosen):
        found[survey.conversation_id].surveys.append(survey)
    return found
