"""The events of the demo's conversations, as the actions would have recorded them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from config.demo.pouring import number, pour
from config.demo.rows import row_of
from config.demo.story import Story
from inbox.models import Comment, Conversation, Handover, Message, Status, Survey, VirtualAgentRun
from workspaces.models import EventRecord


def log_events(
    workspace_id: int, stories: list[Story], conversations: list[Conversation], kinds: dict[Any, list[Any]]
) -> None:
    """Write the event of everything that happened, in the order in which it did."""
    log = _Log(workspace_id)
    for story, row in zip(stories, conversations, strict=True):
        log.changes(story, row)
        log.assignments(story, row)
    log.messages(kinds[Message])
    log.comments(kinds[Comment])
    log.programs(kinds[VirtualAgentRun], kinds[Handover])
    log.surveys(kinds[Survey])
    log.events.sort(key=lambda event: event.occurred_at)
    number(EventRecord, log.events)
    pour(EventRecord, log.events)


class _Log:
    def __init__(self, workspace_id: int) -> None:
        self.workspace_id = workspace_id
        self.events: list[EventRecord] = []

    def changes(self, story: Story, row: Conversation) -> None:
        for change in story.changes:
            if not change.old:
                facts: dict[str, object] = {"source": change.source, "is_again": False}
                kind = "conversation.opened"
            elif change.new == Status.RESOLVED:
                kind = "conversation.closed"
                facts = {
                    "source": change.source,
                    "category": change.category,
                    "summary": change.summary,
                    "in_bulk": change.in_bulk,
                    "virtual_agent_id": change.virtual_agent_id,
                }
            else:
                continue
            self._tell(kind, change.occurred_at, row.contact_id, change.user_id, conversation_id=row.pk, **facts)

    def assignments(self, story: Story, row: Conversation) -> None:
        for each in story.assignments:
            moved = {"old": each.old_user_id, "new": each.new_user_id, "source": "user"}
            self._tell(
                "conversation.assigned",
                each.occurred_at,
                row.contact_id,
                each.by_user_id,
                conversation_id=row.pk,
                **moved,
            )

    def messages(self, messages: Iterable[Message]) -> None:
        for row in messages:
            about = {"conversation_id": row.conversation_id, "message_id": row.pk, "channel_id": row.channel_id}
            if row.direction == "incoming":
                self._tell("message.received", row.created_at, row.contact_id, None, **about, is_echo=False)
            else:
                kind = row.sender_kind
                self._tell("message.queued", row.created_at, row.contact_id, row.user_id, **about, sender_kind=kind)

    def comments(self, comments: Iterable[Comment]) -> None:
        for row in comments:
            about = {"conversation_id": row.conversation_id, "comment_id": row.pk, "mentions": row.mentions}
            self._tell("comment.added", row.created_at, row.contact_id, row.author_id, **about, source="user")

    def programs(self, runs: Iterable[VirtualAgentRun], handovers: Iterable[Handover]) -> None:
        for run in runs:
            about = {"conversation_id": run.conversation_id, "virtual_agent_id": run.virtual_agent_id}
            self._tell("virtual_agent.took_over", run.started_at, run.contact_id, None, **about)
        for row in handovers:
            about = {"conversation_id": row.conversation_id, "virtual_agent_id": row.virtual_agent_id}
            self._tell("conversation.handed_over", row.occurred_at, row.contact_id, None, **about, reason=row.reason)

    def surveys(self, surveys: Iterable[Survey]) -> None:
        for row in surveys:
            if row.answered_at is None:
                continue
            about = {"conversation_id": row.conversation_id, "survey_id": row.pk, "score": row.score}
            self._tell("survey.answered", row.answered_at, row.contact_id, None, **about, answer="")
            if row.answer:
                later = row.answered_at + timedelta(seconds=20)
                self._tell("survey.answered", later, row.contact_id, None, **about, answer=row.answer)

    def _tell(self, kind: str, at: datetime, contact_id: int, user_id: int | None, **data: object) -> None:
        self.events.append(
            row_of(
                EventRecord,
                workspace_id=self.workspace_id,
                type=f"inbox.{kind}",
                occurred_at=at,
                actor_kind="system" if user_id is None else "user",
                actor_id=user_id,
                subject_kind="contact",
                subject_id=contact_id,
                data=data,
            )
        )
