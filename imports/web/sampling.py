"""A sample file: the fields of this workspace as columns, in the reader's language, with two believable rows."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from contacts.models import ContactField
from contacts.values import FieldType
from imports.csv_files import write_record

DELIMITER = ","
LINE_END = "\r\n"


def sample_file(fields: Sequence[ContactField]) -> str:
    """Return the text of a file that can be imported as it is."""
    people = _people()
    header = [name for name, *_cells in people]
    rows: list[list[str]] = [[], []]
    for _name, first, second in people:
        rows[0].append(first)
        rows[1].append(second)
    for field in fields:
        header.append(field.name)
        value = _value(field)
        rows[0].append(value)
        rows[1].append(value)
    return "".join(write_record(record, delimiter=DELIMITER) + LINE_END for record in (header, *rows))


def _people() -> list[tuple[str, str, str]]:
    return [
        (_("First name"), "Cleo", "Tomás"),
        (_("Last name"), "Marín", "Iriarte"),
        (_("Phone"), "+34 600 123 456", "+44 7700 900142"),
        (_("E-mail"), "cleo.marin@example.com", "tomas@example.com"),
        (_("Country"), "ES", "GB"),
        (_("Language"), "es", "en"),
        (_("Tags"), pgettext("tags of a sample contact", "vip; newsletter"), pgettext("a tag", "newsletter")),
    ]


def _value(field: ContactField) -> str:
    match field.kind:
        case FieldType.LIST:
            return field.allowed_values[0] if field.allowed_values else ""
        case FieldType.CHECKBOX:
            return "true"
        case FieldType.NUMBER:
            return "12.5"
        case FieldType.DATE:
            return "2026-01-31"
        case FieldType.TIME:
            return "09:30"
        case FieldType.EMAIL:
            return "work@example.com"
        case FieldType.URL:
            return "https://example.com"
        case _:
            return _("Any text")
