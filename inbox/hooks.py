"""What webhooks tell about messages, comments and conversations."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from contacts.bodies import Body, seconds
from contacts.hooks import actor_part, contact_part, user_part
from inbox import events
from inbox.models import Attachment, Channel, Comment, Conversation, Delivery, Message, MessageStatus
from workspaces.hook_kinds import HookKind, LoggedEvent
from workspaces.models import Team

# How the steps of a message are called outside; a step that has no word there is not told.
STEPS = {
    Delivery.QUEUED: "pending",
    Delivery.SENDING: "pending",
    Delivery.SENT: "sent",
    Delivery.DELIVERED: "delivered",
    Delivery.READ: "read",
    Delivery.FAILED: "failed",
}


def _message(event: LoggedEvent) -> Body:
    rows = Message.objects.in_workspace(event.workspace_id).select_related("channel")
    message = rows.filter(pk=event.data["message_id"]).first()
    if message is None:  # erased since
        return {"contact": contact_part(event), "message": {"messageId": event.data["message_id"]}, "channel": None}
    return {
        "contact": contact_part(event),
        "message": _message_part(message),
        "channel": _channel_part(message.channel),
        "user": user_part(message.user_id),
        "conversation": {"id": message.conversation_id},
    }


def _message_part(message: Message) -> Body:
    return {
        "messageId": message.pk,
        "channelMessageId": message.channel_message_id or None,
        "contactId": message.contact_id,
        "channelId": message.channel_id,
        "traffic": message.direction,
        "timestamp": seconds(message.provider_at),
        "message": _content_of(message),
        "status": _steps_of(message),
    }


def _content_of(message: Message) -> Body:
    attachments = Attachment.objects.in_workspace(message.workspace_id).filter(message_id=message.pk).order_by("pk")
    files = [{"type": row.kind, "url": row.source_url or None, "fileName": row.name or None} for row in attachments]
    content: Body = {"type": message.content_type, **message.payload}
    if message.text or message.content_type == "text":
        content["text"] = message.text
    if message.content_type == "attachment" and files:
        content["attachment"] = files[0]
    if files:
        content["attachments"] = files
    return content


def _steps_of(message: Message) -> list[Body]:
    rows = MessageStatus.objects.in_workspace(message.workspace_id).filter(message_id=message.pk).order_by("pk")
    return [
        {
            "value": STEPS[Delivery(row.status)],
            "timestamp": seconds(row.occurred_at),
            **({"message": row.detail} if row.detail else {}),
        }
        for row in rows
        if row.status in STEPS
    ]


def _channel_part(channel: Channel | None) -> Body | None:
    if channel is None:
        return None
    return {
        "id": channel.pk,
        "name": channel.name,
        "source": channel.kind,
        "created_at": seconds(channel.created_at),
    }


def _comment(event: LoggedEvent) -> Body:
    comment = Comment.objects.in_workspace(event.workspace_id).filter(pk=event.data["comment_id"]).first()
    return {
        "contact": contact_part(event),
        "comment": {
            "id": event.data["comment_id"],
            "text": comment.text if comment else None,
            "created_at": seconds(event.occurred_at),
        },
        "user": user_part(comment.author_id) if comment else None,
        "source": event.data["source"],
    }


def _opened(event: LoggedEvent) -> Body:
    conversation = _conversation_of(event)
    facts: Body = {"id": event.data["conversation_id"], "source": event.data["source"]}
    channel = None
    if conversation is not None:
        channel = conversation.opened_channel
        facts |= {"openedTime": seconds(conversation.opened_at), "openedBySource": conversation.opened_by_source}
    return {
        "contact": contact_part(event),
        "conversation": facts,
        "channel": _channel_part(channel),
        "user": actor_part(event),
    }


def _closed(event: LoggedEvent) -> Body:
    """Say how it was closed by the event itself: it may have been opened and closed again since."""
    conversation = _conversation_of(event)
    facts: Body = {
        "id": event.data["conversation_id"],
        "category": event.data["category"] or None,
        "summary": event.data["summary"] or None,
        "closedTime": seconds(event.occurred_at),
        "closedBy": actor_part(event),
        "closedBySource": event.data["source"],
    }
    if conversation is not None:
        facts |= {
            "openedTime": seconds(conversation.opened_at),
            "openedBySource": conversation.opened_by_source,
            "firstResponseTime": _seconds_between(conversation.opened_at, conversation.first_response_at),
            "resolutionTime": _seconds_between(conversation.opened_at, event.occurred_at),
            "incomingMessageCount": conversation.incoming_count,
            "outgoingMessageCount": conversation.outgoing_count,
            "assigneeTeam": _team_of(conversation),
        }
    return {"contact": contact_part(event), "conversation": facts, "user": actor_part(event)}


def _conversation_of(event: LoggedEvent) -> Conversation | None:
    rows = Conversation.objects.in_workspace(event.workspace_id).select_related("opened_channel")
    return rows.filter(pk=event.data["conversation_id"]).first()


def _team_of(conversation: Conversation) -> Body | None:
    """Return the team of whom the conversation went to last."""
    teams = Team.objects.in_workspace(conversation.workspace_id)
    person_id = conversation.last_assignee_id
    team = teams.filter(memberships__user_id=person_id).first() if person_id is not None else None
    return None if team is None else {"id": team.pk, "name": team.name}


def _seconds_between(start: datetime, end: datetime | None) -> int | None:
    return None if end is None else max(0, int((end - start).total_seconds()))


HOOKS = {
    events.MessageReceived.type: HookKind("message.received", _("A message came in"), _message),
    events.MessageSent.type: HookKind("message.sent", _("A message was sent"), _message),
    events.CommentAdded.type: HookKind("comment.created", _("A comment was written"), _comment),
    events.ConversationOpened.type: HookKind("conversation.opened", _("A conversation was opened"), _opened),
    events.ConversationClosed.type: HookKind("conversation.closed", _("A conversation was closed"), _closed),
}
