"""The words of a filter: categories, operators, and which operators fit which kind of field. One table serves all."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import ContactField
from contacts.values import FieldType

Words = str | Promise


class Category(StrEnum):
    """What a condition is about; the values are the public API's."""

    FIELD = "contactField"
    TAG = "contactTag"
    LIFECYCLE = "lifecycle"


class Operator(StrEnum):
    """How a condition compares; the values are the public API's."""

    EQUAL = "isEqualTo"
    NOT_EQUAL = "isNotEqualTo"
    AFTER = "isTimestampAfter"
    BEFORE = "isTimestampBefore"
    WITHIN = "isTimestampBetween"
    EXISTS = "exists"
    MISSING = "doesNotExist"
    GREATER = "isGreaterThan"
    LESS = "isLessThan"
    BETWEEN = "isBetween"
    ANY = "hasAnyOf"
    ALL = "hasAllOf"
    NONE = "hasNoneOf"


OPERATOR_NAMES: dict[Operator, Words] = {
    Operator.EQUAL: _("is"),
    Operator.NOT_EQUAL: _("is not"),
    Operator.AFTER: _("is after"),
    Operator.BEFORE: _("is before"),
    Operator.WITHIN: _("is from … to"),
    Operator.EXISTS: _("has a value"),
    Operator.MISSING: _("has no value"),
    Operator.GREATER: _("is greater than"),
    Operator.LESS: _("is less than"),
    Operator.BETWEEN: _("is between"),
    Operator.ANY: _("is any of"),
    Operator.ALL: _("has all of"),
    Operator.NONE: _("is none of"),
}

_TAG_OPERATOR_NAMES: dict[Operator, Words] = {
    Operator.ANY: _("has any of"),
    Operator.ALL: _("has all of"),
    Operator.NONE: _("has none of"),
    Operator.EXISTS: _("has any"),
    Operator.MISSING: _("has none"),
}


class Kind(StrEnum):
    """What sort of value a field holds, as far as comparing goes."""

    TEXT = "text"
    PHONE = "phone"
    EMAIL = "email"
    LANGUAGE = "language"
    COUNTRY = "country"
    FLAG = "flag"  # always yes or no
    CHECKBOX = "checkbox"  # yes, no or never said
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    MOMENT = "moment"
    MEMBER = "member"
    STATUS = "status"
    STAGE = "stage"
    TAGS = "tags"


_ALIKE = (Operator.EQUAL, Operator.NOT_EQUAL)
_THERE = (Operator.EXISTS, Operator.MISSING)
_ONE_OF = (Operator.ANY, Operator.NONE)
_SIZE = (Operator.GREATER, Operator.LESS, Operator.BETWEEN)
_WHEN = (Operator.AFTER, Operator.BEFORE, Operator.WITHIN)
_WORDS = (*_ALIKE, *_ONE_OF, *_THERE)

# The one table of what fits, in the order in which the page's builder offers it; each first one is its default.
OPERATORS_OF: dict[Kind, tuple[Operator, ...]] = {
    Kind.TEXT: _WORDS,
    Kind.PHONE: _WORDS,
    Kind.EMAIL: _WORDS,
    Kind.LANGUAGE: _WORDS,
    Kind.COUNTRY: _WORDS,
    Kind.FLAG: _ALIKE,
    Kind.CHECKBOX: (*_ALIKE, *_THERE),
    Kind.NUMBER: (*_ALIKE, *_SIZE, *_ONE_OF, *_THERE),
    Kind.DATE: (*_ALIKE, *_WHEN, *_THERE),
    Kind.TIME: (*_ALIKE, *_SIZE, *_THERE),
    Kind.MOMENT: (*_WHEN, *_ALIKE, *_THERE),
    Kind.MEMBER: _WORDS,
    Kind.STATUS: _ALIKE,
    Kind.STAGE: _WORDS,
    Kind.TAGS: (Operator.ANY, Operator.ALL, Operator.NONE, *_THERE),
}


def operator_name(kind: Kind, operator: Operator) -> Words:
    """Name an operator as it reads after a field of that kind."""
    names = _TAG_OPERATOR_NAMES if kind is Kind.TAGS else OPERATOR_NAMES
    return names[operator]


PAIRS = frozenset({Operator.WITHIN, Operator.BETWEEN})  # take {"from": …, "to": …}
LISTS = frozenset({Operator.ANY, Operator.ALL, Operator.NONE})  # take [...]
VALUELESS = frozenset(_THERE)  # take nothing


@dataclass(frozen=True, slots=True)
class FilterField:
    """Something that a condition can be about. `key` is the field's name in a condition; `column` is ours."""

    category: Category
    key: str
    name: Words
    kind: Kind
    column: str = ""
    is_custom: bool = False
    choices: tuple[str, ...] = field(default=())

    @property
    def operators(self) -> tuple[Operator, ...]:
        """The operators that fit it."""
        return OPERATORS_OF[self.kind]


def _standard(key: str, name: Words, kind: Kind, column: str) -> FilterField:
    return FilterField(Category.FIELD, key, name, kind, column)


STANDARD_FIELDS = (
    _standard("name", _("Full name"), Kind.TEXT, "name_key"),
    _standard("firstName", _("First name"), Kind.TEXT, "first_name"),
    _standard("lastName", _("Last name"), Kind.TEXT, "last_name"),
    _standard("phone", _("Phone"), Kind.PHONE, "phone"),
    _standard("email", _("E-mail"), Kind.EMAIL, "email_key"),
    _standard("language", _("Language"), Kind.LANGUAGE, "language"),
    _standard("countryCode", _("Country"), Kind.COUNTRY, "country"),
    _standard("profilePic", _("Picture"), Kind.TEXT, "picture_url"),
    _standard("isBlocked", _("Blocked"), Kind.FLAG, "is_blocked"),
    _standard("status", _("Conversation"), Kind.STATUS, "is_open"),
    _standard("assigneeUserId", _("Assignee"), Kind.MEMBER, "assignee_id"),
    _standard("createdAt", _("Created"), Kind.MOMENT, "created_at"),
    _standard("lastInteractionTime", _("Last message"), Kind.MOMENT, "last_interaction_at"),
)
TAG_FIELD = FilterField(Category.TAG, "", _("Tag"), Kind.TAGS)
STAGE_FIELD = FilterField(Category.LIFECYCLE, "", _("Lifecycle stage"), Kind.STAGE, "stage_id")

_KIND_OF_TYPE = {
    FieldType.TEXT: Kind.TEXT,
    FieldType.LIST: Kind.TEXT,
    FieldType.CHECKBOX: Kind.CHECKBOX,
    FieldType.EMAIL: Kind.TEXT,
    FieldType.NUMBER: Kind.NUMBER,
    FieldType.URL: Kind.TEXT,
    FieldType.DATE: Kind.DATE,
    FieldType.TIME: Kind.TIME,
}


def custom_field(row: ContactField) -> FilterField:
    """Return a workspace's custom field as something that a condition can be about."""
    kind = _KIND_OF_TYPE[FieldType(row.kind)]
    return FilterField(
        Category.FIELD, row.slug, row.name, kind, row.slug, is_custom=True, choices=tuple(row.allowed_values)
    )


def filter_fields(fields: Sequence[ContactField]) -> list[FilterField]:
    """Return everything that a condition can be about in a workspace, in the order in which the builder offers it."""
    return [*STANDARD_FIELDS, STAGE_FIELD, TAG_FIELD, *map(custom_field, fields)]
