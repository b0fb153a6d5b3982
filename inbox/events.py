"""What happens in the inbox. The subject is always the contact: a thread is one contact's, and its cursor is the last event's id."""

from dataclasses import dataclass
from typing import ClassVar

from workspaces.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadEvent(Event):
    """Something in a contact's thread; `conversation_id` is the conversation it belongs to, if one was there."""

    subject_kind: ClassVar[str] = "contact"
    conversation_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(ThreadEvent):
    type: ClassVar[str] = "inbox.message.received"
    message_id: int
    channel_id: int
    is_echo: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageQueued(ThreadEvent):
    type: ClassVar[str] = "inbox.message.queued"
    message_id: int
    channel_id: int | None
    sender_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageMoved(ThreadEvent):
    """A message's status climbed to delivered, read or unknown, or it was queued again."""

    type: ClassVar[str] = "inbox.message.moved"
    message_id: int
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent(ThreadEvent):
    type: ClassVar[str] = "inbox.message.sent"
    message_id: int
    channel_id: int | None
    sender_kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFailed(ThreadEvent):
    type: ClassVar[str] = "inbox.message.failed"
    message_id: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTakenBack(ThreadEvent):
    type: ClassVar[str] = "inbox.message.taken_back"
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageChanged(ThreadEvent):
    """Something beside its status changed: a file arrived, a tag came or went."""

    type: ClassVar[str] = "inbox.message.changed"
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentAdded(ThreadEvent):
    type: ClassVar[str] = "inbox.comment.added"
    comment_id: int
    source: str
    mentions: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationOpened(ThreadEvent):
    """A new conversation, or one that was opened again."""

    type: ClassVar[str] = "inbox.conversation.opened"
    source: str
    is_again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationClosed(ThreadEvent):
    type: ClassVar[str] = "inbox.conversation.closed"
    personal: ClassVar[frozenset[str]] = frozenset({"summary"})
    source: str
    category: str
    summary: str
    in_bulk: bool = False
    virtual_agent_id: int | None = None  # when one closed it


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusSet(ThreadEvent):
    """The status went between new and pending; `cause` says by what."""

    type: ClassVar[str] = "inbox.conversation.status_set"
    old: str
    new: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationSnoozed(ThreadEvent):
    """`until` is an ISO moment."""

    type: ClassVar[str] = "inbox.conversation.snoozed"
    personal: ClassVar[frozenset[str]] = frozenset({"note"})
    until: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeEnded(ThreadEvent):
    """`by` is time, message, person or closing."""

    type: ClassVar[str] = "inbox.conversation.snooze_ended"
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationAssigned(ThreadEvent):
    type: ClassVar[str] = "inbox.conversation.assigned"
    old: int | None
    new: int | None
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LockTaken(ThreadEvent):
    type: ClassVar[str] = "inbox.lock.taken"
    user_id: int
    from_user_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEnded(ThreadEvent):
    type: ClassVar[str] = "inbox.lock.ended"
    user_id: int
    ending: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicsChanged(ThreadEvent):
    type: ClassVar[str] = "inbox.conversation.topics_changed"
    added: list[int]
    removed: list[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadChanged(ThreadEvent):
    type: ClassVar[str] = "inbox.conversation.read_changed"
    is_read: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChanged(ThreadEvent):
    type: ClassVar[str] = "inbox.conversation.language_changed"
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockChanged(ThreadEvent):
    type: ClassVar[str] = "inbox.contact.block_changed"
    is_blocked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualAgentTookOver(ThreadEvent):
    """A virtual agent or auto-responder holds the conversation now."""

    type: ClassVar[str] = "inbox.virtual_agent.took_over"
    virtual_agent_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ConversationHandedOver(ThreadEvent):
    """It went to the people's queue; `reason` is empty for an auto-responder."""

    type: ClassVar[str] = "inbox.conversation.handed_over"
    virtual_agent_id: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(ThreadEvent):
    """The contact scored a resolution, and later, in an event of its own, answered the question after the score."""

    type: ClassVar[str] = "inbox.survey.answered"
    personal: ClassVar[frozenset[str]] = frozenset({"answer"})
    survey_id: int
    score: int
    answer: str = ""
