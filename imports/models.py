"""A contact import: one row that says where it stands, and what each of its chunks wrote.

Staged rows and the plan have no model: `imports_stagedrow`, `imports_stagedtagset` and `imports_plannedrow` are unlogged
tables without a wall, filled and read by the SQL of `imports/actions`, and reached only through the import's row.
"""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from workspaces.models import User, Walled, WalledInBulk, WalledManager


class State(models.TextChoices):
    """Where an import stands; the values are the public API's."""

    MAPPING = "mapping"
    VALIDATING = "validating"
    REVIEW = "review"
    COMMITTING = "committing"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    FAILED = "failed"
    UNDOING = "undoing"
    UNDONE = "undone"


# While an import is in one of these, no other starts in its workspace.
ACTIVE_STATES = (State.MAPPING, State.VALIDATING, State.REVIEW, State.COMMITTING, State.UNDOING)
# A worker is due.
WORKING_STATES = (State.VALIDATING, State.COMMITTING, State.UNDOING)
# They wait for a person, one hour at most.
WAITING_STATES = (State.MAPPING, State.REVIEW)

# They are over; if they wrote something, it can be taken back.
UNDOABLE_STATES = (State.COMPLETED, State.CANCELLED, State.FAILED)


class Purpose(models.TextChoices):
    """What the person wants: contacts added, updated, both, or every row as a new one."""

    ADD_NEW = "add_new"
    UPDATE_EXISTING = "update_existing"
    ADD_AND_UPDATE = "add_and_update"
    ADD_ALL = "add_all"


ADDING_PURPOSES = frozenset({Purpose.ADD_NEW, Purpose.ADD_AND_UPDATE, Purpose.ADD_ALL})
UPDATING_PURPOSES = frozenset({Purpose.UPDATE_EXISTING, Purpose.ADD_AND_UPDATE})


class IdentifierField(models.TextChoices):
    """The field by which contacts are found; none when every row is a new one."""

    PHONE = "phone"
    EMAIL = "email"
    CONTACT_ID = "contact_id"
    NONE = ""


class Matching(models.TextChoices):
    """How identifiers are compared: as they are written, or as what they mean."""

    EXACT = "exact"
    NORMALIZED = "normalized"


