"""The wire's shapes of messages, comments, conversations and channels; inside, these words are not known."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

LARGEST_ID = 2**63 - 1
LONGEST_TEXT = 10_000
MOST_REPLIES = 10
KINDS = ("image", "video", "audio", "file")
TYPES = ("text", "attachment", "quick_reply", "custom_payload", "email", "whatsapp_template")
WIRE_NAMES = {"content_type": "type", "files": "attachments", "broadcast_id": "broadcastId"}


class AttachmentInput(serializers.Serializer[Any]):
    type = serializers.ChoiceField(choices=KINDS)
    url = serializers.URLField(max_length=2000)
    fileName = serializers.CharField(required=False, allow_blank=True, max_length=255)


class TemplateInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=512)
    languageCode = serializers.CharField(max_length=16)
    components = serializers.ListField(child=serializers.DictField(), required=False)


class MessageInput(serializers.Serializer[Any]):
    """A message by its `type`: each type has the members that the platform's documentation gives it."""

    type = serializers.ChoiceField(choices=TYPES)
    text = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT, trim_whitespace=False)
    messageTag = serializers.CharField(required=False, allow_blank=True, max_length=80)
    attachment = AttachmentInput(required=False)
    title = serializers.CharField(required=False, allow_blank=True, max_length=LONGEST_TEXT)
    replies = serializers.ListField(
        child=serializers.CharField(min_length=1, max_length=80), required=False, min_length=1, max_length=MOST_REPLIES
    )
    payload = serializers.DictField(required=False)
    subject = serializers.CharField(required=False, allow_blank=True, max_length=998)
    cc = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    bcc = serializers.ListField(child=serializers.EmailField(), required=False, max_length=50)
    replyToMessageId = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST_ID)
    attachments = serializers.ListField(child=AttachmentInput(), required=False, max_length=10)
    template = TemplateInput(required=False)

    NEEDED = {
        "text": ("text",),
        "attachment": ("attachment",),
        "quick_reply": ("title", "replies"),
        "custom_payload": ("payload",),
        "email": ("text",),
        "whatsapp_template": ("template",),
    }

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse a message that lacks what its type needs."""
        missing = [name for name in self.NEEDED[attrs["type"]] if not attrs.get(name)]
        if missing:
            required = serializers.Field.default_error_messages["required"]
            raise serializers.ValidationError({name: [required] for name in missing}, code="required")
        return attrs


class SendInput(serializers.Serializer[Any]):
    """A message and its way; without a channel it goes to the last one of an interaction."""

    channelId = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=LARGEST_ID)
    message = MessageInput()
    broadcastId = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        max_value=LARGEST_ID,
        help_text="The broadcast that the message belongs to (`POST /v2/broadcast`).",
    )


class CommentInput(serializers.Serializer[Any]):
    text = serializers.CharField(min_length=1, max_length=1000)


@extend_schema_field({"type": ["integer", "string"], "maxLength": 254})
class IdOrEmail(serializers.CharField):
    """A user by id or by e-mail."""


class AssigneeInput(serializers.Serializer[Any]):
    """The new assignee: a user's id or e-mail, or null for nobody."""

    assignee = IdOrEmail(allow_null=True, max_length=254)


class StatusInput(serializers.Serializer[Any]):
    status = serializers.ChoiceField(choices=("open", "close"))
    category = serializers.CharField(required=False, allow_blank=True, max_length=120)
    summary = serializers.CharField(required=False, allow_blank=True, max_length=5000)


class ConversationChanged(serializers.Serializer[Any]):
    contactId = serializers.IntegerField()


class MessageIdBody(serializers.Serializer[Any]):
    messageId = serializers.IntegerField()


class StatusStep(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=("pending", "sent", "delivered", "read", "failed"))
    timestamp = serializers.IntegerField()
    message = serializers.CharField(required=False)


class MessageRecordBody(serializers.Serializer[Any]):
    messageId = serializers.IntegerField()
    channelMessageId = serializers.CharField(allow_null=True)
    contactId = serializers.IntegerField()
    channelId = serializers.IntegerField(allow_null=True)
    traffic = serializers.ChoiceField(choices=("incoming", "outgoing"))
    message = serializers.DictField()
    status = StatusStep(many=True)


class CommentBody(serializers.Serializer[Any]):
    contactId = serializers.IntegerField()
    text = serializers.CharField()
    created_at = serializers.IntegerField()


class ContactChannelBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the shape has a member of this name
    meta = serializers.DictField()
    lastMessageTime = serializers.IntegerField(allow_null=True)
    lastIncomingMessageTime = serializers.IntegerField(allow_null=True)
    created_at = serializers.IntegerField()


class ChannelBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # the shape has a member of this name
    created_at = serializers.IntegerField()


class ClosingNoteBody(serializers.Serializer[Any]):
    category = serializers.CharField()
    description = serializers.CharField()


class TemplateBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    languageCode = serializers.CharField()
