"""E-mail addresses: what is one, and when two are the same."""

import re
import unicodedata

LONGEST_EMAIL = 254  # RFC 5321: a path of 256 characters with its angle brackets

_ATOM = r"[-!#$%&'*+/=?^_`{}|~0-9A-Za-z]+"
# Letters of every script, without the spaces, invisible marks and surrogates that lie between them.
_LETTERS = r"a-zA-Z\u00a1-\u167f\u1681-\u1fff\u2070-\u2fff\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff01-\uffee"
_LABEL = rf"[{_LETTERS}0-9](?:[{_LETTERS}0-9-]{{0,61}}[{_LETTERS}0-9])?"
_TOP = rf"(?!-)(?:[{_LETTERS}-]{{2,63}}|[xX][nN]--[a-zA-Z0-9]{{1,59}})(?<!-)"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@(?:{_LABEL}\.)+{_TOP}").fullmatch


def is_email(text: str) -> bool:
    """Tell whether the text is one address and nothing else.

    Names before it, quoted local parts, address literals and hosts without a dot are refused: Django's own check lets
    the last three through, but nobody has such an address and a typing slip looks like one.
    """
    if len(text) > LONGEST_EMAIL or _EMAIL(text) is None:
        return False
    return text.isascii() or len(email_key(text)) <= LONGEST_EMAIL  # folding can lengthen: ß becomes ss


def email_key(text: str) -> str:
    """Fold an address to the form in which two ways of writing it are equal."""
    trimmed = text.strip()
    if trimmed.isascii():
        return trimmed.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", trimmed).casefold())
