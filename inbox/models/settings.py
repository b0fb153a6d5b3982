from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from workspaces.models import User, Walled, WalledManager


class ClosingMode(models.TextChoices):
    """What the dialog of closing asks for."""

    OPTIONAL = "optional"  # dialog, category and summary can all be left out
    CATEGORY = "category"  # the category is required, the summary optional
    ALL = "all"
    OFF = "off"  # no dialog


class InboxSettings(Walled):
    """How a workspace's inbox behaves; a workspace without a row has the defaults."""

    closing_mode = models.CharField(max_length=8, choices=ClosingMode.choices, default=ClosingMode.OPTIONAL)
    topic_required = models.BooleanField(default=False)
    reopen_hours = models.PositiveIntegerField(default=0)  # 0: a message after closing opens a new conversation
    auto_resolve_days = models.PositiveIntegerField(default=30)  # 0: never
    amber_minutes = models.PositiveIntegerField(default=15)
    red_minutes = models.PositiveIntegerField(default=60)
    undo_seconds = models.PositiveSmallIntegerField(default=5)  # how long a reply can be taken back
    offline_minutes = models.PositiveSmallIntegerField(default=5)
    unassign_at_logout = models.BooleanField(default=False)
    tell_all_of_unassigned = models.BooleanField(default=True)
    survey_is_on = models.BooleanField(default=False, db_default=False)
    survey_text = models.CharField(
        max_length=500, blank=True, default="", db_default=""
    )  # empty: the product's own words
    survey_question = models.CharField(
        max_length=255, blank=True, default="", db_default=""
    )  # asked after the score; empty: none
    survey_hours = models.PositiveIntegerField(default=72, db_default=72)  # the time to answer

    objects = WalledManager["InboxSettings"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace"], name="one_inbox_settings")]


class ClosingCategory(Walled):
    """A category of closing notes."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=255, blank=True, default="")
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = WalledManager["ClosingCategory"]()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="closing_category_name")]


class Topic(Walled):
    """What conversations are about. One that is switched off keeps its past."""

    name = models.CharField(max_length=80)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = WalledManager["Topic"]()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="topic_name")]


class CustomInbox(Walled):
    """A saved filter over conversations: private to its creator, or shared with users and teams. Only the creator edits."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=dict)  # a tree as contacts.filters reads it, with the inbox's own fields
    shared_with_all = models.BooleanField(default=False)
    shared_user_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    shared_team_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["CustomInbox"]()

    class Meta:
        indexes = [models.Index(fields=["workspace", "owner"], name="custom_inboxes_of")]
