"""Values of custom fields: eight types, each read from text and shown as text so that reading gives it back."""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from contacts.emails import is_email

LONGEST_VALUE = 10_000
LARGEST_NUMBER = 2**53 - 1  # beyond it, a consumer of JSON reads another integer than the one written


class FieldType(StrEnum):
    TEXT = "text"
    LIST = "list"
    CHECKBOX = "checkbox"
    EMAIL = "email"
    NUMBER = "number"
    URL = "url"
    DATE = "date"
    TIME = "time"


Value = str | int | float | bool | None


class ReadValue(NamedTuple):
    """What stands in the JSON of a contact (None for an empty text), or the code of the rule that refused."""

    value: Value
    error: str | None = None


EMPTY = ReadValue(None)
CHECKED = frozenset({"true", "yes", "si", "1"})
UNCHECKED = frozenset({"false", "no", "0"})

FORMULA_LEADS = frozenset("=+-@\t\r\n＝＋－＠")

_UNFIT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]").search
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)").fullmatch
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}").fullmatch
_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9])?").fullmatch
_URL = re.compile(
    r"https?://(?:[^\s/?#@<>\"\\]*@)?"  # who, at times
    r"(?:\[[0-9a-f:.]+\]|[^\s/?#@:<>\"\\\[\].-](?:[^\s/?#@:<>\"\\\[\].]|\.(?!\.))*)"  # host
    r"(?::[0-9]{1,5})?(?:[/?#][^\s<>\"]*)?",
    re.IGNORECASE,
).fullmatch


def read_value(kind: FieldType, text: str, *, allowed: Collection[str] = ()) -> ReadValue:
    """Read one value of a field; `allowed` are the values of a list."""
    return reader_for(kind, allowed)(text)


def reader_for(kind: FieldType, allowed: Collection[str] = ()) -> Callable[[str], ReadValue]:
    """Return the reader of one column, to be called for each of its cells."""
    if kind is FieldType.LIST:
        return _list_reader(allowed)
    return _READERS[kind]


def value_from_json(kind: FieldType, value: object, *, allowed: Collection[str] = ()) -> ReadValue:
    """Read what a caller of the API sent: a JSON value of the right type, or its text."""
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return ReadValue(value) if kind is FieldType.CHECKBOX else ReadValue(None, _WRONG_TYPE[kind])
    if isinstance(value, int | float):
        if kind is FieldType.NUMBER:
            return _plain_number(value)
        # A text field takes a number as it was written; a checkbox takes 1 and 0.
        number = _plain_number(value).value
        if number is None:
            return ReadValue(None, _WRONG_TYPE[kind])
        return read_value(kind, show_value(FieldType.NUMBER, number), allowed=allowed)
    if isinstance(value, str):
        return read_value(kind, value, allowed=allowed)
    return ReadValue(None, _WRONG_TYPE[kind])


