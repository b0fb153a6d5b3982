"""The demo's conversations: rows with every fact, event and figure, poured in at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db import connection

from config.demo.history import Ground, Story
from config.demo.pouring import number, pour
from config.demo.rows import row_of
from contacts.models import ContactLogEntry
from inbox.actions.figures import Facts, figures_from, responses_from
from inbox.content import preview_of
from inbox.models import (
    Assignment,
    Comment,
    ContactChannel,
    Conversation,
    ConversationTopic,
    LockSession,
    Message,
    MessageStatus,
    MessageTag,
    MessageTagging,
    Response,
    StartEvent,
    Status,
    StatusChange,
    Topic,
)
from workspaces.models import EventRecord

TAGGED_EVERY = 10


def write_stories(ground: Ground, stories: list[Story], links: dict[int, list[ContactChannel]]) -> None:
    """Write the conversations of a workspace with every fact, event and figure, and what its contacts keep of them."""
    last_of = {story.contact.pk: story for story in sorted(stories, key=lambda story: story.opened_at)}
    conversations = [_conversation(ground, story, is_latest=last_of[story.contact.pk] is story) for story in stories]
    number(Conversation, conversations)
    kinds: dict[Any, list[Any]] = {
        Message: [], StatusChange: [], Assignment: [], LockSession: [], StartEvent: [], Comment: [],
    }  # fmt: skip
    for story, conversation in zip(stories, conversations, strict=True):
        for model, rows in zip(kinds, _rows_of(story), strict=True):
            for row in rows:
                row.__dict__["conversation_id"] = conversation.id
            kinds[model] += rows
    moment = {Message: "created_at", Comment: "created_at", LockSession: "started_at"}
    for model, rows in kinds.items():
        rows.sort(key=attrgetter(moment.get(model, "occurred_at")))
        number(model, rows)
    responses: list[Response] = []
    topics = dict(Topic.objects.in_workspace(ground.workspace_id).values_list("name", "pk"))
    applied: list[ConversationTopic] = []
    for story, conversation in zip(stories, conversations, strict=True):
        topic = _topic(ground, story, conversation, topics)
        applied += topic
        facts = Facts(
            story.messages,
            story.changes,
            story.assignments,
            story.locks,
            story.starts,
            opened_channel_id=story.channel_id,
            topics=topic,
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
    number(ConversationTopic, applied)
    steps = list(_steps(ground, kinds[Message]))
    number(MessageStatus, steps)
    pour(ContactChannel, _touched(links, kinds[Message]))
    pour(Conversation, conversations)
    for model, rows in kinds.items():
        pour(model, rows)
    pour(Response, responses)
    pour(ConversationTopic, applied)
    pour(MessageStatus, steps)
    _tag_messages(ground, stories)
    _log(ground, stories, conversations, kinds)
    _touch_contacts(ground, last_of)


def _topic(ground: Ground, story: Story, conversation: Conversation, topics: dict[str, int]) -> list[ConversationTopic]:
    """Return the topic that the closing note of a closed conversation put on it."""
    last = story.changes[-1]
    if last.new != Status.RESOLVED:
        return []
    return [
        row_of(
            ConversationTopic,
            workspace_id=ground.workspace_id,
            conversation_id=conversation.pk,
            topic_id=topics[story.talk.topic],
            applied_at=last.occurred_at,
            applied_by_id=last.user_id,
            applied_team_id=last.team_id,
        )
    ]


def _tag_messages(ground: Ground, stories: list[Story]) -> None:
    """Let whoever answered first put a tag on the question, on every tenth conversation."""
    tags = list(MessageTag.objects.in_workspace(ground.workspace_id).order_by("pk").values_list("pk", flat=True))
    rows = []
    for place, story in enumerate(stories[::TAGGED_EVERY]):
        reply = next((message for message in story.messages if message.user_id is not None), None)
        if reply is not None:
            tagging = row_of(
                MessageTagging,
                workspace_id=ground.workspace_id,
                message_id=story.messages[0].pk,
                tag_id=tags[place % len(tags)],
                applied_at=reply.created_at,
                applied_by_id=reply.user_id,
                applied_team_id=reply.team_id,
            )
            rows.append(tagging)
    number(MessageTagging, rows)
    pour(MessageTagging, rows)


def _rows_of(story: Story) -> tuple[Sequence[Any], ...]:
    return story.messages, story.changes, story.assignments, story.locks, story.starts, story.comments


def _conversation(ground: Ground, story: Story, *, is_latest: bool) -> Conversation:
    return row_of(
        Conversation,
        workspace_id=ground.workspace_id,
        contact_id=story.contact.pk,
        is_latest=is_latest,
        language=story.language,
        opened_at=story.opened_at,
        opened_by_source="contact",
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
    conversation.preview = preview_of(last.text)
    conversation.preview_is_ours = last.direction == "outgoing"
    conversation.last_activity_at = last.created_at
    if conversation.status != Status.RESOLVED:
        for message in reversed(story.messages):
            if message.direction == "outgoing":
                break
            conversation.unread_count += 1


def _steps(ground: Ground, messages: list[Message]) -> Iterable[MessageStatus]:
    ladder = ("queued", "sent", "delivered", "read")
    for message in messages:
        if message.direction == "incoming":
            continue
        climbed = ("queued", "failed") if message.status == "failed" else ladder[: ladder.index(message.status) + 1]
        if message.status == "failed":
            message.error_code, message.error_text = "131026", "The number does not use this network."
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


def _log(ground: Ground, stories: list[Story], conversations: list[Conversation], kinds: dict[Any, list[Any]]) -> None:
    events: list[EventRecord] = []

    def tell(kind: str, at: datetime, contact_id: int, user_id: int | None, **data: object) -> None:
        events.append(
            row_of(
                EventRecord,
                workspace_id=ground.workspace_id,
                type=f"inbox.{kind}",
                occurred_at=at,
                actor_kind="system" if user_id is None else "user",
                actor_id=user_id,
                subject_kind="contact",
                subject_id=contact_id,
                data=data,
            )
        )

    for story, row in zip(stories, conversations, strict=True):
        for change in story.changes:
            facts: dict[str, object] = {"conversation_id": row.pk}
            if not change.old:
                tell(
                    "conversation.opened",
                    change.occurred_at,
                    row.contact_id,
                    None,
                    **facts,
                    source="contact",
                    is_again=False,
                )
            elif change.new == Status.RESOLVED:
                note = {"category": change.category, "summary": change.summary, "in_bulk": change.in_bulk}
                tell(
                    "conversation.closed",
                    change.occurred_at,
                    row.contact_id,
                    change.user_id,
                    **facts,
                    source="user",
                    **note,
                )
        for each in story.assignments:
            moved = {"old": each.old_user_id, "new": each.new_user_id, "source": "user"}
            tell(
                "conversation.assigned",
                each.occurred_at,
                row.contact_id,
                each.by_user_id,
                conversation_id=row.pk,
                **moved,
            )
    for message in kinds[Message]:
        about = {"conversation_id": message.conversation_id, "message_id": message.pk, "channel_id": message.channel_id}
        if message.direction == "incoming":
            tell("message.received", message.created_at, message.contact_id, None, **about, is_echo=False)
        else:
            tell("message.queued", message.created_at, message.contact_id, message.user_id, **about, sender_kind="user")
    for comment in kinds[Comment]:
        about = {"conversation_id": comment.conversation_id, "comment_id": comment.pk, "source": "user"}
        tell(
            "comment.added",
            comment.created_at,
            comment.contact_id,
            comment.author_id,
            **about,
            mentions=comment.mentions,
        )
    events.sort(key=lambda event: event.occurred_at)
    number(EventRecord, events)
    pour(EventRecord, events)


def _touch_contacts(ground: Ground, last_of: dict[int, Story]) -> None:
    rows = [
        (contact_id, story.status != Status.RESOLVED, story.messages[-1].created_at, story.assignee_id)
        for contact_id, story in last_of.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE contacts_contact c
               SET is_open = given.is_open, last_interaction_at = given.at, assignee_id = given.assignee_id
              FROM unnest(%s::bigint[], %s::boolean[], %s::timestamptz[], %s::bigint[]) AS given (id, is_open, at, assignee_id)
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
