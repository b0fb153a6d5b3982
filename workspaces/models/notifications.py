from django.db import models
from django.db.models import Q

from workspaces.models.people import User
from workspaces.models.walled import Walled, WalledManager


class Notification(Walled):
    """News for one member: what happened to which subject, as facts that are put into words when they are read.

    The row is the queue of its mail too. mail_due_at: when to send, and while a worker is at it, when another one may;
    mail_token: the worker that sends.
    """

    class Mail(models.TextChoices):
        NONE = "none"
        DUE = "due"
        SENT = "sent"
        FAILED = "failed"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True, blank=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    mail_state = models.CharField(max_length=8, choices=Mail.choices, default=Mail.NONE)
    mail_attempts = models.PositiveSmallIntegerField(default=0)
    mail_due_at = models.DateTimeField(null=True, blank=True)
    mail_token = models.UUIDField(null=True, blank=True)

    objects = WalledManager["Notification"]()

    class Meta:
        constraints = [
            # Whoever does their work again tells nothing twice.
            models.UniqueConstraint(
                fields=["workspace", "user", "kind", "subject_kind", "subject_id"], name="notification_once"
            ),
            models.CheckConstraint(condition=Q(mail_state__in=["none", "due", "sent", "failed"]), name="mail_known"),
            models.CheckConstraint(
                condition=~Q(mail_state="due") | Q(mail_due_at__isnull=False), name="mail_due_at_a_time"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "user", "-id"], name="notifications_of_member"),
            models.Index(
                fields=["workspace", "user", "-id"], name="notifications_new", condition=Q(archived_at__isnull=True)
            ),
            models.Index(
                fields=["workspace", "user"],
                name="notifications_unseen",
                condition=Q(archived_at__isnull=True, seen_at__isnull=True),
            ),
            models.Index(fields=["mail_due_at"], name="notification_mail_due", condition=Q(mail_state="due")),
        ]

    @property
    def is_seen(self) -> bool:
        """Whether the member had it on the screen."""
        return self.seen_at is not None

    @property
    def is_archived(self) -> bool:
        """Whether the member put it away."""
        return self.archived_at is not None
