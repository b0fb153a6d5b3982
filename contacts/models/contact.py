from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q, TextField
from django.db.models.fields.generated import GeneratedField

from contacts.models.stages import LifecycleStage
from workspaces.models import User, Walled, WalledManager


class Source(models.TextChoices):
    """How a contact, a tag or a change came about; the values are those of the reports."""

    USER = "user"
    IMPORT = "import"
    API = "api"
    INCOMING_MESSAGE = "incoming_message"
    ECHO_MESSAGE = "echo_message"
    ZAPIER = "zapier"
    IMPORT_UNDO = "import_undo"
    SYSTEM = "system"


class Contact(Walled):
    """A person whom the workspace talks with.

    `phone` and `email` are kept as given; the keys beside them are what look-ups compare, equivalent forms folded.
    Several contacts may share a phone or an e-mail, so neither is unique.
    """

    first_name = models.CharField(max_length=255, blank=True, default="")
    last_name = models.CharField(max_length=255, blank=True, default="")
    phone = models.CharField(max_length=64, blank=True, default="")
    phone_e164 = models.CharField(max_length=20, blank=True, default="")
    phone_match_key = models.CharField(max_length=20, blank=True, default="")
    email = models.CharField(max_length=254, blank=True, default="")
    email_key = models.CharField(max_length=254, blank=True, default="")
    language = models.CharField(max_length=8, blank=True, default="")
    country = models.CharField(max_length=2, blank=True, default="")
    picture_url = models.CharField(max_length=2000, blank=True, default="")
    stage = models.ForeignKey(
        LifecycleStage, on_delete=models.SET_NULL, null=True, blank=True, related_name="contacts", db_index=False
    )
    assignee = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    is_blocked = models.BooleanField(default=False)
    custom = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=16, choices=Source.choices)
    # Kept by the inbox's actions: whether a conversation is open, and when the last message went either way.
    is_open = models.BooleanField(default=False)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    last_interaction_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    name_key = GeneratedField(
        expression=Func(F("first_name"), F("last_name"), F("phone"), F("email"), function="contact_name_key"),
        output_field=TextField(),
        db_persist=True,
    )
    search_text = GeneratedField(
        expression=Func(
            F("first_name"), F("last_name"), F("email"), F("phone"), F("phone_e164"), function="contact_search_text"
        ),
        output_field=TextField(),
        db_persist=True,
    )

    objects = WalledManager["Contact"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "id"], name="contact_in_workspace")]
        indexes = [
            models.Index(
                fields=["workspace", "phone_match_key"], name="contact_by_phone", condition=~Q(phone_match_key="")
            ),
            models.Index(fields=["workspace", "phone"], name="contact_by_phone_text", condition=~Q(phone="")),
            models.Index(fields=["workspace", "email_key", "id"], name="contact_by_email"),
            models.Index(fields=["workspace", "name_key", "id"], name="contact_by_name"),
            models.Index(
                fields=["workspace", "assignee"], name="contact_by_assignee", condition=Q(assignee__isnull=False)
            ),
            GinIndex(OpClass("search_text", name="gin_trgm_ops"), name="contact_by_text"),
        ]

    @property
    def name(self) -> str:
        """First and last name; a contact without one is shown by phone or e-mail."""
        return f"{self.first_name} {self.last_name}".strip() or self.phone or self.email
