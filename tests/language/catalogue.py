"""The Spanish catalogue as it stands in the tree, and every text that the code asks to be translated.

Both are read without gettext's programs, which a machine that only runs the tests may not have.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
CATALOGUE = ROOT / "locale/es/LC_MESSAGES/django.po"
APPS = ("config", "workspaces", "contacts", "imports", "inbox", "reports", "exports")
# The functions that mark a text, and at which argument its context, its one and its many stand.
MARKS: dict[str, tuple[int | None, int, int | None]] = {
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "_": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
LINE = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])? (".*")')
CALL = re.compile(r"\b(n?p?gettext|_)\((.*?)\) ", re.DOTALL)

Key = tuple[str, str, str]  # context, one, many


@dataclass(slots=True)
class Entry:
    """One text of the catalogue: what the code says, what Spanish says, and the flags."""

    context: str = ""
    one: str = ""
    many: str = ""
    spanish: dict[int, str] = field(default_factory=dict)
    flags: str = ""

    @property
    def key(self) -> Key:
        """What makes it one of a kind."""
        return self.context, self.one, self.many


@cache
def entries() -> list[Entry]:
    """Return the texts of the catalogue, without its head."""
    blocks = CATALOGUE.read_text(encoding="utf-8").split("\n\n")
    return [found for block in blocks if (found := _entry(block)).one]


def _entry(block: str) -> Entry:
    entry, current, number = Entry(), "", 0
    parts: dict[str, str] = {}
    for line in block.splitlines():
        if line.startswith("#,"):
            entry.flags += line[2:]
        elif match := LINE.match(line):
            current, number = match[1], int(match[2] or 0)
            text = ast.literal_eval(match[3])
            if current == "msgstr":
                entry.spanish[number] = text
            else:
                parts[current] = text
        elif line.startswith('"'):
            if current == "msgstr":
                entry.spanish[number] += ast.literal_eval(line)
            else:
                parts[current] += ast.literal_eval(line)
    entry.context, entry.one = parts.get("msgctxt", ""), parts.get("msgid", "")
    entry.many = parts.get("msgid_plural", "")
    return entry


def compiled() -> dict[str | tuple[str, int], str]:
    """Return what the compiled catalogue holds, without its head."""
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        held: dict[str | tuple[str, int], str] = gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]
    return {key: text for key, text in held.items() if key}


@cache
def texts_of_the_code() -> dict[Key, str]:
    """Return every marked text of the product, with a file in which it stands."""
    found: dict[Key, str] = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            for key in _texts_of_python(path):
                found.setdefault(key, str(path.relative_to(ROOT)))
    for path in templates():
        for key in _texts_of_template(path):
            found.setdefault(key, str(path.relative_to(ROOT)))
    return found


def templates() -> list[Path]:
    """Return every template: pages, mails and messages."""
    return sorted(path for path in ROOT.glob("*/web/templates/**/*.*") if path.suffix in {".html", ".txt"})


def _texts_of_python(path: Path) -> Iterator[Key]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            texts = [
                one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else "" for one in node.args
            ]
            if key := _key(MARKS[node.func.id], texts):
                yield key


def _texts_of_template(path: Path) -> Iterator[Key]:
    """Django turns a template into calls of gettext, for xgettext to read; here they are read as Python."""
    for name, arguments in CALL.findall(templatize(path.read_text(encoding="utf-8")) + " "):
        call = ast.parse(f"f({arguments})", mode="eval").body
        assert isinstance(call, ast.Call)
        texts = [
            str(one.value) if isinstance(one, ast.Constant) and isinstance(one.value, str) else "" for one in call.args
        ]
        if key := _key(MARKS[name], texts):
            yield key


def _key(mark: tuple[int | None, int, int | None], texts: list[str]) -> Key | None:
    context, one, many = mark
    if one >= len(texts) or not texts[one]:
        return None
    return (texts[context] if context is not None else "", texts[one], texts[many] if many is not None else "")
