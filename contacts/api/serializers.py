"""The wire's shapes of contacts and workspace settings; inside, these words are not known."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts.models.settings import TAG_COLOURS
from contacts.values import FieldType
from workspaces.permissions import Restriction, Role

# What the inside's field names are called here, for refusals that name one.
WIRE_NAMES = {
    "first_name": "firstName",
    "last_name": "lastName",
    "picture_url": "profilePic",
    "country": "countryCode",
    "custom": "custom_fields",
    "kind": "dataType",
    "allowed_values": "allowedValues",
    "colour": "colorCode",
    "time_zone": "timezone",
}

MOST_CUSTOM_VALUES = 200
MOST_TAGS_AT_ONCE = 10
LARGEST_ID = 2**63 - 1


_NAME_RULES = serializers.CharField.default_error_messages | serializers.Field.default_error_messages


def _name(**more: Any) -> serializers.CharField:
    return serializers.CharField(**{"min_length": 1, "max_length": 255, **more})  # the document says both


def _text(**more: Any) -> serializers.CharField:
    return serializers.CharField(**{"required": False, "allow_null": True, "allow_blank": True, **more})


@extend_schema_field(
    {
        "type": ["string", "number", "boolean"],
        "description": "As the type of the custom field asks; null is no value.",
    }
)
class AnyValue(serializers.Field[Any, Any, Any, Any]):
    """A JSON value whose rule depends on the custom field it is for."""

    def to_internal_value(self, data: Any) -> Any:
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class CustomValue(serializers.Serializer[Any]):
    """The value of one custom field; `name` is the field's name, and its slug is taken as well."""

    name = _name()
    value = AnyValue(allow_null=True)


class ContactChanges(serializers.Serializer[Any]):
    """Part of a contact's fields; one that is absent stays as it is, null empties it."""

    firstName = serializers.CharField(required=False, allow_blank=True, max_length=255)
    lastName = _text(max_length=255)
    phone = _text(max_length=64)
    email = _text(max_length=254)
    language = _text(max_length=8, help_text="ISO 639-1.")
    profilePic = _text(max_length=2000, help_text="Address of a picture.")
    countryCode = _text(max_length=2, help_text="ISO 3166-1 alpha-2.")
    custom_fields = serializers.ListField(
        child=CustomValue(), required=False, allow_null=True, max_length=MOST_CUSTOM_VALUES
    )


class ContactFields(ContactChanges):
    """The fields of a new contact."""

    firstName = _name()


class ContactUpsert(ContactChanges):
    """The fields of a contact that may be new; a new one needs `firstName`."""


def check_new(body: Mapping[str, Any]) -> None:
    """Raise the framework's ValidationError unless the checked body is enough for a new contact."""
    if not body.get("firstName"):
        rule = "blank" if "firstName" in body else "required"
        raise serializers.ValidationError({"firstName": [_NAME_RULES[rule]]}, code=rule)


class MergeInput(ContactChanges):
    """The contacts to merge, primary first, and the field values to keep."""

    contactIds = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=LARGEST_ID), min_length=2, max_length=2
    )


class TagNames(serializers.ListSerializer[Any]):
    """One to ten names of tags."""

    child = _name()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"min_length": 1, "max_length": MOST_TAGS_AT_ONCE, "allow_empty": False, **kwargs})


TAG_NAMES_SCHEMA = {
    "application/json": {
        "type": "array",
        "items": {"type": "string", "minLength": 1, "maxLength": 255},
        "minItems": 1,
        "maxItems": MOST_TAGS_AT_ONCE,
    }
}


class LifecycleInput(serializers.Serializer[Any]):
    name = _name(allow_null=True)


@extend_schema_field({"type": "object"})
class AnyFilter(serializers.JSONField):
    """A filter as it came; contacts.filters reads it."""


class ListInput(serializers.Serializer[Any]):
    """What contacts to list; nothing lists them all."""

    search = _text(max_length=255, help_text="Part of a name, an e-mail address or a phone number.")
    timezone = _text(max_length=64, help_text="In which the filter's times are read; the workspace's when absent.")
    filter = AnyFilter(required=False, allow_null=True, help_text="Conditions joined by `$and` or `$or`.")


class CustomFieldInput(serializers.Serializer[Any]):
    name = _name()
    slug = _text(max_length=50)
    description = _text(max_length=255)
    dataType = serializers.ChoiceField([kind.value for kind in FieldType])
    allowedValues = serializers.ListField(child=_name(), required=False, allow_null=True, max_length=500)


