"""What a column of a data set is: its headers, its meaning, and the SQL of its raw value. `exports.sql` writes the cell."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise


class Kind(StrEnum):
    """How a value is written. The SQL of a column gives the raw value named here; NULL is an empty cell."""

    ID = "id"  # bigint
    STRING = "string"  # text, one line
    TEXT = "text"  # text
    INTEGER = "integer"  # integer
    NUMBER = "number"  # numeric, rounded as it is to be shown
    BOOLEAN = "boolean"  # boolean
    DATETIME = "datetime"  # timestamptz
    SECONDS = "duration_seconds"  # milliseconds, integer or numeric, never negative
    HMS = "duration_hms"  # the same
    ENUM = "enum"  # text, one of the values
    ID_LIST = "id_list"  # text, joined by "; "
    STRING_LIST = "string_list"  # text, joined by "; ", a semicolon inside an item already a comma
    URL = "url"  # text
    EMAIL = "email"  # text
    PHONE = "phone"  # text
    LANGUAGE = "language"  # text


NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER, Kind.SECONDS})
# Values of these come from people, so that a spreadsheet program could take one for a formula.
GUARDED = frozenset({Kind.STRING, Kind.TEXT, Kind.STRING_LIST, Kind.URL, Kind.EMAIL, Kind.LANGUAGE, Kind.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column. `key` is stable; `example` is a cell as it stands in a file."""

    key: str
    header: str
    header_es: str
    kind: Kind
    sql: str
    meaning: Promise | str
    example: str = ""
    enum: str = ""
    values: tuple[str, ...] = ()  # of the enumeration, where not all can stand here
    may_be_empty: bool = False
    may_hold_phone: bool = False

    def header_in(self, language: str) -> str:
        """Return the header in English or Spanish."""
        return self.header_es if language == "es" else self.header