class ContactImport(Walled):
    """One uploaded file on its way from mapping to contacts; the row is the job that workers claim.

    columns: [{"name", "field" or null, "suggested_field" or null, "automatic", "do_not_overwrite", "examples": [text]}].
    effects: {field: {"gets", "changes", "loses"}}, contacts per mapped field; tags under "tags".
    examples: [{"row", "contact_id", "name", "field", "before", "after", "kind": "changes" | "loses" | "gets"}].
    error_summary: [{"code", "rows", "first_rows": [numbers], "example"}], the most frequent first.
    """

    state = models.CharField(max_length=12, choices=State.choices)
    purpose = models.CharField(max_length=16, choices=Purpose.choices)
    identifier = models.CharField(max_length=12, choices=IdentifierField.choices, blank=True)
    matching = models.CharField(max_length=12, choices=Matching.choices)
    tags = ArrayField(models.CharField(max_length=255), default=list, blank=True)

    file_name = models.CharField(max_length=255)
    file_key = models.CharField(
        max_length=200, blank=True, default=""
    )  # empty until the file is stored, and once it is gone
    size_bytes = models.PositiveIntegerField(default=0)
    encoding = models.CharField(max_length=16, blank=True, default="")
    delimiter = models.CharField(max_length=1, blank=True, default="")
    has_byte_order_mark = models.BooleanField(default=False)
    columns = models.JSONField(default=list)
    rows = models.PositiveIntegerField(default=0)

    requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    requested_token_id = models.BigIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8, default="en")  # of the requester: files speak it
    requested_at = models.DateTimeField()

    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    progress_at = models.DateTimeField(null=True, blank=True)
    stage_started_at = models.DateTimeField()
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_token = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    has_staged_rows = models.BooleanField(default=False)

    # What the review says will happen.
    to_add = models.PositiveIntegerField(default=0)
    to_update = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    to_skip = models.PositiveIntegerField(default=0)
    with_errors = models.PositiveIntegerField(default=0)
    matched_by_normalization = models.PositiveIntegerField(default=0)
    effects = models.JSONField(default=dict)
    examples = models.JSONField(default=list)
    error_summary = models.JSONField(default=list)
    errors_key = models.CharField(max_length=200, blank=True, default="")
    review_seconds = models.FloatField(null=True, blank=True)
    review_ready_at = models.DateTimeField(null=True, blank=True)
    # When an import that waits for a person (mapping or review) is given up.
    review_expires_at = models.DateTimeField(null=True, blank=True)

    # What was written.
    imported = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    skipped = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    result_key = models.CharField(max_length=200, blank=True, default="")
    result_expires_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=80, blank=True, default="")

    # Taking it back: who asked for it, and what became of the contacts that were written.
    undo_from = models.CharField(max_length=12, blank=True, default="")  # the state before
    undo_requested_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    undo_requested_token_id = models.BigIntegerField(null=True, blank=True)
    undo_requested_at = models.DateTimeField(null=True, blank=True)
    undo_deleted = models.PositiveIntegerField(default=0)  # it had added them
    undo_restored = models.PositiveIntegerField(default=0)  # it had changed them
    undo_partly = models.PositiveIntegerField(default=0)  # some values went back, others not
    undo_kept = models.PositiveIntegerField(default=0)  # they stay as they are
    undo_error_code = models.CharField(max_length=80, blank=True, default="")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["ContactImport"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["workspace"], condition=Q(state__in=ACTIVE_STATES), name="one_active_import_per_workspace"
            ),
            models.UniqueConstraint(fields=["workspace", "id"], name="import_in_workspace"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="import_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="import_purpose_known"),
            models.CheckConstraint(condition=Q(matching__in=Matching.values), name="import_matching_known"),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.ADD_ALL, identifier="")
                | Q(identifier__in=[IdentifierField.PHONE, IdentifierField.EMAIL]) & ~Q(purpose=Purpose.ADD_ALL)
                | Q(identifier=IdentifierField.CONTACT_ID, purpose=Purpose.UPDATE_EXISTING),
                name="import_identifier_fits",
            ),
            # Every row of the file ends in exactly one of the four.
            models.CheckConstraint(
                condition=~Q(state=State.COMPLETED) | Q(rows=F("imported") + F("updated") + F("skipped") + F("failed")),
                name="import_counts_add_up",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.REVIEW)
                | Q(rows=F("to_add") + F("to_update") + F("unchanged") + F("to_skip") + F("with_errors")),
                name="import_review_adds_up",
            ),
            # Every contact that was written ends in exactly one of the four.
            models.CheckConstraint(
                condition=~Q(state=State.UNDONE)
                | Q(
                    imported=F("undo_deleted") + F("undo_restored") + F("undo_partly") + F("undo_kept") - F("updated"),
                ),
                name="import_undo_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(lease_token__isnull=True) | Q(state__in=[*WORKING_STATES]),
                name="import_lease_while_working",
            ),
        ]
        indexes = [
            models.Index(fields=["workspace", "-id"], name="imports_newest_first"),
            models.Index(fields=["requested_at"], name="imports_at_work", condition=Q(state__in=ACTIVE_STATES)),
            models.Index(
                fields=["result_expires_at"], name="imports_with_results", condition=Q(result_expires_at__isnull=False)
            ),
        ]

    @property
    def is_active(self) -> bool:
        """Whether it holds the workspace's one place."""
        return self.state in ACTIVE_STATES

    @property
    def is_working(self) -> bool:
        """Whether a worker is at it, or due."""
        return self.state in WORKING_STATES

    @property
    def has_written(self) -> bool:
        """Whether it added or changed any contact."""
        return self.imported + self.updated > 0

    @property
    def undo_reverted(self) -> int:
        """How many contacts are as they were before the import."""
        return self.undo_deleted + self.undo_restored

    @property
    def undo_handled(self) -> int:
        """How many contacts undoing has looked at."""
        return self.undo_reverted + self.undo_partly + self.undo_kept

    @property
    def header(self) -> list[str]:
        """The names of the file's columns."""
        return [column["name"] for column in self.columns]

    @property
    def to_write(self) -> int:
        """How many contacts the reviewed plan adds or updates."""
        return self.to_add + self.to_update

    @property
    def values_lost(self) -> int:
        """How many values the reviewed plan empties, all fields together."""
        return sum(effect["loses"] for field, effect in self.effects.items() if field != "tags")


class ImportChunk(Walled):
    """What one chunk of an import did, row by row; written in the transaction that did it.

    outcomes: one letter per row: a(dded), u(pdated), n(othing to change), s(kipped), e(rror).
    contact_ids: one per row, 0 where there is none. notes: {row number: [errors]}, as in the plan. undone_at: when it was
    taken back.
    """

    contact_import = models.ForeignKey(ContactImport, on_delete=models.CASCADE, related_name="chunks")
    first_row = models.PositiveIntegerField()
    last_row = models.PositiveIntegerField()
    outcomes = models.TextField()
    contact_ids = ArrayField(models.BigIntegerField())
    notes = models.JSONField(default=dict)
    written_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = WalledManager["ImportChunk"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "contact_import", "first_row"], name="chunk_once_per_import")
        ]


class UndoRemainder(WalledInBulk):
    """Something that taking an import back left as it is, and why; `field` is empty where it is the whole contact.

    Fields are named as in a contact's events; the lifecycle is `lifecycle`, a tag `tags` with its id.
    """

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.CASCADE, related_name="undo_remainders", db_constraint=False, db_index=False
    )
    row_no = models.PositiveIntegerField()
    contact_id = models.BigIntegerField()
    field = models.CharField(max_length=60, blank=True, default="")
    tag_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=24)  # one of imports.undo_reasons

    objects = WalledManager["UndoRemainder"]()

    class Meta:
        indexes = [
            models.Index(fields=["workspace", "contact_import", "row_no", "id"], name="undo_remainders_in_order")
        ]
