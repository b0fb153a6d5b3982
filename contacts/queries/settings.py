from django.db.models import Count, QuerySet

from contacts.models import Contact, ContactField, LifecycleStage, Tag
from workspaces.actors import Actor
from workspaces.permissions import Permission


def contact_fields(actor: Actor) -> list[ContactField]:
    """Return the workspace's custom fields in the order that its people gave them."""
    actor.require(Permission.SPACE_READ)
    return list(ContactField.objects.in_workspace(actor.workspace_id).order_by("position", "pk"))


def tags(actor: Actor) -> QuerySet[Tag]:
    """Return the workspace's tags by name."""
    actor.require(Permission.SPACE_READ)
    return Tag.objects.in_workspace(actor.workspace_id).order_by("name", "pk")


def tag_counts(actor: Actor) -> QuerySet[Tag]:
    """Return the tags by name, each with `contact_count`."""
    return tags(actor).annotate(contact_count=Count("contact_tags"))


def stages(actor: Actor) -> list[LifecycleStage]:
    """Return the lifecycle stages in their order."""
    actor.require(Permission.SPACE_READ)
    return list(LifecycleStage.objects.in_workspace(actor.workspace_id).order_by("position", "pk"))


def field_usage(actor: Actor, slug: str) -> int:
    """Return how many contacts hold a value in a custom field."""
    actor.require(Permission.FIELD_MANAGE)
    return Contact.objects.in_workspace(actor.workspace_id).filter(custom__has_key=slug).count()
