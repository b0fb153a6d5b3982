from inbox.models.channels import Channel, ContactChannel, InboundEvent
from inbox.models.conversations import Comment, Conversation, Draft, Status
from inbox.models.facts import Assignment, ConversationTopic, LockSession, Response, StartEvent, StatusChange
from inbox.models.helpers import Broadcast, Handover, Survey, VirtualAgent, VirtualAgentRun
from inbox.models.mail import EmailThreadId
from inbox.models.messages import (
    Attachment,
    Delivery,
    Direction,
    EarlyStatus,
    Message,
    MessageStatus,
    MessageTag,
    MessageTagging,
    Snippet,
    StoredFile,
)
from inbox.models.settings import ClosingCategory, ClosingMode, CustomInbox, InboxSettings, Topic

__all__ = [
    "Assignment",
    "Attachment",
    "Broadcast",
    "Channel",
    "ClosingCategory",
    "ClosingMode",
    "Comment",
    "ContactChannel",
    "Conversation",
    "ConversationTopic",
    "CustomInbox",
    "Delivery",
    "Direction",
    "Draft",
    "EarlyStatus",
    "EmailThreadId",
    "Handover",
    "InboundEvent",
    "InboxSettings",
    "LockSession",
    "Message",
    "MessageStatus",
    "MessageTag",
    "MessageTagging",
    "Response",
    "Snippet",
    "StartEvent",
    "Status",
    "StatusChange",
    "StoredFile",
    "Survey",
    "Topic",
    "VirtualAgent",
    "VirtualAgentRun",
]