class TagInput(serializers.Serializer[Any]):
    name = _name()
    description = _text(max_length=255)
    colorCode = serializers.ChoiceField(TAG_COLOURS, required=False, allow_null=True, allow_blank=True)
    emoji = _text(max_length=16)


class TagChanges(serializers.Serializer[Any]):
    """The tag by its present name, and what to change; an absent part stays."""

    currentName = _name()
    name = _text(max_length=255)
    description = _text(max_length=255)
    colorCode = serializers.ChoiceField(TAG_COLOURS, required=False, allow_null=True, allow_blank=True)
    emoji = _text(max_length=16)


class TagName(serializers.Serializer[Any]):
    name = _name()


class AssigneeBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    firstName = serializers.CharField()
    lastName = serializers.CharField()
    email = serializers.CharField()


class CustomValueBody(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = AnyValue(allow_null=True)


class ContactBody(serializers.Serializer[Any]):
    """A contact; a field without a value is null."""

    id = serializers.IntegerField()
    firstName = serializers.CharField(allow_blank=True)
    lastName = serializers.CharField(allow_null=True)
    phone = serializers.CharField(allow_null=True)
    email = serializers.CharField(allow_null=True)
    language = serializers.CharField(allow_null=True)
    profilePic = serializers.CharField(allow_null=True)
    countryCode = serializers.CharField(allow_null=True)
    custom_fields = CustomValueBody(many=True)
    status = serializers.ChoiceField(["open", "close"])
    tags = serializers.ListField(child=serializers.CharField())
    assignee = AssigneeBody(allow_null=True)
    lifecycle = serializers.CharField(allow_null=True)
    isBlocked = serializers.BooleanField()
    snoozedUntil = serializers.IntegerField(allow_null=True, help_text="Unix seconds.")
    created_at = serializers.IntegerField(help_text="Unix seconds.")


class ContactIdBody(serializers.Serializer[Any]):
    contactId = serializers.IntegerField()


class ContactAddedBody(serializers.Serializer[Any]):
    code = serializers.IntegerField(help_text="200.")
    message = serializers.CharField()
    contactId = serializers.IntegerField()


class TeamBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()


class SpaceUserBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    firstName = serializers.CharField()
    lastName = serializers.CharField()
    email = serializers.CharField()
    role = serializers.ChoiceField([role.value for role in Role])
    team = TeamBody(allow_null=True)
    restrictions = serializers.ListField(child=serializers.ChoiceField([one.value for one in Restriction]))


class CustomFieldBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    slug = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    dataType = serializers.ChoiceField([kind.value for kind in FieldType])
    allowedValues = serializers.ListField(child=serializers.CharField(), help_text="Empty but for a list.")


class TagBody(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    colorCode = serializers.ChoiceField(TAG_COLOURS)
    emoji = serializers.CharField(allow_blank=True)


EXAMPLE_CONTACT: dict[str, object] = {
    "id": 12,
    "firstName": "Cleo",
    "lastName": "Duarte",
    "phone": "+34600123456",
    "email": "cleo@example.com",
    "language": "es",
    "profilePic": None,
    "countryCode": "ES",
    "custom_fields": [{"name": "Company", "value": "Example SL"}],
    "status": "open",
    "tags": ["vip"],
    "assignee": {"id": 3, "firstName": "Ada", "lastName": "Ferrer", "email": "ada@example.com"},
    "lifecycle": "Lead",
    "isBlocked": False,
    "snoozedUntil": None,
    "created_at": 1772452800,
}


class Examples:
    """Bodies that the document shows."""

    fields: ClassVar[dict[str, object]] = {
        "firstName": "Cleo",
        "lastName": "Duarte",
        "countryCode": "ES",
        "custom_fields": [{"name": "Company", "value": "Example SL"}],
    }
    filter: ClassVar[dict[str, object]] = {
        "search": "cleo",
        "timezone": "Europe/Madrid",
        "filter": {"$and": [{"category": "contactTag", "field": None, "operator": "hasAnyOf", "value": ["vip"]}]},
    }
    custom_field: ClassVar[dict[str, object]] = {"name": "Company", "slug": "company", "dataType": "text"}
    tag: ClassVar[dict[str, object]] = {
        "name": "vip",
        "description": "Answer first",
        "colorCode": "tag-red",
        "emoji": "⭐",
    }
