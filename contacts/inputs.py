"""What comes from outside becomes columns of a contact here: one rule for pages, API and import's one-row twin."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypedDict

from django.utils.translation import gettext as _

from contacts.countries import country_code
from contacts.emails import email_key, is_email
from contacts.errors import FieldUnknown, ValueRefused
from contacts.languages import language_code
from contacts.models import ContactField
from contacts.phones import country_of, parse_phone
from contacts.values import text_error

NAME_LENGTH = 255


class ContactValues(TypedDict, total=False):
    """Fields to set; an absent key is left alone, an empty text or None empties."""

    first_name: str
    last_name: str
    phone: str
    email: str
    language: str
    country: str
    picture_url: str
    stage_id: int | None
    assignee_id: int | None
    is_blocked: bool
    custom: dict[str, object]


def columns_of(values: ContactValues, *, default_country: str, is_new: bool) -> dict[str, object]:
    """Return the contact's columns for the standard fields among the values; raise ValueRefused naming the field.

    A new contact without a country takes that of its phone.
    """
    columns: dict[str, object] = {}
    for name in ("first_name", "last_name"):
        if name in values:
            columns[name] = _short(str(values.get(name, "")), field=name, most=NAME_LENGTH)
    if "phone" in values:
        columns |= phone_columns(values["phone"], default_country=default_country)
    if "email" in values:
        columns |= email_columns(values["email"])
    if "language" in values:
        columns["language"] = _code(
            values["language"], language_code, "language", _("Write an ISO 639-1 code such as es.")
        )
    if "country" in values:
        columns["country"] = _code(
            values["country"], country_code, "country", _("Write an ISO 3166-1 code such as ES.")
        )
    elif is_new and columns.get("phone_e164"):
        columns["country"] = country_of(str(columns["phone_e164"])) or ""
    if "picture_url" in values:
        columns["picture_url"] = _picture(values["picture_url"])
    for name in ("stage_id", "assignee_id", "is_blocked"):
        if name in values:
            columns[name] = values.get(name)
    return columns


def phone_columns(text: str, *, default_country: str) -> dict[str, object]:
    """Return the three columns of a phone; an empty text empties them."""
    given = text.strip()
    if not given:
        return {"phone": "", "phone_e164": "", "phone_match_key": ""}
    phone = parse_phone(given, country=default_country or None)
    if phone is None:
        raise ValueRefused(
            field="phone",
            sentence=_("“%(phone)s” is not a phone number. Write it with its country, such as +34 600 12 34 56.")
            % {"phone": given[:64]},
        )
    return {"phone": given, "phone_e164": phone.e164, "phone_match_key": phone.match_key}


def email_columns(text: str) -> dict[str, object]:
    """Return the two columns of an e-mail address; an empty text empties them."""
    given = text.strip()
    if not given:
        return {"email": "", "email_key": ""}
    if not is_email(given):
        raise ValueRefused(
            field="email",
            sentence=_("“%(email)s” is not an e-mail address. Write it whole, such as ada@example.com.")
            % {"email": given[:254]},
        )
    return {"email": given, "email_key": email_key(given)}


def custom_after(
    stored: Mapping[str, object], given: Mapping[str, object], *, fields: Iterable[ContactField]
) -> dict[str, object]:
    """Return the stored custom values with the given ones in place; None takes a value away."""
    known = {field.slug for field in fields}
    after = dict(stored)
    for slug, value in given.items():
        if slug not in known:
            raise FieldUnknown(slug=slug, field=f"custom.{slug}")
        if value is None or value == "":
            after.pop(slug, None)
        else:
            after[slug] = value
    return after


def _short(text: str, *, field: str, most: int) -> str:
    given = text.strip()
    if text_error(given) == "invalid_text":
        raise ValueRefused(field=field, sentence=_("This holds a character that cannot be kept. Type it anew."))
    if len(given) > most:
        raise ValueRefused(
            field=field,
            sentence=_("At most %(most)s characters fit here; this has %(has)s.") % {"most": most, "has": len(given)},
        )
    return given


def _code(text: str, code_of: Callable[[str], str | None], field: str, fix: str) -> str:
    given = text.strip()
    if not given:
        return ""
    code = code_of(given)
    if code is None:
        raise ValueRefused(
            field=field, sentence=_("“%(value)s” is not known here.") % {"value": given[:40]} + " " + fix
        )
    return code


def _picture(text: str) -> str:
    given = _short(text, field="picture_url", most=2000)
    if given and not given.lower().startswith(("https://", "http://")):
        raise ValueRefused(field="picture_url", sentence=_("Write a picture's address that begins with https://."))
    return given
