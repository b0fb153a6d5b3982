"""The demo's conversations: rows with every fact, event and figure, poured in at once."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Any

from django.db import connection

from config.demo.happenings import log_events
from config.demo.history import Ground
from config.demo.pouring import number, pour
from config.demo.rows import row_of
from config.demo.satisfaction import join_rows
from config.demo.story import Story
from config.demo.tagging import tag_messages
from contacts.models import ContactLogEntry
from inbox.actions.figures import Facts, figures_from, responses_from
from inbox.content import preview_of
from inbox.models import (
    Assignment,
    Comment,
    ContactChannel,
    Conversation,
    ConversationTopic,
    Handover,
    LockSession,
    Message,
    MessageStatus,
    Response,
    StartEvent,
    Status,
    StatusChange,
    Survey,
    VirtualAgentRun,
)

MOMENTS: dict[Any, str] = {
    Message: "created_at",
    Comment: "created_at",
    LockSession: "started_at",
    VirtualAgentRun: "started_at",
    ConversationTopic: "applied_at",
    Survey: "sent_at",
}
FAILURES = (
    ("131026", "The number does not use this network."),
    ("131026", "The number does not use this network."),
    ("131047", "The contact has not written for too long."),
    ("http_422", "Number not in service."),
)


def write_stories(ground: Ground, stories: list[Story], links: dict[int, list[ContactChannel]]) -> None:
    """Write the conversations of a workspace with every fact, event and figure, and what its contacts keep of them."""
    last_of = {story.contact.pk: story for story in sorted(stories, key=lambda story: story.opened_at)}
    conversations = [_conversation(ground, story, is_latest=last_of[story.contact.pk] is story) for story in stories]
    number(Conversation, conversations)
    first_of: dict[int, int] = {}
    for conversation in conversations:
        first_of.setdefault(conversation.contact_id, conversation.pk)
    kinds: dict[Any, list[Any]] = {
        Message: [], StatusChange: [], Assignment: [], LockSession: [], StartEvent: [], Comment: [],
        ConversationTopic: [], VirtualAgentRun: [], Handover: [], Survey: [],
    }  # fmt: skip
    for story, conversation in zip(stories, conversations, strict=True):
        for model, rows in zip(kinds, _rows_of(story), strict=True):
            for row in rows:
                row.__dict__["conversation_id"] = conversation.id
            kinds[model] += rows
    kinds[Assignment] += [row for story in stories for row in story.afterwards]
    for model, rows in kinds.items():
        rows.sort(key=attrgetter(MOMENTS.get(model, "occurred_at")))
        number(model, rows)
    responses: list[Response] = []
    for story, conversation in zip(stories, conversations, strict=True):
        join_rows(story)
        _join_starts(story)
        facts = Facts(
            story.messages,
            story.changes,
            story.assignments,
            story.locks,
            story.starts,
            opened_channel_id=story.channel_id,
            has_earlier=first_of[conversation.contact_id] < conversation.pk,
            topics=story.topics,
            handovers=story.handovers,
            surveys=story.surveys,
        )
        conversation.__dict__.update(figures_from(facts))
        _dress(conversation, story)
        for response in responses_from(facts)[0]:
            response.workspace_id = ground.workspace_id
            response.conversation_id, response.contact_id = conversation.pk, story.contact.pk
            response.channel_id = story.channel_id
            responses.append(response)
    responses.sort(key=lambda row: row.to_at)
    number(Response, responses)
    steps = list(_steps(ground, kinds[Message]))
    number(MessageStatus, steps)
    pour(ContactChannel, _touched(links, kinds[Message]))
    pour(Conversation, conversations)
    for model, rows in kinds.items():
        pour(model, rows)
    pour(Response, responses)
    pour(MessageStatus, steps)
    tag_messages(ground, stories)
    log_events(ground.workspace_id, stories, conversations, kinds)
    _touch_contacts(ground, last_of)


def _rows_of(story: Story) -> tuple[Sequence[Any], ...]:
    return (
        story.messages, story.changes, story.assignments, story.locks, story.starts, story.comments,
        story.topics, story.runs, story.handovers, story.surveys,
    )  # fmt: skip


def _join_starts(story: Story) -> None:
    """Let each wait that a message began name it."""
    heard = {message.created_at: message.pk for message in story.messages if message.direction == "incoming"}
    for row in story.starts:
        if row.kind == StartEvent.Kind.INBOUND_MESSAGE:
            row.message_id = heard[row.occurred_at]


def _conversation(ground: Ground, story: Story, *, is_latest: bool) -> Conversation:
    return row_of(
        Conversation,
        workspace_id=ground.workspace_id,
        contact_id=story.contact.pk,
        is_latest=is_latest,
        language=story.language,
        opened_at=story.opened_at,
        opened_by_source=story.source,
        opened_channel_id=story.channel_id,
        last_channel_id=story.channel_id,
        assignee_id=story.assignee_id,
        status_changed_at=story.opened_at,
        last_activity_at=story.ends_at,
        updated_at=story.ends_at,
        changed_at=story.ends_at,
    )


def _dress(conversation: Conversation, story: Story) -> None:
    last = story.messages[-1]
    # Of a survey's message, lists show the words alone: its address opens something.
    conversation.preview = preview_of(last.text.partition("\n")[0] if last.sender_kind == "system" else last.text)
    conversation.preview_is_ours = last.direction == "outgoing"
    conversation.last_activity_at = max([last.created_at, *(row.occurred_at for row in story.handovers)])
    if conversation.status != Status.RESOLVED:
        for message in reversed(story.messages):
            if message.user_id is not None:
                break
            conversation.unread_count += message.direction == "incoming"


def _steps(ground: Ground, messages: list[Message]) -> Iterable[MessageStatus]:
    ladder = ("queued", "sent", "delivered", "read")
    for message in messages:
        if message.direction == "incoming":
            continue
        climbed = ("queued", "failed") if message.status == "failed" else ladder[: ladder.index(message.status) + 1]
        if message.status == "failed":
            message.error_code, message.error_text = FAILURES[message.contact_id % len(FAILURES)]
        for place, status in enumerate(climbed):
            yield row_of(
                MessageStatus,
                workspace_id=ground.workspace_id,
                message_id=message.pk,
                status=status,
                occurred_at=message.created_at + timedelta(seconds=(0, 1, 4, 70)[place]),
                detail=message.error_text if status == "failed" else "",
            )


def _touched(links: dict[int, list[ContactChannel]], messages: list[Message]) -> list[ContactChannel]:
    every = {link.pk: link for own in links.values() for link in own}
    for message in messages:
        link = every[message.contact_channel_id or 0]
        link.last_message_at = message.created_at
        link.connected_at = link.connected_at or message.created_at
        if message.direction == "incoming":
            link.last_incoming_at = message.created_at
    return list(every.values())


def _touch_contacts(ground: Ground, last_of: dict[int, Story]) -> None:
    rows = [
        (contact_id, story.status != Status.RESOLVED, story.messages[-1].created_at, story.assignee_id, story.ends_at)
        for contact_id, story in last_of.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE contacts_contact c
               SET is_open = given.is_open, last_interaction_at = given.at, assignee_id = given.assignee_id,
                   updated_at = greatest(c.updated_at, given.ends_at)
              FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[], %s::bigint[],
                          %s::timestamptz[]) AS given (id, is_open, at, assignee_id, ends_at)
             WHERE c.workspace_id = %s AND c.id = given.id""",
            [*(list(column) for column in zip(*rows, strict=True)), ground.workspace_id],
        )
        cursor.execute(
            """
            INSERT INTO contacts_contactlogentry (workspace_id, kind, contact_id, contact_name, source, channel_id, occurred_at)
            SELECT l.workspace_id, %s, l.contact_id, l.name, 'incoming_message', l.channel_id, l.connected_at
              FROM inbox_contactchannel l WHERE l.workspace_id = %s AND l.connected_at IS NOT NULL ORDER BY l.connected_at""",
            [ContactLogEntry.Kind.CONNECTED, ground.workspace_id],
        )
