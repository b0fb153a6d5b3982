from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from contacts.models import Contact
from inbox.models.channels import Channel
from workspaces.models import User, Walled, WalledManager


class Status(models.TextChoices):
    NEW = "new"
    PENDING = "pending"
    RESOLVED = "resolved"


# What reports narrow, part and measure conversations by. It stands in the indexes of their moments, so that a year of figures is
# read without the rows.
REPORTED = (
    "contact", "is_returning", "opened_channel", "closed_by_id", "closed_by_team_id", "first_assignee_id", "last_assignee_id",
    "first_response_by_id", "first_response_team_id", "opened_by_source", "closed_by_source", "closed_category",
)  # fmt: skip
MOMENTS = (
    "opened_at", "first_response_at", "first_assigned_at", "last_assigned_at", "response_after_assignment_at", "response_count",
    "response_ms",
)  # fmt: skip


class Conversation(Walled):
    """One stretch of work with a contact. Every figure on it is kept by the actions; `recompute_conversations` proves them.

    Moments, people and counts mean what docs/metrics.md says; durations are milliseconds. People and teams are ids: they
    outlive those who leave. Foreign keys to contacts carry the workspace (see the migration).
    """

    # A contact that is deleted leaves its conversations behind without their words: figures of the past stay.
    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, related_name="conversations", db_index=False, db_constraint=False
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.NEW)
    is_latest = models.BooleanField(default=True)  # the contact's newest: lists show one row per contact
    is_returning = models.BooleanField(
        default=False, db_default=False
    )  # the contact, as merged today, had an earlier one
    version = models.PositiveIntegerField(default=1)
    language = models.CharField(max_length=8, blank=True, default="")

    snoozed_until = models.DateTimeField(null=True, blank=True)
    snooze_note = models.CharField(max_length=255, blank=True, default="")
    held_by_bot = models.BooleanField(default=False)

    opened_at = models.DateTimeField()
    opened_by_source = models.CharField(max_length=16)
    opened_by_id = models.BigIntegerField(null=True, blank=True)
    opened_channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    # The one it was opened on, or its earliest message's; files and figures go by it.
    channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    last_channel = models.ForeignKey(Channel, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)

    first_resolved_at = models.DateTimeField(null=True, blank=True)
    first_resolved_by_id = models.BigIntegerField(null=True, blank=True)
    first_resolved_team_id = models.BigIntegerField(null=True, blank=True)
    first_resolved_source = models.CharField(max_length=16, blank=True, default="")
    first_resolved_in_bulk = models.BooleanField(default=False)
    first_resolved_category = models.CharField(max_length=120, blank=True, default="")
    first_resolved_summary = models.TextField(blank=True, default="")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    closed_by_team_id = models.BigIntegerField(null=True, blank=True)
    closed_by_source = models.CharField(max_length=16, blank=True, default="")
    closed_category = models.CharField(max_length=120, blank=True, default="")
    closed_summary = models.TextField(blank=True, default="")
    closed_assignee_id = models.BigIntegerField(null=True, blank=True)  # whose it was at closed_at
    status_changed_at = models.DateTimeField()
    status_changed_by_id = models.BigIntegerField(null=True, blank=True)
    status_changed_team_id = models.BigIntegerField(null=True, blank=True)
    settled_by_id = models.BigIntegerField(null=True, blank=True)  # of the latest change to pending or resolved
    settled_team_id = models.BigIntegerField(null=True, blank=True)

    assignee = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    first_assignee_id = models.BigIntegerField(null=True, blank=True)
    first_assigned_at = models.DateTimeField(null=True, blank=True)
    last_assignee_id = models.BigIntegerField(null=True, blank=True)
    last_assigned_at = models.DateTimeField(null=True, blank=True)
    response_after_assignment_at = models.DateTimeField(null=True, blank=True)  # the first one since last_assigned_at
    assignment_count = models.PositiveIntegerField(default=0)

    incoming_count = models.PositiveIntegerField(default=0)
    outgoing_count = models.PositiveIntegerField(default=0)
    first_incoming_at = models.DateTimeField(null=True, blank=True)
    first_human_reply_at = models.DateTimeField(null=True, blank=True)
    first_handover_at = models.DateTimeField(null=True, blank=True)  # between the two
    first_response_at = models.DateTimeField(null=True, blank=True)
    first_response_by_id = models.BigIntegerField(null=True, blank=True)
    first_response_team_id = models.BigIntegerField(null=True, blank=True)
    response_count = models.PositiveIntegerField(default=0)
    response_ms = models.BigIntegerField(default=0)
    # The earliest start event that no person has answered yet, and its kind (docs/metrics.md, "Responses").
    waiting_since = models.DateTimeField(null=True, blank=True)
    waiting_for = models.CharField(max_length=32, blank=True, default="")
    handle_ms = models.BigIntegerField(default=0)
    no_reply_ms = models.BigIntegerField(default=0)
    cherry_picking_ms = models.BigIntegerField(default=0)

    unread_count = models.PositiveIntegerField(default=0)
    last_message_id = models.BigIntegerField(null=True, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_incoming_at = models.DateTimeField(null=True, blank=True)
    last_activity_at = models.DateTimeField()
    preview = models.CharField(max_length=160, blank=True, default="")
    preview_is_ours = models.BooleanField(default=False)
    updated_at = models.DateTimeField()
    # The latest message, status, assignment, topic or survey answer; updated_at moves with locks and marks as well.
    changed_at = models.DateTimeField(db_default=Now())

    objects = WalledManager["Conversation"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "id"], name="conversation_in_workspace"),
            models.UniqueConstraint(
                fields=["workspace", "contact"], condition=~Q(status="resolved"), name="one_open_conversation"
            ),
            models.UniqueConstraint(
                fields=["workspace", "contact"], condition=Q(is_latest=True), name="one_latest_conversation"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="conversation_status_known"),
        ]
        indexes = [
            models.Index(fields=["workspace", "contact", "-id"], name="conversations_of_contact"),
            models.Index(fields=["workspace", "opened_at", "id"], name="conversations_by_opening", include=REPORTED),
            models.Index(
                fields=["workspace", "closed_at", "id"],
                name="conversations_by_closing",
                include=[*REPORTED, *MOMENTS],
                condition=Q(closed_at__isnull=False),
            ),
            # The same with less on it: whoever narrows by nothing reads a year of times, and of people's work, from a fifth of it.
            models.Index(
                fields=["workspace", "closed_at"],
                name="conversations_closing_times",
                include=[*MOMENTS, "first_response_by_id"],
                condition=Q(closed_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "closed_at"],
                name="conversations_closed_by",
                include=[
                    "opened_at",
                    "first_assigned_at",
                    "last_assigned_at",
                    "contact",
                    "closed_by_id",
                    "closed_by_team_id",
                ],
                condition=Q(closed_by_source="user", closed_by_id__isnull=False),
            ),
            models.Index(
                fields=["workspace", "first_resolved_at", "id"],
                name="conversations_by_resolution",
                condition=Q(first_resolved_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "-last_activity_at", "-id"],
                name="conversations_open",
                condition=Q(is_latest=True) & ~Q(status="resolved"),
            ),
            models.Index(
                fields=["workspace", "assignee", "-last_activity_at", "-id"],
                name="conversations_open_of",
                condition=Q(is_latest=True) & ~Q(status="resolved"),
            ),
            models.Index(
                fields=["workspace", "-last_activity_at", "-id"],
                name="conversations_latest",
                condition=Q(is_latest=True),
            ),
            models.Index(
                fields=["workspace", "-last_activity_at", "-id"],
                name="conversations_closed",
                condition=Q(is_latest=True, status="resolved"),
            ),
            models.Index(
                fields=["snoozed_until"], name="conversations_snoozed", condition=Q(snoozed_until__isnull=False)
            ),
        ]

    @property
    def is_open(self) -> bool:
        """New and pending together are open."""
        return self.status != Status.RESOLVED


class Comment(Walled):
    """A note of the team under a contact; never sent. `mentions` are ids of members. Without words once the contact is deleted."""

    contact = models.ForeignKey(
        Contact, on_delete=models.DO_NOTHING, related_name="+", db_index=False, db_constraint=False
    )
    conversation_id = models.BigIntegerField(null=True, blank=True)
    author_id = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=16)
    text = models.TextField()
    mentions = models.JSONField(default=list)
    created_at = models.DateTimeField()

    objects = WalledManager["Comment"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "contact", "-id"], name="comments_of_contact"),
            models.Index(fields=["workspace", "created_at"], name="comments_by_moment", include=["author_id"]),
        ]


class Draft(Walled):
    """What a person has begun to write to a contact and not sent yet."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    is_comment = models.BooleanField(default=False)
    channel_id = models.BigIntegerField(null=True, blank=True)
    text = models.TextField()
    updated_at = models.DateTimeField()

    objects = WalledManager["Draft"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "user", "contact", "is_comment"], name="one_draft_per_person")
        ]
        indexes = [models.Index(fields=["workspace", "contact"], name="drafts_of_contact")]
