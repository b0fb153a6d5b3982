"""The wire's shapes of virtual agents and broadcasts."""

from typing import Any

from rest_framework import serializers

from inbox.actions.virtual_agent_answers import HANDOVER, RESOLVED
from inbox.models import Handover

LARGEST_ID = 2**63 - 1
LONGEST_TEXT = 10_000
MOST_NAMES = 50


class NamesField(serializers.ListField):
    """Names, each of at most 80 characters."""

    child = serializers.CharField(max_length=80)

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_NAMES, **kwargs)


class AgentMessageInput(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)


class AgentTagsInput(serializers.Serializer[Any]):
    messageId = serializers.IntegerField(min_value=1, max_value=LARGEST_ID)
    tags = NamesField()


class AgentAnswerInput(serializers.Serializer[Any]):
    """What a virtual agent does with a conversation that it holds; each part can be left out."""

    sendMessage = AgentMessageInput(required=False, allow_null=True)
    applyTopics = NamesField(required=False)
    tagMessage = AgentTagsInput(required=False, allow_null=True)
    complete = serializers.ChoiceField(choices=(RESOLVED, HANDOVER), required=False, allow_null=True)
    reason = serializers.ChoiceField(
        choices=Handover.Reason.values, required=False, help_text="Why it hands over; an auto-responder has no reason."
    )
    category = serializers.CharField(required=False, allow_blank=True, max_length=120)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class IgnoredBody(serializers.Serializer[Any]):
    """Names that the workspace does not know."""

    topics = serializers.ListField(child=serializers.CharField())
    tags = serializers.ListField(child=serializers.CharField())


class AgentConversationBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    contactId = serializers.IntegerField()
    status = serializers.ChoiceField(choices=("open", "close"))
    virtualAgentId = serializers.IntegerField(allow_null=True, help_text="Who holds it now; null when people do.")
    messageId = serializers.IntegerField(allow_null=True, help_text="The message that was sent.")
    ignored = IgnoredBody()


class VirtualAgentBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=("virtual_agent", "auto_responder"))
    channelIds = serializers.ListField(child=serializers.IntegerField())
    timeoutMinutes = serializers.IntegerField()
    isOn = serializers.BooleanField()
    created_at = serializers.IntegerField()


class BroadcastInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=120)


class BroadcastBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    created_at = serializers.IntegerField()
