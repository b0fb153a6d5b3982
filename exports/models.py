"""An export: one row that says what was asked for, where it stands, and where its file lies. A schedule asks by itself."""

from django.db import models
from django.db.models import Q

from workspaces.models import User, Walled, WalledManager


class State(models.TextChoices):
    """Where an export stands; the values are the public API's."""

    QUEUED = "queued"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    DISCARDED = "discarded"  # it took longer than it may
    CANCELLED = "cancelled"
    EXPIRED = "expired"


# While an export is in one of these, no other starts in its workspace.
ACTIVE_STATES = (State.QUEUED, State.RUNNING)


class Format(models.TextChoices):
    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"


class Export(Walled):
    """One file that was asked for; the row is the job that workers claim.

    filters: {name: [ids or values]}, as `exports.catalogue.Filter` names them. chosen_contacts: a contact selection as
    `contacts.selection` writes it, for the data set of contacts; None for all.
    """

    state = models.CharField(max_length=9, choices=State.choices, default=State.QUEUED)
    dataset = models.CharField(max_length=32)
    from_day = models.DateField(null=True, blank=True)
    to_day = models.DateField(null=True, blank=True)
    range_from = models.DateTimeField(null=True, blank=True)
    range_to = models.DateTimeField(null=True, blank=True)  # the first moment after the range
    time_zone = models.CharField(max_length=64)
    filters = models.JSONField(default=dict)
    chosen_contacts = models.JSONField(null=True, blank=True)
    header_language = models.CharField(max_length=2, default="en")
    for_excel = models.BooleanField(default=False)  # a byte order mark before the first line
    format = models.CharField(max_length=8, choices=Format.choices, default=Format.CSV)
    is_gzipped = models.BooleanField(default=False)

    schedule = models.ForeignKey("exports.ExportSchedule", on_delete=models.SET_NULL, null=True, related_name="exports")
    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    requested_token_id = models.BigIntegerField(null=True, blank=True)
    requested_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)  # when the workspace may ask again, after a discarded one
    expires_at = models.DateTimeField()

    attempt = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)  # of the running attempt
    expected_rows = models.BigIntegerField(null=True, blank=True)  # the planner's guess
    progress_rows = models.BigIntegerField(default=0)
    progress_bytes = models.BigIntegerField(default=0)
    progress_at = models.DateTimeField(null=True, blank=True)

    rows = models.BigIntegerField(null=True, blank=True)
    size_bytes = models.BigIntegerField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True, default="")
    file_key = models.CharField(
        max_length=200, blank=True, default=""
    )  # empty until it is published, and once it is gone
    file_name = models.CharField(max_length=255, blank=True, default="")
    error_code = models.CharField(max_length=80, blank=True, default="")
    finished_at = models.DateTimeField(null=True, blank=True)

    # Where a scheduled file went beside the history: empty (nowhere), waiting, done or failed.
    sending = models.CharField(max_length=8, blank=True, default="")
    send_attempts = models.PositiveSmallIntegerField(default=0)
    send_at = models.DateTimeField(null=True, blank=True)
    send_error = models.CharField(max_length=300, blank=True, default="")
    sent_as = models.CharField(max_length=400, blank=True, default="")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["Export"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=ACTIVE_STATES), name="one_active_export_per_workspace"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED)
                | Q(rows__isnull=False, size_bytes__isnull=False, finished_at__isnull=False)
                & ~Q(sha256="")
                & ~Q(file_key=""),
                name="export_completed_is_complete",
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True) | Q(state=State.RUNNING), name="export_lease_while_running"
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="exports_newest_first"),
            models.Index(fields=["requested_at"], name="exports_at_work", condition=Q(state__in=ACTIVE_STATES)),
            models.Index(fields=["expires_at"], name="exports_with_files", condition=~Q(file_key="")),
            models.Index(fields=["send_at"], name="exports_to_send", condition=Q(sending="waiting")),
        ]

    @property
    def is_active(self) -> bool:
        """Whether it holds the workspace's one place."""
        return self.state in ACTIVE_STATES


class ExportSchedule(Walled):
    """Asks for an export by itself, hourly, daily or weekly, of the span that has just ended; and may send the file on.

    settings: what its destination needs in the open; sealed_secrets the rest (`workspaces.sealing`).
    """

    class Every(models.TextChoices):
        HOUR = "hour"
        DAY = "day"
        WEEK = "week"

    class Destination(models.TextChoices):
        HISTORY = "history"  # nowhere else
        SFTP = "sftp"
        S3 = "s3"

    name = models.CharField(max_length=80)
    dataset = models.CharField(max_length=32)
    every = models.CharField(max_length=4, choices=Every.choices)
    at_hour = models.PositiveSmallIntegerField(default=6)  # of the day, in its zone
    on_weekday = models.PositiveSmallIntegerField(default=0)  # 0: Monday
    time_zone = models.CharField(max_length=64)
    filters = models.JSONField(default=dict)
    header_language = models.CharField(max_length=2, default="en")
    for_excel = models.BooleanField(default=False)
    format = models.CharField(max_length=8, choices=Format.choices, default=Format.CSV)
    is_gzipped = models.BooleanField(default=False)
    destination = models.CharField(max_length=8, choices=Destination.choices, default=Destination.HISTORY)
    settings = models.JSONField(default=dict)
    sealed_secrets = models.TextField(blank=True, default="")
    is_on = models.BooleanField(default=True)
    next_at = models.DateTimeField()  # the span that ends then is due
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    trouble = models.CharField(max_length=300, blank=True, default="")  # why it does not run

    objects = WalledManager["ExportSchedule"]()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_hour__lte=23) & Q(on_weekday__lte=6), name="export_schedule_hour_and_day"
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="export_schedules_due", condition=Q(is_on=True))]
