"""What is wrong with a row or a file, and how to put it right, in the person's language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from imports.csv_files.limits import CsvRefused

ERROR_TEXTS: dict[str, Promise] = {
    "missing_name": _("The name is empty. Fill in the first name, or the full name."),
    "missing_identifier": _("The identifier is empty. Fill in the column that contacts are found by."),
    "invalid_phone": _(
        "This is not a phone number. Write it with its country code and without letters, such as +34 600 123 456."
    ),
    "invalid_email": _("This is not an e-mail address. Write one address only, such as ana@example.com."),
    "invalid_number": _(
        "This is not a number that can be kept exactly. Write digits with a dot before decimals: no commas, no thousands separators and no exponent."
    ),
    "invalid_date": _("This is not a date of the calendar. Write year, month and day as 2026-01-31."),
    "invalid_time": _(
        "This is not a time of day. Write hours and minutes, and seconds if you need them, as 09:30 or 09:30:15."
    ),
    "invalid_url": _("This is not a web address. Write it whole, beginning with https:// or http://."),
    "invalid_checkbox": _("This is neither yes nor no. Write true or false, yes or no, or 1 or 0."),
    "invalid_text": _("The row has control characters or broken characters. Type the text again in place of a copy."),
    "not_in_list": _(
        "This value is not in the field's list. Use one of the allowed values, or add it in the field's settings."
    ),
    "invalid_country": _(
        "This country is not known. Write its two-letter code, such as ES, or its name in English or Spanish."
    ),
    "invalid_language": _(
        "This language is not known. Write its two-letter code, such as es, or its name in English or Spanish."
    ),
    "invalid_lifecycle": _("There is no such lifecycle stage. Use the name of a stage, or add it in the settings."),
    "invalid_contact_id": _(
        "There is no contact with this ID in the workspace. Use the ID that an export shows, digits only."
    ),
    "duplicate_in_file": _("Other rows have the same identifier. Keep one of them and remove the others."),
    "ambiguous_in_workspace": _("Several contacts have this identifier. Merge them, or use the contact ID instead."),
    "value_too_long": _("A value is too long. Shorten it: 10,000 characters at most, fewer in names and addresses."),
    "wrong_number_of_columns": _(
        "The row has not as many cells as the header. Remove or add delimiters, or put quotes around a text that has one."
    ),
    "too_many_tags": _("The row has too many tags. Remove some of them."),
}

# The same sentences where the rows or contacts meant are known.
DETAILED_TEXTS: dict[str, Promise] = {
    "duplicate_in_file": _("Other rows have the same identifier: %(detail)s. Keep one of them and remove the others."),
    "ambiguous_in_workspace": _(
        "Several contacts have this identifier: %(detail)s. Merge them, or use the contact ID instead."
    ),
    "not_in_list": _("This value is not in the field's list. Use one of these: %(detail)s."),
}

FILE_ERROR_TEXTS: dict[str, Promise] = {
    "not_csv": _("This is not a CSV file. Save the table as CSV in your spreadsheet and upload that file."),
    "not_csv.line_too_long": _(
        "Line %(line)s is longer than %(limit)s characters. Shorten it, or check where its line ends."
    ),
    "not_csv.unclosed_quote": _(
        "A quote that opens on line %(line)s is never closed. Close it, or write a quote inside a text twice."
    ),
    "not_csv.text_after_quote": _(
        "On line %(line)s a text goes on after its closing quote. Write a quote inside a text twice, or choose another delimiter."
    ),
    "not_csv.record_too_long": _("The row that begins on line %(line)s is too long. Shorten it."),
    "file_too_large": _("The file has to be smaller than 20 MB. Split it into several files."),
    "no_rows": _("The file has no rows. It needs a header and at least one row below it."),
    "too_many_rows": _("The file has more than 200,000 rows. Split it into several files."),
    "too_many_rows.empty_lines": _("The file has more than 200,000 empty lines. Remove them."),
    "undecodable": _("The characters of this file cannot be read. Save it as CSV UTF-8."),
    "undecodable.bad_bytes": _(
        "The characters on line %(line)s cannot be read. Save the file as CSV UTF-8, or choose the encoding that it has."
    ),
    "undecodable.nul": _("The file has NUL characters, which no text has. Save it as CSV UTF-8."),
    "undecodable.no_byte_order_mark": _(
        "A UTF-16 file needs a byte order mark. Save it as CSV UTF-8, or choose another encoding."
    ),
    "undecodable.unknown_encoding": _("This encoding is not known. Choose UTF-8, UTF-16, Windows-1252 or Latin-1."),
    "no_delimiter": _("It is not clear what separates the columns. Choose the delimiter."),
    "no_delimiter.unknown_delimiter": _(
        "This delimiter is not known. Choose a comma, a semicolon, a tab or a vertical bar."
    ),
    "bad_header": _("The first line has to name the columns."),
    "bad_header.too_many_columns": _("The header has more than %(limit)s columns. Remove some of them."),
    "bad_header.empty_name": _("Column %(column)s has no name. Give every column a name in the first line."),
    "bad_header.duplicate_name": _("Two columns are called “%(name)s”. Give every column a name of its own."),
    "bad_header.name_too_long": _("The name of column %(column)s is too long. Shorten it."),
    "bad_header.unfit_characters": _("The name of column %(column)s has control characters. Type it again."),
}


def row_error_text(code: str, *, detail: str = "") -> str:
    """Say what is wrong with a row; `detail` lists the other rows, the contacts or the allowed values."""
    if detail and code in DETAILED_TEXTS:
        return str(DETAILED_TEXTS[code]) % {"detail": detail}
    return str(ERROR_TEXTS[code])


def file_error_text(refused: CsvRefused) -> str:
    """Say why a whole file was refused."""
    text = FILE_ERROR_TEXTS.get(f"{refused.code}.{refused.reason}") or FILE_ERROR_TEXTS[refused.code]
    try:
        return str(text) % refused.facts
    except KeyError:  # a case without the figure that its sentence names
        return str(FILE_ERROR_TEXTS[refused.code])
