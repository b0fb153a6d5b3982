"""What the pages call purposes, states, encodings and the rest."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.values import FieldType
from imports.models import IdentifierField, Matching, Purpose, State


class Choice(NamedTuple):
    """One of several that exclude each other, with what it means."""

    value: str
    name: str | Promise
    text: str | Promise


class Look(NamedTuple):
    """How a state reads in a list: the badge's kind, its words and its symbol."""

    kind: str
    name: str | Promise
    icon: str


PURPOSES = (
    Choice(
        Purpose.ADD_AND_UPDATE,
        _("Add and update"),
        _("New people are added, and contacts that you have already get the values of the file."),
    ),
    Choice(
        Purpose.ADD_NEW,
        _("Add new contacts"),
        _("Only new people are added. Rows of contacts that you have already are skipped."),
    ),
    Choice(
        Purpose.UPDATE_EXISTING,
        _("Update existing contacts"),
        _("Nobody is added. Contacts that you have get the values of the file; other rows are skipped."),
    ),
    Choice(
        Purpose.ADD_ALL,
        _("Add every row as new"),
        _("Rows are not compared with your contacts, so duplicates are added too. Good for an empty workspace."),
    ),
)
PURPOSE_NAMES = {choice.value: choice.name for choice in PURPOSES}

IDENTIFIERS = (
    Choice(IdentifierField.PHONE, _("Phone"), _("A row belongs to the contact with the same phone number.")),
    Choice(IdentifierField.EMAIL, _("E-mail"), _("A row belongs to the contact with the same e-mail address.")),
    Choice(
        IdentifierField.CONTACT_ID,
        _("Contact ID"),
        _("The number that an export shows. Only for updating existing contacts."),
    ),
)
IDENTIFIER_NAMES: dict[str, str | Promise] = {
    IdentifierField.PHONE: _("matched by phone"),
    IdentifierField.EMAIL: _("matched by e-mail"),
    IdentifierField.CONTACT_ID: _("matched by contact ID"),
    IdentifierField.NONE: _("every row is a new contact"),
}

MATCHINGS = (
    Choice(
        Matching.NORMALIZED,
        _("What they mean"),
        _("+34 600 123 456 and 600123456 are the same number; capitals in an e-mail address do not count."),
    ),
    Choice(Matching.EXACT, _("As they are written"), _("Every character has to be the same.")),
)

STATES: dict[str, Look] = {
    State.MAPPING: Look("info", _("Waits for its mapping"), "table"),
    State.VALIDATING: Look("info", _("Being checked"), "refresh"),
    State.REVIEW: Look("info", _("Waits for its review"), "eye"),
    State.COMMITTING: Look("info", _("Importing"), "upload"),
    State.COMPLETED: Look("good", _("Completed"), "check"),
    State.CANCELLED: Look("plain", _("Cancelled"), "x"),
    State.EXPIRED: Look("plain", _("Session expired"), "clock"),
    State.FAILED: Look("bad", _("Failed"), "alert"),
    State.UNDOING: Look("info", _("Being undone"), "undo"),
    State.UNDONE: Look("plain", _("Undone"), "undo"),
}

ENCODINGS: dict[str, str | Promise] = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "windows-1252": "Windows-1252",
    "latin-1": "Latin-1 (ISO 8859-1)",
}


class Delimiter(NamedTuple):
    """What stands between cells: the character, its name in a list, and how a sentence says it."""

    character: str
    name: str | Promise
    separated: str | Promise


# The keys stand in forms, because a tab does not travel well there.
DELIMITERS: dict[str, Delimiter] = {
    "comma": Delimiter(",", _("Comma ,"), _("separated by commas")),
    "semicolon": Delimiter(";", _("Semicolon ;"), _("separated by semicolons")),
    "tab": Delimiter("\t", _("Tab"), _("separated by tabs")),
    "bar": Delimiter("|", _("Vertical bar |"), _("separated by vertical bars")),
}
DELIMITER_KEYS = {delimiter.character: key for key, delimiter in DELIMITERS.items()}

# A list is left out: its values are decided in the settings, before a file may use them.
NEW_FIELD_KINDS: tuple[tuple[str, str | Promise], ...] = (
    (FieldType.TEXT, _("Text")),
    (FieldType.NUMBER, _("Number")),
    (FieldType.DATE, _("Date")),
    (FieldType.TIME, _("Time")),
    (FieldType.CHECKBOX, _("Yes or no")),
    (FieldType.EMAIL, _("E-mail")),
    (FieldType.URL, _("Web address")),
)


def encoding_name(encoding: str) -> str:
    """Return what people call an encoding."""
    return str(ENCODINGS.get(encoding, encoding))


def separated_by(delimiter: str) -> str:
    """Say what stands between the cells."""
    key = DELIMITER_KEYS.get(delimiter)
    return str(DELIMITERS[key].separated) if key else delimiter
