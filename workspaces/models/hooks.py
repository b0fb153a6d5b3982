from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from workspaces.models.people import User
from workspaces.models.walled import Walled, WalledInBulk, WalledManager


class HookEndpoint(Walled):
    """An address outside that is told of events. `sealed_keys` holds `key`, and `former` until `former_until`.

    failures: attempts that failed since the last success; paused_until: nothing is sent before, because it told us to wait
    or failed too often in a row.
    """

    class State(models.TextChoices):
        ACTIVE = "active"
        DISABLED = "disabled"

    class Because(models.TextChoices):
        """Why it is off."""

        NONE = ""
        PERSON = "person"
        GONE = "gone"  # it answered 410
        FAILING = "failing"

    url = models.CharField(max_length=2000)
    events = ArrayField(models.CharField(max_length=40))
    sources = ArrayField(models.CharField(max_length=24), default=list, blank=True)  # empty: every source
    sealed_keys = models.TextField()
    former_until = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    disabled_because = models.CharField(max_length=8, choices=Because.choices, blank=True, default="")
    disabled_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True, blank=True)
    paused_until = models.DateTimeField(null=True, blank=True)
    last_success_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()

    objects = WalledManager["HookEndpoint"]()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=["active", "disabled"]), name="hook_state_known")]
        indexes = [models.Index(fields=["workspace", "state"], name="hooks_of_workspace")]

    @property
    def is_active(self) -> bool:
        """Whether events are gathered for it."""
        return self.state == self.State.ACTIVE


class HookDelivery(WalledInBulk):
    """One event for one endpoint: written with the event, and its own queue.

    event_id: the row of the log, None for a test; contact_id: whose events arrive in order; lease_token: the worker at it.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        DELIVERED = "delivered"
        PARKED = "parked"

    endpoint = models.ForeignKey(
        HookEndpoint, on_delete=models.DO_NOTHING, related_name="deliveries", db_index=False, db_constraint=False
    )
    event_id = models.BigIntegerField(null=True, blank=True)
    event_type = models.CharField(max_length=40)
    contact_id = models.BigIntegerField(null=True, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    last_error = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["HookDelivery"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "endpoint", "event_id"], name="event_once_per_hook"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "delivered", "parked"]), name="hook_delivery_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "endpoint", "-id"], name="deliveries_of_hook"),
            models.Index(
                fields=["endpoint", "next_attempt_at"], name="hook_deliveries_due", condition=Q(state="waiting")
            ),
            models.Index(
                fields=["workspace", "endpoint", "contact_id", "id"],
                name="hook_deliveries_in_order",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["created_at"], name="hook_deliveries_by_age"),
        ]


class HookAttempt(WalledInBulk):
    """One try of a delivery, as the log shows it: what came back, never what was signed with."""

    delivery_id = models.BigIntegerField()
    endpoint_id = models.BigIntegerField()
    number = models.PositiveSmallIntegerField()
    attempted_at = models.DateTimeField()
    milliseconds = models.PositiveIntegerField(default=0)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    error = models.CharField(max_length=40, blank=True, default="")
    answer = models.CharField(max_length=2048, blank=True, default="")

    objects = WalledManager["HookAttempt"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "delivery_id", "id"], name="attempts_of_delivery"),
            models.Index(fields=["workspace", "endpoint_id"], name="attempts_of_hook"),
            models.Index(fields=["attempted_at"], name="hook_attempts_by_age"),
        ]
