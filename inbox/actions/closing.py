"""Opening and closing: by hand with a note as the workspace asks for it, by the API, or by the workspace's own rules."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from contacts.identifiers import Identifier
from inbox.access import thread_for_update
from inbox.actions.surveys import send_survey
from inbox.actions.threads import Move, Thread, end_snooze, move, open_new
from inbox.actions.topics import apply_topics
from inbox.errors import (
    CategoryNotKnown,
    CategoryRequired,
    ConversationClosedAlready,
    ConversationOpenAlready,
    SummaryRequired,
    TopicRequired,
)
from inbox.models import Channel, ClosingCategory, ClosingMode, Conversation, ConversationTopic, Status
from inbox.queries.behaviour import settings_of
from workspaces.actors import Actor
from workspaces.jobs import Clock
from workspaces.sweeps import sweep_rows

QUIET_ONES = "SELECT workspace_id, conversation_id FROM quiet_conversations(%s)"


@transaction.atomic
def open_conversation(*, actor: Actor, contact: Identifier, source: str = "user", at: datetime) -> Conversation:
    """Open a new conversation for a contact that has none open."""
    row, latest = thread_for_update(actor, contact)
    thread = Thread(actor, row, latest, at)
    if thread.is_open:
        raise ConversationOpenAlready(contact_id=row.pk)
    last = latest.last_channel if latest is not None else None
    channel_id = last.pk if last is not None and last.state != Channel.State.DELETED else None
    conversation = open_new(thread, source=source, channel_id=channel_id, by_id=actor.user_id)
    thread.save()
    return conversation


@transaction.atomic
def close_conversation(  # noqa: PLR0913 - a closing note has four parts
    *,
    actor: Actor,
    contact: Identifier,
    category: str = "",
    summary: str = "",
    topics: Sequence[int] = (),
    source: str = "user",
    by_hand: bool = True,
    at: datetime,
) -> Conversation:
    """Close the contact's open conversation with its note; by hand, the note is as complete as the workspace asks."""
    row, latest = thread_for_update(actor, contact)
    thread = Thread(actor, row, latest, at)
    if latest is not None and latest.status == Status.RESOLVED:
        raise ConversationClosedAlready
    conversation = thread.open_one
    category = checked_category(actor, category)
    apply_topics(thread, topics)
    if by_hand:
        check_note(actor, conversation, category=category, summary=summary)
    move(
        thread,
        Move(
            to=Status.RESOLVED,
            cause="set",
            source=source,
            user_id=actor.user_id,
            category=category,
            summary=summary.strip(),
        ),
    )
    send_survey(thread)
    thread.save()
    return conversation


@transaction.atomic
def set_conversation_status(
    *, actor: Actor, contact: Identifier, status: Status, source: str = "user", at: datetime
) -> Conversation:
    """Put the latest conversation into a status by hand: new and pending open a closed one again."""
    if status == Status.RESOLVED:
        return close_conversation(actor=actor, contact=contact, source=source, at=at)
    row, latest = thread_for_update(actor, contact)
    thread = Thread(actor, row, latest, at)
    if latest is None:
        return open_conversation(actor=actor, contact=contact, source=source, at=at)
    if latest.status == Status.RESOLVED or status == Status.NEW:
        end_snooze(thread, by="person")
    move(thread, Move(to=status, cause="set", source=source, user_id=actor.user_id))
    thread.save()
    return latest


def checked_category(actor: Actor, category: str) -> str:
    """Return the category as the workspace writes it; an unknown one is refused with the known ones."""
    given = category.strip()
    if not given:
        return ""
    names = ClosingCategory.objects.in_workspace(actor.workspace_id).order_by("position", "pk")
    known = list(names.values_list("name", flat=True))
    for name in known:
        if name.casefold() == given.casefold():
            return name
    raise CategoryNotKnown(category=given, known=", ".join(known) or "–", field="category")


def check_note(actor: Actor, conversation: Conversation, *, category: str, summary: str) -> None:
    """Refuse a note that lacks what the workspace's mode asks for."""
    behaviour = settings_of(actor.workspace_id)
    if behaviour.closing_mode in {ClosingMode.CATEGORY, ClosingMode.ALL} and not category:
        raise CategoryRequired(field="category")
    if behaviour.closing_mode == ClosingMode.ALL and not summary.strip():
        raise SummaryRequired(field="summary")
    if behaviour.topic_required:
        applied = ConversationTopic.objects.in_workspace(actor.workspace_id)
        if not applied.filter(conversation_id=conversation.pk, removed_at=None).exists():
            raise TopicRequired(field="topics")


def resolve_quiet_conversations(*, clock: Clock) -> int:
    """Close conversations without activity for the workspace's number of days; return how many were looked at."""

    def resolve(actor: Actor, conversation_id: int) -> None:
        _resolve_quiet(actor, conversation_id, at=clock())

    return sweep_rows(QUIET_ONES, [clock()], resolve, sweep="resolve_quiet_conversations")


def _resolve_quiet(actor: Actor, conversation_id: int, *, at: datetime) -> None:
    rows = Conversation.objects.in_workspace(actor.workspace_id).filter(pk=conversation_id)
    contact_id = rows.values_list("contact_id", flat=True).first()
    if contact_id is None:
        return
    contact, latest = thread_for_update(actor, Identifier.of(contact_id), refuse_blocked=False)
    if latest is None or latest.pk != conversation_id or latest.status == Status.RESOLVED:
        return
    thread = Thread(actor, contact, latest, at)
    move(thread, Move(to=Status.RESOLVED, cause="quiet", source="auto_close"))
    thread.save()
