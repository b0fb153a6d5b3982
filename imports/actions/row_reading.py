"""A record of the file becomes a staged row: typed values, and everything that is wrong with it.

200,000 records pass here, so each column's reader is chosen once, and columns that repeat their values remember them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring  # type: ignore[attr-defined]
from typing import Any, NamedTuple

from contacts.actions.tagging import TAG_NAME_LENGTH
from contacts.countries import country_code
from contacts.emails import email_key, is_email
from contacts.identifiers import LARGEST_ID
from contacts.inputs import NAME_LENGTH
from contacts.languages import language_code
from contacts.phones import PhoneReader, country_of
from contacts.values import FieldType, ReadValue, Value, reader_for, unguard
from imports.csv_files import Record

MOST_TAGS_PER_ROW = 50
PICTURE_LENGTH = 2000
LONGEST_SHOWN = 120
MOST_REMEMBERED = 5_000  # distinct values of one column
MOST_TAG_SETS_REMEMBERED = 20_000

RowErrors = list[dict[str, Any]]
# Reads one cell: its value, and the code of the rule that refused it or None.
Reader = Callable[[str], tuple[Any, str | None]]


class CustomField(NamedTuple):
    slug: str
    kind: FieldType
    allowed: Sequence[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides how a file's cells are read."""

    fields: Sequence[str | None]  # by column: the mapped field
    custom: Mapping[str, CustomField]  # by slug
    identifier: str
    default_country: str
    takes_country_of_phone: bool  # contacts may be added, and no column holds their country
    stages: Mapping[str, int]  # by folded name
    import_tags: Sequence[str]


class StagedRow(NamedTuple):
    """One row of imports_stagedrow behind the import's id, in the order of its columns."""

    row_no: int
    first_name: str
    last_name: str
    phone: str
    phone_e164: str
    phone_match_key: str
    email: str
    email_key: str
    language: str
    country: str
    picture_url: str
    stage_id: int | None
    contact_id: int | None
    custom: str  # JSON
    tagset: int
    errors: str | None  # JSON


