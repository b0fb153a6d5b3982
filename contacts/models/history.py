from django.db import models

from workspaces.models import Walled, WalledInBulk, WalledManager


class ContactLogEntry(WalledInBulk):
    """A line of the contact reports: added, connected, deleted or merged, with id and name as they were."""

    class Kind(models.TextChoices):
        ADDED = "added"
        CONNECTED = "connected"
        DELETED = "deleted"
        MERGED = "merged"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    contact_id = models.BigIntegerField()
    contact_name = models.CharField(max_length=512, blank=True, default="")
    source = models.CharField(max_length=16)
    user_id = models.BigIntegerField(null=True, blank=True)
    channel_id = models.BigIntegerField(null=True, blank=True)
    import_id = models.BigIntegerField(null=True, blank=True)
    secondary_contact_id = models.BigIntegerField(null=True, blank=True)
    occurred_at = models.DateTimeField()

    objects = WalledManager["ContactLogEntry"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "kind", "occurred_at", "id"], name="contact_log_by_kind")]


class ContactMerge(Walled):
    """A merge, with the secondary contact as it was, so that the two can be separated again.

    `snapshot` holds the secondary's columns and tags and, under `primary`, the primary's before the merge.
    """

    primary_id = models.BigIntegerField()
    secondary_id = models.BigIntegerField()
    snapshot = models.JSONField()
    user_id = models.BigIntegerField(null=True, blank=True)
    source = models.CharField(max_length=16)
    merged_at = models.DateTimeField()
    separated_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["ContactMerge"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "secondary_id"], name="merged_once")]
        indexes = [models.Index(fields=["workspace", "primary_id"], name="merges_of_contact")]
