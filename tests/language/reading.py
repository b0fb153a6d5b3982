"""What a person reads or hears of a page, and whether its words are English."""

import re
from html.parser import HTMLParser

from django.http.response import HttpResponseBase

ENGLISH = re.compile(
    r"\b(Settings|Contacts?|Saved?|Cancel|Delete|Add|Added|Imports?|Search|Users|Teams?|Members?|Workspaces?|Log in"
    r"|Log out|Password|Name|Description|E-?mail|Phone|Country|Language|Tags?|Fields?|Filter|Lifecycle|Choose|Write"
    r"|Show|Edit|Remove|Create|New|Next|Previous|Close|Open|Back|Profile|Security|Empty|Nobody|None|Yes|File|Rows?"
    r"|Columns?|Errors?|Upload|Download|Review|Owner|Manager|Agent|the|and|with|your|you|is|are|of|this|that|from|not"
    r"|was|has|will)\b"
)
SPANISH = re.compile(r"\b(Ajustes|Contactos|Guardar|Cancelar|Eliminar|Agregar|Importar|Buscar|Equipos|que|los|para)\b")
# The tests' own people and things, addresses, time zones, and the names of keys.
DATA = re.compile(
    r"\b(Acmeword|Acme)(\.\w+| (stage|field|tag|team|token|value|Agent|Number\d))?"
    r"|Rita Restricted|\S+@\S+|https?://\S+|“[$\w-]+”|\bNumber\d\b|[A-Z]\w+/[\w /-]+"
)
UNREAD = {"script", "style", "code", "pre", "template"}


class _Reading(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._unread = 0
        self._is_quoted = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self._unread += tag in UNREAD
        self._is_quoted = tag == "span" and "lang" in known  # it says itself which language it is in
        self.said += [known[name] or "" for name in ("aria-label", "title", "placeholder", "alt") if name in known]

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD
        self._is_quoted = False

    def handle_data(self, data: str) -> None:
        if not self._unread and not self._is_quoted and data.strip():
            self.said.append(" ".join(data.split()))


def said_by(answer: HttpResponseBase | str) -> list[str]:
    """Return the texts of a page: words, labels, titles, placeholders."""
    reading = _Reading()
    reading.feed(answer if isinstance(answer, str) else b"".join(iter(answer)).decode())
    return reading.said


def foreign_in(answer: HttpResponseBase | str, words: re.Pattern[str]) -> list[str]:
    """Return the texts that have one of these words, when names of things are left out.

    Where English is the foreign language, a question that opens without its mark was put together from pieces.
    """
    said = said_by(answer)
    found = [text for text in said if words.search(DATA.sub("", text))]
    return found + [text for text in said if words is ENGLISH and re.search(r"\w\?", text) and "¿" not in text]
