"""One demo conversation while it is being told: every step writes the fact rows that the product's action writes."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from config.demo.rows import row_of
from config.demo.staff import Agent
from config.demo.talks import Talk
from contacts.models import Contact
from inbox.models import (
    Assignment,
    Comment,
    ConversationTopic,
    Handover,
    LockSession,
    Message,
    StartEvent,
    Status,
    StatusChange,
    Survey,
    VirtualAgentRun,
)


@dataclass(slots=True)
class Story:
    """A conversation with its facts, before it has an id. `afterwards` holds what happens to its contact once it is closed."""

    workspace_id: int
    contact: Contact
    talk: Talk
    channel_id: int
    link_id: int
    opened_at: datetime
    language: str
    assignee_id: int | None = None
    source: str = "contact"
    status: str = Status.NEW
    messages: list[Message] = field(default_factory=list)
    changes: list[StatusChange] = field(default_factory=list)
    assignments: list[Assignment] = field(default_factory=list)
    locks: list[LockSession] = field(default_factory=list)
    starts: list[StartEvent] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    topics: list[ConversationTopic] = field(default_factory=list)
    runs: list[VirtualAgentRun] = field(default_factory=list)
    handovers: list[Handover] = field(default_factory=list)
    surveys: list[Survey] = field(default_factory=list)
    afterwards: list[Assignment] = field(default_factory=list)
    tag_by_program: str = ""

    def __post_init__(self) -> None:
        self.change(self.opened_at, Status.NEW, cause="opened", source=self.source)

    @property
    def ends_at(self) -> datetime:
        """The last thing that happened in it."""
        return max(self.messages[-1].created_at if self.messages else self.opened_at, self.changes[-1].occurred_at)

    def change(
        self, at: datetime, new: str, *, cause: str, source: str, agent: Agent | None = None, **note: Any
    ) -> None:
        """Change the status; `note` fills further columns."""
        self.changes.append(
            self._row(
                StatusChange,
                contact_id=self.contact.pk,
                old=self.status if self.changes else "",
                new=new,
                cause=cause,
                source=source,
                user_id=agent.user_id if agent else None,
                team_id=agent.team_id if agent else None,
                assignee_id=self.assignee_id,
                occurred_at=at,
                **note,
            )
        )
        self.status = new

    def hear(self, at: datetime, words: str, *, is_held: bool = False) -> None:
        """Add a message of the contact; while a program holds the conversation, it makes nobody wait."""
        if not is_held and self.status != Status.NEW:
            self.change(at, Status.NEW, cause="message", source="contact")
        self._message(at, words, direction="incoming", sender_kind="contact", status="received")
        if not is_held:
            self.start(at, StartEvent.Kind.INBOUND_MESSAGE)

    def reply(self, at: datetime, words: str, *, agent: Agent, status: str) -> None:
        """Add a message of a person, who answers the contact."""
        team = {"user_id": agent.user_id, "team_id": agent.team_id}
        self._message(at, words, direction="outgoing", sender_kind="user", status=status, **team)
        if self.status == Status.NEW:
            self.change(at, Status.PENDING, cause="reply", source="user", agent=agent)

    def write(self, at: datetime, words: str, *, sender_kind: str, status: str, **more: Any) -> None:
        """Add a message that no person wrote."""
        self._message(at, words, direction="outgoing", sender_kind=sender_kind, status=status, **more)

    def start(self, at: datetime, kind: StartEvent.Kind) -> None:
        """Note something that a person's next message answers."""
        self.starts.append(self._row(StartEvent, kind=kind, occurred_at=at))

    def assign(self, at: datetime, *, to: Agent | None, by: Agent) -> None:
        """Give the contact to a person, or to nobody; after the end it concerns the contact alone."""
        row = self._row(
            Assignment,
            contact_id=self.contact.pk,
            old_user_id=self.assignee_id,
            new_user_id=to.user_id if to else None,
            new_team_id=to.team_id if to else None,
            by_user_id=by.user_id,
            source="user",
            occurred_at=at,
        )
        (self.afterwards if self.status == Status.RESOLVED else self.assignments).append(row)
        self.assignee_id = to.user_id if to else None

    def lock(
        self, agent: Agent, began: datetime, ended: datetime, *, has_reply: bool = False, closes: bool = False
    ) -> None:
        """Let a person hold the conversation for a while."""
        kinds, endings = LockSession.Outcome, LockSession.Ending
        self.locks.append(
            self._row(
                LockSession,
                contact_id=self.contact.pk,
                user_id=agent.user_id,
                team_id=agent.team_id,
                channel_id=self.channel_id,
                started_at=began,
                seen_at=ended,
                has_reply=has_reply,
                ended_at=ended,
                ending=endings.STATUS if closes else endings.LEFT,
                outcome=kinds.HANDLE if has_reply else kinds.NO_REPLY if closes else kinds.CHERRY_PICKING,
            )
        )

    def comment(self, at: datetime, words: str, *, agent: Agent, mentions: list[int]) -> None:
        """Let a person write down something for the team."""
        self.comments.append(
            self._row(
                Comment,
                contact_id=self.contact.pk,
                author_id=agent.user_id,
                source="user",
                text=words,
                mentions=mentions,
                created_at=at,
            )
        )

    def put_topic(
        self, at: datetime, topic_id: int, *, agent: Agent | None = None, virtual_agent_id: int | None = None
    ) -> None:
        """Put a topic on it, unless it is there."""
        if all(row.topic_id != topic_id for row in self.topics):
            self.topics.append(
                self._row(
                    ConversationTopic,
                    topic_id=topic_id,
                    applied_at=at,
                    applied_by_id=agent.user_id if agent else None,
                    applied_team_id=agent.team_id if agent else None,
                    virtual_agent_id=virtual_agent_id,
                )
            )

    def take(self, at: datetime, virtual_agent_id: int) -> None:
        """Put it into a program's hands (inbox/actions/virtual_agent_runs.py)."""
        self.runs.append(
            self._row(VirtualAgentRun, virtual_agent_id=virtual_agent_id, contact_id=self.contact.pk, started_at=at)
        )
        self.change(at, Status.PENDING, cause="held", source="bot", virtual_agent_id=virtual_agent_id)

    def hand_over(self, at: datetime, reason: Handover.Reason) -> None:
        """Pass it from the program to people."""
        run = self.runs[-1]
        run.ended_at, run.ending = at, VirtualAgentRun.Ending.HANDED_OVER
        agent_id = run.virtual_agent_id
        self.handovers.append(
            self._row(Handover, contact_id=self.contact.pk, virtual_agent_id=agent_id, reason=reason, occurred_at=at)
        )
        self.change(at, Status.NEW, cause="handover", source="bot", virtual_agent_id=agent_id)
        self.start(at, StartEvent.Kind.AGENT_HANDOVER)

    def resolve_by_program(self, at: datetime, *, summary: str) -> None:
        """Let the program that holds it resolve it."""
        run = self.runs[-1]
        run.ended_at, run.ending = at, VirtualAgentRun.Ending.RESOLVED
        note: dict[str, Any] = {
            "category": self.talk.category,
            "summary": summary,
            "virtual_agent_id": run.virtual_agent_id,
        }
        self.change(at, Status.RESOLVED, cause="set", source="bot", **note)

    def _message(self, at: datetime, words: str, **columns: Any) -> None:
        self.messages.append(
            self._row(
                Message,
                contact_id=self.contact.pk,
                channel_id=self.channel_id,
                contact_channel_id=self.link_id,
                text=words,
                created_at=at,
                provider_at=at,
                **columns,
            )
        )

    def _row(self, model: type[Any], **values: object) -> Any:
        return row_of(model, workspace_id=self.workspace_id, **values)
