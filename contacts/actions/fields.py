import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from contacts.access import field_for_update
from contacts.errors import ValueRefused
from contacts.events import FieldChanged, FieldCreated, FieldDeleted
from contacts.models import ContactField
from contacts.values import FieldType
from workspaces.actors import Actor
from workspaces.errors import LimitReached, NameTaken
from workspaces.events import record
from workspaces.models import Workspace
from workspaces.permissions import Permission

MOST_FIELDS = 200
NAME_LENGTH = 50
MOST_ALLOWED_VALUES = 500
# Slugs that name standard fields in filters, files and the public API.
STANDARD_SLUGS = frozenset(
    {
        "id", "contact_id", "first_name", "last_name", "full_name", "name", "phone", "email", "language", "country",
        "profile_pic", "picture_url", "tags", "lifecycle", "assignee", "status", "created_at", "custom_fields",
    }
)  # fmt: skip


@transaction.atomic
def add_contact_field(
    *,
    actor: Actor,
    name: str,
    slug: str = "",
    description: str = "",
    kind: str,
    allowed_values: Sequence[str] = (),
    at: datetime,
) -> ContactField:
    """Add a custom field at the end of the list; without a slug one is made from the name. The slug never changes."""
    actor.require(Permission.FIELD_MANAGE)
    Workspace.objects.select_for_update(of=("self",)).get(
        pk=actor.workspace_id
    )  # positions and the limit are counted below
    fields = ContactField.objects.in_workspace(actor.workspace_id)
    if fields.count() >= MOST_FIELDS:
        raise LimitReached(limit=MOST_FIELDS)
    known_kind = _kind(kind)
    name = _name(name)
    taken = set(fields.values_list("slug", flat=True))
    slug = _slug(slug) if slug.strip() else _free_slug(name, taken)
    if slug in taken:
        raise NameTaken(name=slug, field="slug")
    last = fields.order_by("-position").values_list("position", flat=True).first()
    try:
        with transaction.atomic():
            field = ContactField.objects.create(
                workspace_id=actor.workspace_id,
                name=name,
                slug=slug,
                description=_description(description),
                kind=known_kind.value,
                allowed_values=_allowed(known_kind, allowed_values),
                position=0 if last is None else last + 1,
                created_at=at,
            )
    except IntegrityError:
        raise NameTaken(name=name, field="name") from None
    record(FieldCreated(subject_id=field.pk, slug=slug, kind=known_kind.value), actor=actor, at=at)
    return field


@transaction.atomic
def change_contact_field(
    *, actor: Actor, field_id: int, name: str, description: str, allowed_values: Sequence[str] = (), at: datetime
) -> ContactField:
    """Change name, description and, for a list, the allowed values. Values that contacts hold already stay."""
    field = field_for_update(actor, field_id)
    after = {
        "name": _name(name),
        "description": _description(description),
        "allowed_values": _allowed(FieldType(field.kind), allowed_values),
    }
    changes: dict[str, list[object]] = {
        key: [getattr(field, key), new] for key, new in after.items() if getattr(field, key) != new
    }
    if not changes:
        return field
    for key, new in after.items():
        setattr(field, key, new)
    try:
        with transaction.atomic():
            field.save(update_fields=list(changes))
    except IntegrityError:
        raise NameTaken(name=name, field="name") from None
    record(FieldChanged(subject_id=field.pk, changes=changes), actor=actor, at=at)
    return field


@transaction.atomic
def delete_contact_field(*, actor: Actor, field_id: int, at: datetime) -> int:
    """Delete a custom field and its value on every contact; return how many contacts lost one."""
    field = field_for_update(actor, field_id, needs=Permission.FIELD_DELETE)
    slug = field.slug
    field.delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE contacts_contact SET custom = custom - %s, version = version + 1 WHERE workspace_id = %s AND custom ? %s",
            [slug, actor.workspace_id, slug],
        )
        lost: int = cursor.rowcount
    record(FieldDeleted(subject_id=field_id, slug=slug), actor=actor, at=at)
    return lost


@transaction.atomic
def move_contact_field(*, actor: Actor, field_id: int, to_position: int, at: datetime) -> None:
    """Put a field at a place of the list, counted from 0; the others close up."""
    field = field_for_update(actor, field_id)
    fields = ContactField.objects.in_workspace(actor.workspace_id).select_for_update(of=("self",))
    others = [row for row in fields.order_by("position", "pk") if row.pk != field_id]
    before = field.position
    others.insert(max(0, min(to_position, len(others))), field)
    for position, row in enumerate(others):
        row.position = position
    ContactField.objects.bulk_update(others, ["position"])
    record(FieldChanged(subject_id=field.pk, changes={"position": [before, to_position]}), actor=actor, at=at)


def _kind(kind: str) -> FieldType:
    try:
        return FieldType(kind)
    except ValueError:
        kinds = ", ".join(FieldType)
        raise ValueRefused(field="kind", sentence=_("Choose one of the types %(kinds)s.") % {"kinds": kinds}) from None


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH:
        raise ValueRefused(
            field="name", sentence=_("A field's name has 1 to %(most)s characters.") % {"most": NAME_LENGTH}
        )
    return name


def _description(text: str) -> str:
    if len(text.strip()) > 255:
        raise ValueRefused(field="description", sentence=_("At most %(most)s characters fit here.") % {"most": 255})
    return text.strip()


def _slug(text: str) -> str:
    slug = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9_]{1,50}", slug) or slug in STANDARD_SLUGS:
        raise ValueRefused(
            field="slug",
            sentence=_(
                "A field's id has 1 to 50 letters, digits and underscores, and is not that of a standard field."
            ),
        )
    return slug


def _free_slug(name: str, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:46] or "field"
    candidates = [stem, *(f"{stem}_{number}" for number in range(2, MOST_FIELDS + 2))]
    return next(slug for slug in candidates if slug not in taken and slug not in STANDARD_SLUGS)


def _allowed(kind: FieldType, values: Sequence[str]) -> list[str]:
    if kind is not FieldType.LIST:
        return []
    allowed = list(dict.fromkeys(value.strip() for value in values if value.strip()))
    if not allowed or len(allowed) > MOST_ALLOWED_VALUES or any(len(value) > 255 for value in allowed):
        raise ValueRefused(
            field="allowed_values",
            sentence=_("A list needs 1 to %(most)s allowed values of at most 255 characters.")
            % {"most": MOST_ALLOWED_VALUES},
        )
    return allowed
