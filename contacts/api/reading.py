"""The wire's contact fields become the values that actions take."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django.utils.translation import gettext as _

from contacts.emails import email_key
from contacts.errors import FieldUnknown, ValueRefused
from contacts.identifiers import Identifier, IdentifierKind
from contacts.inputs import ContactValues
from contacts.models import Contact, ContactField
from contacts.queries import contact_fields
from contacts.values import FieldType, value_from_json
from workspaces.actors import Actor

_INSIDE = {
    "firstName": "first_name",
    "lastName": "last_name",
    "phone": "phone",
    "email": "email",
    "language": "language",
    "profilePic": "picture_url",
    "countryCode": "country",
}


def values_of(body: Mapping[str, Any], *, actor: Actor) -> ContactValues:
    """Return the values of a checked body; null empties. Raise FieldUnknown or ValueRefused for a custom field."""
    values: dict[str, Any] = {inside: body[wire] or "" for wire, inside in _INSIDE.items() if wire in body}
    if body.get("custom_fields"):
        # Reading the fields' rules is part of writing, so a token that may only write can do it as well.
        fields = contact_fields(Actor.system(workspace_id=actor.workspace_id))
        values["custom"] = custom_values(body["custom_fields"], fields=fields)
    return cast("ContactValues", values)


def custom_values(given: Sequence[Mapping[str, Any]], *, fields: Sequence[ContactField]) -> dict[str, object]:
    """Return slug and canonical value of each given custom field, named by slug or, in any case, by name."""
    by_slug = {field.slug: field for field in fields}
    by_name = {field.name.casefold(): field for field in fields}
    values: dict[str, object] = {}
    for one in given:
        name = str(one["name"]).strip()
        field = by_slug.get(name) or by_name.get(name.casefold())
        if field is None:
            raise FieldUnknown(slug=name, field=f"custom.{name}")
        read = value_from_json(FieldType(field.kind), one["value"], allowed=field.allowed_values)
        if read.error is not None:
            raise ValueRefused(field=f"custom.{name}", sentence=_sentence(read.error))
        values[field.slug] = read.value
    return values


def check_agreement(identifier: Identifier, contact: Contact) -> None:
    """Raise ValueRefused when a new contact's body said another phone or e-mail than the address did."""
    if identifier.kind is IdentifierKind.EMAIL and contact.email_key != email_key(identifier.value):
        raise ValueRefused(
            field="email", sentence=_("The address of the request names another e-mail. Send the same in both.")
        )
    if identifier.kind is IdentifierKind.PHONE and contact.phone_match_key != identifier.lookup["phone_match_key"]:
        raise ValueRefused(
            field="phone", sentence=_("The address of the request names another phone. Send the same in both.")
        )


def _sentence(rule: str) -> str:
    return {
        "value_too_long": _("The value is too long."),
        "invalid_text": _("Write a text without control characters."),
        "not_in_list": _("Choose one of the field's allowed values."),
        "invalid_checkbox": _("Write true or false."),
        "invalid_email": _("Write a whole e-mail address, such as ada@example.com."),
        "invalid_number": _("Write a number, such as 12 or 12.5."),
        "invalid_url": _("Write an address that begins with https://."),
        "invalid_date": _("Write a date as 2026-03-31."),
        "invalid_time": _("Write a time as 17:05."),
    }.get(rule, _("This value does not fit the field."))
