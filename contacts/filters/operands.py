"""The values of conditions: each kind of field reads its own, into a canonical JSON form and into what SQL compares."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.countries import country_code
from contacts.emails import email_key
from contacts.filters.moments import read_day, read_stretch
from contacts.filters.vocabulary import Kind
from contacts.identifiers import LARGEST_ID
from contacts.languages import language_code
from contacts.phones import parse_phone
from contacts.values import FieldType, text_error, value_from_json


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the filter is read: its zone for days, its country for phones without one."""

    zone: ZoneInfo
    country: str


class Operand(NamedTuple):
    """One value: `shown` stands in the canonical JSON, `compared` in the SQL."""

    shown: object
    compared: object


class PhoneKey(NamedTuple):
    """A phone to compare: its match key, or its text where it is no number."""

    match_key: str
    text: str


def read_operand(kind: Kind, value: object, reading: Reading) -> Operand | None:
    """Read one value of a condition; None when the kind cannot take it."""
    return _READERS[kind](value, reading)


def _text(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001 - readers are called alike
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = value_from_json(FieldType.TEXT, value).value
        return None if number is None else Operand(number, number)
    if not isinstance(value, str) or text_error(value):
        return None
    text = value.strip()
    return Operand(text, text) if text else None


def _phone(value: object, reading: Reading) -> Operand | None:
    operand = _text(value, reading)
    if operand is None:
        return None
    text = str(operand.compared)
    phone = parse_phone(text, country=reading.country or None)
    return Operand(text, PhoneKey(phone.match_key if phone else "", text))


def _email(value: object, reading: Reading) -> Operand | None:
    operand = _text(value, reading)
    return operand and Operand(operand.shown, email_key(str(operand.compared)))


def _coded(code_of: Callable[[str], str | None]) -> Callable[[object, Reading], Operand | None]:
    def read(value: object, reading: Reading) -> Operand | None:
        operand = _text(value, reading)
        code = None if operand is None else code_of(str(operand.compared))
        return None if code is None else Operand(code, code)

    return read


def _flag(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001
    found = value_from_json(FieldType.CHECKBOX, value)
    return None if found.value is None else Operand(found.value, found.value)


def _number(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001
    found = value_from_json(FieldType.NUMBER, value)
    return None if found.value is None else Operand(found.value, found.value)


def _date(value: object, reading: Reading) -> Operand | None:
    day = read_day(value, zone=reading.zone)
    return None if day is None else Operand(day, day)


def _time(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001
    found = value_from_json(FieldType.TIME, value)
    # Kept with or without seconds; compared with them, so that 09:30 and 09:30:00 are the same.
    return None if found.value is None else Operand(found.value, f"{found.value}:00"[:8])


def _moment(value: object, reading: Reading) -> Operand | None:
    stretch = read_stretch(value, zone=reading.zone)
    if stretch is None:
        return None
    return Operand(value.strip() if isinstance(value, str) else value, stretch)


def _member(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001
    if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LARGEST_ID:
        return None
    return Operand(value, value)


def _status(value: object, reading: Reading) -> Operand | None:  # noqa: ARG001
    words = {"open": True, "opened": True, "close": False, "closed": False}
    is_open = words.get(value.strip().lower()) if isinstance(value, str) else None
    return None if is_open is None else Operand("open" if is_open else "close", is_open)


_READERS: dict[Kind, Callable[[object, Reading], Operand | None]] = {
    Kind.TEXT: _text,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
    Kind.LANGUAGE: _coded(language_code),
    Kind.COUNTRY: _coded(country_code),
    Kind.FLAG: _flag,
    Kind.CHECKBOX: _flag,
    Kind.NUMBER: _number,
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.MOMENT: _moment,
    Kind.MEMBER: _member,
    Kind.STATUS: _status,
    Kind.STAGE: _text,
    Kind.TAGS: _text,
}

_TEXT_FIX = _("Write a text of 1 to 10,000 characters, or use exists and doesNotExist.")
_DAY_FIX = _("Write a day as 2026-03-02, with a time as 2026-03-02 10:30, or Unix seconds.")
FIXES: dict[Kind, str | Promise] = {
    Kind.TEXT: _TEXT_FIX,
    Kind.PHONE: _TEXT_FIX,
    Kind.EMAIL: _TEXT_FIX,
    Kind.LANGUAGE: _("Write an ISO 639-1 code such as es."),
    Kind.COUNTRY: _("Write an ISO 3166-1 code such as ES."),
    Kind.FLAG: _("Write true or false."),
    Kind.CHECKBOX: _("Write true or false."),
    Kind.NUMBER: _("Write a number such as 12 or 12.5."),
    Kind.DATE: _DAY_FIX,
    Kind.TIME: _("Write a time of day as 09:30."),
    Kind.MOMENT: _DAY_FIX,
    Kind.MEMBER: _("Write a member's id; GET /space/user lists them."),
    Kind.STATUS: _("Write open or close."),
    Kind.STAGE: _("Write a lifecycle stage's name."),
    Kind.TAGS: _("Write tags' names."),
}
