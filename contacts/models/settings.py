from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from contacts.models.contact import Contact
from contacts.models.stages import LifecycleStage
from contacts.values import FieldType
from workspaces.models import Walled, WalledInBulk, WalledManager

__all__ = ["TAG_COLOURS", "ContactField", "ContactTag", "LifecycleStage", "Tag"]

# The public API's colour codes, in the order in which pages offer them.
TAG_COLOURS = (
    "tag-grey",
    "tag-red",
    "tag-orange",
    "tag-yellow",
    "tag-green",
    "tag-blue",
    "tag-indigo",
    "tag-purple",
)


class ContactField(Walled):
    """A custom field; its values stand in `Contact.custom` under its slug, which never changes."""

    name = models.CharField(max_length=50)
    slug = models.CharField(max_length=50)
    description = models.CharField(max_length=255, blank=True, default="")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in FieldType])
    allowed_values = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    objects = WalledManager["ContactField"]()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["workspace", "slug"], name="field_slug_in_workspace"),
            models.UniqueConstraint("workspace", Lower("name"), name="field_name_in_workspace"),
        ]


class Tag(Walled):
    """A contact tag."""

    name = models.CharField(max_length=255)
    description = models.CharField(max_length=255, blank=True, default="")
    emoji = models.CharField(max_length=16, blank=True, default="")
    colour = models.CharField(max_length=16, default=TAG_COLOURS[0], choices=[(code, code) for code in TAG_COLOURS])
    created_at = models.DateTimeField()

    objects = WalledManager["Tag"]()

    class Meta:
        constraints = [models.UniqueConstraint("workspace", Lower("name"), name="tag_name_in_workspace")]


class ContactTag(WalledInBulk):
    """A tag on a contact: who put it there, how and when. Its foreign keys carry the workspace (see the migration)."""

    contact = models.ForeignKey(
        Contact, on_delete=models.CASCADE, related_name="contact_tags", db_constraint=False, db_index=False
    )
    tag = models.ForeignKey(
        Tag, on_delete=models.CASCADE, related_name="contact_tags", db_constraint=False, db_index=False
    )
    source = models.CharField(max_length=16)
    user_id = models.BigIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = WalledManager["ContactTag"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["workspace", "contact", "tag"], name="tag_once_per_contact")]
        indexes = [models.Index(fields=["workspace", "tag", "contact"], name="contacts_of_tag")]
