from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from workspaces.models.people import User
from workspaces.models.walled import Walled, WalledInBulk, WalledManager


class AwayState(Walled):
    """A named reason to be away, shared by the workspace. While one is on, plain Away is gone; a deleted one keeps its past."""

    name = models.CharField(max_length=25)
    is_on = models.BooleanField(default=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["AwayState"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "workspace", Lower("name"), condition=Q(deleted_at__isnull=True), name="away_state_name"
            )
        ]


class Presence(Walled):
    """What a person chose, and whether they are here: `is_offline` comes by inactivity or log-out, the choice returns after."""

    class Choice(models.TextChoices):
        ONLINE = "online"
        BUSY = "busy"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    choice = models.CharField(max_length=6, choices=Choice.choices, default=Choice.ONLINE)
    away_state = models.ForeignKey(AwayState, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    is_offline = models.BooleanField(default=True)
    active_at = models.DateTimeField()

    objects = WalledManager["Presence"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "user"], name="one_presence_per_member")]
        indexes = [models.Index(fields=["active_at"], name="presence_by_activity", condition=Q(is_offline=False))]


class PresenceInterval(WalledInBulk):
    """A span in one presence state; offline time has none, and a running one has no end."""

    class Kind(models.TextChoices):
        AVAILABLE = "AVAILABLE"
        AWAY = "AWAY"

    user_id = models.BigIntegerField()
    team_id = models.BigIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    away_name = models.CharField(max_length=25, blank=True, default="")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["PresenceInterval"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "user_id"], condition=Q(ended_at__isnull=True), name="one_running_presence"
            )
        ]
        indexes = [models.Index(fields=["workspace", "started_at"], name="presence_by_start")]
