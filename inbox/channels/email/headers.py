"""Headers of a mail as text. Written for what arrives, not for what the RFCs allow: nothing here raises."""

import base64
import binascii
import codecs
import quopri
import re
from dataclasses import dataclass
from email.message import Message
from email.utils import getaddresses

LONGEST_HEADER = 20_000
MOST_ADDRESSES = 100
WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?\n]*)\?=")
MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
ADDRESS = re.compile(r"[^\s@<>\"(),:;\\]{1,64}@[^\s@<>\"(),:;\\]{1,190}")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Supersets of what mailers say, and charsets that are no charsets of mail and slow to read.
INSTEAD = {"iso-8859-1": "cp1252", "latin-1": "cp1252", "us-ascii": "utf-8", "ascii": "utf-8", "gb2312": "gb18030"}
REFUSED = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})


@dataclass(frozen=True, slots=True)
class Address:
    """A mail address, in small letters, with the name beside it."""

    name: str
    email: str


def in_charset(data: bytes, charset: str) -> str:
    """Decode bytes by what the mail says, then by what they look like; NUL and other control marks go."""
    named = charset.strip("\"' ").lower()
    named = INSTEAD.get(named, named)
    for candidate in (named, "utf-8"):
        try:
            if codecs.lookup(candidate).name.replace("-", "_") not in REFUSED:
                return printable(data.decode(candidate))
        except (LookupError, ValueError, UnicodeError):
            continue
    return printable(data.decode("cp1252", "replace"))


def printable(text: str) -> str:
    """Return text that a database and a page can take."""
    return CONTROL.sub("", text)


def header(mail: Message, name: str, *, most: int = 2000) -> str:
    """Return the first header of a name in one line, decoded; empty when there is none."""
    return next(iter(headers(mail, name, most=most)), "")


def headers(mail: Message, name: str, *, most: int = 2000) -> list[str]:
    """Return every header of a name, from the top, decoded."""
    return [" ".join(decoded(value).split())[:most] for value in raw_headers(mail, name)]


def raw_headers(mail: Message, name: str) -> list[str]:
    """Return every header of a name as it was sent; bytes beyond ASCII are read as UTF-8 or Latin."""
    wanted = name.lower()
    return [_unfolded(str(value)) for key, value in mail.raw_items() if key.lower() == wanted]


def decoded(text: str) -> str:
    """Decode the encoded words of a header (RFC 2047); what cannot be decoded stays as it is."""
    parts: list[str] = []
    pending, charset, end = b"", "", 0
    for word in WORD.finditer(text):
        between = text[end : word.start()]
        if pending and (between.strip() or charset != word[1].lower()):
            parts.append(in_charset(pending, charset))
            pending = b""
        if between.strip() or (between and end == 0):
            parts.append(between)
        charset = word[1].lower().partition("*")[0]
        pending += _bytes_of(word[2].lower(), word[3])
        end = word.end()
    if pending:
        parts.append(in_charset(pending, charset))
    return printable("".join(parts) + text[end:])


def addresses(mail: Message, name: str) -> list[Address]:
    """Return the addresses of a header; what is none is left out."""
    found = []
    for label, email in getaddresses([text[:LONGEST_HEADER] for text in raw_headers(mail, name)])[:MOST_ADDRESSES]:
        if ADDRESS.fullmatch(email) and len(email) <= 254:
            found.append(Address(" ".join(decoded(label).split())[:120], printable(email).lower()))
    if not found:  # a broken header that still has an address in it
        for text in raw_headers(mail, name):
            found += [Address("", one.lower()) for one in ADDRESS.findall(decoded(text)[:LONGEST_HEADER])[:1]]
    return found


def message_ids(mail: Message, name: str, *, most: int = 100) -> tuple[str, ...]:
    """Return the Message-IDs of a header in their order, the last `most` of them."""
    text = " ".join(raw_headers(mail, name))[:LONGEST_HEADER]
    return tuple(dict.fromkeys(printable(one) for one in MESSAGE_ID.findall(text)))[-most:]


def _unfolded(value: str) -> str:
    raw = value[:LONGEST_HEADER].encode("utf-8", "surrogateescape")
    return in_charset(raw, "utf-8").replace("\r", "").replace("\n", " ")


def _bytes_of(encoding: str, text: str) -> bytes:
    data = text.encode("utf-8", "replace")
    if encoding == "q":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except (binascii.Error, ValueError):
        return data
