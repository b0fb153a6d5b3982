"""A file of snippets: CSV in UTF-8 with the columns name and text, separated by commas or semicolons. Pure."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from inbox.settings_errors import SnippetFileNotReadable

LARGEST_FILE_BYTES = 8 * 1024 * 1024
MOST_PROBLEMS = 50
LONGEST_NAME = 80
LONGEST_TEXT = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SnippetLine:
    """A snippet as a file has it; `line` is where it begins, counted from 1."""

    line: int
    name: str
    text: str


def read_snippets(data: bytes) -> list[SnippetLine]:
    """Read all snippets of a file, or raise SnippetFileNotReadable with everything that is wrong in it."""
    if len(data) > LARGEST_FILE_BYTES:
        raise SnippetFileNotReadable([(1, _("The file is larger than 8 MB. Split it."))])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as bad:
        line = data.count(b"\n", 0, bad.start) + 1
        raise SnippetFileNotReadable([(line, _("This is not UTF-8. Save the file as CSV in UTF-8."))]) from None
    first = text.split("\n", 1)[0]
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True
    )
    try:
        return _snippets(reader)
    except csv.Error:
        sentence = _("The quotes do not fit together from here on.")
        raise SnippetFileNotReadable([(max(1, reader.line_num), sentence)]) from None


def _snippets(reader: Any) -> list[SnippetLine]:
    header = [cell.strip().lower() for cell in next(reader, [])]
    if "name" not in header or "text" not in header:
        raise SnippetFileNotReadable([(1, _("The first line must name the columns name and text."))])
    name_at, text_at = header.index("name"), header.index("text")
    found: list[SnippetLine] = []
    problems: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    begins = reader.line_num + 1
    for row in reader:
        line, begins = begins, reader.line_num + 1
        if not any(cell.strip() for cell in row):
            continue
        name = " ".join(row[name_at].split()) if len(row) > name_at else ""
        text = row[text_at].strip() if len(row) > text_at else ""
        problem = problem_of(name, text)
        if not problem and name.lower() in seen:
            problem = _("“%(name)s” stands in line %(line)s already.") % {"name": name, "line": seen[name.lower()]}
        if problem:
            problems.append((line, problem))
        seen.setdefault(name.lower(), line)
        found.append(SnippetLine(line=line, name=name, text=text))
    if not found:
        problems.append((1, _("The file has no snippets.")))
    if problems:
        raise SnippetFileNotReadable(problems[:MOST_PROBLEMS])
    return found


def problem_of(name: str, text: str) -> str:
    """Return what is wrong with a snippet, nothing if it is right."""
    if "\0" in name or "\0" in text:
        return _("A text cannot hold the character NUL. Remove it.")
    if not name:
        return _("The name is empty.")
    if len(name) > LONGEST_NAME:
        return _("The name has more than %(most)s characters.") % {"most": LONGEST_NAME}
    if not text:
        return _("The text is empty.")
    if len(text) > LONGEST_TEXT:
        return _("The text has more than %(most)s characters.") % {"most": LONGEST_TEXT}
    return ""
