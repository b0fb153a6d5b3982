from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from contacts.models import Contact
from inbox.models.channels import Channel, ContactChannel
from inbox.models.conversations import Conversation
from workspaces.models import Walled, WalledInBulk, WalledManager


class Direction(models.TextChoices):
    INCOMING = "incoming"
    OUTGOING = "outgoing"


class Delivery(models.TextChoices):
    """Where a message stands. The order is the ladder: a status climbs only (`inbox.ladder`)."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"
    UNKNOWN = "unknown"  # may have been sent: the answer was lost on the wire
    CANCELLED = "cancelled"  # taken back before it was sent
    RECEIVED = "received"  # incoming


class Message(WalledInBulk):
    """One message, incoming or outgoing. An outgoing one is its own outbox row: status, due time and lease stand on it.

    `payload` holds what its content type needs beside the text (docs/message-payloads.md).
    """

    conversation = models.ForeignKey(
        Conversation,
        on_delete=models.CASCADE,
        related_name="messages",
        db_index=False,
        db_constraint=False,
        null=True,
    )
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    contact_channel = models.ForeignKey(
        ContactChannel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False, db_constraint=False
    )
    direction = models.CharField(max_length=8, choices=Direction.choices)
    sender_kind = models.CharField(max_length=10)  # contact, user, echo, workflow, broadcast, api, bot, system, …
    user_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    sender_id = models.BigIntegerField(null=True, blank=True)  # of the virtual agent or broadcast that sent it
    content_type = models.CharField(max_length=24, default="text")
    text = models.TextField(blank=True, default="")
    payload = models.JSONField(default=dict)
    channel_message_id = models.CharField(max_length=998, blank=True, default="")
    idempotency_key = models.CharField(max_length=255, null=True, blank=True)
    status = models.CharField(max_length=9, choices=Delivery.choices)
    error_code = models.CharField(max_length=80, blank=True, default="")
    error_text = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()
    deleted_at = models.DateTimeField(
        null=True, blank=True
    )  # its words and files are gone, its row stays for the figures
    provider_at = models.DateTimeField()  # the network's own moment; threads are ordered by it
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Message"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "contact_channel", "channel_message_id"],
                condition=~Q(channel_message_id=""),
                name="message_once_per_partner",
            ),
            models.UniqueConstraint(
                fields=["workspace", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="message_once_per_key",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "contact", "-id"], name="messages_of_contact"),
            models.Index(fields=["workspace", "conversation", "id"], name="messages_of_conversation"),
            models.Index(fields=["workspace", "created_at", "id"], name="messages_by_moment"),
            # For reports: hours of the week, the log of what failed, how many contacts each broadcast reached.
            models.Index(
                fields=["workspace", "direction", "created_at"],
                name="messages_by_direction",
                include=["channel", "sender_kind", "user_id", "sender_id"],
                condition=~Q(status="cancelled"),
            ),
            models.Index(
                fields=["workspace", "created_at", "id"],
                name="messages_failed",
                condition=Q(direction="outgoing", status="failed"),
            ),
            models.Index(
                fields=["workspace", "created_at"],
                name="messages_of_broadcasts",
                include=["sender_id", "contact", "channel"],
                condition=Q(direction="outgoing", sender_kind="broadcast") & ~Q(status="cancelled"),
            ),
            models.Index(
                fields=["workspace", "channel", "channel_message_id"],
                name="messages_by_channel_id",
                condition=~Q(channel_message_id=""),
            ),
            models.Index(
                fields=["workspace", "contact_channel", "id"],
                name="messages_to_send",
                condition=Q(status__in=["queued", "sending"]),
            ),
        ]


class MessageStatus(WalledInBulk):
    """A step of a message as it was told, in the order of telling; a step that came late is kept and not shown."""

    message_id = models.BigIntegerField()
    status = models.CharField(max_length=9)
    occurred_at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True, default="")

    objects = WalledManager["MessageStatus"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "message_id", "id"], name="steps_of_message")]


class EarlyStatus(Walled):
    """A status that named a message which we do not know yet; it joins when the send commits."""

    channel_id = models.BigIntegerField()
    channel_message_id = models.CharField(max_length=998)
    status = models.CharField(max_length=9)
    occurred_at = models.DateTimeField()
    detail = models.CharField(max_length=500, blank=True, default="")
    created_at = models.DateTimeField()

    objects = WalledManager["EarlyStatus"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "channel_id", "channel_message_id"], name="early_statuses")]


class StoredFile(Walled):
    """A file in the store: `key` is server-made, `media_type` is what its content says. In the library when a person put it there."""

    key = models.CharField(max_length=255)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    kind = models.CharField(max_length=8)  # image, video, audio, file
    size_bytes = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    in_library = models.BooleanField(default=False)
    uploaded_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["StoredFile"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "-id"], name="files_in_library", condition=Q(in_library=True)),
        ]


class Attachment(WalledInBulk):
    """A file on a message, either stored or still to be fetched from `source_url`."""

    class State(models.TextChoices):
        STORED = "stored"
        FETCHING = "fetching"
        FAILED = "failed"

    message = models.ForeignKey(
        Message, on_delete=models.CASCADE, related_name="attachments", db_index=False, db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=8)
    name = models.CharField(max_length=255, blank=True, default="")
    source_url = models.CharField(max_length=2000, blank=True, default="")
    content_id = models.CharField(max_length=255, blank=True, default="")  # of a picture inside an e-mail
    state = models.CharField(max_length=8, choices=State.choices, default=State.STORED)
    error = models.CharField(max_length=200, blank=True, default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Attachment"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "message", "id"], name="attachments_of_message"),
            models.Index(fields=["workspace", "file"], name="uses_of_file"),
        ]


class MessageTag(Walled):
    """A tag for messages: kind or tone."""

    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = WalledManager["MessageTag"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="message_tag_name")]


class MessageTagging(Walled):
    """A tag on a message, with when it came and went."""

    message_id = models.BigIntegerField()
    tag = models.ForeignKey(MessageTag, on_delete=models.CASCADE, related_name="+", db_index=False)
    applied_at = models.DateTimeField()
    applied_by_id = models.BigIntegerField(null=True, blank=True)
    applied_team_id = models.BigIntegerField(null=True, blank=True)
    virtual_agent_id = models.BigIntegerField(null=True, blank=True)  # when one applied it
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["MessageTagging"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "message_id", "tag"], condition=Q(removed_at__isnull=True), name="message_tag_once"
            )
        ]
        indexes = [models.Index(fields=["workspace", "applied_at"], name="taggings_by_moment")]


class Snippet(Walled):
    """A text to insert by `/`, with variables, files and topics."""

    name = models.CharField(max_length=80)
    text = models.TextField()
    file_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    topic_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_by_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = WalledManager["Snippet"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "name"], name="snippet_name")]
