from django.db import models

from workspaces.models.walled import Walled, WalledInBulk, WalledManager


class EventRecord(WalledInBulk):
    """The append-only log of everything that happened; a trigger refuses change."""

    type = models.CharField(max_length=80)
    version = models.PositiveSmallIntegerField(default=1)
    occurred_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=8)
    actor_id = models.BigIntegerField(null=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    data = models.JSONField(default=dict)
    request_id = models.CharField(max_length=36, blank=True, default="")

    objects = WalledManager["EventRecord"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "subject_kind", "subject_id", "id"], name="event_of_subject")]


class IdempotencyRecord(Walled):
    """The first answer to a request that carried an Idempotency-Key; kept for 24 hours."""

    token_id = models.BigIntegerField()
    key = models.CharField(max_length=255)
    request_sha256 = models.BinaryField(max_length=32)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField()

    objects = WalledManager["IdempotencyRecord"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "token_id", "key"], name="one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_by_age")]