class RowReader:
    """Reads the records of one import; `new_tag_sets` are those that came up since it was emptied."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._columns = len(rules.fields)
        standard = _standard_readers(rules)
        self._standard = [
            (place, field, standard[field]) for place, field in enumerate(rules.fields) if field in standard
        ]
        self._custom = [
            (place, f"{encode_basestring(field)}:", _custom_reader(rules.custom[field]))
            for place, field in enumerate(rules.fields)
            if field is not None and field in rules.custom
        ]
        self._tags_at = rules.fields.index("tags") if "tags" in rules.fields else None
        self.new_tag_sets: list[tuple[int, list[str]]] = [(0, list(rules.import_tags))]
        self._tag_sets: dict[tuple[str, ...], int] = {tuple(rules.import_tags): 0}
        self._tag_cells = _Remembering(self._read_tags)
        self._last_tag_set = 0
        self._countries = _Remembering(lambda prefix: (country_of(prefix) or "", None))

    def read(self, record: Record) -> StagedRow:
        """Read one record; a row with errors keeps what could be read of it."""
        cells = record.cells
        if len(cells) != self._columns:
            return _unreadable(record, [{"code": "wrong_number_of_columns"}])
        if "'" in record.raw:
            cells = [unguard(cell) for cell in cells]
        errors: RowErrors = []
        if record.error is not None:
            cells = self._fit_cells(record, cells, errors)
        found: dict[str, Any] = {}
        for place, field, read in self._standard:
            value, code = read(cells[place])
            if code is None:
                found[field] = value
            else:
                errors.append(_error(code, place, cells[place]))
        parts = []
        for place, prefix, read in self._custom:
            text, code = read(cells[place])
            if code is not None:
                errors.append(_error(code, place, cells[place]))
            elif text:
                parts.append(prefix + text)
        tag_set = 0
        if self._tags_at is not None:
            tag_set, code = self._tag_cells[cells[self._tags_at]]
            if code is not None:
                errors.append(_error(code, self._tags_at, cells[self._tags_at]))
        self._check_identifier(found, errors)
        return self._staged(record.number, found, "{" + ",".join(parts) + "}", tag_set, errors)

    def _fit_cells(self, record: Record, cells: list[str], errors: RowErrors) -> list[str]:
        """Replace cells that are too long or hold what no text may hold, and note them."""
        code = record.error or ""
        errors.append({"code": code})
        if code == "value_too_long":
            return [cell if len(cell) <= 10_000 else "" for cell in cells]
        return [cell if cell.isprintable() else "" for cell in cells]

    def _check_identifier(self, found: dict[str, Any], errors: RowErrors) -> None:
        identifier = self._rules.identifier
        if not identifier or identifier not in found:  # none asked for, or it is wrong, which is noted already
            return
        value = found[identifier]
        if not (value[0] if isinstance(value, tuple) else value):
            errors.append({"code": "missing_identifier", "column": self._rules.fields.index(identifier)})

    def _staged(self, number: int, found: dict[str, Any], custom: str, tag_set: int, errors: RowErrors) -> StagedRow:
        phone, e164, phone_key = found.get("phone") or ("", "", "")
        email, folded_email = found.get("email") or ("", "")
        country = found.get("country", "")
        if e164 and self._rules.takes_country_of_phone:
            country = self._countries[e164][0]
        first, last = found.get("full_name") or (found.get("first_name", ""), found.get("last_name", ""))
        return StagedRow(
            number, first, last, phone, e164, phone_key, email, folded_email, found.get("language", ""), country,
            found.get("profile_pic", ""), found.get("lifecycle"), found.get("contact_id"), custom, tag_set,
            _json(errors) if errors else None,
        )  # fmt: skip

    def _read_tags(self, cell: str) -> tuple[int, str | None]:
        names: dict[str, str] = {}
        for part in cell.replace(";", ",").split(","):
            name = " ".join(part.split())
            if name:
                names.setdefault(name.lower(), name)
        if len(names) > MOST_TAGS_PER_ROW:
            return 0, "too_many_tags"
        if any(len(name) > TAG_NAME_LENGTH for name in names.values()):
            return 0, "value_too_long"
        for name in self._rules.import_tags:
            names.setdefault(name.lower(), name)
        key = tuple(names.values())
        known = self._tag_sets.get(key)
        if known is not None:
            return known, None
        self._last_tag_set += 1
        if len(self._tag_sets) < MOST_TAG_SETS_REMEMBERED:
            self._tag_sets[key] = self._last_tag_set
        self.new_tag_sets.append((self._last_tag_set, list(key)))
        return self._last_tag_set, None


class _Remembering(dict[str, tuple[Any, str | None]]):
    """Remembers what a reader said about short texts, up to a number of them."""

    def __init__(self, read: Reader) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: str) -> tuple[Any, str | None]:
        answer = self._read(cell)
        if len(self) < MOST_REMEMBERED and len(cell) < 200:
            self[cell] = answer
        return answer


def _standard_readers(rules: Rules) -> dict[str, Reader]:
    phones = PhoneReader(rules.default_country or None)

    def phone(cell: str) -> tuple[tuple[str, str, str] | None, str | None]:
        text = cell.strip()
        if not text:
            return ("", "", ""), None
        number = phones.read(text)
        return (None, "invalid_phone") if number is None else ((number.given, number.e164, number.match_key), None)

    def stage(cell: str) -> tuple[int | None, str | None]:
        name = cell.strip().casefold()
        stage_id = rules.stages.get(name)
        return stage_id, "invalid_lifecycle" if name and stage_id is None else None

    return {
        "first_name": _name,
        "last_name": _name,
        "full_name": _full_name,
        "phone": phone,
        "email": _email,
        "language": _Remembering(lambda cell: _code(cell, language_code, "invalid_language")).__getitem__,
        "country": _Remembering(lambda cell: _code(cell, country_code, "invalid_country")).__getitem__,
        "profile_pic": _picture,
        "lifecycle": _Remembering(stage).__getitem__,
        "contact_id": _contact_id,
    }


def _name(cell: str) -> tuple[str, str | None]:
    name = cell.strip()
    return name, "value_too_long" if len(name) > NAME_LENGTH else None


def _full_name(cell: str) -> tuple[tuple[str, str], str | None]:
    """Split at the first space: the rest is the last name."""
    first, _, last = cell.strip().partition(" ")
    last = last.strip()
    return (first, last), "value_too_long" if max(len(first), len(last)) > NAME_LENGTH else None


def _email(cell: str) -> tuple[tuple[str, str], str | None]:
    text = cell.strip()
    if not text:
        return ("", ""), None
    return ((text, email_key(text)), None) if is_email(text) else (("", ""), "invalid_email")


def _code(cell: str, code_of: Callable[[str], str | None], error: str) -> tuple[str, str | None]:
    text = cell.strip()
    if not text:
        return "", None
    code = code_of(text) if len(text) < 200 else None
    return (code, None) if code else ("", error)


_read_url = reader_for(FieldType.URL)


def _picture(cell: str) -> tuple[Value, str | None]:
    read = _read_url(cell)
    if read.error is not None:
        return "", read.error
    text = read.value or ""
    return text, "value_too_long" if isinstance(text, str) and len(text) > PICTURE_LENGTH else None


def _contact_id(cell: str) -> tuple[int | None, str | None]:
    text = cell.strip()
    if not text:
        return None, None
    if len(text) <= 19 and text.isascii() and text.isdecimal() and 0 < int(text) <= LARGEST_ID:
        return int(text), None
    return None, "invalid_contact_id"


def _custom_reader(field: CustomField) -> Reader:
    """Return a reader whose value is the JSON of the cell, empty where there is none."""
    read = reader_for(field.kind, field.allowed)
    if field.kind is FieldType.TEXT:  # length and characters are settled for the whole record
        return lambda cell: (encode_basestring(cell) if cell and not cell.isspace() else "", None)

    def as_json(cell: str) -> tuple[str, str | None]:
        value: ReadValue = read(cell)
        return _json_of(value.value), value.error

    if field.kind in {FieldType.EMAIL, FieldType.URL}:  # each contact has its own
        return as_json
    return _Remembering(as_json).__getitem__


def _json_of(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return str(encode_basestring(value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value)


def _unreadable(record: Record, errors: RowErrors) -> StagedRow:
    return StagedRow(record.number, "", "", "", "", "", "", "", "", "", "", None, None, "{}", 0, _json(errors))


def _error(code: str, place: int, cell: str) -> dict[str, Any]:
    return {"code": code, "column": place, "value": cell.strip()[:LONGEST_SHOWN]}


def _json(errors: RowErrors) -> str:
    """Write errors as JSON; half characters become question marks, which JSON in PostgreSQL would refuse."""
    parts = []
    for error in errors:
        members = (
            f'"{key}":{value if isinstance(value, int) else encode_basestring(_whole(value))}'
            for key, value in error.items()
        )
        parts.append("{" + ",".join(members) + "}")
    return "[" + ",".join(parts) + "]"


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode().replace("\0", "?")