def show_value(kind: FieldType, value: Value) -> str:  # noqa: ARG001 -- so that a type may have a form of its own
    """Write a stored value as the text that `read_value` turns back into it, for forms and files."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number_text(value)
    return value


def text_error(text: str) -> str | None:
    """Name what makes a text unfit to be kept: its length, a control character or half a character."""
    if len(text) > LONGEST_VALUE:
        return "value_too_long"
    return "invalid_text" if _UNFIT(text) else None


def guard(text: str) -> str:
    """Keep a spreadsheet from running a text of ours as a formula; `unguard` takes it back."""
    return f"'{text}" if text[:1] in FORMULA_LEADS and text else text


def unguard(text: str) -> str:
    """Take away the apostrophe that an export put before a cell which a spreadsheet would run as a formula."""
    return text[1:] if text[:1] == "'" and text[1:2] in FORMULA_LEADS else text


def folded(text: str) -> str:
    """Reduce a text to what people compare: without case, accents and spaces around."""
    if text.isascii():
        return text.strip().lower()
    parts = unicodedata.normalize("NFKD", text.strip().casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _read_text(text: str) -> ReadValue:
    if len(text) > LONGEST_VALUE:
        return ReadValue(None, "value_too_long")
    if _UNFIT(text):
        return ReadValue(None, "invalid_text")
    return ReadValue(text) if text and not text.isspace() else EMPTY


def _list_reader(allowed: Collection[str]) -> Callable[[str], ReadValue]:
    exact = {value: ReadValue(value) for value in allowed}
    by_fold: dict[str, ReadValue | None] = {}
    for value, answer in exact.items():
        key = folded(value)
        by_fold[key] = answer if key not in by_fold else None  # two values alike: only exact writing tells them apart

    def read(text: str) -> ReadValue:
        found = exact.get(text)
        if found is not None:
            return found
        if not text or text.isspace():
            return EMPTY
        if len(text) > LONGEST_VALUE:
            return ReadValue(None, "value_too_long")
        return exact.get(text.strip()) or by_fold.get(folded(text)) or ReadValue(None, "not_in_list")

    return read


def _read_checkbox(text: str) -> ReadValue:
    word = folded(text) if len(text) < 16 else text
    if word in CHECKED:
        return ReadValue(True)
    if word in UNCHECKED:
        return ReadValue(False)
    return ReadValue(None, "invalid_checkbox") if word and not word.isspace() else EMPTY


def _read_email(text: str) -> ReadValue:
    text = text.strip()
    if not text:
        return EMPTY
    return ReadValue(text) if is_email(text) else ReadValue(None, "invalid_email")


def _read_number(text: str) -> ReadValue:
    text = text.strip()
    if not text:
        return EMPTY
    if len(text) <= 15 and text.isascii() and text.isdecimal():
        return ReadValue(int(text))
    if len(text) > 400 or not _NUMBER(text):
        return ReadValue(None, "invalid_number")
    exact = Decimal(text)
    if exact == exact.to_integral_value():
        return _plain_number(int(exact))
    near = float(exact)
    # A number that a float cannot hold would come back as another one, so it is refused rather than rounded.
    return ReadValue(near) if Decimal(repr(near)) == exact else ReadValue(None, "invalid_number")


def _plain_number(value: float) -> ReadValue:
    if not -LARGEST_NUMBER <= value <= LARGEST_NUMBER:  # NaN and the infinities fail this too
        return ReadValue(None, "invalid_number")
    whole = int(value)
    return ReadValue(whole if whole == value else value)


def _number_text(value: float) -> str:
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def _read_url(text: str) -> ReadValue:
    text = text.strip()
    if not text:
        return EMPTY
    if len(text) > LONGEST_VALUE:
        return ReadValue(None, "value_too_long")
    return ReadValue(text) if _URL(text) and not _UNFIT(text) else ReadValue(None, "invalid_url")


def _read_date(text: str) -> ReadValue:
    text = text.strip()
    if not text:
        return EMPTY
    if _DATE(text):
        try:
            date.fromisoformat(text)
        except ValueError:
            return ReadValue(None, "invalid_date")
        return ReadValue(text)
    return ReadValue(None, "invalid_date")


def _read_time(text: str) -> ReadValue:
    text = text.strip()
    if not text:
        return EMPTY
    return ReadValue(text) if _TIME(text) else ReadValue(None, "invalid_time")


_READERS: dict[FieldType, Callable[[str], ReadValue]] = {
    FieldType.TEXT: _read_text,
    FieldType.CHECKBOX: _read_checkbox,
    FieldType.EMAIL: _read_email,
    FieldType.NUMBER: _read_number,
    FieldType.URL: _read_url,
    FieldType.DATE: _read_date,
    FieldType.TIME: _read_time,
}
_WRONG_TYPE = {
    FieldType.TEXT: "invalid_text",
    FieldType.LIST: "not_in_list",
    FieldType.CHECKBOX: "invalid_checkbox",
    FieldType.EMAIL: "invalid_email",
    FieldType.NUMBER: "invalid_number",
    FieldType.URL: "invalid_url",
    FieldType.DATE: "invalid_date",
    FieldType.TIME: "invalid_time",
}
