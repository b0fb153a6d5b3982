"""What figures count: each row is written by the action that makes it true, in the same transaction."""

from django.db import models
from django.db.models import Q

from workspaces.models import Walled, WalledInBulk, WalledManager


class LockSession(WalledInBulk):
    """A span in which a person holds a conversation open for work. Its class is set once, when it ends."""

    class Outcome(models.TextChoices):
        HANDLE = "handle"  # a reply was sent in it
        NO_REPLY = "no_reply"  # none was sent, and it ended by resolving
        CHERRY_PICKING = "cherry_picking"  # anything else

    class Ending(models.TextChoices):
        RELEASED = "released"
        LEFT = "left"  # the person went on to another conversation
        STOLEN = "stolen"
        STATUS = "status"
        GONE = "gone"  # the browser was not heard of any more

    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    user_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True, blank=True)
    channel_id = models.BigIntegerField(null=True, blank=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    has_reply = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True, default="")
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True, default="")

    objects = WalledManager["LockSession"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "conversation_id"],
                condition=Q(ended_at__isnull=True),
                name="one_lock_per_conversation",
            ),
            models.UniqueConstraint(
                fields=["workspace", "user_id"], condition=Q(ended_at__isnull=True), name="one_lock_per_person"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="locks_of_conversation"),
            models.Index(fields=["workspace", "ended_at"], name="locks_by_end"),
        ]


class StatusChange(WalledInBulk):
    """A conversation's status went from one to another; `old` is empty at the opening."""

    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    old = models.CharField(max_length=8, blank=True, default="")
    new = models.CharField(max_length=8)
    virtual_agent_id = models.BigIntegerField(null=True, blank=True)  # when one made the change
    cause = models.CharField(
        max_length=16
    )  # opened, message, reply, set, handover, contact_deleted, … (docs/metrics.md)
    source = models.CharField(max_length=16)
    user_id = models.BigIntegerField(null=True, blank=True)
    team_id = models.BigIntegerField(null=True, blank=True)
    assignee_id = models.BigIntegerField(null=True, blank=True)  # whose the conversation was at that moment
    in_bulk = models.BooleanField(default=False)
    category = models.CharField(max_length=120, blank=True, default="")
    summary = models.TextField(blank=True, default="")
    occurred_at = models.DateTimeField()

    objects = WalledManager["StatusChange"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="status_of_conversation"),
            models.Index(fields=["workspace", "occurred_at"], name="status_by_moment"),
        ]


class StartEvent(WalledInBulk):
    """Something that a person's next message answers (docs/metrics.md, "Responses")."""

    class Kind(models.TextChoices):
        INBOUND_MESSAGE = "INBOUND_MESSAGE_RECEIVED"
        AGENT_HANDOVER = "VA_HANDED_OVER_CONVERSATION"
        RESPONDER_HANDOVER = "AR_HANDED_OVER_CONVERSATION"
        SNOOZE_ENDED = "BOOMERANG_EXPIRED"
        SET_TO_NEW = "AGENT_SET_TO_NEW"

    conversation_id = models.BigIntegerField()
    kind = models.CharField(max_length=32, choices=Kind.choices)
    message_id = models.BigIntegerField(null=True, blank=True)
    occurred_at = models.DateTimeField()

    objects = WalledManager["StartEvent"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "conversation_id", "id"], name="starts_of_conversation")]


class Response(WalledInBulk):
    """A person's message that answers something: from the earliest open start event to the message."""

    conversation_id = models.BigIntegerField()
    contact_id = models.BigIntegerField()
    message_id = models.BigIntegerField()
    channel_id = models.BigIntegerField(null=True, blank=True)
    user_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True, blank=True)
    started_by = models.CharField(max_length=32)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField()
    # The conversation's, empty while it is open: reports count a response on that day. Triggers keep it, see the migration.
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Response"]()

    class Meta:
        indexes = [
            models.Index(
                fields=["workspace", "conversation_id", "id"],
                name="responses_of_conversation",
                include=["user_id", "team_id", "from_at", "to_at"],  # reports read them without the rows
            ),
            models.Index(fields=["workspace", "to_at"], name="responses_by_end"),
            models.Index(
                fields=["workspace", "closed_at", "id"],
                name="responses_by_closing",
                include=["user_id", "team_id", "from_at", "to_at", "conversation_id", "contact_id"],
                condition=Q(closed_at__isnull=False),
            ),
        ]


class Assignment(WalledInBulk):
    """A contact went to a person or to nobody. It counts for a conversation when one was open."""

    contact_id = models.BigIntegerField()
    conversation_id = models.BigIntegerField(null=True, blank=True)
    old_user_id = models.BigIntegerField(null=True, blank=True)
    new_user_id = models.BigIntegerField(null=True, blank=True)
    new_team_id = models.BigIntegerField(null=True, blank=True)
    by_user_id = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=16)
    occurred_at = models.DateTimeField()

    objects = WalledManager["Assignment"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="assignments_of_conversation"),
            models.Index(fields=["workspace", "occurred_at"], name="assignments_by_moment"),
        ]


class ConversationTopic(Walled):
    """A topic on a conversation, with when it came and went."""

    conversation_id = models.BigIntegerField()
    topic = models.ForeignKey("inbox.Topic", on_delete=models.CASCADE, related_name="+", db_index=False)
    applied_at = models.DateTimeField()
    applied_by_id = models.BigIntegerField(null=True, blank=True)
    applied_team_id = models.BigIntegerField(null=True, blank=True)
    virtual_agent_id = models.BigIntegerField(null=True, blank=True)  # when one applied it
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["ConversationTopic"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "conversation_id", "topic"],
                condition=Q(removed_at__isnull=True),
                name="topic_once",
            )
        ]
        indexes = [
            models.Index(fields=["workspace", "conversation_id", "id"], name="topics_of_conversation"),
            models.Index(fields=["workspace", "applied_at"], name="topics_by_moment"),
        ]
