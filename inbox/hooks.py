"""What webhooks tell about messages, comments and conversations."""

from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contacts.hooks import actor_part, contact_part, user_part
from inbox import events
from inbox.bodies import Body, channel_body, message_records, seconds
from inbox.models import Comment, Conversation, Message, VirtualAgentRun
from workspaces.hook_kinds import HookKind, LoggedEvent
from workspaces.models import Team


def _message(event: LoggedEvent) -> Body:
    rows = Message.objects.in_workspace(event.workspace_id).select_related("channel")
    message = rows.filter(pk=event.data["message_id"]).first()
    if message is None:  # erased since
        return {"contact": contact_part(event), "message": {"messageId": event.data["message_id"]}, "channel": None}
    [record] = message_records([message])
    return {
        "contact": contact_part(event),
        "message": {**record, "timestamp": seconds(message.provider_at)},
        "channel": None if message.channel is None else channel_body(message.channel),
        "user": user_part(message.user_id),
        "conversation": {"id": message.conversation_id, "virtualAgentId": _holder_of(message)},
    }


def _holder_of(message: Message) -> int | None:
    """Return the virtual agent that held the conversation when the message came or went."""
    runs = VirtualAgentRun.objects.in_workspace(message.workspace_id).filter(
        Q(ended_at=None) | Q(ended_at__gt=message.created_at),
        conversation_id=message.conversation_id or 0,
        started_at__lte=message.created_at,
    )
    return runs.order_by("-pk").values_list("virtual_agent_id", flat=True).first()


def _comment(event: LoggedEvent) -> Body:
    comment = Comment.objects.in_workspace(event.workspace_id).filter(pk=event.data["comment_id"]).first()
    return {
        "contact": contact_part(event),
        "comment": {
            "id": event.data["comment_id"],
            "text": comment.text or None if comment else None,
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
        "channel": None if channel is None else channel_body(channel),
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
